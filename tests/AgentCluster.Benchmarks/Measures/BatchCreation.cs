using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Tasks created through <c>batch/</c> of 100 over HTTP, against a bulk insert of the same rows and events.</summary>
internal sealed class BatchCreation : IMeasure
{
    private const int Callers = 8;
    private const int Batch = 100;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.8);

    public string Name => "batch";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(1);
        var rounds = new Rounds(say, Turn);
        var bulk = rounds.Add("bulk inserts of 1,000", async turn =>
        {
            using var copy = template.Copy();
            await using var subject = new BulkInsert(copy.File);
            return await ClosedLoop.RunAsync(subject, 1, turn);
        });
        var node = rounds.Add("batches of 100", async turn =>
        {
            using var copy = template.Copy();
            await using var subject = await HttpBatches.OpenAsync(await RunningNode.StartAsync(copy.Path), Callers, Batch);
            return await ClosedLoop.RunAsync(subject, Callers, turn);
        });
        await rounds.RunAsync(Turns);
        return
        [
            Figure.Beside(
                "tasks created through batch/ of 100, 8 connections", [.. node.Rates().Select(rate => rate * Batch)], "tasks/s",
                "a bulk insert of the same rows", [.. bulk.Rates().Select(rate => rate * BulkInsert.Batch)], Target.AtLeast(0.4)),
        ];
    }
}
