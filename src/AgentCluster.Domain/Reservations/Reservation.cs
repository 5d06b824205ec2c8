using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Reservations;

/// <summary>An agent's word that it works on paths for a while: held, or wanted while others hold them.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Who.</param>
/// <param name="Paths">Paths and patterns in the repository's one form; at least one.</param>
/// <param name="Mode">Whether others may have them too.</param>
/// <param name="TtlSeconds">How long it lasts from when it was granted or renewed, or a want from when it was refused.</param>
public sealed record Reservation(ReservationId Id, AgentId Agent, ValueList<string> Paths, ReservationMode Mode, int TtlSeconds)
{
    /// <summary>Paths in one reservation at most.</summary>
    public const int MostPaths = 100;

    /// <summary>Reservations and wants in one repository at most.</summary>
    public const int MostInRepository = 20_000;

    /// <summary>Reservations and wants of one agent in it at most.</summary>
    public const int MostOfAgent = 2_000;

    /// <summary>Longest time, in seconds: a day.</summary>
    public const int MostSeconds = 24 * 60 * 60;

    /// <summary>How it stands.</summary>
    public Standing Standing { get; init; }

    /// <summary>The task that the paths are wanted for.</summary>
    public TaskId? Task { get; init; }

    /// <summary>That task's project.</summary>
    public string? Project { get; init; }

    /// <summary>The claim that it ends with; null when it ends by itself only.</summary>
    public FencingToken? Token { get; init; }

    /// <summary>What hangs on it.</summary>
    public Stake Stake { get; init; } = Stake.None;

    /// <summary>Whose turn it is: the smaller first.</summary>
    public long Place { get; init; }

    /// <summary>How often it was granted or renewed.</summary>
    public int Renewal { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>UTC; null while it is only wanted.</summary>
    public DateTimeOffset? GrantedAt { get; init; }

    /// <summary>UTC of the last grant, renewal or refusal: it ends <see cref="TtlSeconds"/> later, or a little after.</summary>
    public DateTimeOffset RenewedAt { get; init; }

    /// <summary>Whether somebody looked at its priority and found that it can wait.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayWait { get; init; }

    /// <summary>UTC, for display.</summary>
    [JsonIgnore]
    public DateTimeOffset ExpiresAt => RenewedAt.AddSeconds(TtlSeconds);

    /// <summary>Its priority; what has none is as urgent as a task is by default.</summary>
    [JsonIgnore]
    public Priority Priority => Stake.Priority ?? Priority.P2;

    /// <summary>Its paths, to be compared.</summary>
    /// <param name="pathCase">Of the repository.</param>
    internal IEnumerable<Glob> Globs(PathCase pathCase) =>
        Paths.Select(path => Glob.TryRead(path, pathCase, out var glob, out _) ? glob : null).OfType<Glob>();

    internal bool IsCompatibleWith(Reservation other) =>
        Agent == other.Agent || (Mode == ReservationMode.Shared && other.Mode == ReservationMode.Shared);
}

/// <summary>What hangs on a reservation, as its task says.</summary>
public sealed record Stake
{
    /// <summary>Nothing is known.</summary>
    public static Stake None { get; } = new();

    /// <summary>Of the task.</summary>
    public Priority? Priority { get; init; }

    /// <summary>UTC; when it must be done.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Seconds of work that are left, as far as anybody said.</summary>
    public long? RemainingSeconds { get; init; }

    /// <summary>How much it is worth, as its requirements say in <c>business_weight</c>.</summary>
    public long? Weight { get; init; }

    /// <summary>The tasks that its task waits for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<TaskId> DependsOn { get; init; }
}

/// <summary>Whether others may have the same paths.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReservationMode>))]
public enum ReservationMode
{
    /// <summary>Nobody else.</summary>
    [JsonStringEnumMemberName("exclusive")]
    Exclusive,

    /// <summary>Whoever wants them shared too.</summary>
    [JsonStringEnumMemberName("shared")]
    Shared,
}

/// <summary>How a reservation stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
public enum Standing
{
    /// <summary>Its agent has the paths.</summary>
    [JsonStringEnumMemberName("held")]
    Held,

    /// <summary>It was refused: its agent wants the paths, and has no turn.</summary>
    [JsonStringEnumMemberName("wanted")]
    Wanted,

    /// <summary>It is its turn when those before it are done.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,
}

/// <summary>Why a reservation ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReservationEnd>))]
public enum ReservationEnd
{
    /// <summary>Its agent said so.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>Its time was over.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>The claim that it was tied to is over.</summary>
    [JsonStringEnumMemberName("claim_ended")]
    ClaimEnded,
}

/// <summary>The words for what a reservation is.</summary>
public static class ReservationWords
{
    private static readonly ImmutableArray<string> Modes = ["exclusive", "shared"];
    private static readonly ImmutableArray<string> Standings = ["held", "wanted", "queued"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="mode">Any.</param>
    public static string Word(this ReservationMode mode) => Modes[(int)mode];

    /// <summary>As in the outside contract.</summary>
    /// <param name="standing">Any.</param>
    public static string Word(this Standing standing) => Standings[(int)standing];
}
