using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Mailboxes;

/// <summary>What a mail is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MailKind>))]
public enum MailKind
{
    /// <summary>Somebody says something.</summary>
    [JsonStringEnumMemberName("message")]
    Message,

    /// <summary>Somebody delegates something.</summary>
    [JsonStringEnumMemberName("delegation")]
    Delegation,

    /// <summary>How something stands that was delegated.</summary>
    [JsonStringEnumMemberName("status")]
    Status,

    /// <summary>How something ended that was delegated. One for each delegation.</summary>
    [JsonStringEnumMemberName("result")]
    Result,

    /// <summary>Something happened that the agent should know of.</summary>
    [JsonStringEnumMemberName("notice")]
    Notice,
}

/// <summary>How soon a mail should be read. Shown to its reader; nothing else depends on it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Importance>))]
public enum Importance
{
    /// <summary>As others.</summary>
    [JsonStringEnumMemberName("normal")]
    Normal,

    /// <summary>When there is nothing better to do.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>Before others.</summary>
    [JsonStringEnumMemberName("high")]
    High,

    /// <summary>Now.</summary>
    [JsonStringEnumMemberName("urgent")]
    Urgent,
}

/// <summary>The words for <see cref="MailKind"/> and <see cref="Importance"/>.</summary>
public static class MailWords
{
    private static readonly ImmutableArray<string> Kinds = ["message", "delegation", "status", "result", "notice"];
    private static readonly ImmutableArray<string> Importances = ["normal", "low", "high", "urgent"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="kind">Any.</param>
    public static string Word(this MailKind kind) => Kinds[(int)kind];

    /// <summary>As in the outside contract.</summary>
    /// <param name="importance">Any.</param>
    public static string Word(this Importance importance) => Importances[(int)importance];
}
