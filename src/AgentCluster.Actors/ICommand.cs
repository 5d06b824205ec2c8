namespace AgentCluster.Actors;

/// <summary>Something that an actor can be asked, told by another actor, or reminded of by a timer.</summary>
public interface ICommand;

/// <summary>A command that is answered with exactly one <typeparamref name="TReply"/>.</summary>
/// <typeparam name="TReply">The type of the answer.</typeparam>
public interface ICommand<TReply> : ICommand;
