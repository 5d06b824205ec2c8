using System.Text.Json;

namespace AgentCluster.Client.Live;

/// <summary>Something that happened.</summary>
/// <param name="Cursor">Where it stands in the order; begins a later feed.</param>
/// <param name="Name">What happened: <c>task_claimed</c>, …</param>
/// <param name="Channel">About what.</param>
/// <param name="At">UTC.</param>
/// <param name="Data">What belongs to it.</param>
public sealed record LiveEvent(string Cursor, string Name, string Channel, DateTimeOffset At, JsonElement Data);
