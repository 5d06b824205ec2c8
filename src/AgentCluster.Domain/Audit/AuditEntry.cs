using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Audit;

/// <summary>One line of the audit: who wanted what, when, and what was decided. Never holds a secret.</summary>
/// <param name="Decision">What was decided.</param>
/// <param name="Who">The principal's name; <c>nobody</c> when it is not known, <c>local</c> under local trust.</param>
/// <param name="What">The operation, for example <c>key_issue</c>, or the method and path pattern of a request; never a path as it was sent.</param>
/// <param name="Why">A word for the reason, or what it was done to.</param>
/// <param name="Request">The id of the request, the first one of many.</param>
/// <param name="Count">How many alike are counted together; at least 1.</param>
/// <param name="FirstAt">UTC.</param>
/// <param name="LastAt">UTC.</param>
/// <param name="From">The caller's address; null when it is of no interest.</param>
public sealed record AuditEntry(
    AuditDecision Decision,
    string Who,
    string What,
    string Why,
    string Request,
    long Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    string? From = null);

/// <summary>What was decided about a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditDecision>))]
public enum AuditDecision
{
    /// <summary>It was done.</summary>
    [JsonStringEnumMemberName("allowed")]
    Allowed,

    /// <summary>Nobody knows who asked: no key, or a wrong one.</summary>
    [JsonStringEnumMemberName("unauthorized")]
    Unauthorized,

    /// <summary>Whoever asked may not.</summary>
    [JsonStringEnumMemberName("forbidden")]
    Forbidden,
}
