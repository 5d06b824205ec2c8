using AgentCluster.Actors;

namespace AgentCluster.Runtime.Ports;

/// <summary>Follows single commands through the runtime, for operators. Nothing that the runtime does depends on it.</summary>
public interface ITracing
{
    /// <summary>Begins to follow a command from outside. Called on its caller's thread.</summary>
    /// <param name="actor">Who is asked.</param>
    /// <param name="command">What.</param>
    /// <param name="parent">What it is a part of at another node, as <see cref="ITrace.Context"/> said it there; null or empty for what this thread does.</param>
    /// <returns>Null when nobody looks at this one: then following it costs nothing more.</returns>
    ITrace? Begin(ActorId actor, ICommand command, string? parent = null);
}

/// <summary>One command that is followed. Its end may come from another thread than the rest, at any time.</summary>
public interface ITrace
{
    /// <summary>Names it to other nodes, as W3C's trace context does.</summary>
    string Context { get; }

    /// <summary>It was decided, and waits for its commit. A command that writes nothing has no such moment.</summary>
    /// <param name="shard">Its actor's.</param>
    void Decided(int shard);

    /// <summary>Its caller is told what became of it. Called once.</summary>
    /// <param name="error">What the caller is told in place of a reply; null for a reply.</param>
    void End(Exception? error);

    /// <summary>Until the end of the answer, what this thread logs carries the command's trace id.</summary>
    IDisposable Enter();
}
