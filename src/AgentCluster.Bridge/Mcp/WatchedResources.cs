using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCluster.Bridge.Mcp;

/// <summary>What one session of the older revisions watches. Each change of the list begins to follow anew.</summary>
/// <param name="server">Told of changes.</param>
/// <param name="offer">Follows the feed.</param>
internal sealed class WatchedResources(McpServer server, McpOffer offer)
{
    private static readonly ConditionalWeakTable<object, WatchedResources> OfSessions = [];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _uris = new(StringComparer.Ordinal);
    private Action? _stop;

    /// <summary>How many.</summary>
    public int Count => _uris.Count;

    /// <summary>Of a session, from its first subscription on.</summary>
    /// <param name="server">The session's.</param>
    /// <param name="offer">Follows the feed.</param>
    public static WatchedResources Of(McpServer server, McpOffer offer) =>
        OfSessions.GetValue(server.SessionId ?? (object)server, _ => new(server, offer));

    /// <summary>Whether it is watched.</summary>
    public bool Contains(string uri) => _uris.Contains(uri);

    /// <summary>Watches one more.</summary>
    public void Add(string uri) => Change(() => _uris.Add(uri));

    /// <summary>Watches one less.</summary>
    public void Remove(string uri) => Change(() => _uris.Remove(uri));

    private void Change(Func<bool> change)
    {
        lock (_gate)
        {
            if (!change())
            {
                return;
            }

            _stop?.Invoke();
            _ = FollowAsync([.. _uris]);
        }
    }

    private async Task FollowAsync(string[] uris)
    {
        using var following = new CancellationTokenSource();
        Action stop = following.Cancel;
        _stop = stop;
        var gone = following.Token;
        try
        {
            await offer.FollowAsync(
                uris,
                uri => server.SendNotificationAsync(NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }, cancellationToken: gone),
                gone);
        }
#pragma warning disable CA1031 // Nobody awaits this: the session is over, or is followed anew.
        catch (Exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _stop = _stop == stop ? null : _stop;
            }
        }
    }
}
