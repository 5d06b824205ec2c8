using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Claims;

/// <summary>
/// Goal: two agents never hold one task.
/// Method: 64 clients race for 2,000 tasks; half of their claims name one of the few tasks that all of them want next,
/// the others take what is best. What each was answered is held against the rules of claims.
/// </summary>
public sealed class RaceTests(ITestOutputHelper output)
{
    private const string Project = "race";
    private const int Clients = 64;
    private const int Tasks = 2000;

    private readonly History _history = new();
    private int _completed;

    // Broken on purpose: a claim by id that does not look whether the task is held.
    [Fact(Timeout = 120_000)]
    public async Task Each_claim_has_one_winner_and_all_tasks_get_done()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(data.Path, cancellation);
        using var node = new NodeClient(process.Address);
        var ids = await CreateAsync(node, cancellation);
        var caller = new Caller(_history);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => RaceAsync(caller, node, ids, number, cancellation)));

        var found = await FoundTasks.ReadAsync(node, Project, cancellation);
        Violations.AssertNone([.. caller.Violations, .. HistoryChecker.Check(_history.Operations, found)]);
        Assert.Equal(Tasks, found.Count(task => task.Status == "completed"));
        var lost = _history.Operations.Count(operation => operation is { Verb: Verb.Claim, Outcome: Outcome.Refused, Task: not null });
        output.WriteLine($"{_history.Operations.Count} operations, {lost} claims by id lost the race");
        Assert.True(lost > 100, $"Only {lost} claims by id met a rival: this was no race.");
    }

    private async Task<IReadOnlyList<string>> CreateAsync(NodeClient node, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        foreach (var titles in Enumerable.Range(1, Tasks).Select(number => $"task {number}").Chunk(1000))
        {
            var body = JsonSerializer.Serialize(new { tasks = titles.Select(title => new { project = Project, title, max_attempts = 100 }) });
            var answer = await node.PostAsync("/api/v1/tasks/batch/", body, cancellationToken);
            Assert.Equal(HttpStatusCode.Created, answer.Status);

            var made = answer.Json.GetProperty("items").EnumerateArray().Select(task => task.GetProperty("id").GetString()!).ToList();
            foreach (var (title, id) in titles.Zip(made))
            {
                _history.Add(new(_history.Now(), _history.Now(), Verb.Create, title, Outcome.Done) { Title = title, Task = id, Answer = id });
            }

            ids.AddRange(made);
        }

        return ids;
    }

    private async Task RaceAsync(Caller caller, NodeClient node, IReadOnlyList<string> ids, int number, CancellationToken cancellationToken)
    {
        var agent = $"racer-{number:00}";
        var random = new Random(number);
        var count = 0;
        Grant? held = null;
        while (held is not null || Volatile.Read(ref _completed) < Tasks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = $"{agent}-{++count}";
            var request = held is not null ? Finish(key, held, random)
                : random.Next(2) == 0 ? Request.ClaimNext(key, agent, Project)
                : Request.ClaimById(key, agent, ids[Math.Min(Tasks - 1, Volatile.Read(ref _completed) + random.Next(Clients))]);

            var operation = await caller.SendAsync(node, request, cancellationToken);
            if (request.Verb != Verb.Progress)
            {
                held = operation.Granted;
            }

            if (request.Verb is Verb.Complete or Verb.CompleteAndClaim && operation.Outcome == Outcome.Done)
            {
                Interlocked.Increment(ref _completed);
            }
        }
    }

    private static Request Finish(string key, Grant held, Random random) => random.Next(20) switch
    {
        < 4 => Request.Progress(key, held),
        4 => Request.Release(key, held),
        < 10 => Request.CompleteAndClaim(key, held, Project),
        _ => Request.Complete(key, held),
    };
}
