using System.Diagnostics;
using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Claim-next and complete, asked of registries' actors. The node ends with it.</summary>
/// <param name="node">With ready tasks.</param>
/// <param name="projects">Callers are spread over so many.</param>
/// <param name="keyed">Whether each command carries an id of its own.</param>
internal sealed class NodePairs(RunningNode node, int projects = 1, bool keyed = false) : ISubject
{
    private readonly ActorId[] _registries = [.. Enumerable.Range(0, projects).Select(project => Kinds.RegistryOf(Template.ProjectOf(project)))];
    private long _keys;

    public async ValueTask<long> DoAsync(int caller)
    {
        var (task, token) = await ClaimAsync(caller);
        var claimed = Stopwatch.GetTimestamp();
        await CompleteAsync(caller, task, token, null);
        return claimed;
    }

    public async Task<(TaskId Task, FencingToken Token)> ClaimAsync(int caller)
    {
        var reply = await node.Actors.AskAsync(
            RegistryOf(caller), new ClaimNext(new(new($"agent-{caller:00}"), null, null), 1800), Id(), CancellationToken.None);
        var granted = (ClaimReply.Granted)reply;
        return (granted.Task.Id, granted.Task.Claim!.Token);
    }

    public async Task<CompleteReply.Completed> CompleteAsync(int caller, TaskId task, FencingToken token, NextClaim? next)
    {
        var reply = await node.Actors.AskAsync(
            RegistryOf(caller), new CompleteTask(task, token, "done", null, [], null, next), Id(), CancellationToken.None);
        return reply as CompleteReply.Completed ?? throw new InvalidOperationException($"Expected a completed task, found {reply}.");
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private ActorId RegistryOf(int caller) => _registries[caller % _registries.Length];

    private CommandId? Id()
    {
        if (!keyed)
        {
            return null;
        }

        var number = Interlocked.Increment(ref _keys);
        return new("local", number.ToString(CultureInfo.InvariantCulture), (UInt128)number);
    }
}

/// <summary>A task a call: each completion claims the next.</summary>
/// <param name="pairs">Of one project.</param>
internal sealed class NodeChain(NodePairs pairs) : ISubject
{
    private static readonly NextClaim Next = new(null, null, 1800);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, (TaskId Task, FencingToken Token)> _held = new();

    public async ValueTask<long> DoAsync(int caller)
    {
        var (task, token) = _held.TryGetValue(caller, out var held) ? held : await pairs.ClaimAsync(caller);
        var done = await pairs.CompleteAsync(caller, task, token, Next);
        var next = done.Next ?? throw new InvalidOperationException("Expected a next task, found none: the template is too small.");
        _held[caller] = (next.Id, next.Claim!.Token);
        return Stopwatch.GetTimestamp();
    }

    public ValueTask DisposeAsync() => pairs.DisposeAsync();
}
