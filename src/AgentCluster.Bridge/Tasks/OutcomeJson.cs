using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>What a completion brought, in answers.</summary>
internal static class OutcomeJson
{
    /// <summary>What is written, once a task is completed.</summary>
    public static ObjectSchema Schema { get; } = Is.Object()
        .Maybe("result_summary", Is.Text with { OrNull = true })
        .Maybe("completed_at", Is.Moment)
        .Maybe("evidence", Is.Object("Evidence")
            .Maybe("files", Is.ListOf(Is.Text))
            .Maybe("files_created", Is.ListOf(Is.Text))
            .Maybe("files_modified", Is.ListOf(Is.Text))
            .Maybe("duration_ms", Is.Count)
            .Maybe("hours", Is.Amount)
            .Maybe("summary", Is.Text)
            .Maybe("commits", Is.ListOf(Is.Text))
            .Maybe("metadata", Is.Free))
        .Maybe("criteria", Is.ListOf(Is.Object("CriterionAnswer")
            .With("index", Is.Count)
            .With("met", Is.Flag)
            .With("note", Is.Text with { OrNull = true })))
        .Maybe("accepted_by", Is.Text);

    /// <summary>Writes its fields into the task's object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="outcome">What to write.</param>
    public static void Write(Utf8JsonWriter json, Outcome outcome)
    {
        json.WriteString("result_summary"u8, outcome.ResultSummary);
        json.WriteString("completed_at"u8, outcome.CompletedAt.UtcDateTime);
        if (outcome.Evidence is { } evidence)
        {
            WriteEvidence(json, evidence);
        }

        json.WriteOptional("accepted_by"u8, outcome.AcceptedBy?.Value);
        if (outcome.Criteria.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("criteria"u8);
        foreach (var criterion in outcome.Criteria)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, criterion.Index);
            json.WriteBoolean("met"u8, criterion.Met);
            json.WriteString("note"u8, criterion.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEvidence(Utf8JsonWriter json, Evidence evidence)
    {
        json.WriteStartObject("evidence"u8);
        json.WriteOptional("files"u8, evidence.Files);
        json.WriteOptional("files_created"u8, evidence.FilesCreated);
        json.WriteOptional("files_modified"u8, evidence.FilesModified);
        json.WriteOptional("duration_ms"u8, evidence.DurationMs);
        if (evidence.Hours is { } hours)
        {
            json.WriteNumber("hours"u8, hours);
        }

        json.WriteOptional("summary"u8, evidence.Summary);
        json.WriteOptional("commits"u8, evidence.Commits);
        json.WriteOptional("metadata"u8, evidence.Metadata);
        json.WriteEndObject();
    }
}

/// <summary>The evidence of a completion, in requests.</summary>
internal sealed class EvidenceRequest
{
    public static Shape<EvidenceRequest> Shape { get; } = new Shape<EvidenceRequest>()
        .Texts("files", Bounds.ListLength, Bounds.NoteLength, (request, value) => request._evidence = request._evidence with { Files = value.ToValueList() })
        .Texts("files_created", Bounds.ListLength, Bounds.NoteLength, (request, value) => request._evidence = request._evidence with { FilesCreated = value.ToValueList() })
        .Texts("files_modified", Bounds.ListLength, Bounds.NoteLength, (request, value) => request._evidence = request._evidence with { FilesModified = value.ToValueList() })
        .Whole("duration_ms", 0, Bounds.CostAmount, (request, value) => request._evidence = request._evidence with { DurationMs = value })
        .Amount("hours", 1_000_000, (request, value) => request._evidence = request._evidence with { Hours = value })
        .Text("summary", Bounds.NoteLength, (request, value) => request._evidence = request._evidence with { Summary = value }, least: 0)
        .Texts("commits", Bounds.ListLength, Bounds.NoteLength, (request, value) => request._evidence = request._evidence with { Commits = value.ToValueList() })
        .Free("metadata", Bounds.JsonLength, (request, value) => request._evidence = request._evidence with { Metadata = new(value) });

    private Evidence _evidence = new();

    public Evidence Evidence => _evidence;
}

/// <summary>The answer to one acceptance criterion, in requests.</summary>
internal sealed class CriterionRequest
{
    public static Shape<CriterionRequest> Shape { get; } = new Shape<CriterionRequest>()
        .Whole("index", 0, Bounds.ListLength - 1, (request, value) => request._index = (int)value, required: true)
        .Flag("met", (request, value) => request._met = value, required: true)
        .Text("note", Bounds.NoteLength, (request, value) => request._note = value, least: 0);

    private int _index;
    private bool _met;
    private string? _note;

    public CriterionAnswer Answer => new(_index, _met, _note);
}
