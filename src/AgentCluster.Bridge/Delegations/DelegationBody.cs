using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Delegations;

/// <summary>A delegation as it is shown.</summary>
/// <param name="Delegation">The delegation.</param>
/// <param name="Now">UTC, for its age.</param>
internal sealed record DelegationBody(Delegation Delegation, DateTimeOffset Now) : IBody
{
    /// <summary>What was said; null where it is not shown.</summary>
    public (Content? Request, Content? Result)? Said { get; init; }

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Delegation")
        .With("id", Is.Id)
        .With("from", Is.Text)
        .With("to", Is.Text)
        .Maybe("role", Is.Text)
        .Maybe("choice", Is.Text)
        .With("subject", Is.Text with { OrNull = true })
        .With("status", Is.OneOf([.. Enum.GetValues<DelegationStatus>().Select(status => status.Word())]))
        .Maybe("progress", Is.Count)
        .Maybe("note", Is.Text)
        .Maybe("task_id", Is.Id)
        .Maybe("parent_id", Is.Id)
        .With("chain", Is.ListOf(Is.Text))
        .With("timeout_seconds", Is.Count)
        .With("age_seconds", Is.Count)
        .With("created_at", Is.Moment)
        .With("updated_at", Is.Moment)
        .Maybe("text", Is.Text)
        .Maybe("data", Is.Free)
        .Maybe("references", Is.ListOf(Is.Text))
        .Maybe("result", Is.Text)
        .Maybe("result_data", Is.Free);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        var spec = Delegation.Spec;
        json.WriteStartObject();
        json.WriteString("id"u8, Delegation.Id.Value);
        json.WriteString("from"u8, Delegation.From.Value);
        json.WriteString("to"u8, spec.To.Value);
        json.WriteOptional("role"u8, spec.Role);
        json.WriteOptional("choice"u8, spec.Choice);
        json.WriteString("subject"u8, Delegation.Subject);
        json.WriteString("status"u8, Delegation.Status.Word());
        json.WriteOptional("progress"u8, Delegation.Progress);
        json.WriteOptional("note"u8, Delegation.Note);
        json.WriteOptional("task_id"u8, spec.Task?.Value);
        json.WriteOptional("parent_id"u8, spec.Parent?.Value);
        json.WriteTexts("chain"u8, spec.Chain);
        json.WriteNumber("timeout_seconds"u8, spec.TimeoutSeconds);
        json.WriteNumber("age_seconds"u8, Math.Max(0, (long)(Now - Delegation.CreatedAt).TotalSeconds));
        json.WriteString("created_at"u8, Delegation.CreatedAt.UtcDateTime);
        json.WriteString("updated_at"u8, Delegation.UpdatedAt.UtcDateTime);
        if (Said is var (request, result))
        {
            json.WriteOptional("text"u8, request?.Text);
            json.WriteOptional("data"u8, request?.Data);
            json.WriteOptional("references"u8, request?.References ?? []);
            json.WriteOptional("result"u8, result?.Text);
            json.WriteOptional("result_data"u8, result?.Data);
        }

        json.WriteEndObject();
    }
}

/// <summary>A page of delegations.</summary>
/// <param name="Page">Oldest first.</param>
/// <param name="Now">UTC, for their ages.</param>
internal sealed record DelegationsBody(DelegationPage Page, DateTimeOffset Now) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Delegations").PageOf(DelegationBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Page.Delegations.Select(each => new DelegationBody(each, Now)), Page.Total);
        json.WriteEndObject();
    }
}
