using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport;
using AgentCluster.Transport.Handshakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Transport;

/// <summary>Node to node over loopback: what each end of a question is, and what each bound answers.</summary>
public sealed class ClusterTransportTests
{
    private const int Uninvited = 300;
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("the same on every node of this test");
    private static readonly UInt128 Asking = 1, Answering = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Questions_are_answered_by_the_node_that_is_asked_many_at_a_time()
    {
        await using var asking = Start(Asking, out _);
        await using var answering = Start(Answering, out var service);
        var peer = new Peer(answering.Address, Answering);
        var waiting = Enumerable.Range(0, 5_000).Select(number => Ask(asking, peer, $"question {number}")).ToList();

        Assert.Equal(Enumerable.Range(0, 5_000).Select(number => $"answered question {number}"), await Task.WhenAll(waiting.Select(one => one.Became)));
        Assert.Equal(5_000, service.AskedTimes);
        Assert.All(waiting, one => Assert.Equal(1, one.Times));
    }

    // Broken on purpose: a lone answer that is given before the next read is waited for.
    [Fact(Timeout = 30_000)]
    public async Task Whoever_goes_on_in_the_thread_that_read_its_answer_keeps_nobody_else_waiting()
    {
        await using var asking = Start(Asking, out _);
        await using var answering = Start(Answering, out _);
        var peer = new Peer(answering.Address, Answering);
        Assert.Equal("answered first", await Ask(asking, peer, "first").Became.WaitAsync(Token));

        using var busy = new Busy();
        asking.Ask(peer, "second"u8.ToArray(), busy);

        Assert.True(await busy.Began.WaitAsync(Token));
        Assert.Equal("answered third", await Ask(asking, peer, "third").Became.WaitAsync(Token));
    }

    [Fact]
    public async Task A_long_message_comes_whole_and_one_that_is_too_long_is_not_sent()
    {
        await using var asking = Start(Asking, out _, options => options with { MaxMessageBytes = 1_000_000 });
        await using var answering = Start(Answering, out _, options => options with { MaxMessageBytes = 1_000_000 });
        var peer = new Peer(answering.Address, Answering);
        var text = new string('x', 1_000_000);

        Assert.Equal("answered " + text, await Ask(asking, peer, text).Became.WaitAsync(Token));
        Assert.Equal("bound", await Ask(asking, peer, text + "x").Became.WaitAsync(Token));
        Assert.Equal("answered y", await Ask(asking, peer, "y").Became.WaitAsync(Token));
    }

    // Broken on purpose: a bound of one more.
    [Fact]
    public async Task One_question_more_than_may_wait_is_certainly_not_sent()
    {
        await using var asking = Start(Asking, out _, options => options with { MaxOutstanding = 10 });
        await using var answering = Start(Answering, out var service);
        var peer = new Peer(answering.Address, Answering);
        var held = Enumerable.Range(0, 10).Select(number => Ask(asking, peer, $"H{number}")).ToList();

        Assert.Equal("bound", await Ask(asking, peer, "one more").Became.WaitAsync(Token));
        while (service.Held < 10)
        {
            await Task.Yield();
        }

        service.LetGo();
        Assert.All(await Task.WhenAll(held.Select(one => one.Became)), became => Assert.StartsWith("answered H", became, StringComparison.Ordinal));
        Assert.Equal(10, service.AskedTimes);
        Assert.Equal("answered z", await Ask(asking, peer, "z").Became.WaitAsync(Token));
    }

    // Broken on purpose: what waits is not told when the connection ends.
    [Fact]
    public async Task What_left_and_was_not_answered_is_lost_and_what_never_left_is_not_sent()
    {
        await using var asking = Start(Asking, out _);
        var answering = Start(Answering, out var service);
        var peer = new Peer(answering.Address, Answering);
        var left = Ask(asking, peer, "H");
        while (service.Held == 0)
        {
            await Task.Yield();
        }

        await answering.DisposeAsync();
        Assert.Equal("lost", await left.Became.WaitAsync(Token));
        Assert.Equal("not sent", await Ask(asking, peer, "later").Became.WaitAsync(Token));
        service.LetGo();
        Assert.Equal(1, left.Times);
    }

    [Fact]
    public async Task Whoever_is_no_member_any_more_is_let_go_of_at_once()
    {
        await using var asking = Start(Asking, out _);
        await using var answering = Start(Answering, out var service);
        var peer = new Peer(answering.Address, Answering);
        var left = Ask(asking, peer, "H");
        while (service.Held == 0)
        {
            await Task.Yield();
        }

        asking.Keep([]);

        Assert.Equal("lost", await left.Became.WaitAsync(Token));
    }

    // Broken on purpose: a watch that never looks.
    [Fact]
    public async Task A_node_that_reads_nothing_is_given_up_after_a_while()
    {
        await using var asking = Start(Asking, out _, options => options with { SilentAfter = TimeSpan.FromSeconds(0.3) });
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var taking = WelcomeAsync(deaf);

        var left = Ask(asking, new($"127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}", Answering), "anybody?");

        Assert.Equal("lost", await left.Became.WaitAsync(Token));
        using var taken = await taking;
    }

    [Fact]
    public async Task A_node_of_another_run_at_the_same_address_is_not_asked()
    {
        await using var asking = Start(Asking, out _);
        await using var answering = Start(Answering, out var service);

        Assert.Equal("not sent", await Ask(asking, new(answering.Address, 3), "you?").Became.WaitAsync(Token));
        Assert.Equal(0, service.AskedTimes);
    }

    [Fact]
    public async Task Hundreds_of_connections_that_nobody_invited_get_nothing_and_harm_nobody()
    {
        await using var asking = Start(Asking, out _);
        await using var answering = Start(Answering, out var service);
        var random = new Random(3);
        var place = IPEndPoint.Parse(answering.Address);
        for (var caller = 0; caller < Uninvited; caller++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(place, Token);
            var noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            var stream = socket.GetStream();
            await stream.WriteAsync(noise, Token);
            socket.Client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await HeardAsync(stream));
        }

        Assert.Equal("answered still here", await Ask(asking, new(answering.Address, Answering), "still here").Became.WaitAsync(Token));
        Assert.Equal(1, service.AskedTimes);
        Assert.Equal(0, service.ToldTimes);
    }

    [Fact]
    public void A_port_that_other_machines_can_reach_needs_certificates() => Assert.Throws<ArgumentException>(
        () => new ClusterTransport(new(new(IPAddress.Any, 0), Secret), TimeProvider.System, NullLogger<ClusterTransport>.Instance));

    internal static ClusterTransport Start(UInt128 self, out EchoService service, Func<TransportOptions, TransportOptions>? change = null)
    {
        TransportOptions options = new(new(IPAddress.Loopback, 0), Secret);
        var transport = new ClusterTransport(change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<ClusterTransport>.Instance);
        transport.Serve(service = new(self));
        return transport;
    }

    internal static Waiting Ask(ClusterTransport transport, Peer peer, string question)
    {
        var waiting = new Waiting();
        transport.Ask(peer, Encoding.UTF8.GetBytes(question), waiting);
        return waiting;
    }

    private static async Task<int> HeardAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1], Token);
        }
        catch (IOException)
        {
            // It hung up before it had read all of the noise.
            return 0;
        }
    }

    private static async Task<Socket> WelcomeAsync(TcpListener listener)
    {
        var socket = await listener.AcceptSocketAsync(Token);
        var pipe = await AgentCluster.Transport.Connections.StreamPipe.OfCallerAsync(socket, tls: null, Token);
        await Handshake.AnswerAsync(pipe, new(Secret), Answering, Token);
        return socket;
    }
}
