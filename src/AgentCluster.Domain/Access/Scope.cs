using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Access;

/// <summary>What a caller must have been given the right to, so that an operation is done for it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Scope>))]
public enum Scope
{
    /// <summary>Nothing: whoever reaches the node may ask. Never given to anybody, because everybody has it.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Reads tasks and epics.</summary>
    [JsonStringEnumMemberName("tasks:read")]
    TasksRead,

    /// <summary>Creates, changes, imports, cancels and deletes tasks and epics.</summary>
    [JsonStringEnumMemberName("tasks:write")]
    TasksWrite,

    /// <summary>Claims tasks and works on them.</summary>
    [JsonStringEnumMemberName("tasks:claim")]
    TasksClaim,

    /// <summary>Reads the roster.</summary>
    [JsonStringEnumMemberName("agents:read")]
    AgentsRead,

    /// <summary>Registers agents, beats for them, and removes them.</summary>
    [JsonStringEnumMemberName("agents:write")]
    AgentsWrite,

    /// <summary>Follows live events.</summary>
    [JsonStringEnumMemberName("events:read")]
    EventsRead,

    /// <summary>Reads mailboxes and delegations.</summary>
    [JsonStringEnumMemberName("messages:read")]
    MessagesRead,

    /// <summary>Sends messages, delegates, and reports on what was delegated.</summary>
    [JsonStringEnumMemberName("messages:send")]
    MessagesSend,

    /// <summary>Reserves paths, takes resources, tells of worktrees and decisions, and settles conflicts.</summary>
    [JsonStringEnumMemberName("reservations:write")]
    ReservationsWrite,

    /// <summary>Looks into the node and the cluster.</summary>
    [JsonStringEnumMemberName("ops")]
    Ops,

    /// <summary>Gives and takes rights.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}

/// <summary>The words for <see cref="Scope"/>.</summary>
public static class Scopes
{
    private static readonly ImmutableArray<string> Words =
        ["open", "tasks:read", "tasks:write", "tasks:claim", "agents:read", "agents:write", "events:read", "messages:read", "messages:send", "reservations:write", "ops", "admin"];

    /// <summary>As in the outside contract: <c>tasks:read</c>.</summary>
    /// <param name="scope">Any.</param>
    public static string Word(this Scope scope) => Words[(int)scope];

    /// <summary>Reads a scope that can be given.</summary>
    /// <param name="text">For example <c>tasks:read</c>.</param>
    /// <param name="scope">The scope; <see cref="Scope.Open"/> when it is none.</param>
    /// <returns>Whether it is one that can be given.</returns>
    public static bool TryParse(string text, out Scope scope)
    {
        scope = (Scope)Math.Max(Words.IndexOf(text), 0);
        return scope != Scope.Open;
    }
}
