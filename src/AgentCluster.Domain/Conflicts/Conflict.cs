using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Conflicts;

/// <summary>A conflict: what it is, what was tried, and how it stands.</summary>
/// <param name="Found">As it was found last.</param>
/// <param name="Status">How it stands.</param>
public sealed record Conflict(Clash Found, ConflictStatus Status)
{
    /// <summary>Attempts that are kept; all are in the journal.</summary>
    public const int MostAttempts = 50;

    /// <summary>What was tried, oldest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Attempt> Attempts { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public Resolution? Resolution { get; init; }

    /// <summary>Who is asked now, and as what.</summary>
    public Inquest? Asked { get; init; }

    /// <summary>UTC; when it was found first.</summary>
    public DateTimeOffset DetectedAt { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether somebody decided that it may stay: it is not found anew before it was gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAccepted { get; init; }

    /// <summary>Whether it is there, as far as is known.</summary>
    [JsonIgnore]
    public bool IsPresent => Status != ConflictStatus.Resolved || IsAccepted;
}

/// <summary>What detection finds.</summary>
/// <param name="Id">The same whenever the same is found: made of what is in conflict.</param>
/// <param name="Type">What sort.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Agents">Who is involved, by id.</param>
/// <param name="Resource">What it is about: a path, a branch, a topic.</param>
/// <param name="Kind">What sort of thing that is: <c>file_access</c>, <c>merge</c>, <c>branch</c>, <c>worktree_path</c>, <c>decision</c>.</param>
/// <param name="Detail">What was found, for people.</param>
public sealed record Clash(
    ConflictId Id, ConflictType Type, Severity Severity, ValueList<AgentId> Agents, string Resource, string Kind, string Detail)
{
    /// <summary>Files that it is about beyond the resource.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Files { get; init; }

    /// <summary>The tasks of those involved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<TaskId> Tasks { get; init; }

    /// <summary>The reservation that waits.</summary>
    public ReservationId? Want { get; init; }

    /// <summary>The reservation that is in its way, or that somebody works in without having it.</summary>
    public ReservationId? Holder { get; init; }

    /// <summary>The worktrees, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Worktrees { get; init; }

    /// <summary>The choices that contradict each other, as those involved made them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Choices { get; init; }

    /// <summary>The keys of the decisions that contradict each other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Decisions { get; init; }

    /// <summary>How decisions contradict each other: <c>negation</c> or <c>different_choices</c>.</summary>
    public string? Contradiction { get; init; }
}

/// <summary>One strategy tried.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Successful">Whether detection did not find the conflict afterwards.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="At">UTC.</param>
/// <param name="Data">What it came to, for programs.</param>
public sealed record Attempt(string Strategy, bool Successful, string Detail, DateTimeOffset At, RawJson? Data = null);

/// <summary>How a conflict ended.</summary>
/// <param name="Detail">What was decided, or how it went away.</param>
/// <param name="Strategy">What ended it; null when its cause went away by itself.</param>
/// <param name="By">Who decided; null when the cluster did.</param>
public sealed record Resolution(string Detail, string? Strategy = null, string? By = null);

/// <summary>An agent is asked to decide.</summary>
/// <param name="Strategy">As part of this strategy.</param>
/// <param name="Agent">Who.</param>
/// <param name="Number">Counts the inquiries about a conflict, from 1.</param>
public sealed record Inquest(string Strategy, AgentId Agent, int Number);
