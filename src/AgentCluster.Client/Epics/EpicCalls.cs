using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCluster.Client.Calls;
using AgentCluster.Client.Tasks;

namespace AgentCluster.Client.Epics;

/// <summary>Epics. Every call throws as those of <see cref="TaskCalls"/> do.</summary>
public sealed class EpicCalls
{
    private readonly Caller _caller;

    internal EpicCalls(Caller caller) => _caller = caller;

    /// <summary>Creates an epic.</summary>
    /// <param name="draft">What it is to bring.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<EpicInfo> CreateAsync(EpicDraft draft, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync("/api/v1/epics/", draft, ClientJson.Default.EpicDraft, ClientJson.Default.EpicInfo, options, cancellationToken);

    /// <summary>Shows an epic.</summary>
    /// <param name="epic">Its id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<EpicInfo> ShowAsync(string epic, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(Caller.Path("epics", epic), ClientJson.Default.EpicInfo, cancellationToken);
}

/// <summary>An epic as the cluster shows it.</summary>
public sealed record EpicInfo
{
    /// <summary>Minted by the cluster.</summary>
    public required string Id { get; init; }

    /// <summary>The project that it is in.</summary>
    public required string Project { get; init; }

    /// <summary>What it is to bring, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Status { get; init; }

    /// <summary>How far its tasks are.</summary>
    public required EpicCounts Progress { get; init; }

    /// <summary>What its tasks have cost so far.</summary>
    public CostInfo? Cost { get; init; }

    /// <summary>Whether its budget is spent, so that none of its tasks can be claimed.</summary>
    public bool BudgetExhausted { get; init; }

    /// <summary>All other fields, under their names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

/// <summary>How far the tasks of an epic are.</summary>
/// <param name="Total">Tasks, deleted ones left out.</param>
/// <param name="Completed">Of them.</param>
/// <param name="Failed">Of them.</param>
/// <param name="Cancelled">Of them.</param>
/// <param name="Percent">0 to 100.</param>
public sealed record EpicCounts(long Total, long Completed, long Failed, long Cancelled, decimal Percent);

/// <summary>An epic to create. What is left out is at its default.</summary>
/// <param name="Title">What it is to bring, in a line of at most 500 characters.</param>
public sealed record EpicDraft(string Title)
{
    /// <summary>The project; <c>default</c> when left out.</summary>
    public string? Project { get; init; }

    /// <summary>What it is to bring.</summary>
    public string? Description { get; init; }

    /// <summary><c>P0</c>, the most urgent, to <c>P4</c>.</summary>
    public string? Priority { get; init; }

    /// <summary>The caller's own words.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>What its tasks may cost together; null for no bound.</summary>
    public BudgetInfo? Budget { get; init; }
}

/// <summary>What may be spent.</summary>
/// <param name="Tokens">Tokens of language models; null for no bound.</param>
/// <param name="Usd">US dollars; null for no bound.</param>
public sealed record BudgetInfo(long? Tokens = null, decimal? Usd = null);
