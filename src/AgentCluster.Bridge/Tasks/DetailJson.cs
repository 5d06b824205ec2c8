using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Writes the part of a task that is read when somebody works on it.</summary>
internal static class DetailJson
{
    /// <summary>What is written. Lists of tasks leave it out.</summary>
    public static ObjectSchema Schema { get; } = Is.Object()
        .Maybe("description", Is.Text with { OrNull = true })
        .Maybe("acceptance_criteria", Is.ListOf(Is.Text))
        .Maybe("files", Is.ListOf(Is.Text))
        .Maybe("requirements", Is.Free)
        .Maybe("metadata", Is.Free)
        .Maybe("reviewer", Is.Text)
        .Maybe("required_evidence", Is.ListOf(Is.Text))
        .Maybe("references", Is.ListOf(Is.Text))
        .Maybe("notes", Is.ListOf(Is.Object("Note")
            .With("at", Is.Moment)
            .With("by", Is.Text with { OrNull = true })
            .With("text", Is.Text)))
        .Maybe("deadline", Is.Moment)
        .Maybe("estimated_cost", CostJson.Written)
        .Maybe("workflow_id", Is.Text)
        .Maybe("workflow_slug", Is.Text)
        .Maybe("workflow_source", Is.Text)
        .Maybe("execution_id", Is.Text);

    /// <summary>Writes its fields into the task's object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="detail">What to write.</param>
    public static void Write(Utf8JsonWriter json, TaskDetail detail)
    {
        json.WriteString("description"u8, detail.Description);
        json.WriteTexts("acceptance_criteria"u8, detail.AcceptanceCriteria);
        json.WriteTexts("files"u8, detail.Files);
        json.WriteOptional("requirements"u8, detail.Requirements);
        json.WriteOptional("metadata"u8, detail.Metadata);
        json.WriteOptional("reviewer"u8, detail.Reviewer?.Value);
        json.WriteOptional("required_evidence"u8, detail.RequiredEvidence);
        json.WriteOptional("references"u8, detail.References);
        json.WriteStartArray("notes"u8);
        foreach (var note in detail.Notes)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, note.At.UtcDateTime);
            json.WriteString("by"u8, note.By?.Value);
            json.WriteString("text"u8, note.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteOptional("deadline"u8, detail.Deadline);
        if (detail.EstimatedCost is { } estimated)
        {
            CostJson.Write(json, "estimated_cost"u8, estimated);
        }

        json.WriteOptional("workflow_id"u8, detail.WorkflowId);
        json.WriteOptional("workflow_slug"u8, detail.WorkflowSlug);
        json.WriteOptional("workflow_source"u8, detail.WorkflowSource);
        json.WriteOptional("execution_id"u8, detail.ExecutionId);
    }
}
