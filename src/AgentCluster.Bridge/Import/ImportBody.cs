using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain.Import;

namespace AgentCluster.Bridge.Import;

/// <summary>What an import came to.</summary>
/// <param name="Report">After everything was heard.</param>
internal sealed record ImportBody(ImportReport Report) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("ImportReport")
        .With("created", Is.Count)
        .With("unchanged", Is.Count)
        .With("updated", Is.Count)
        .With("skipped", Is.ListOf(Is.Object("SkippedRow")
            .With("line", Is.Count)
            .With("reason", Is.Text)))
        .With("dangling", Is.ListOf(Is.Object("DanglingDependency")
            .With("id", Is.Text)
            .With("depends_on", Is.Text)));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("created"u8, Report.Created);
        json.WriteNumber("unchanged"u8, Report.Unchanged);
        json.WriteNumber("updated"u8, Report.Updated);
        json.WriteStartArray("skipped"u8);
        foreach (var skipped in Report.Skipped)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, skipped.Line);
            json.WriteString("reason"u8, skipped.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("dangling"u8);
        foreach (var missing in Report.Dangling)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, missing.Id);
            json.WriteString("depends_on"u8, missing.DependsOn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
