using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Domain.Audit;
using static AgentCluster.Domain.Keys.KeysCommand;
using static AgentCluster.Domain.Keys.KeysEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Keys.KeysEvent>;

namespace AgentCluster.Domain.Keys;

/// <summary>The registry of keys: one actor of the cluster. Secrets never reach it, only their hashes.</summary>
public sealed class KeysBehavior : IBehavior<KeysState, KeysCommand, KeysEvent>
{
    /// <summary>How many keys there may be, expired ones included: every node holds them all in memory.</summary>
    public const int MostKeys = 10_000;

    /// <inheritdoc/>
    public static string Kind => Kinds.Keys;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(KeysJson.Default, typeof(KeysCommand)),
        Events: new(KeysJson.Default, typeof(KeysEvent)),
        Replies: new(KeysJson.Default, typeof(KeyReply)) { ["keys-read.v1"] = typeof(KeysReply) },
        Snapshot: () => KeysJson.Default.KeysState);

    /// <inheritdoc/>
    public static RowQuery? Awake => null;

    /// <inheritdoc/>
    public static KeysState Initial(string name) => new(Version: 0);

    /// <inheritdoc/>
    public static Decision Decide(KeysState state, KeysCommand command, in Turn turn) => command switch
    {
        IssueKey issue => Issue(state, issue, turn),
        RevokeKey revoke => Revoke(state, revoke, turn),
        ReadKeys read => Decision.Answer(read, new KeysReply(state.Version, read.Known == state.Version ? null : state.Keys)),
        _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static KeysState Apply(KeysState state, KeysEvent happened) => state.After(happened);

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(KeysState state) => [];

    private static Decision Issue(KeysState state, IssueKey issue, in Turn turn)
    {
        if (state.Keys.Count >= MostKeys)
        {
            return Decision.Answer(issue, new KeyReply.TooMany(MostKeys));
        }

        var key = issue.Key with
        {
            CreatedAt = turn.Now,
            ExpiresAt = issue.LifeSeconds is { } seconds ? turn.Now.AddSeconds(seconds) : null,
        };
        return Decision.Answer(issue, new KeyReply.Done(key), new KeyIssued(key, issue.By))
            .Tell(Note(issue.By, "key_issue", key, turn));
    }

    private static Decision Revoke(KeysState state, RevokeKey revoke, in Turn turn) =>
        state.Find(revoke.Key) is not { } key
            ? Decision.Answer(revoke, new KeyReply.Unknown())
            : Decision.Answer(revoke, new KeyReply.Done(key), new KeyRevoked(revoke.Key, turn.Now, revoke.By))
                .Tell(Note(revoke.By, "key_revoke", key, turn));

    private static Message Note(Author by, string what, AccessKey key, in Turn turn) => new(
        Kinds.AuditOfAll,
        new AuditCommand.TakeEntry(new(AuditDecision.Allowed, by.Who, what, $"{key.Id} {key.Name}", by.Request, 1, turn.Now, turn.Now)));
}
