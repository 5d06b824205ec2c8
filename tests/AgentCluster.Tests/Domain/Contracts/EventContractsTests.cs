using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Contracts;

namespace AgentCluster.Tests.Domain.Contracts;

public sealed class EventContractsTests
{
    [Fact]
    public void Role_request_and_status_are_written_read_back_and_checked()
    {
        var (names, broken) = EventContracts.Check();

        Assert.Empty(broken);
        Assert.Equal(["agent-registered.v1", "delegation-requested.v1", "delegation-moved.v1"], names);
    }

    // A contract that lost an event and one that lost a version: what a wrong list of names would be.
    [Fact]
    public void What_cannot_be_written_or_has_no_version_is_named()
    {
        var (names, broken) = EventContracts.Check(new NamedJson(AgentJson.Default)
        {
            ["agent-registered"] = typeof(AgentEvent.AgentRegistered),
            ["delegation-requested.v1"] = typeof(AgentEvent.DelegationRequested),
        });

        Assert.Equal(["agent-registered", "delegation-requested.v1"], names);
        Assert.Equal(
            ["'agent-registered' has no version in its name.", "DelegationMoved: DelegationMoved has no name on disk: add a JsonDerivedType to its base."], broken);
    }
}
