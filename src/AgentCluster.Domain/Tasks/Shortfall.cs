using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>One thing that a completion lacks.</summary>
/// <param name="Code">The kind.</param>
/// <param name="Detail">For people: what was expected and what was found.</param>
/// <param name="Index">The acceptance criterion meant, from 0; null for other kinds.</param>
/// <param name="Name">The evidence meant; null for other kinds.</param>
public sealed record Shortfall(ShortfallCode Code, string Detail, int? Index = null, string? Name = null);

/// <summary>The kinds of things that a completion may lack.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShortfallCode>))]
public enum ShortfallCode
{
    /// <summary>A criterion has no answer.</summary>
    [JsonStringEnumMemberName("criterion_unanswered")]
    CriterionUnanswered,

    /// <summary>A criterion is answered with no.</summary>
    [JsonStringEnumMemberName("criterion_unmet")]
    CriterionUnmet,

    /// <summary>A criterion is answered more than once.</summary>
    [JsonStringEnumMemberName("criterion_repeated")]
    CriterionRepeated,

    /// <summary>An answer belongs to no criterion.</summary>
    [JsonStringEnumMemberName("criterion_unknown")]
    CriterionUnknown,

    /// <summary>Required evidence is missing.</summary>
    [JsonStringEnumMemberName("evidence_missing")]
    EvidenceMissing,

    /// <summary>It was handed in already, and its reviewer has not decided.</summary>
    [JsonStringEnumMemberName("review_pending")]
    ReviewPending,
}

/// <summary>The words for <see cref="ShortfallCode"/>.</summary>
public static class ShortfallCodes
{
    /// <summary>As in JSON.</summary>
    /// <param name="code">Any.</param>
    public static string Word(this ShortfallCode code) => code switch
    {
        ShortfallCode.CriterionUnanswered => "criterion_unanswered",
        ShortfallCode.CriterionUnmet => "criterion_unmet",
        ShortfallCode.CriterionRepeated => "criterion_repeated",
        ShortfallCode.CriterionUnknown => "criterion_unknown",
        ShortfallCode.EvidenceMissing => "evidence_missing",
        _ => "review_pending",
    };
}
