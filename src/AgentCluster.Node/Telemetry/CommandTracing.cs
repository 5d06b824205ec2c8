using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Node.Telemetry;

/// <summary>
/// Makes spans of commands: one from the ask to the answer, and in it one from the decision until it is durable, which is how
/// long the group commit took for this caller. Both are children of the request's span.
/// </summary>
internal sealed class CommandTracing : ITracing
{
    /// <summary>What exporters and embedding programs subscribe to.</summary>
    public const string SourceName = "AgentCluster.Runtime";

    private static readonly ActivitySource Source = new(SourceName);

    public ITrace? Begin(ActorId actor, ICommand command, string? parent = null) =>
        Source.HasListeners() && Start($"{command.GetType().Name} {actor.Kind}", Parsed(parent)) is { } span ? new CommandTrace(span, actor) : null;

    private static ActivityContext Parsed(string? parent) =>
        ActivityContext.TryParse(parent, traceState: null, isRemote: true, out var context) ? context : default;

    // Starting a span makes it the thread's current one. It is not: the caller goes on with its own, and a lane has none.
    private static Activity? Start(string name, ActivityContext parent)
    {
        var before = Activity.Current;
        var span = parent == default ? Source.StartActivity(name) : Source.StartActivity(name, ActivityKind.Internal, parent);
        Activity.Current = before;
        return span;
    }

    private static void Stop(Activity span, Exception? error)
    {
        if (error is not null)
        {
            span.SetTag("error.type", error.GetType().Name).SetStatus(ActivityStatusCode.Error, error.Message);
        }

        var before = Activity.Current;
        span.Stop();
        Activity.Current = before;
    }

    private sealed class CommandTrace : ITrace
    {
        private readonly Lock _gate = new();
        private readonly Activity _span;
        private Activity? _commit;
        private bool _ended;

        public CommandTrace(Activity span, ActorId actor)
        {
            _span = span;
            span.SetTag("agentcluster.actor", actor.ToString());
        }

        public string Context => _span.Id ?? "";

        public void Decided(int shard)
        {
            lock (_gate)
            {
                // Its caller may have given up meanwhile.
                _commit = _ended ? null : Start("commit", _span.Context)?.SetTag("agentcluster.shard", shard);
            }
        }

        public void End(Exception? error)
        {
            lock (_gate)
            {
                _ended = true;
                if (_commit is { } commit)
                {
                    Stop(commit, error);
                }

                Stop(_span, error);
            }
        }

        public IDisposable Enter()
        {
            var entered = new Entered(Activity.Current);
            Activity.Current = _span;
            return entered;
        }
    }

    private sealed class Entered(Activity? before) : IDisposable
    {
        public void Dispose() => Activity.Current = before;
    }
}
