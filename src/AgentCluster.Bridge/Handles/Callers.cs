using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Keys;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Handles;

/// <summary>Knows whose handle or key a caller presents.</summary>
/// <param name="handles">Derives handles.</param>
/// <param name="profiles">Knows each agent's rotation.</param>
/// <param name="keys">Knows all keys.</param>
/// <param name="signs">Hears of every right handle: whoever presents one is alive.</param>
/// <param name="clock">Tells whether a key has expired.</param>
internal sealed class Callers(AgentHandles handles, Profiles profiles, KeyCache keys, Signs signs, TimeProvider clock)
{
    /// <summary>Finds out who calls.</summary>
    /// <param name="presented">A handle or a key.</param>
    /// <returns>The caller, or why it is none: a word.</returns>
    public async ValueTask<(Principal? Who, string Why)> WhoAsync(Secret presented)
    {
        var (who, why) = AgentHandles.AgentOf(presented) is { } agent
            ? (await IsRightAsync(presented, agent) ? Principal.OfHandle(agent) : null, "wrong_handle")
            : await OfKeyAsync(presented);
        if (who?.Agent is { } alive)
        {
            signs.Seen(alive);
        }

        return (who, why);
    }

    /// <summary>Whether what a caller presented when it came is good still. That it is asked is no sign of life.</summary>
    /// <param name="presented">A handle or a key.</param>
    public async ValueTask<bool> IsStillGoodAsync(Secret presented) => AgentHandles.AgentOf(presented) is { } agent
        ? await IsRightAsync(presented, agent)
        : (await OfKeyAsync(presented)).Who is not null;

    private async ValueTask<(Principal? Who, string Why)> OfKeyAsync(Secret presented)
    {
        if (!presented.Reveal().StartsWith(AgentHandles.Prefix, StringComparison.Ordinal))
        {
            return (null, "neither_key_nor_handle");
        }

        return (await keys.CurrentAsync()).Find(presented) switch
        {
            null => (null, "wrong_key"),
            { ExpiresAt: { } end } key when end <= clock.GetUtcNow() => (null, $"expired_key {key.Id}"),
            var key => (Principal.OfKey(key), string.Empty),
        };
    }

    private async ValueTask<bool> IsRightAsync(Secret handle, string agent) =>
        (await profiles.FindAsync(agent) is { } known && handles.IsRight(handle, agent, known.Rotation))

        // The cached profile may be from before a rotation that another node made.
        || (await profiles.ReadAsync(agent) is { } read && handles.IsRight(handle, agent, read.Rotation));
}
