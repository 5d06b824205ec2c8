using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Repositories;

/// <summary>A conflict as it is shown.</summary>
/// <param name="Item">The conflict, and where it is.</param>
internal sealed record ConflictBody(ConflictItem Item) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Conflict")
        .With("id", Is.Id)
        .With("repository", Is.Text)
        .With("type", Is.OneOf([.. Enum.GetValues<ConflictType>().Select(type => type.Word())]))
        .With("severity", Is.OneOf([.. Enum.GetValues<Severity>().Select(severity => severity.Word())]))
        .With("status", Is.OneOf([.. Enum.GetValues<ConflictStatus>().Select(status => status.Word())]))
        .With("agents", Is.ListOf(Is.Text))
        .With("detail", Is.Text)
        .With("context", Is.Free)
        .With("attempts", Is.ListOf(Is.Object("Attempt")
            .With("strategy", Is.Text)
            .With("successful", Is.Flag)
            .With("detail", Is.Text)
            .With("data", Is.Free with { OrNull = true })
            .With("at", Is.Moment)))
        .Maybe("resolution", Is.Text)
        .Maybe("resolved_by", Is.Text)
        .Maybe("asked", Is.Text)
        .With("detected_at", Is.Moment)
        .With("updated_at", Is.Moment);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        var (conflict, found) = (Item.Conflict, Item.Conflict.Found);
        json.WriteStartObject();
        json.WriteString("id"u8, found.Id.Value);
        json.WriteString("repository"u8, Item.Repository);
        json.WriteString("type"u8, found.Type.Word());
        json.WriteString("severity"u8, found.Severity.Word());
        json.WriteString("status"u8, conflict.Status.Word());
        json.WriteTexts("agents"u8, found.Agents.Select(agent => agent.Value).ToValueList());
        json.WriteString("detail"u8, found.Detail);
        WriteContext(json, found);
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in conflict.Attempts)
        {
            Write(json, attempt);
        }

        json.WriteEndArray();
        json.WriteOptional("resolution"u8, conflict.Resolution?.Detail);
        json.WriteOptional("resolved_by"u8, conflict.Resolution?.By ?? conflict.Resolution?.Strategy);
        json.WriteOptional("asked"u8, conflict.Asked?.Agent.Value);
        json.WriteString("detected_at"u8, conflict.DetectedAt.UtcDateTime);
        json.WriteString("updated_at"u8, conflict.UpdatedAt.UtcDateTime);
        json.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter json, Clash found)
    {
        json.WriteStartObject("context"u8);
        json.WriteString("resource"u8, found.Resource);
        json.WriteString("type"u8, found.Kind);
        json.WriteOptional("files"u8, found.Files);
        json.WriteOptional("worktrees"u8, found.Worktrees);
        json.WriteOptional("tasks"u8, found.Tasks.Select(task => task.Value).ToValueList());
        json.WriteOptional("choices"u8, found.Choices);
        json.WriteOptional("contradiction_type"u8, found.Contradiction);
        json.WriteOptional("wanted"u8, found.Want?.Value);
        json.WriteOptional("held"u8, found.Holder?.Value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Attempt attempt)
    {
        json.WriteStartObject();
        json.WriteString("strategy"u8, attempt.Strategy);
        json.WriteBoolean("successful"u8, attempt.Successful);
        json.WriteString("detail"u8, attempt.Detail);
        json.WritePropertyName("data"u8);
        if (attempt.Data is { } data)
        {
            json.WriteRawValue(data.Text, skipInputValidation: true);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("at"u8, attempt.At.UtcDateTime);
        json.WriteEndObject();
    }
}

/// <summary>A page of conflicts.</summary>
/// <param name="Page">Newest first.</param>
internal sealed record ConflictsBody(ConflictPage Page) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Conflicts").PageOf(ConflictBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Page.Conflicts.Select(each => new ConflictBody(each)), Page.Total);
        json.WriteEndObject();
    }
}
