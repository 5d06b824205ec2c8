using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Repositories;

/// <summary>Looks up what hangs on a reservation: its task, and whether the token is that of its claim.</summary>
/// <param name="actors">Asks registries.</param>
/// <param name="tasks">Reads what no registry keeps in memory.</param>
/// <param name="homes">Knows each task's project.</param>
/// <param name="clock">UTC, for work that is left.</param>
internal sealed class Stakes(IActorClient actors, TaskQueries tasks, Homes homes, TimeProvider clock)
{
    private const string WeightField = "business_weight";

    /// <summary>What hangs on a task; nothing where none is named.</summary>
    /// <param name="task">The task.</param>
    /// <param name="token">Of its claim; null where it is not tied to one.</param>
    /// <param name="agent">Who says so.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<((string Project, Stake Stake)? Found, Problem? Refused)> FindAsync(
        TaskId? task, long? token, string agent, CancellationToken cancellationToken)
    {
        if (task is not { } id)
        {
            return token is null ? (null, null) : (null, Problem.Invalid("task_id", "must name the task whose token comes along; it is missing."));
        }

        if (await homes.ReadAsync(actors, id, cancellationToken) is not { } view)
        {
            return (null, Problem.NotFound("task", id.Value));
        }

        if (token is { } held && (view.Claim is not { } claim || claim.Token.Value != held || claim.Agent.Value != agent))
        {
            return (null, Refusals.Problem(new TaskRefusal.ClaimSuperseded(view.Claim?.Agent, view.Claim?.Token ?? new(0))));
        }

        var detail = view.HasDetail ? await tasks.DetailAsync(id, cancellationToken) : TaskDetail.None;
        return ((view.Project, Of(view, detail)), null);
    }

    private Stake Of(TaskView view, TaskDetail detail) => new()
    {
        Priority = view.Spec.Priority,
        Deadline = detail.Deadline,
        RemainingSeconds = Remaining(view, detail),
        Weight = Weight(detail.Requirements),
        DependsOn = view.DependsOn.Select(each => each.On).ToValueList(),
    };

    /// <summary>What its creator thought it would take, less what is done of it; null where nobody thought so.</summary>
    private long? Remaining(TaskView view, TaskDetail detail) => detail.EstimatedCost is { DurationMs: > 0 and var whole }
        ? view.Percent is { } percent
            ? whole * (100 - percent) / 100 / 1_000
            : Math.Max(0, (whole / 1_000) - (view.Claim is null ? 0 : (long)(clock.GetUtcNow() - view.UpdatedAt).TotalSeconds))
        : null;

    private static long? Weight(RawJson? requirements)
    {
        if (requirements is not { } free)
        {
            return null;
        }

        using var document = JsonDocument.Parse(free.Text);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(WeightField, out var weight)
            && weight.ValueKind == JsonValueKind.Number
            && weight.TryGetInt64(out var value)
            ? value
            : null;
    }
}
