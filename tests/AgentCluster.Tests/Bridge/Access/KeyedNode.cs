using System.Text.Json;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>
/// A node with keys on, and one beside it that trusts its machine: both on the same actors, as an operator makes the first
/// key before turning keys on.
/// </summary>
internal sealed class KeyedNode : IAsyncDisposable
{
    private KeyedNode(NodeUnderTest trusting, BridgeUnderTest bridge) => (Trusting, Bridge) = (trusting, bridge);

    public NodeUnderTest Trusting { get; }

    /// <summary>Needs a key.</summary>
    public BridgeUnderTest Bridge { get; }

    public ShiftedClock Clock { get; private init; } = new();

    public static async Task<KeyedNode> StartAsync()
    {
        var trusting = await NodeUnderTest.StartAsync();
        var clock = new ShiftedClock();
        var bridge = await BridgeUnderTest.StartAsync(
            trusting.Actors, trusting.Actors, trusting.Store, with: options => options with { Keys = true }, clock: clock,
            journal: trusting.Store, writes: trusting.Actors);
        return new(trusting, bridge) { Clock = clock };
    }

    /// <summary>Issues a key under local trust; gives its id and its secret.</summary>
    /// <param name="scopes">In JSON: <c>"ops","admin"</c>.</param>
    /// <param name="more">Further fields in JSON, with a comma first.</param>
    public async Task<(string Id, string Key)> IssueAsync(string scopes, string more = "")
    {
        var issued = (await Trusting.Bridge.PostAsync("/api/v1/keys/", $$"""{"name":"test","scopes":[{{scopes}}]{{more}}}""")).Is(201).Json;

        // The other bridge need not have heard of it yet.
        Clock.Pass(TimeSpan.FromSeconds(1));
        return (issued.GetProperty("id").GetString()!, issued.GetProperty("key").GetString()!);
    }

    /// <summary>Registers an agent under local trust; gives its handle.</summary>
    public async Task<string> RegisterAsync(string agent) =>
        (await Trusting.Bridge.PutAsync($"/api/v1/agents/{agent}", """{"rotate":true}""")).Json.GetProperty("handle").GetString()!;

    /// <summary>Asks the node that needs a key.</summary>
    public Task<Heard> AskAsync(string method, string path, string? json, string? bearer) => Bridge.SendAsync(
        BridgeUnderTest.Request(new(method), path, json, bearer is null ? [] : [("Authorization", "Bearer " + bearer)]));

    /// <summary>The end of the audit, newest first, once it has this many entries: those of other actors come by letter.</summary>
    public async Task<JsonElement> AuditAsync(int least = 1)
    {
        await Bridge.WriteAuditAsync();
        for (var asked = 0; asked < 2_000; asked++)
        {
            var items = (await Trusting.Bridge.GetAsync("/api/v1/audit/")).Is(200).Json.GetProperty("items");
            if (items.GetArrayLength() >= least)
            {
                return items;
            }
        }

        throw new TimeoutException($"Expected {least} entries in the audit, found fewer for 2,000 questions.");
    }

    public async ValueTask DisposeAsync()
    {
        await Bridge.DisposeAsync();
        await Trusting.DisposeAsync();
    }
}
