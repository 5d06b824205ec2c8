using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// The end of every run: fold(events) = rows = memory (S6), everything that was answered is there, what was said to be
/// certainly not done was not, and nothing is left under way.
/// </summary>
internal sealed class FinalOracle(
    World world, SimulatedDatabase database, SimulatedCluster cluster, Plan plan, JournalOracle journal, CallerOracle callers, ReplayOracle replay)
{
    public async Task CheckAsync()
    {
        callers.End();
        await QuietAsync();
        journal.Epics.End();
        journal.Mail.End();
        await MailboxesAsync();
        var events = await EventsAsync();
        replay.Check(events);
        foreach (var actor in events.Select(stored => stored.Actor).Distinct())
        {
            StoredEvent[] own = [.. events.Where(stored => stored.Actor == actor)];
            await CompareAsync(actor, actor.Kind switch
            {
                Kinds.Registry => Fold<TaskRegistryBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>(actor, own),
                Kinds.Detector => Fold<DetectorBehavior, DetectorState, DetectorCommand, DetectorEvent>(actor, own),
                _ => Fold<AgentBehavior, AgentState, AgentCommand, AgentEvent>(actor, own),
            });
        }

        await MemoryAsync();
    }

    private static Dictionary<RowKey, Row?> Fold<TBehavior, TState, TCommand, TEvent>(ActorId actor, IEnumerable<StoredEvent> events)
        where TBehavior : IBehavior<TState, TCommand, TEvent>
        where TState : class, IRowState
        where TCommand : class, ICommand
        where TEvent : class
    {
        var state = TBehavior.Initial(actor.Name);
        HashSet<RowKey> touched = [];
        foreach (var stored in events)
        {
            state = TBehavior.Apply(state, (TEvent)TBehavior.Json.Events.Read(stored.Name, stored.Payload.Span));
            state.TakeTouched(touched);
        }

        return touched.ToDictionary(key => key, state.Project);
    }

    /// <summary>Letters, lapses and presence come to rest.</summary>
    private async Task QuietAsync()
    {
        for (var patience = 0; patience < 100; patience++)
        {
            var outbox = await database.Data.QueryAsync(new(RuntimeTables.Outbox) { WithTotal = true, Limit = 1 }, CancellationToken.None);
            if (outbox.Total == 0)
            {
                return;
            }

            await world.Pass(TimeSpan.FromSeconds(5));
        }

        throw new ViolationException("L1 liveness", "letters are still under way 500 s after faults stopped");
    }

    private async Task<List<StoredEvent>> EventsAsync()
    {
        List<StoredEvent> events = [];
        for (var shard = 0; shard < plan.Node.Shards; shard++)
        {
            for (IReadOnlyList<StoredEvent> page = []; ;)
            {
                page = await database.Data.ReadEventsAsync(shard, page.Count == 0 ? 0 : page[^1].Sequence, 10_000, CancellationToken.None);
                events.AddRange(page);
                if (page.Count < 10_000)
                {
                    break;
                }
            }
        }

        return events;
    }

    private async Task CompareAsync(ActorId actor, Dictionary<RowKey, Row?> folded)
    {
        foreach (var (key, row) in folded)
        {
            var table = DomainTables.All.Single(table => table.Name == key.Table);
            var stored = (await database.Data.ReadAsync(table, [key.Id], CancellationToken.None)).SingleOrDefault();
            var same = row is null
                ? stored is null
                : stored is not null && stored.Columns.SequenceEqual(row.Columns) && stored.Payload.Span.SequenceEqual(row.Payload.Span);
            if (!same)
            {
                throw new ViolationException("S6 fold=rows", $"{actor} {key}: events say {Show(row)}, the row is {Show(stored)}");
            }
        }
    }

    /// <summary>Each mailbox, read from its beginning as its owner would.</summary>
    private async Task MailboxesAsync()
    {
        MailQueries mails = new(database.Data);
        foreach (var agent in journal.Mail.Boxes)
        {
            for (long after = 0; after < journal.Mail.LastOf(agent);)
            {
                var page = await mails.ListAsync(agent, after, 200, CancellationToken.None);
                journal.Mail.Same(agent, after, page);
                after = page.Count > 0
                    ? page[^1].Seq
                    : throw new ViolationException("B1 place", $"no row lies after {after} of {agent}, and by the journal {journal.Mail.LastOf(agent)} do");
            }
        }
    }

    /// <summary>What the live actors say is what the events say, counted by hand, and not older than what anybody was told.</summary>
    private async Task MemoryAsync()
    {
        foreach (var (task, model) in journal.Work.Tasks)
        {
            var asked = callers.Asking(model.Home);
            var reply = await ReadAsync(model.Home, new TaskRegistryCommand.ReadTask(task));
            callers.Read(task, callers.Floor(task), reply, asked);
            var view = (reply as TaskReply.Found)?.Task ?? throw new ViolationException("S6 memory", $"{task} was created and cannot be read: {reply}");
            var row = (await database.Data.ReadAsync(TaskRegistryTables.Task, [task.Value], CancellationToken.None)).Single();
            var stored = row.Columns[TaskRegistryTables.Task.IndexOf("claim_token")].Number;
            if (view.Status == WorkStatus.Running && stored != view.Claim?.Token.Value)
            {
                throw new ViolationException("S6 rows=memory", $"{task}: memory has claim {view.Claim}, the row has token {stored}");
            }

            var (found, expected) = (
                (view.Status, view.Cost.ActualTokens, view.Spec.EpicId, view.Claim?.Agent, view.Review?.State == ReviewState.Pending, Names(view.Watchers.Select(each => each.Value))),
                (journal.Work.Shown(model), model.Tokens, model.Epic, model.Holder, model.IsInReview, Names(model.Watchers)));
            if (found != expected)
            {
                throw new ViolationException("S6 memory", $"{task} is shown with (status, tokens, epic, holder, in review, watchers) {found}; by its events it has {expected}");
            }
        }

        foreach (var epic in journal.Epics.All)
        {
            var home = journal.Epics.HomeOf(epic);
            var asked = callers.Asking(home);
            var reply = await ReadAsync(home, new TaskRegistryCommand.ReadEpic(epic));
            callers.Read(epic, callers.Floor(epic), reply, asked);
            journal.Epics.Compare((reply as EpicReply.Found)?.Epic ?? throw new ViolationException("S6 memory", $"{epic} was created and cannot be read: {reply}"));
        }
    }

    /// <summary>
    /// A call of a dead process may have taken the shard from its successor after faults stopped, who hears of it only when
    /// it writes: it says so, and soon has the shard again.
    /// </summary>
    private async Task<TReply> ReadAsync<TReply>(ActorId registry, ICommand<TReply> read)
    {
        for (var patience = 0; patience < 10; patience++)
        {
            try
            {
                return await cluster.AskAsync(registry, read, null);
            }
            catch (ActorUnavailableException)
            {
                await world.Pass(TimeSpan.FromSeconds(1));
            }
        }

        throw new ViolationException("L1 liveness", $"{registry} cannot be asked 10 s after all came to rest");
    }

    private static string Names(IEnumerable<string> names) => string.Join(',', names.Order(StringComparer.Ordinal));

    private static string Show(Row? row) =>
        row is null ? "nothing" : $"[{string.Join(',', row.Columns)}] {Encoding.UTF8.GetString(row.Payload.Span)}";
}
