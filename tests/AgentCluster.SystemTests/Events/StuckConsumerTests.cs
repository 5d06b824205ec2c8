using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Events;

/// <summary>Consumers that connect and never read cost the others nothing, and a node no more than a bound.</summary>
[Collection(nameof(Alone))]
public sealed class StuckConsumerTests
{
    private const int Stuck = 1_000;
    private const int Samples = 150;
    private const int Batches = 18;
    private const int BatchTasks = 1_000;

    // What a thousand connections and the ring of frames may take beside what the node has anyway.
    private const long MostGrowth = 300L * 1024 * 1024;

    // Broken on purpose: every listener woken at every event, whatever it follows, and the kernel left to buffer without a bound.
    [Fact(Timeout = 120_000)]
    public async Task A_thousand_stuck_consumers_slow_nobody_down_and_one_of_them_resumes_without_a_gap()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(data.Path, cancellation);
        using var node = new NodeClient(process.Address);
        await LatencyAsync(node, cancellation);
        var alone = await LatencyAsync(node, cancellation);

        List<Socket> stuck = [];
        try
        {
            for (var i = 0; i < Stuck; i++)
            {
                stuck.Add(await ConnectAsync(process.Address, cancellation));
            }

            var before = Memory(process.Id);
            await CreateAsync(node, 2, cancellation);
            await LatencyAsync(node, cancellation);
            var beside = await LatencyAsync(node, cancellation);
            await CreateAsync(node, Batches, cancellation);
            var growth = Memory(process.Id) - before;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"a claim and its creation take {alone.TotalMilliseconds:0.00} ms alone, {beside.TotalMilliseconds:0.00} ms beside {Stuck} stuck consumers; memory grew by {growth / 1024 / 1024} MiB");

            Assert.True(beside < alone * 2, $"Expected less than twice {alone.TotalMilliseconds:0.00} ms, found {beside.TotalMilliseconds:0.00} ms.");
            Assert.InRange(growth, long.MinValue, MostGrowth);
            await ResumeAsync(process.Address, stuck[0], cancellation);
        }
        finally
        {
            stuck.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>The median of creating a task and claiming it.</summary>
    private static async Task<TimeSpan> LatencyAsync(NodeClient node, CancellationToken cancellationToken)
    {
        List<TimeSpan> took = [];
        for (var i = 0; i < Samples; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await node.PostAsync("/api/v1/tasks/", """{"title":"measured","project":"measured"}""", cancellationToken);
            var claimed = await node.PostAsync("/api/v1/tasks/claim/", $$"""{"agent":"a{{i}}","project":"measured"}""", cancellationToken);
            took.Add(Stopwatch.GetElapsedTime(began));
            Assert.Equal(HttpStatusCode.OK, claimed.Status);
        }

        took.Sort();
        return took[Samples / 2];
    }

    private static async Task CreateAsync(NodeClient node, int batches, CancellationToken cancellationToken)
    {
        var tasks = string.Join(',', Enumerable.Range(0, BatchTasks).Select(i => $$"""{"title":"event {{i}} {{new string('x', 200)}}"}"""));
        for (var i = 0; i < batches; i++)
        {
            var created = await node.PostAsync("/api/v1/tasks/batch/", $$"""{"project":"events","tasks":[{{tasks}}]}""", cancellationToken);
            Assert.True(created.Status == HttpStatusCode.Created, created.Body[..Math.Min(300, created.Body.Length)]);
        }
    }

    private static async Task<Socket> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        // A small window, as of a consumer far away, so that what the kernel holds for it is small too.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, cancellationToken);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET /api/v1/events/?channels=project:events HTTP/1.0\r\nHost: 127.0.0.1:{address.Port}\r\n\r\n"), cancellationToken);
        return socket;
    }

    /// <summary>Reads what reached a stuck consumer before it was cut, comes back with its last cursor, and hears the rest.</summary>
    private static async Task ResumeAsync(Uri address, Socket stuck, CancellationToken cancellationToken)
    {
        List<string> heard = [];
        var cursor = await ReadAsync(new NetworkStream(stuck), heard, int.MaxValue, cancellationToken);
        Assert.InRange(heard.Count, 0, (Batches * BatchTasks) - 1);
        using var http = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/?channels=project:events");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", cursor);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ReadAsync(await response.Content.ReadAsStreamAsync(cancellationToken), heard, (Batches + 2) * BatchTasks, cancellationToken);

        Assert.Equal((Batches + 2) * BatchTasks, heard.Count);
        Assert.Equal(heard.Count, heard.Distinct().Count());
    }

    /// <summary>Reads until the connection ends or so many were heard; gives the last id.</summary>
    private static async Task<string> ReadAsync(Stream stream, List<string> heard, int until, CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(stream);
        var (id, last) = ("", "");
        try
        {
            while (heard.Count < until && await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    id = line[4..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal) && line.EndsWith('}'))
                {
                    using var told = JsonDocument.Parse(line.AsMemory(6));
                    heard.Add(told.RootElement.GetProperty("data").GetProperty("task_id").GetString()!);
                    last = id;
                }
                else if (line.Length == 0 && last.Length == 0)
                {
                    last = id;
                }
            }
        }
        catch (Exception cut) when (cut is IOException or JsonException)
        {
            // Cut off in the middle of an event: it was not heard.
        }

        return last;
    }

    private static long Memory(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1_024;
}
