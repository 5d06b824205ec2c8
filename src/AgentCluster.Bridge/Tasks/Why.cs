using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Why a task cannot be had, and why it went where it went.</summary>
internal static class Why
{
    public static Operation<WhyRequest> Of(TaskCalls tasks) => new(
        "task_why",
        Scope.TasksRead,
        "Says why a task is not ready or not claimable, and where it went",
        WhyRequest.Shape,
        Answers.Ok(WhyBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        if (request.Agent is { } named && Fields.WrongAgent(call, named, out _) is { } wrong)
        {
            return wrong;
        }

        var claimant = (request.Agent ?? call.Caller) is { } agent
            ? new Claimant(new(agent), await tasks.Profiles.ClaimProfileAsync(agent), Capabilities: null)
            : null;
        return await tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.ExplainTask(task, claimant),
            id: null,
            async reply => Show(reply, await tasks.Conflicts.OfTaskAsync(new(call.Subject), call.Gone)));
    });

    /// <summary>A conflict keeps nobody from claiming; whoever does knows what is in its way.</summary>
    private static Reason Of(ConflictItem item) => new(ReasonCode.Conflict, item.Conflict.Found.Detail) { Conflict = item.Conflict.Found.Id };

    private static Answer Show(WhyReply reply, IReadOnlyList<ConflictItem> conflicts) => reply switch
    {
        WhyReply.Explained explained => Answer.Ok(new WhyBody(explained with { Reasons = [.. explained.Reasons, .. conflicts.Select(Of)] })),
        WhyReply.Refused refused => Refusals.Problem(refused.Why),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };
}

/// <summary>For whom it is asked.</summary>
internal sealed class WhyRequest
{
    public static Shape<WhyRequest> Shape { get; } = new Shape<WhyRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name);

    public string? Agent { get; private set; }
}

/// <summary>Why.</summary>
/// <param name="Because">As the registry says it.</param>
internal sealed record WhyBody(WhyReply.Explained Because) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Why")
        .With("ready", Is.Flag)
        .With("claimable", Is.Flag)
        .With("reasons", Is.ListOf(ProblemKind.Reason))
        .With("routed", Is.Object("Routed")
            .With("agent", Is.Text)
            .With("at", Is.Moment)
            .With("by", Is.OneOf("claim_next", "name"))
            .With("priority", Is.Text)
            .With("created_at", Is.Moment)
            .Maybe("epic_running", Is.Count)
            .Maybe("dependants", Is.Count)
            .With("detail", Is.Text) with
        { OrNull = true });

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready"u8, Because.IsReady);
        json.WriteBoolean("claimable"u8, Because.IsClaimable);
        json.WritePropertyName("reasons"u8);
        Refusals.Write(json, Because.Reasons);
        if (Because.Routed is { } routed)
        {
            json.WriteStartObject("routed"u8);
            Write(json, routed);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("routed"u8);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Routed routed)
    {
        json.WriteString("agent"u8, routed.Agent.Value);
        json.WriteString("at"u8, routed.At.UtcDateTime);
        json.WriteString("by"u8, routed.Best is null ? "name"u8 : "claim_next"u8);
        json.WriteString("priority"u8, Names.Of(routed.Priority));
        json.WriteString("created_at"u8, routed.CreatedAt.UtcDateTime);
        json.WriteOptional("epic_running"u8, routed.Best?.Running);
        json.WriteOptional("dependants"u8, routed.Best?.Dependants);
        json.WriteString("detail"u8, routed.Best is { } best
            ? $"It was the best ready task for {routed.Agent}: {Names.Of(routed.Priority)}, {best.Running} running beside it, {best.Dependants} waiting for it, of {routed.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."
            : $"{routed.Agent} claimed it by its id.");
    }
}
