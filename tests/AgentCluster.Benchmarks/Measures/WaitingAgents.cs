using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Agents that wait for mail: how long after it was sent a message is with a reader who waits, beside how long the sender of a message
/// waits for its commit; and what a thousand that wait at once cost.
/// </summary>
internal sealed class WaitingAgents : IMeasure
{
    private const int Agents = 1_000;
    private const int Messages = 300;
    private const int Turns = 5;

    // The pool of threads lets go of one after twenty seconds without work.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public string Name => "waiting";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            await using var node = await RunningNode.StartAsync(folder.FullName);
            await Parallel.ForEachAsync(Enumerable.Range(0, Agents), async (number, cancellationToken) => await node.Actors.AskAsync(
                Kinds.AgentOf(new($"agent-{number}")), new AgentCommand.RegisterAgent(new() { Name = $"Agent {number}" }, Rotate: false), null, cancellationToken));
            var (waits, commits) = await LatenciesAsync(node, say);
            var (mebibytes, threads) = await CrowdAsync(node, say);
            return
            [
                Figure.Beside("a message to a waiting inbox call, p50", waits, "µs", "the answer to its sender, p50: one commit", commits, Target.AtMost(2)),
                Figure.BesideNumber("memory with 1,000 agents in a long poll", [mebibytes], "MiB", 200, atMost: true),
                new("threads that they hold", Spread.Of([threads]), "threads", "asked for: none", Spread.Of([threads]), Target.AtMost(0)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(List<double> Waits, List<double> Commits)> LatenciesAsync(RunningNode node, Action<string> say)
    {
        using var sender = await HttpConnection.OpenAsync(node.Address);
        using var reader = await HttpConnection.OpenAsync(node.Address);
        List<double> waits = [], commits = [];
        long seq = 0;
        for (var turn = 0; turn <= Turns; turn++)
        {
            List<double> waited = [], committed = [];
            for (var message = 0; message < Messages; message++)
            {
                var reading = reader.GetAsync($"/api/v1/agents/agent-0/inbox?after={seq}&wait_seconds=60").AsTask();
                await Task.Delay(2);
                var sent = Stopwatch.GetTimestamp();
                await sender.PostAsync("/api/v1/agents/agent-0/messages/", """{"from":"agent-1","text":"hello"}""");
                committed.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
                await reading;
                waited.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
                seq++;
            }

            if (turn > 0)
            {
                waits.Add(Spread.Of(waited).Median);
                commits.Add(Spread.Of(committed).Median);
            }

            say(FormattableString.Invariant($"turn {turn}: {Spread.Of(waited).Median:0} µs to the reader, {Spread.Of(committed).Median:0} µs to the sender"));
        }

        return (waits, commits);
    }

    private static async Task<(double MebiBytes, double Threads)> CrowdAsync(RunningNode node, Action<string> say)
    {
        await Task.Delay(Rest);
        var before = ThreadPool.ThreadCount;
        List<Socket> sockets = [];
        for (var number = 1; number <= Agents; number++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Parse(node.Address.Host), node.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET /api/v1/agents/agent-{number % Agents}/inbox?after=1000000&wait_seconds=60 HTTP/1.1\r\nHost: {node.Address.Authority}\r\n\r\n"));
            sockets.Add(socket);
        }

        await Task.Delay(Rest);
        var answered = sockets.Count(socket => socket.Available > 0);
        var (mebibytes, threads) = (Environment.WorkingSet / 1024.0 / 1024.0, Math.Max(0, ThreadPool.ThreadCount - before));
        sockets.ForEach(socket => socket.Dispose());
        say(FormattableString.Invariant($"{Agents - answered} wait: {mebibytes:0} MiB, {threads} threads more"));
        return answered == 0 ? (mebibytes, threads) : throw new InvalidOperationException($"Expected {Agents} that wait, found {answered} answered.");
    }
}
