using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>All that was found.</summary>
/// <param name="Findings">One for each respect.</param>
internal sealed record FindingsBody(IReadOnlyList<Finding> Findings) : IBody
{
    private static readonly string[] Words = ["ok", "warning", "failed"];

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Findings")
        .With("condition", Is.OneOf(Words))
        .PageOf(Is.Object("Finding")
            .With("check", Is.Text)
            .With("condition", Is.OneOf(Words))
            .With("found", Is.Text)
            .Maybe("advice", Is.Text));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("condition"u8, Words[(int)Findings.Max(finding => finding.Condition)]);
        json.WritePage(Findings, Findings.Count, finding =>
        {
            json.WriteStartObject();
            json.WriteString("check"u8, finding.Check);
            json.WriteString("condition"u8, Words[(int)finding.Condition]);
            json.WriteString("found"u8, finding.Found);
            json.WriteOptional("advice"u8, finding.Advice);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}

/// <summary>A backup.</summary>
/// <param name="Backup">As it was made.</param>
internal sealed record BackupBody(BackupReply.Made Backup) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Backup")
        .With("name", Is.Text)
        .With("path", Is.Text)
        .With("bytes", Is.Count)
        .With("at", Is.Moment);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, Backup.Name);
        json.WriteString("path"u8, Backup.Path);
        json.WriteNumber("bytes"u8, Backup.Bytes);
        json.WriteString("at"u8, Backup.At.UtcDateTime);
        json.WriteEndObject();
    }
}
