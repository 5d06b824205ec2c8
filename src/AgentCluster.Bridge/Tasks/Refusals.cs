using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Says a registry's refusal in the outside contract's words.</summary>
internal static class Refusals
{
    /// <summary>The problem for a refusal.</summary>
    /// <param name="refusal">A registry's.</param>
    public static Problem Problem(TaskRefusal refusal) => refusal switch
    {
        TaskRefusal.NotFound unknown => Problems.Problem.NotFound("task", unknown.Task.Value),
        TaskRefusal.Invalid invalid => Problems.Problem.Invalid(invalid.Errors),
        TaskRefusal.DependencyCycle found => new(
            ProblemKind.DependencyCycle,
            "Expected dependencies without a cycle, found " + string.Join(" → ", found.Cycle.Select(task => task.Value)) + " → (the first).",
            ("cycle", found.Cycle.Select(task => task.Value))),
        TaskRefusal.AlreadyClaimed held => new(
            ProblemKind.AlreadyClaimed,
            $"Expected a task that nobody holds; '{held.Holder}' holds it.",
            ("holder", held.Holder.Value),
            ("lease_expires_at", held.LeaseExpiresAt)),
        TaskRefusal.NotReady waiting => new(
            ProblemKind.NotReady,
            "Expected a task that is ready: " + waiting.Reasons[0].Detail,
            ("reasons", (Action<Utf8JsonWriter>)(json => Write(json, waiting.Reasons)))),
        TaskRefusal.ClaimSuperseded superseded => new(
            ProblemKind.ClaimSuperseded,
            superseded.Holder is { } holder
                ? $"Expected the token {superseded.CurrentToken}; '{holder}' holds the task now."
                : $"Expected the token of a claim that is held; nobody holds the task, and its last token was {superseded.CurrentToken}.",
            ("holder", superseded.Holder?.Value),
            ("current_token", superseded.CurrentToken.Value)),
        TaskRefusal.InvalidTransition refused => new(
            ProblemKind.InvalidTransition,
            refused.Because ?? $"The task is {refused.From.Word()} and cannot become {refused.To.Word()}.",
            ("from", refused.From.Word()),
            ("to", refused.To.Word())),
        TaskRefusal.EpicNotFound unknown => Problems.Problem.NotFound("epic", unknown.Epic.Value),
        TaskRefusal.EpicTransition refused => new(
            ProblemKind.InvalidTransition,
            $"The epic {refused.Epic} is {refused.From.Word()} and cannot become {refused.To.Word()}.",
            ("from", refused.From.Word()),
            ("to", refused.To.Word())),
        TaskRefusal.VersionMismatch other => Problems.Problem.VersionMismatch(other.Expected, other.Found),
        TaskRefusal.CompletionRejected rejected => new(
            ProblemKind.CompletionRejected,
            rejected.Reasons[0].Detail,
            ("reasons", (Action<Utf8JsonWriter>)(json => Write(json, rejected.Reasons)))),
        TaskRefusal.NotReviewer other => new(
            ProblemKind.Forbidden,
            $"Expected '{other.Reviewer}', who is to review the task; found '{Faults.Shown(other.Found.Value)}'."),
        _ => throw new UnreachableException($"Untranslated refusal {refusal.GetType().Name}."),
    };

    /// <summary>Writes why a task is not ready, or not for somebody.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="reasons">Any number.</param>
    public static void Write(Utf8JsonWriter json, ValueList<Reason> reasons)
    {
        json.WriteStartArray();
        foreach (var reason in reasons)
        {
            Write(json, reason);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Reason reason)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, reason.Code.Word());
        json.WriteString("detail"u8, reason.Detail);
        if (reason.Task is { } task)
        {
            json.WriteString("task_id"u8, task.Value);
        }

        json.WriteOptional("conflict_id"u8, reason.Conflict?.Value);
        if (!reason.Missing.IsEmpty)
        {
            json.WriteStartArray("missing"u8);
            foreach (var capability in reason.Missing)
            {
                json.WriteStringValue(capability);
            }

            json.WriteEndArray();
        }

        json.WriteOptional("holder"u8, reason.Holder?.Value);
        json.WriteOptional("lease_expires_at"u8, reason.LeaseExpiresAt);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ValueList<Shortfall> reasons)
    {
        json.WriteStartArray();
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, reason.Code.Word());
            json.WriteString("detail"u8, reason.Detail);
            json.WriteOptional("index"u8, reason.Index);
            json.WriteOptional("name"u8, reason.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
