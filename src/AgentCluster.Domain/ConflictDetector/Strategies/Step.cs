using AgentCluster.Domain.Conflicts;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>What a strategy would do.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <summary>It would do this; whether that helps is for detection to say.</summary>
    /// <param name="Events">What would happen.</param>
    /// <param name="Detail">Why, for people.</param>
    /// <param name="Data">What it comes to, for programs.</param>
    public sealed record Do(IReadOnlyList<DetectorEvent> Events, string Detail, RawJson? Data = null) : Step;

    /// <summary>It would ask an agent, and do what that one says.</summary>
    /// <param name="Agent">Who.</param>
    /// <param name="Role">As what.</param>
    public sealed record Ask(AgentId Agent, string Role) : Step;

    /// <summary>It can do nothing.</summary>
    /// <param name="Detail">Why, for people.</param>
    public sealed record Fail(string Detail) : Step;
}

/// <summary>What a strategy may look at.</summary>
/// <param name="Repository">Its name.</param>
/// <param name="Book">All that is known of it.</param>
/// <param name="Found">The conflict.</param>
/// <param name="Now">UTC.</param>
internal sealed record Scene(string Repository, Book Book, Clash Found, DateTimeOffset Now)
{
    public Reservations.Reservation? Want => Found.Want is { } id ? Book.Find(id) : null;

    public Reservations.Reservation? Holder => Found.Holder is { } id ? Book.Find(id) : null;
}

/// <summary>A way to end a conflict.</summary>
/// <param name="Name">As in the outside contract.</param>
/// <param name="Try">What it would do; changes nothing.</param>
internal sealed record Strategy(string Name, Func<Scene, Step> Try)
{
    private static readonly IReadOnlyList<Strategy> Contention =
    [
        new("queue_access", Queueing.Try),
        new("resource_splitting", Splitting.Try),
        new("priority_boost", Boosting.Try),
    ];

    private static readonly IReadOnlyList<Strategy> Disagreement =
    [
        new("framework_pattern", Deciding.Precedent),
        new("architect_authority", scene => Deciding.Ask(scene, "Architect", decided => decided.Architect)),
        new("research_consultation", scene => Deciding.Ask(scene, "Researcher", decided => decided.Researcher)),
    ];

    private static readonly IReadOnlyList<Strategy> Urgency =
    [
        new("timeline_analysis", Weighing.Timeline),
        new("business_impact", Weighing.Impact),
        new("dependency_reordering", Weighing.Dependencies),
    ];

    /// <summary>The strategies for a sort of conflict, in the order in which they are tried.</summary>
    public static IReadOnlyList<Strategy> For(ConflictType type) => type switch
    {
        ConflictType.ResourceContention => Contention,
        ConflictType.TechnicalDisagreement => Disagreement,
        ConflictType.PriorityConflict => Urgency,
        _ => [],
    };
}
