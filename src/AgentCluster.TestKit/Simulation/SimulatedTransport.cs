using AgentCluster.Runtime.Ports;

namespace AgentCluster.TestKit.Simulation;

/// <summary>Node to node in a simulation: the bytes are the product's, the way is simulated.</summary>
/// <param name="network">Between the nodes.</param>
/// <param name="process">This node's present run.</param>
/// <param name="address">Its name in the network.</param>
public sealed class SimulatedTransport(SimulatedNetwork network, SimulatedProcess process, string address) : ITransport
{
    private readonly List<Exchange> _waiting = [];
    private readonly HashSet<Peer> _connected = [];

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public void Serve(IService service) => network.Listen(address, process, service);

    /// <inheritdoc/>
    public void Ask(Peer to, ReadOnlyMemory<byte> request, IAnswer answer)
    {
        var exchange = new Exchange(this, to, answer);
        _waiting.Add(exchange);
        _ = network.Start(() => AskAsync(exchange, request.ToArray()));
    }

    /// <inheritdoc/>
    public void Tell(Peer to, ReadOnlyMemory<byte> message)
    {
        if (network.Strays())
        {
            network.Reached?.Invoke("a message between nodes was lost");
            return;
        }

        for (var copies = network.Strays() ? 2 : 1; copies > 0; copies--)
        {
            _ = network.Start(() => TellAsync(to, message.ToArray()));
        }
    }

    /// <inheritdoc/>
    public void Keep(IReadOnlyCollection<Peer> peers)
    {
        foreach (var gone in _waiting.Where(exchange => !peers.Contains(exchange.To)).ToArray())
        {
            gone.Lost("it is no member any more");
        }
    }

    private async Task TellAsync(Peer to, byte[] message)
    {
        await network.LegAsync();
        if (network.Find(to) is var (other, service) && !network.IsCut(address, to.Address))
        {
            _ = other.Start(() =>
            {
                service.Told(message);
                return Task.CompletedTask;
            });
        }
    }

    private async Task AskAsync(Exchange exchange, byte[] request)
    {
        await network.LegAsync();
        if (network.Find(exchange.To) is not var (other, service)
            || (!_connected.Contains(exchange.To) && network.IsParted(address, exchange.To.Address)))
        {
            network.Reached?.Invoke("a node was not reached");
            exchange.NotSent();
            return;
        }

        _connected.Add(exchange.To);
        var stop = other.OnKill(() => exchange.Lost("it was killed"));
        exchange.Ended = stop;
        if (network.Breaks())
        {
            network.Reached?.Invoke("a connection broke before its question arrived");
            exchange.Lost("the connection broke");
            return;
        }

        if (!await network.PassesAsync(address, exchange.To.Address))
        {
            network.Reached?.Invoke("a node that was asked said nothing");
            exchange.Lost("it says nothing");
            return;
        }

        _ = other.Start(() =>
        {
            service.Asked(request, new ReplyTo(this, exchange));
            return Task.CompletedTask;
        });
        while (!exchange.IsOver)
        {
            await network.SilenceAsync();
            if (other.IsFrozen || network.IsParted(address, exchange.To.Address))
            {
                network.Reached?.Invoke("a node that was asked said nothing");
                exchange.Lost("it says nothing");
            }
        }
    }

    private async Task ReplyAsync(Exchange exchange, byte[] answer)
    {
        if (network.Breaks())
        {
            network.Reached?.Invoke("a connection broke after its question was answered");
            exchange.Lost("the connection broke");
            return;
        }

        await network.LegAsync();
        if (await network.PassesAsync(exchange.To.Address, address))
        {
            exchange.Answered(answer);
        }
    }

    private sealed class ReplyTo(SimulatedTransport transport, Exchange exchange) : IReplyTo
    {
        public void Reply(ReadOnlyMemory<byte> answer) => _ = transport.OutsideAsync(() => transport.ReplyAsync(exchange, answer.ToArray()));
    }

    private Task OutsideAsync(Func<Task> activity) => network.Start(activity);

    /// <summary>One question; told once what became of it, in the asking node's process.</summary>
    private sealed class Exchange(SimulatedTransport transport, Peer to, IAnswer answer)
    {
        public Peer To => to;

        public bool IsOver { get; private set; }

        public Action? Ended { get; set; }

        public void Answered(byte[] bytes) => End(() => answer.Answered(bytes, isLone: false));

        public void NotSent() => End(() => answer.NotSent(isBound: false, $"its node {to.Address} was not reached"));

        public void Lost(string why)
        {
            transport._connected.Remove(to);
            End(() => answer.Lost($"{to.Address}: {why}"));
        }

        private void End(Action tell)
        {
            if (IsOver)
            {
                return;
            }

            IsOver = true;
            Ended?.Invoke();
            transport._waiting.Remove(this);
            transport.InProcess(tell);
        }
    }

    private void InProcess(Action tell) => _ = process.Start(() =>
    {
        tell();
        return Task.CompletedTask;
    });
}
