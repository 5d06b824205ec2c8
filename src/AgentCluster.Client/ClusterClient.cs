using System.Text.Json;
using AgentCluster.Client.Agents;
using AgentCluster.Client.Calls;
using AgentCluster.Client.Delegations;
using AgentCluster.Client.Epics;
using AgentCluster.Client.Live;
using AgentCluster.Client.Mailboxes;
using AgentCluster.Client.Tasks;

namespace AgentCluster.Client;

/// <summary>
/// Talks to a cluster over HTTP. A write is named by a key and sent again, after as long as the node asks for, until its outcome is known:
/// it happens once. Calls are led to the node that owns what they are about. Safe to share between threads.
/// </summary>
/// <example><code>
/// using var cluster = new ClusterClient(new(new Uri("http://127.0.0.1:5080")));
/// while (await cluster.Tasks.ClaimNextAsync("ada") is { } work)
/// {
///     await cluster.Tasks.CompleteAsync(work.Task.Id, work.Claim.Token, "Done.");
/// }
/// </code></example>
public sealed class ClusterClient : IDisposable
{
    private readonly ClusterOptions _options;
    private readonly Sender _sender;
    private readonly Caller _caller;
    private readonly bool _isOwner;

    /// <summary>A client of its own connections.</summary>
    /// <param name="options">Which node, as whom, and for how long.</param>
    public ClusterClient(ClusterOptions options)
        : this(options, new(options), isOwner: true)
    {
    }

    private ClusterClient(ClusterOptions options, Sender sender, bool isOwner)
    {
        (_options, _sender, _isOwner) = (options, sender, isOwner);
        _caller = new(sender, options.Secret);
        Tasks = new(_caller);
        Agents = new(_caller);
        Epics = new(_caller);
        Delegations = new(_caller);
        Mailboxes = new(_caller);
    }

    /// <summary>Tasks and claims.</summary>
    public TaskCalls Tasks { get; }

    /// <summary>Agents, and whether they are there.</summary>
    public AgentCalls Agents { get; }

    /// <summary>Epics.</summary>
    public EpicCalls Epics { get; }

    /// <summary>What agents ask of one another.</summary>
    public DelegationCalls Delegations { get; }

    /// <summary>Messages between agents, and people.</summary>
    public MailboxCalls Mailboxes { get; }

    /// <summary>The same cluster over the same connections, as somebody else.</summary>
    /// <param name="secret">A key, or the handle that an agent got when it registered. Disposing of this client ends that one too.</param>
    public ClusterClient As(string secret) => new(_options with { Secret = secret }, _sender, isOwner: false);

    /// <summary>Live events, from a moment on, without a gap: after a lost connection it goes on where it was.</summary>
    /// <param name="after">The cursor of the last event seen; null to begin now.</param>
    /// <param name="channels">For example <c>project:p</c> or <c>epic:ID</c>; empty for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RefusedException">The cursor is too old, or the channels are not for this caller.</exception>
    /// <exception cref="NodeAwayException">The node was away for longer than the patience.</exception>
    public IAsyncEnumerable<LiveEvent> FollowAsync(
        string? after = null, IReadOnlyList<string>? channels = null, CancellationToken cancellationToken = default) =>
        new EventFeed(_options, _sender.Http).FollowAsync(
            "/api/v1/events/" + Caller.Query(("after", after), ("channels", channels is { Count: > 0 } ? string.Join(',', channels) : null)),
            cancellationToken);

    /// <summary>Any call of the interface that has no method here.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="cancellationToken">Ends the waiting; what was asked may still be done.</param>
    /// <returns>Null when the node had nothing to say.</returns>
    /// <exception cref="ClusterException">It did not end well.</exception>
    public Task<JsonElement?> SendAsync(NodeRequest request, CancellationToken cancellationToken = default) =>
        _caller.AnswerAsync(request, cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_isOwner)
        {
            _sender.Dispose();
        }
    }
}
