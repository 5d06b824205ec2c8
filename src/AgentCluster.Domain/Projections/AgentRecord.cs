using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Projections;

/// <summary>What is known of an agent's work, from events only. Sums, so that the order among shards does not matter.</summary>
public sealed record AgentRecord
{
    /// <summary>Nothing yet.</summary>
    public static AgentRecord None { get; } = new();

    /// <summary>Claims that it was granted.</summary>
    public long Claimed { get; init; }

    /// <summary>Of these, ended by completion.</summary>
    public long Completed { get; init; }

    /// <summary>Ended by its own failure.</summary>
    public long Failed { get; init; }

    /// <summary>Given back.</summary>
    public long Released { get; init; }

    /// <summary>Ended because no sign of life came.</summary>
    public long Lapsed { get; init; }

    /// <summary>Ended because the task was called off.</summary>
    public long Cancelled { get; init; }

    /// <summary>How long the claims lasted that have ended, added up.</summary>
    public long ClaimedMs { get; init; }

    /// <summary>Of these, the ones that were completed.</summary>
    public long CompletedMs { get; init; }

    /// <summary>Claims that it holds.</summary>
    public long Held { get; init; }

    /// <summary>When these began, added up, in milliseconds since 1970.</summary>
    public long HeldSinceMs { get; init; }

    /// <summary>How long it was online, up to when it last went.</summary>
    public long OnlineMs { get; init; }

    /// <summary>Since when it is online; null while it is not.</summary>
    public DateTimeOffset? OnlineSince { get; init; }

    /// <summary>What its work has cost.</summary>
    public Cost Cost { get; init; } = Cost.None;

    /// <summary>Of the claims that ended by completion, failure or silence, how many were completed: 0 to 1; null when none has.</summary>
    [JsonIgnore]
    public double? SuccessRate => Completed + Failed + Lapsed is var ended and > 0 ? (double)Completed / ended : null;

    /// <summary>How long a completed claim lasted on average; null when there is none.</summary>
    [JsonIgnore]
    public TimeSpan? AverageDuration => Completed > 0 ? TimeSpan.FromMilliseconds((double)CompletedMs / Completed) : null;

    /// <summary>The part of its time online, times what it may hold, in which it held claims: 0 to 1; null before it was online.</summary>
    /// <param name="maxConcurrent">How many claims it may hold.</param>
    /// <param name="now">UTC.</param>
    public double? Utilization(int maxConcurrent, DateTimeOffset now)
    {
        var online = OnlineMs + (OnlineSince is { } since ? Math.Max(0, (now - since).TotalMilliseconds) : 0);
        var held = ClaimedMs + (Held * now.ToUnixTimeMilliseconds()) - HeldSinceMs;
        return online > 0 ? Math.Clamp(held / (online * Math.Max(maxConcurrent, 1)), 0, 1) : null;
    }
}

/// <summary>How records are kept.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AgentRecord))]
internal sealed partial class AgentRecordJson : JsonSerializerContext;
