using AgentCluster.Bridge.Agents;

namespace AgentCluster.Bridge.Handles;

/// <summary>Knows whose handle a caller presents.</summary>
/// <param name="handles">Derives handles.</param>
/// <param name="profiles">Knows each agent's rotation.</param>
internal sealed class Callers(AgentHandles handles, Profiles profiles)
{
    /// <summary>The agent whose current handle this is; null when it is nobody's.</summary>
    /// <param name="handle">As presented.</param>
    public async ValueTask<string?> WhoAsync(string handle)
    {
        if (AgentHandles.AgentOf(handle) is not { } agent)
        {
            return null;
        }

        if (await profiles.FindAsync(agent) is { } known && handles.IsRight(handle, agent, known.Rotation))
        {
            return agent;
        }

        // The cached profile may be from before a rotation that another node made.
        return await profiles.ReadAsync(agent) is { } read && handles.IsRight(handle, agent, read.Rotation)
            ? agent
            : null;
    }
}
