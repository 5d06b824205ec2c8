using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>A task as it is shown.</summary>
/// <param name="Task">The task.</param>
/// <param name="Detail">What is read when somebody works on it; null where it is left out (lists).</param>
internal sealed record TaskBody(TaskView Task, TaskDetail? Detail) : IVersioned
{
    /// <summary>What a claim looks like where there is one.</summary>
    public static ObjectSchema ClaimSchema { get; } = Is.Object("Claim")
        .With("agent", Is.Text)
        .With("token", Is.Count)
        .With("lease_expires_at", Is.Moment)
        .Maybe("lease_paused", Is.Flag);

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Task")
        .With("id", Is.Id)
        .With("project", Is.Text)
        .With("epic_id", Is.Id with { OrNull = true })
        .With("title", Is.Text)
        .With("type", Is.Text with { OrNull = true })
        .With("tags", Is.ListOf(Is.Text))
        .With("status", Is.OneOf([.. Enum.GetValues<WorkStatus>().Select(status => status.Word())]))
        .With("display_status", Is.OneOf([.. Enum.GetValues<WorkStatus>().Select(status => status.Display())]))
        .With("priority", Is.OneOf([.. Enum.GetValues<Priority>().Select(Names.Of)]))
        .With("required_capabilities", Is.ListOf(Is.Text))
        .With("depends_on", Is.ListOf(Is.Id))
        .With("manual_assignment", Is.Flag)
        .With("max_attempts", Is.Count)
        .With(DetailJson.Schema)
        .With("attempt", Is.Count)
        .Maybe("percent", Is.Count)
        .With("claim", ClaimSchema with { OrNull = true })
        .Maybe("assignee", Is.Text)
        .With("cost", CostJson.Written)
        .Maybe("reason", Is.Text)
        .With(WaitingJson.Schema)
        .Maybe("watchers", Is.ListOf(Is.Text))
        .Maybe("source", Is.Object("Source").With("name", Is.Text).With("id", Is.Text))
        .With(OutcomeJson.Schema)
        .With("version", Is.Count)
        .With("created_at", Is.Moment)
        .With("updated_at", Is.Moment);

    /// <inheritdoc/>
    public long Version => Task.Version;

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteIdentity(json, Task);
        if (Detail is not null)
        {
            DetailJson.Write(json, Detail);
        }

        WriteProgress(json, Task);
        if (Task.Outcome is { } outcome)
        {
            OutcomeJson.Write(json, outcome);
        }

        json.WriteNumber("version"u8, Task.Version);
        json.WriteString("created_at"u8, Task.CreatedAt.UtcDateTime);
        json.WriteString("updated_at"u8, Task.UpdatedAt.UtcDateTime);
        json.WriteEndObject();
    }

    /// <summary>Writes a claim, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="claim">The claim.</param>
    public static void WriteClaim(Utf8JsonWriter json, ClaimView? claim)
    {
        if (claim is null)
        {
            json.WriteNull("claim"u8);
            return;
        }

        json.WriteStartObject("claim"u8);
        json.WriteString("agent"u8, claim.Agent.Value);
        json.WriteNumber("token"u8, claim.Token.Value);
        json.WriteString("lease_expires_at"u8, claim.LeaseExpiresAt.UtcDateTime);
        if (claim.IsPaused)
        {
            json.WriteBoolean("lease_paused"u8, true);
        }

        json.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter json, TaskView task)
    {
        var spec = task.Spec;
        json.WriteString("id"u8, task.Id.Value);
        json.WriteString("project"u8, task.Project);
        json.WriteString("epic_id"u8, spec.EpicId?.Value);
        json.WriteString("title"u8, spec.Title);
        json.WriteString("type"u8, spec.Type);
        json.WriteTexts("tags"u8, spec.Tags);
        json.WriteString("status"u8, task.Status.Word());
        json.WriteString("display_status"u8, task.DisplayStatus);
        json.WriteString("priority"u8, Names.Of(spec.Priority));
        json.WriteTexts("required_capabilities"u8, spec.RequiredCapabilities);
        json.WriteStartArray("depends_on"u8);
        foreach (var dependency in task.DependsOn)
        {
            json.WriteStringValue(dependency.On.Value);
        }

        json.WriteEndArray();
        json.WriteBoolean("manual_assignment"u8, spec.ManualAssignment);
        json.WriteNumber("max_attempts"u8, spec.MaxAttempts);
    }

    private static void WriteProgress(Utf8JsonWriter json, TaskView task)
    {
        json.WriteNumber("attempt"u8, task.Attempt);
        json.WriteOptional("percent"u8, task.Percent);
        WriteClaim(json, task.Claim);
        json.WriteOptional("assignee"u8, task.Assignee);
        CostJson.Write(json, "cost"u8, task.Cost);
        json.WriteOptional("reason"u8, task.Reason);
        WaitingJson.Write(json, task);
        if (!task.Watchers.IsEmpty)
        {
            json.WriteTexts("watchers"u8, [.. task.Watchers.Select(agent => agent.Value)]);
        }

        if (task.Source is { } source)
        {
            json.WriteStartObject("source"u8);
            json.WriteString("name"u8, source.Name);
            json.WriteString("id"u8, source.Id);
            json.WriteEndObject();
        }
    }
}
