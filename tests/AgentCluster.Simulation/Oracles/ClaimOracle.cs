using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>S4 (one live claim a task, tokens that only grow, no lapse before what was promised) and S5 (only the current token acts, and none of a past that was lost).</summary>
internal sealed class ClaimOracle(Present present)
{
    private readonly Dictionary<TaskId, FencingToken> _live = [];
    private readonly Dictionary<ActorId, FencingToken> _last = [];
    private readonly HashSet<(TaskId, FencingToken)> _ended = [];
    private readonly Dictionary<(TaskId, FencingToken), TimeSpan> _leasedUntil = [];

    public bool HasClaims => _live.Count > 0;

    /// <summary>Whether a task is held with this token.</summary>
    public bool IsLive(TaskId task, FencingToken token) => _live.TryGetValue(task, out var live) && live == token;

    /// <summary>Whether a task's claim was ended by its holder's own word with this token.</summary>
    public bool WasEndedWith(TaskId task, FencingToken token) => _ended.Contains((task, token));

    /// <summary>
    /// A holder was answered: its lease cannot have begun before <paramref name="sentAt"/>, so it cannot end before a lease
    /// later, less what clocks may differ.
    /// </summary>
    public void Sign(TaskId task, FencingToken token, TimeSpan sentAt, TimeSpan lease)
    {
        var until = sentAt + (lease * 0.97);
        if (!_leasedUntil.TryGetValue((task, token), out var before) || before < until)
        {
            _leasedUntil[(task, token)] = until;
        }
    }

    /// <summary>
    /// A holder's heartbeat was answered, which nobody tells the registry of. While the lease still runs it counts as any
    /// sign does; one that comes later may find the question asked and answered already.
    /// </summary>
    public void Beat(TaskId task, FencingToken token, TimeSpan sentAt, TimeSpan lease)
    {
        if (present.IsHeard && _leasedUntil.TryGetValue((task, token), out var until) && present.Now < until)
        {
            Sign(task, token, sentAt, lease);
        }
    }

    /// <summary>Tokens go on from the highest that was ever given, and promises to holders stand.</summary>
    public void Forget()
    {
        _live.Clear();
        _ended.Clear();
    }

    public void Follow(ActorId registry, int generation, TaskRegistryEvent happened)
    {
        if (Brought(happened) is { } brought && brought.Generation < generation)
        {
            throw new ViolationException("S5 restored", $"{happened} took effect in generation {generation}, and its token is of one that was lost");
        }

        switch (happened)
        {
            case TaskClaimed e when _live.TryGetValue(e.Task, out var live):
                throw new ViolationException("S4 one-holder", $"{e.Task} was claimed with {e.Token} while {live} is live");
            case TaskClaimed e when !present.IsRemembering && e.Token.Value <= _last.GetValueOrDefault(registry).Value:
                throw new ViolationException("S4 tokens-grow", $"{registry} gave token {e.Token} after {_last[registry]}");
            case TaskClaimed e:
                _live[e.Task] = e.Token;
                _last[registry] = new(Math.Max(e.Token.Value, _last.GetValueOrDefault(registry).Value));
                present.Reached("claimed");
                break;
            case TaskProgressed e:
                Current("progress", e.Task, e.Token);
                break;
            case InputRequired e:
                Current("input", e.Task, e.Token);
                break;
            case CompletionSubmitted e:
                Current("submit", e.Task, e.Token);
                _ended.Add((e.Task, e.Token));
                break;
            case CompletionReturned e:
                Current("return", e.Task, e.Token);
                break;
            case TaskCompleted e:
                Current("complete", e.Task, e.Token);
                _live.Remove(e.Task);
                _ended.Add((e.Task, e.Token));
                present.Reached("completed");
                break;
            case ClaimEnded { Cause: ClaimEnd.Lapsed } e when e.Token.Generation < generation:
                Current($"{e.Cause}", e.Task, e.Token);
                _live.Remove(e.Task);
                present.Reached("claim of a lost past ended");
                break;
            case ClaimEnded { Cause: ClaimEnd.Lapsed } e
                when _leasedUntil.TryGetValue((e.Task, e.Token), out var until) && present.IsBefore(until):
                throw new ViolationException("S4 never-early", $"the claim of {e.Task} with {e.Token} lapsed at {present.Now}, not before {until} was promised");
            case ClaimEnded e:
                Current($"{e.Cause}", e.Task, e.Token);
                _live.Remove(e.Task);
                if (e.Cause is ClaimEnd.Released or ClaimEnd.Failed)
                {
                    _ended.Add((e.Task, e.Token));
                }

                present.Reached($"claim {e.Cause}".ToLowerInvariant());
                break;
            case TaskCancelled e:
                present.Reached(_live.Remove(e.Task) ? "cancelled while held" : "cancelled");
                break;
            case TaskDeleted e:
                present.Reached(_live.Remove(e.Task) ? "deleted while held" : "deleted");
                break;
            case TaskFailed e when _live.ContainsKey(e.Task):
                throw new ViolationException("S5 token", $"{e.Task} failed while it is held");
        }
    }

    /// <summary>The token that a holder brought to make this happen; null when no holder did.</summary>
    private static FencingToken? Brought(TaskRegistryEvent happened) => happened switch
    {
        TaskProgressed e => e.Token,
        InputRequired e => e.Token,
        CompletionSubmitted e => e.Token,
        TaskCompleted { Outcome.AcceptedBy: null } e => e.Token,
        ClaimEnded { Cause: ClaimEnd.Released or ClaimEnd.Failed } e => e.Token,
        _ => null,
    };

    private void Current(string what, TaskId task, FencingToken token)
    {
        if (!_live.TryGetValue(task, out var live) || live != token)
        {
            throw new ViolationException("S5 token", $"{what} of {task} took effect with token {token}, live is {live.Value}");
        }
    }
}
