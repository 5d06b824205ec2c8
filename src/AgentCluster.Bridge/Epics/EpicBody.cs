using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Epics;

/// <summary>An epic as it is shown.</summary>
/// <param name="Epic">The epic.</param>
internal sealed record EpicBody(EpicView Epic) : IVersioned
{
    /// <summary>What every epic shows, also in lists.</summary>
    public static ObjectSchema Brief { get; } = Is.Object("EpicSummary")
        .With("id", Is.Id)
        .With("project", Is.Text)
        .With("title", Is.Text)
        .With("tags", Is.ListOf(Is.Text))
        .With("status", Is.OneOf([.. Enum.GetValues<EpicStatus>().Select(status => status.Word())]))
        .With("priority", Is.OneOf([.. Enum.GetValues<Priority>().Select(Names.Of)]))
        .With("progress", Is.Object("EpicCounts")
            .With("total", Is.Count)
            .With("completed", Is.Count)
            .With("failed", Is.Count)
            .With("cancelled", Is.Count)
            .With("percent", Is.Amount))
        .With("cost", CostJson.Written)
        .With("budget", BudgetJson.Written with { OrNull = true })
        .With("budget_exhausted", Is.Flag)
        .Maybe("created_by", Is.Text)
        .Maybe("workflow_id", Is.Text)
        .Maybe("user_profile_id", Is.Text)
        .Maybe("reason", Is.Text)
        .With("version", Is.Count)
        .With("created_at", Is.Moment)
        .With("updated_at", Is.Moment)
        .Maybe("started_at", Is.Moment)
        .Maybe("ended_at", Is.Moment);

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = (Brief with { Name = "Epic" })
        .Maybe("description", Is.Text)
        .Maybe("result_summary", Is.Text)
        .Maybe("metadata", Is.Free);

    /// <inheritdoc/>
    public long Version => Epic.Version;

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteBrief(json, Epic);
        json.WriteOptional("description"u8, Epic.Spec.Description);
        json.WriteOptional("result_summary"u8, Epic.Spec.ResultSummary);
        json.WriteOptional("metadata"u8, Epic.Spec.Metadata);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of every epic into an object that is open.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="epic">The epic.</param>
    public static void WriteBrief(Utf8JsonWriter json, EpicView epic)
    {
        var spec = epic.Spec;
        json.WriteString("id"u8, epic.Id.Value);
        json.WriteString("project"u8, epic.Project);
        json.WriteString("title"u8, spec.Title);
        json.WriteTexts("tags"u8, spec.Tags);
        json.WriteString("status"u8, epic.Status.Word());
        json.WriteString("priority"u8, Names.Of(spec.Priority));
        json.WriteStartObject("progress"u8);
        json.WriteNumber("total"u8, epic.Counts.Total);
        json.WriteNumber("completed"u8, epic.Counts.Completed);
        json.WriteNumber("failed"u8, epic.Counts.Failed);
        json.WriteNumber("cancelled"u8, epic.Counts.Cancelled);
        json.WriteNumber("percent"u8, epic.Counts.Percent);
        json.WriteEndObject();
        CostJson.Write(json, "cost"u8, epic.Cost);
        BudgetJson.Write(json, spec.Budget);
        json.WriteBoolean("budget_exhausted"u8, epic.BudgetExhausted);
        json.WriteOptional("created_by"u8, spec.CreatedBy);
        json.WriteOptional("workflow_id"u8, spec.WorkflowId);
        json.WriteOptional("user_profile_id"u8, spec.UserProfileId);
        json.WriteOptional("reason"u8, epic.Reason);
        json.WriteNumber("version"u8, epic.Version);
        json.WriteString("created_at"u8, epic.CreatedAt.UtcDateTime);
        json.WriteString("updated_at"u8, epic.UpdatedAt.UtcDateTime);
        json.WriteOptional("started_at"u8, epic.StartedAt);
        json.WriteOptional("ended_at"u8, epic.EndedAt);
    }
}

/// <summary>A page of epics, without what may be long.</summary>
/// <param name="Page">The page.</param>
/// <param name="IsPast">Whether each says how it went: its success rate and what a task of it cost.</param>
internal sealed record EpicsBody(Domain.Queries.EpicPage Page, bool IsPast) : IBody
{
    /// <summary>What a list is.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Epics")
        .PageOf(EpicBody.Brief);

    /// <summary>What a search finds.</summary>
    public static ObjectSchema PastSchema { get; } = Is.Object("PastEpics")
        .PageOf((EpicBody.Brief with { Name = "PastEpic" })
            .With("success_rate", Is.Amount with { OrNull = true })
            .With("avg_cost", CostJson.Written));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Page.Epics, Page.Total, epic =>
        {
            json.WriteStartObject();
            EpicBody.WriteBrief(json, epic);
            if (IsPast)
            {
                WriteRate(json, epic.Counts.SuccessRate);
                CostJson.Write(json, "avg_cost"u8, epic.Cost.Per(epic.Counts.Total));
            }

            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter json, double? rate)
    {
        if (rate is { } value)
        {
            json.WriteNumber("success_rate"u8, value);
        }
        else
        {
            json.WriteNull("success_rate"u8);
        }
    }
}
