namespace AgentCluster.Actors;

/// <summary>
/// A command that only reads: it never leads to events, so it may be asked again by itself where an answer was lost, and of a copy of
/// its actor.
/// </summary>
public interface IReading : ICommand;
