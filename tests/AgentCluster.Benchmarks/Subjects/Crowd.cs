using System.Diagnostics;
using System.Globalization;
using AgentCluster.Benchmarks.Floors;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Many holders of a task each, who report progress over a connection of their own: one event a request, and a sign of life.</summary>
internal sealed class Crowd : ISubject
{
    private static readonly ParallelOptions SoMany = new() { MaxDegreeOfParallelism = 64 };
    private readonly Holder[] _holders;

    private Crowd(Holder[] holders) => _holders = holders;

    /// <summary>Connects them, and lets each claim a task.</summary>
    /// <param name="node">With enough ready tasks.</param>
    /// <param name="size">How many.</param>
    /// <param name="leaseSeconds">How long their leases last.</param>
    public static async Task<Crowd> GatherAsync(RunningNode node, int size, int leaseSeconds)
    {
        var holders = new Holder[size];
        await Parallel.ForAsync(0, size, SoMany, async (number, _) =>
        {
            var http = await HttpConnection.OpenAsync(node.Address);
            var status = await http.PostAsync(
                "/api/v1/tasks/claim/",
                string.Create(CultureInfo.InvariantCulture, $$"""{"agent":"agent-{{number}}","lease_seconds":{{leaseSeconds}}}"""));
            holders[number] = status == 200
                ? new(http, http.Member("\"id\":\""u8), http.Member("\"token\":"u8))
                : throw new InvalidOperationException($"Expected a task, found {status}.");
        });
        return new(holders);
    }

    /// <summary>One request after the other.</summary>
    public async ValueTask<long> DoAsync(int caller)
    {
        await _holders[caller].ReportAsync();
        return Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// All of them send so many requests a second together, whatever is answered. One that waited for its answer leaves out
    /// what it should have sent meanwhile: else those that were let in would be the next ones at the door, too.
    /// </summary>
    /// <param name="perSecond">Offered.</param>
    /// <param name="during">How long.</param>
    public async Task<Answered> OfferAsync(double perSecond, TimeSpan during)
    {
        var began = Stopwatch.GetTimestamp();
        var between = TimeSpan.FromSeconds(_holders.Length / perSecond);
        var answered = await Task.WhenAll(_holders.Select((holder, number) => Task.Run(async () =>
        {
            Answered seen = new(0, 0, 0, TimeSpan.Zero);
            for (var due = between * number / _holders.Length; due < during; due += between * Math.Ceiling(Math.Max(1, (Stopwatch.GetElapsedTime(began) - due) / between)))
            {
                var early = due - Stopwatch.GetElapsedTime(began);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early);
                }

                seen += await holder.ReportAsync();
            }

            return seen;
        })));
        return answered.Aggregate((all, one) => all + one) with { Took = Stopwatch.GetElapsedTime(began) };
    }

    /// <summary>Completes every task.</summary>
    /// <returns>How many were still held.</returns>
    public async Task<int> CompleteAsync()
    {
        var held = 0;
        await Parallel.ForEachAsync(_holders, SoMany, async (holder, _) =>
        {
            if (await holder.CompleteAsync())
            {
                Interlocked.Increment(ref held);
            }
        });

        return held;
    }

    public ValueTask DisposeAsync()
    {
        Array.ForEach(_holders, holder => holder.Dispose());
        return ValueTask.CompletedTask;
    }

    private sealed class Holder(HttpConnection http, string task, string token) : IDisposable
    {
        private int _percent;

        public async ValueTask<Answered> ReportAsync()
        {
            _percent = (_percent + 1) % 100;
            var status = await http.PostAsync(
                $"/api/v1/tasks/{task}/progress/", string.Create(CultureInfo.InvariantCulture, $$"""{"token":{{token}},"percent":{{_percent}}}"""));
            return status switch
            {
                200 => new(1, 0, 0, TimeSpan.Zero),
                429 or 503 when http.Head.IndexOf("\r\nRetry-After: "u8) >= 0 => new(0, 1, 0, TimeSpan.Zero),
                _ => new(0, 0, 1, TimeSpan.Zero),
            };
        }

        public async Task<bool> CompleteAsync() =>
            await http.PostAsync($"/api/v1/tasks/{task}/complete/", $$"""{"token":{{token}},"result_summary":"done"}""") == 200;

        public void Dispose() => http.Dispose();
    }
}

/// <summary>What became of many requests.</summary>
/// <param name="Done">200.</param>
/// <param name="Refused">429 or 503, with Retry-After.</param>
/// <param name="Other">Anything else.</param>
/// <param name="Took">From the first to the last.</param>
internal sealed record Answered(long Done, long Refused, long Other, TimeSpan Took)
{
    public static Answered operator +(Answered one, Answered other) =>
        new(one.Done + other.Done, one.Refused + other.Refused, one.Other + other.Other, one.Took);
}
