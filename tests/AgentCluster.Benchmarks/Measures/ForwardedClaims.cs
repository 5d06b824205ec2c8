using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Domain;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Durable claim and complete on PostgreSQL, 32 callers, of projects that one of two nodes has: through that node, and through the other.
/// Both nodes are in this process, on copies of one database.
/// </summary>
internal sealed class ForwardedClaims : IMeasure
{
    private const int Callers = 32;
    private const int Projects = 64;
    private const int TasksEach = 2_000;
    private const int Turns = 3;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.1);

    public string Name => "forwarded-claims";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        await using var template = await PostgresTemplate.MakeAsync(TasksEach, Projects);
        var rounds = new Rounds(say, Turn);
        var owner = rounds.Add("through the owner", turn => ThroughAsync(template, turn, isOwner: true));
        var other = rounds.Add("through the other node", turn => ThroughAsync(template, turn, isOwner: false));
        await rounds.RunAsync(Turns);
        return
        [
            Figure.Beside(
                "PostgreSQL: claim+complete through a node that has not the project, 32 callers", other.Rates(), "pairs/s", "through the one that has", owner.Rates(), Target.AtLeast(0.6)),
        ];
    }

    private static async Task<Pace> ThroughAsync(PostgresTemplate template, TimeSpan turn, bool isOwner)
    {
        await using var copy = await template.CopyAsync();
        await using var first = await PostgresTemplate.StartAsync(copy.Address);
        await using var second = await PostgresTemplate.StartAsync(copy.Address);
        var projects = await OfAsync(first, second);
        await using var subject = new Through(isOwner ? second : first, projects);
        return await ClosedLoop.RunAsync(subject, Callers, turn, projects.Count * (TasksEach - Callers));
    }

    /// <summary>The projects of the second node, once shards have moved to it.</summary>
    private static async Task<List<int>> OfAsync(RunningNode first, RunningNode second)
    {
        while (true)
        {
            List<int> found = [];
            for (var project = 0; project < Projects; project++)
            {
                if (await IsOfAsync(first, second, Kinds.RegistryOf(Template.ProjectOf(project))))
                {
                    found.Add(project);
                }
            }

            if (found.Count > Projects / 4)
            {
                return found;
            }

            await Task.Delay(BetweenLooks, TimeProvider.System);
        }
    }

    private static async Task<bool> IsOfAsync(RunningNode first, RunningNode second, ActorId registry)
    {
        try
        {
            await first.Actors.AskAsync(registry, new Domain.TaskRegistry.TaskRegistryCommand.ListAvailable(null, 1, 0), null, CancellationToken.None);
        }
        catch (ActorUnavailableException)
        {
            // Its shard is on its way.
            return false;
        }

        return await ((IActorInspector)second.Actors).InspectAsync(registry, CancellationToken.None) is not null;
    }

    private sealed class Through(RunningNode node, List<int> projects) : ISubject
    {
        private readonly NodePairs _pairs = new(node, Projects);
        private int _next;

        public async ValueTask<long> DoAsync(int caller)
        {
            var project = projects[(int)((uint)Interlocked.Increment(ref _next) % (uint)projects.Count)];
            var (task, token) = await _pairs.ClaimAsync(project);
            var claimed = Stopwatch.GetTimestamp();
            await _pairs.CompleteAsync(project, task, token, null);
            return claimed;
        }

        // The nodes are ended by whoever started them.
        public ValueTask DisposeAsync() => default;
    }
}
