using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// A real node on a simulated database: the production runtime, composed by the production composition function. It can
/// be killed, frozen, drained and started again.
/// </summary>
/// <param name="world">Where it runs.</param>
/// <param name="database">Where it keeps its data.</param>
/// <param name="options">Its bounds and times.</param>
/// <param name="kinds">Its actors.</param>
/// <param name="clockRate">How fast its clock runs.</param>
public sealed class SimulatedNode(
    World world, SimulatedDatabase database, NodeOptions options, IReadOnlyList<ActorKind> kinds, double clockRate = 1)
{
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(5);
    private SimulatedProcess? _process;
    private ActorNode? _actors;

    /// <summary>The present run; null before the first start and after a kill.</summary>
    public SimulatedProcess? Process => _process is { IsDead: false } ? _process : null;

    /// <summary>Whether it takes commands.</summary>
    public bool IsUp => Process is not null && _actors is not null;

    /// <summary>The node itself, once it has started.</summary>
    internal ActorNode? Actors => _actors;

    /// <summary>Whether it acquires its shards.</summary>
    internal bool IsStarting => Process is not null && _actors is null;

    /// <summary>Whether it finishes what it has taken.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>Whether it owns an actor's shard, as far as it knows, and trusts its lease.</summary>
    /// <param name="actor">Which actor.</param>
    public bool AnswersFor(ActorId actor) => Process is not null && _actors?.ShardOf(actor).IsTrusted == true;

    /// <summary>Called in each run of the node once it takes commands: starts what else runs in the process.</summary>
    public Action<NodePorts, ActorNode>? Beside { get; init; }

    /// <summary>How it takes part where several nodes share the database; null for a node alone. Its address is its name in the simulation.</summary>
    public MembershipOptions? Membership { get; init; }

    /// <summary>Between the nodes; null where callers go to the owner themselves.</summary>
    public SimulatedNetwork? Network { get; init; }

    /// <summary>Where its log goes.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Starts a new run, in the place of the one before; tries until the database answers or the run is killed.</summary>
    public void Start()
    {
        Kill();
        var process = _process = new(world, world.NextProcess(), clockRate);
        _ = process.Start(async () =>
        {
            while (_process == process && _actors is null)
            {
                try
                {
                    var store = new SimulatedStore(database, process);
                    var ports = new NodePorts(store, process, process.Clock, new SeededRandom(world.Random.NextBits(), world.Guard), Log)
                    {
                        Members = Membership is null ? null : new SimulatedMembers(database, process),
                        Membership = Membership,
                        Transport = Network is { } network && Membership is { } self ? new SimulatedTransport(network, process, self.Address) : null,
                    };
                    var actors = await ActorNode.StartAsync(ports, options, kinds, CancellationToken.None);
                    if (_process == process)
                    {
                        _actors = actors;
                        Beside?.Invoke(ports, actors);
                        EndWhenAsked(process, actors);
                    }
                }
                catch (StoreUnavailableException)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), process.Clock);
                }
            }
        });
    }

    /// <summary>As whoever runs a node does: the cluster has asked it to leave.</summary>
    private void EndWhenAsked(SimulatedProcess process, ActorNode actors)
    {
        if (Membership is not null)
        {
            _ = process.Start(async () =>
            {
                await actors.AskedToEnd;
                _ = world.Start(() => process == _process ? DrainAsync(DrainWithin) : Task.CompletedTask);
            });
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _actors = null;
        _process?.Kill();
    }

    /// <summary>SIGTERM: it drains, then it is gone.</summary>
    /// <param name="timeout">How long it may take.</param>
    public async Task DrainAsync(TimeSpan timeout)
    {
        if (_actors is not { } actors || Process is not { } process)
        {
            return;
        }

        var drained = new TaskCompletionSource();
        var stop = process.OnKill(() => drained.TrySetResult());
        IsDraining = true;
        _ = process.Start(async () =>
        {
            await actors.DrainAsync(timeout);
            drained.TrySetResult();
        });
        await drained.Task;
        IsDraining = false;
        stop();
        process.Kill();
        _actors = null;
    }

    /// <summary>An operator asks it to leave the others: it hands over what it has, and is gone.</summary>
    /// <returns>Whether it was a member, and had not been asked before.</returns>
    /// <exception cref="ConnectionLostException">It is not up, or was killed meanwhile.</exception>
    public Task<bool> LeaveAsync() =>
        InAsync(actors => actors.LeaveAsync(actors.Incarnation.ToString(), CancellationToken.None).AsTask());

    /// <summary>Asks over the network: the answer, or that the connection broke.</summary>
    /// <typeparam name="TReply">What the command promises.</typeparam>
    /// <param name="actor">Who is asked.</param>
    /// <param name="command">What.</param>
    /// <param name="id">The caller's name for it.</param>
    /// <exception cref="ConnectionLostException">It may or may not have taken effect.</exception>
    /// <exception cref="ActorUnavailableException">Certainly not done.</exception>
    /// <exception cref="OutcomeUnknownException">It may or may not have taken effect.</exception>
    public async Task<TReply> AskAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id)
    {
        await world.Pass(NetworkLeg());
        if (_actors is not { } actors || Process is not { } process)
        {
            throw new ActorUnavailableException(actor, Unavailable.NotReady, "the node is not up");
        }

        var answer = new TaskCompletionSource<TReply>();
        var stop = process.OnKill(() => answer.TrySetException(new ConnectionLostException()));
        _ = process.Start(async () =>
        {
            try
            {
                answer.TrySetResult(await actors.AskAsync(actor, command, id, CancellationToken.None));
            }
#pragma warning disable CA1031 // Whatever the node answers goes to the caller.
            catch (Exception error)
#pragma warning restore CA1031
            {
                answer.TrySetException(error);
            }
        });
        try
        {
            return await answer.Task;
        }
        finally
        {
            stop();
            await world.Pass(NetworkLeg());
        }
    }

    /// <summary>Tells over the network; it may be lost.</summary>
    /// <param name="actor">Who is told.</param>
    /// <param name="command">What.</param>
    public void Tell(ActorId actor, ICommand command)
    {
        if (_actors is { } actors && Process is { } process)
        {
            _ = process.Start(() =>
            {
                actors.Tell(actor, command);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Does something in its present run, over the network.</summary>
    /// <exception cref="ConnectionLostException">It is not up, or was killed meanwhile.</exception>
    internal async Task<T> InAsync<T>(Func<ActorNode, Task<T>> act)
    {
        if (_actors is not { } actors || Process is not { } process)
        {
            throw new ConnectionLostException();
        }

        var answer = new TaskCompletionSource<T>();
        var stop = process.OnKill(() => answer.TrySetException(new ConnectionLostException()));
        _ = process.Start(async () =>
        {
            try
            {
                answer.TrySetResult(await act(actors));
            }
#pragma warning disable CA1031 // Whatever the node answers goes to the caller.
            catch (Exception error)
#pragma warning restore CA1031
            {
                answer.TrySetException(error);
            }
        });
        try
        {
            return await answer.Task;
        }
        finally
        {
            stop();
        }
    }

    /// <summary>What some of its actors wait for, for a report of a run that is stuck.</summary>
    /// <param name="actors">Which.</param>
    public async Task<string> DescribeAsync(IEnumerable<ActorId> actors)
    {
        List<string> seen = [];
        foreach (var actor in actors)
        {
            seen.Add(_actors is null ? "down" : $"{await _actors.InspectAsync(actor, CancellationToken.None)}");
        }

        return string.Join("; ", seen);
    }

    private TimeSpan NetworkLeg() => TimeSpan.FromMilliseconds(0.2 + (2 * world.Random.NextDouble()));
}

/// <summary>The node went away while the caller waited.</summary>
public sealed class ConnectionLostException() : Exception("The connection was lost; the command may or may not have taken effect.");
