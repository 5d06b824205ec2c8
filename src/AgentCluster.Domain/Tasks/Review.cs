using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>What a task's reviewer has to say about its completion; the last review is kept.</summary>
/// <param name="Reviewer">Who may say it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="At">UTC; since when.</param>
/// <param name="Reasons">Why it was returned; at most 200 of at most 4,000 characters.</param>
/// <param name="Submitted">What was handed in; null when it has been decided on.</param>
public sealed record Review(
    AgentId Reviewer,
    ReviewState State,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<string> Reasons = default,
    Outcome? Submitted = null);

/// <summary>Where a review stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewState>))]
public enum ReviewState
{
    /// <summary>Handed in; the task runs on, its lease paused.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Back with its holder.</summary>
    [JsonStringEnumMemberName("returned")]
    Returned,

    /// <summary>The task is completed.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,
}

/// <summary>The words for <see cref="ReviewState"/>.</summary>
public static class ReviewStates
{
    /// <summary>As in JSON.</summary>
    /// <param name="state">Any.</param>
    public static string Word(this ReviewState state) => state switch
    {
        ReviewState.Pending => "pending",
        ReviewState.Returned => "returned",
        _ => "accepted",
    };
}
