using System.Diagnostics;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>A reservation asked for over HTTP while 10,000 of the same repository live: one that is granted, and one that somebody has already.</summary>
internal sealed class Reservations : IMeasure
{
    private const int Agents = 20;
    private const int Live = 10_000;
    private const int Requests = 500;
    private const int Turns = 3;

    public string Name => "reservations";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            await using var node = await RunningNode.StartAsync(folder.FullName);
            for (var number = 0; number < Agents + Turns; number++)
            {
                await node.Actors.AskAsync(
                    Kinds.AgentOf(new($"agent-{number}")), new AgentCommand.RegisterAgent(new() { Name = $"Agent {number}" }, Rotate: false), null, CancellationToken.None);
            }

            using var connection = await HttpConnection.OpenAsync(node.Address);
            for (var number = 0; number < Live; number++)
            {
                await AskAsync(connection, $"agent-{number % Agents}", Taken(number), 201);
            }

            List<double> granted = [], refused = [];
            for (var turn = 0; turn < Turns; turn++)
            {
                granted.Add(await RoundAsync(number => AskAsync(connection, $"agent-{Agents + turn}", $"new/{turn}/d{number}/**", 201)));
                refused.Add(await RoundAsync(number => AskAsync(connection, $"agent-{Agents + turn}", Taken(((turn * Requests) + number) % Live), 409)));
                say(FormattableString.Invariant($"turn {turn}: p99 {granted[^1]:0.0} ms granted, {refused[^1]:0.0} ms refused"));
            }

            return
            [
                Figure.BesideNumber("a reservation that is granted beside 10,000 live ones, p99", granted, "ms", 20, atMost: true),
                Figure.BesideNumber("a reservation that another has, beside 10,000 live ones, p99", refused, "ms", 20, atMost: true),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Taken(int number) => number % 3 == 0 ? $"src/d{number}/*.cs" : $"src/d{number}/file.cs";

    private static async Task AskAsync(HttpConnection connection, string agent, string path, int expected)
    {
        var found = await connection.PostAsync(
            "/api/v1/repositories/big/reservations/", $$"""{"agent":"{{agent}}","paths":["{{path}}"],"mode":"exclusive","ttl_seconds":3600}""");
        if (found != expected)
        {
            throw new InvalidOperationException($"Expected {expected} for {path}, found {found}: {System.Text.Encoding.UTF8.GetString(connection.Body)}");
        }
    }

    private static async Task<double> RoundAsync(Func<int, Task> ask)
    {
        var times = new double[Requests];
        for (var number = 0; number < Requests; number++)
        {
            var began = Stopwatch.GetTimestamp();
            await ask(number);
            times[number] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Requests * 99 / 100];
    }
}
