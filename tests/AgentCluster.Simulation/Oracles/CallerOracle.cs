using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Listens to every answer: P1 (what is answered is durable), S7 (no read older than what was answered before it began),
/// S8 (same key, same answer; done is never answered with a refusal; "certainly not done" stays so), S14 (one outcome).
/// </summary>
internal sealed class CallerOracle(
    World world, SimulatedDatabase database, int shards, JournalOracle journal, MemberOracle members, FaultCounts counts, Action<ViolationException> fail)
{
    private readonly Dictionary<TaskId, long> _seen = [];
    private readonly Dictionary<(ActorId, CommandId), string> _answers = [];
    private readonly HashSet<(ActorId Actor, CommandId Id)> _notDone = [];
    private readonly HashSet<(ActorId Actor, CommandId Id)> _open = [];
    private readonly Dictionary<EpicId, long> _seenEpics = [];
    private readonly PromiseOracle _promises = new(journal);

    public Action<TimeSpan, string>? Tell { get; init; }

    /// <summary>Newest version of each task that anybody was told of.</summary>
    public IReadOnlyDictionary<TaskId, long> Seen => _seen;

    public long Floor(TaskId task) => _seen.GetValueOrDefault(task);

    public long Floor(EpicId epic) => _seenEpics.GetValueOrDefault(epic);

    /// <summary>In the end: what was said to be certainly not done was not, and what was answered counts.</summary>
    public void End()
    {
        foreach (var (actor, id) in _notDone)
        {
            StillNotDone(actor, id);
        }

        _promises.End();
    }

    /// <summary>What was answered for what is lost was answered in vain, as declared. Everything else stands.</summary>
    public void RolledBack(Rollback rollback)
    {
        foreach (var row in rollback.Lost.SelectMany(batch => batch.Rows))
        {
            _seen.Remove(new(row.Row.Key.Id));
            _seenEpics.Remove(new(row.Row.Key.Id));
        }

        foreach (var lost in _answers.Keys.Where(asked => !journal.HasCommand(RowId(asked.Item1, asked.Item2))).ToArray())
        {
            counts.Reached("answered in vain");
            _answers.Remove(lost);
        }
    }

    /// <summary>
    /// The generation that an answer to a question asked now speaks of; null when its shard's owner may not have heard yet
    /// that the database was rolled back, and speaks of what is lost.
    /// </summary>
    public int? Asking(ActorId actor)
    {
        var shard = StableHash.Shard(actor, shards);
        var lease = database.Data.SettleAsync(shard, CancellationToken.None).AsTask().Result;
        return lease.Owner != Incarnation.None && lease.Generation == database.Generation ? lease.Generation : null;
    }

    /// <summary>Whether it is done already: then the only answer is that of the first time.</summary>
    public bool Sent(ActorId actor, CommandId id)
    {
        StillNotDone(actor, id);
        _notDone.Remove((actor, id));
        return journal.HasCommand(RowId(actor, id));
    }

    private void StillNotDone(ActorId actor, CommandId id)
    {
        if (_notDone.Contains((actor, id)) && journal.HasCommand(RowId(actor, id)))
        {
            Fail("S8 not-done", $"{id.Key} to {actor} was said to be certainly not done, and was done");
        }
    }

    public void Answered(ActorId actor, CommandId id, ICommand command, object reply, int? asked, bool wasDone)
    {
        _open.Add((actor, id));
        if (asked != database.Generation)
        {
            counts.Reached("answered around a rollback");
            return;
        }

        Promised(actor, id, command, reply);
        var written = journal.HasCommand(RowId(actor, id));
        if (written)
        {
            Written(actor, id, reply, mayDiffer: !wasDone && !PromiseOracle.HasEffect(command, reply));
        }
        else if (PromiseOracle.HasEffect(command, reply))
        {
            Fail("P1 durable", $"{id.Key} to {actor} was answered {reply} before it was durable");
        }

        if (written || !members.IsDoubtful)
        {
            See(reply);
        }
    }

    public void Read(TaskId task, long floor, TaskReply reply, int? asked)
    {
        if (asked != database.Generation)
        {
            return;
        }

        var version = reply is TaskReply.Found found ? found.Task.Version : 0;
        counts.Reached("read");
        if (version < floor && !members.IsDoubtful)
        {
            Fail("S7 stale-read", $"{task} was read at version {version} after version {floor} was answered");
        }

        if (!members.IsDoubtful)
        {
            See(reply);
        }
    }

    public void Read(EpicId epic, long floor, EpicReply reply, int? asked)
    {
        if (asked != database.Generation)
        {
            return;
        }

        var version = reply is EpicReply.Found found ? found.Epic.Version : 0;
        if (version < floor && !members.IsDoubtful)
        {
            Fail("S7 stale-read", $"{epic} was read at version {version} after version {floor} was answered");
        }

        if (!members.IsDoubtful)
        {
            See(reply);
        }
    }

    /// <summary>Where the mailbox ends, of which an answer to a question asked now must know.</summary>
    public long MailFloor(AgentId agent) => journal.Mail.LastOf(agent);

    /// <summary>What lies in a mailbox after what was read, as its rows say.</summary>
    public async Task<IReadOnlyList<MailItem>?> ReadAsync(AgentId agent, long floor, MailboxReply.Found found, int? asked)
    {
        if (asked != database.Generation)
        {
            return null;
        }

        var items = await new MailQueries(database.Data).ListAsync(agent, found.Acknowledged, 200, CancellationToken.None);
        if (!members.IsDoubtful)
        {
            Watch(() => journal.Mail.Read(agent, floor, found, items));
        }

        return items;
    }

    public void Failed(ActorId actor, CommandId id, Exception error)
    {
        Tell?.Invoke(world.Clock.Elapsed, $"{id.Key} {actor}: {error.Message}");
        if (error is ActorUnavailableException unavailable)
        {
            counts.Reached($"answered {unavailable.Why}".ToLowerInvariant());
            if (_open.Contains((actor, id)))
            {
                // Another copy took effect, or may still: this word was about one request alone.
                return;
            }

            if (journal.HasCommand(RowId(actor, id)))
            {
                Fail("S8 not-done", $"{id.Key} to {actor} was done and answered as not done ({unavailable.Detail})");
            }

            _notDone.Add((actor, id));
        }
        else
        {
            _open.Add((actor, id));
            counts.Reached(error is OutcomeUnknownException ? "answered unknown" : $"answered {error.GetType().Name}");
            if (error is not (OutcomeUnknownException or ConnectionLostException))
            {
                Fail("S14 outcome", $"{id.Key} to {actor} ended in {error}");
            }
        }
    }

    /// <summary>The key was refused because something else was said under it: not for what was answered under it already.</summary>
    public void Mismatched(ActorId actor, CommandId id, int? asked)
    {
        counts.Reached("other payload refused");
        if (asked == database.Generation && _answers.ContainsKey((actor, id)))
        {
            Fail("S8 same-answer", $"{id.Key} to {actor} was done and answered, and then refused as if its key were another command's");
        }
    }

    /// <summary>What another copy of a command may still bring about cannot be told as not done.</summary>
    public void Copied(ActorId actor, CommandId id) => _open.Add((actor, id));

    private static string RowId(ActorId actor, CommandId id) => CommandGate.RowId(StableHash.Command(actor, id));

    /// <param name="mayDiffer">
    /// It was sent before it was done, and refused: a refusal is not remembered, so a copy that was decided after it could
    /// take effect while it was on its way.
    /// </param>
    private void Written(ActorId actor, CommandId id, object reply, bool mayDiffer)
    {
        var row = database.Data.ReadAsync(RuntimeTables.Command, [RowId(actor, id)], CancellationToken.None)
            .AsTask().Result.Single();
        if (row.Columns[0].Text != CommandGate.RowId(id.Payload))
        {
            if (mayDiffer)
            {
                counts.Reached("refused before its key was used otherwise");
                return;
            }

            Fail("S8 one-payload", $"{id.Key} to {actor} was answered {reply}, and something else was done under its key");
            return;
        }

        var stored = Json(actor).Read(row.Columns[1].Text!, row.Payload.Span);
        var (_, first) = Json(actor).Write(stored);
        var (_, heard) = Json(actor).Write(reply);
        if (!first.AsSpan().SequenceEqual(heard))
        {
            if (mayDiffer)
            {
                counts.Reached("refused before its copy was done");
                return;
            }

            Fail("S8 same-answer", $"{id.Key} to {actor} was done as {stored} and answered {reply}");
        }

        var text = System.Text.Encoding.UTF8.GetString(heard);
        if (_answers.TryGetValue((actor, id), out var before))
        {
            counts.Reached("repeat answered alike");
            if (before != text)
            {
                Fail("S8 same-answer", $"{id.Key} to {actor} was answered {before}, then {text}");
            }
        }

        _answers[(actor, id)] = text;
    }

    private static NamedJson Json(ActorId actor) => actor.Kind switch
    {
        Kinds.Registry => TaskRegistryBehavior.Json.Replies,
        Kinds.Detector => DetectorBehavior.Json.Replies,
        _ => AgentBehavior.Json.Replies,
    };

    private void Promised(ActorId actor, CommandId id, ICommand command, object reply) => Watch(() =>
    {
        _promises.Heard(RowId(actor, id), command, reply);
        if (actor.Kind == Kinds.Agent)
        {
            journal.Mail.Heard(actor, command, reply);
        }
        else if (actor.Kind == Kinds.Detector)
        {
            journal.Reservations.Heard(command, reply);
        }
    });

    private void Watch(Action check)
    {
        try
        {
            check();
        }
        catch (ViolationException broken)
        {
            fail(broken);
        }
    }

    private void See(object reply)
    {
        switch (reply)
        {
            case CreateReply.Created created:
                foreach (var task in created.Tasks)
                {
                    See(task);
                }

                break;
            case ClaimReply.Granted granted:
                See(granted.Task);
                break;
            case CompleteReply.Completed completed:
                See(completed.Task);
                See(completed.Next);
                break;
            case TaskReply.Found found:
                See(found.Task);
                break;
            case EpicReply.Found found:
                _seenEpics[found.Epic.Id] = Math.Max(Floor(found.Epic.Id), found.Epic.Version);
                break;
        }
    }

    private void See(TaskView? task)
    {
        if (task is not null)
        {
            _seen[task.Id] = Math.Max(_seen.GetValueOrDefault(task.Id), task.Version);
        }
    }

    private void Fail(string invariant, string detail) => fail(new ViolationException(invariant, detail));
}
