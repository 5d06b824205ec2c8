using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Tasks;

namespace AgentCluster.Bridge.Handles;

/// <summary>Knows whose handle a caller presents.</summary>
/// <param name="handles">Derives handles.</param>
/// <param name="profiles">Knows each agent's rotation.</param>
/// <param name="signs">Hears of every right handle: whoever presents one is alive.</param>
internal sealed class Callers(AgentHandles handles, Profiles profiles, Signs signs)
{
    /// <summary>The agent whose current handle this is; null when it is nobody's.</summary>
    /// <param name="handle">As presented.</param>
    public async ValueTask<string?> WhoAsync(string handle)
    {
        if (AgentHandles.AgentOf(handle) is not { } agent || !await IsRightAsync(handle, agent))
        {
            return null;
        }

        signs.Seen(agent);
        return agent;
    }

    private async ValueTask<bool> IsRightAsync(string handle, string agent) =>
        (await profiles.FindAsync(agent) is { } known && handles.IsRight(handle, agent, known.Rotation))

        // The cached profile may be from before a rotation that another node made.
        || (await profiles.ReadAsync(agent) is { } read && handles.IsRight(handle, agent, read.Rotation));
}
