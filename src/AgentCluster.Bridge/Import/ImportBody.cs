using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Domain.Import;

namespace AgentCluster.Bridge.Import;

/// <summary>What an import came to.</summary>
/// <param name="Report">After everything was heard.</param>
internal sealed record ImportBody(ImportReport Report) : IBody
{
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
