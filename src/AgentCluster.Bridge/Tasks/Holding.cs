using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>What a holder says while it holds a task, and when it gives it back.</summary>
internal static class Holding
{
    private static readonly Answers Ended = Answers.Ok(TaskBody.Schema).Or(
        ProblemKind.NotFound, ProblemKind.ClaimSuperseded, ProblemKind.InvalidTransition);

    /// <summary>Says that work goes on; renews the lease.</summary>
    public static Operation<ProgressRequest> Progress(TaskCalls tasks) => new(
        "task_progress",
        Scope.TasksClaim,
        "Says that work on a task goes on, and renews its lease",
        ProgressRequest.Shape,
        Answers.Ok(ProgressBody.Schema).Or(ProblemKind.NotFound, ProblemKind.ClaimSuperseded),
        async (request, call) =>
    {
        try
        {
            return await tasks.AskHomeAsync(
                call,
                task => new TaskRegistryCommand.ReportProgress(task, new(request.Token), request.Percent, request.Note, request.Cost),
                call.Id(null),
                reply => AnswerAsync(tasks, call, request.Token, reply));
        }
        catch (ActorUnavailableException)
        {
            // The node has no room or no answer now, but the holder is alive: it must not lose its claim for that.
            tasks.Signs.HolderSeen(call.Subject, request.Token);
            throw;
        }
    });

    /// <summary>Ends the claim without success.</summary>
    public static Operation<FailRequest> Fail(TaskCalls tasks) => new(
        "task_fail",
        Scope.TasksClaim,
        "Ends a claim without success",
        FailRequest.Shape,
        Ended,
        (request, call) =>
        tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.FailTask(task, new(request.Token), request.Reason, request.Retryable),
            call.Id(null),
            reply => tasks.EndedAsync(call, request.Token, reply)));

    /// <summary>Gives the claim back.</summary>
    public static Operation<ReleaseRequest> Release(TaskCalls tasks) => new(
        "task_release",
        Scope.TasksClaim,
        "Gives a claim back",
        ReleaseRequest.Shape,
        Ended,
        (request, call) =>
        tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.ReleaseTask(task, new(request.Token), request.Reason),
            call.Id(null),
            reply => tasks.EndedAsync(call, request.Token, reply)));

    /// <summary>Calls a task off, also one that is held.</summary>
    public static Operation<CancelRequest> Cancel(TaskCalls tasks) => new(
        "task_cancel",
        Scope.TasksWrite,
        "Calls a task off, also one that is held",
        CancelRequest.Shape,
        Answers.Ok(TaskBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition),
        (request, call) =>
        tasks.AskHomeAsync(
            call, task => new TaskRegistryCommand.CancelTask(task, request.Reason), call.Id(null), tasks.AnswerAsync));

    private static async ValueTask<Answer> AnswerAsync(TaskCalls tasks, Call call, long token, ProgressReply reply)
    {
        switch (reply)
        {
            case ProgressReply.Noted noted:
                await tasks.HolderSeenAsync(call, token);
                return Answer.Ok(new ProgressBody(noted));
            case ProgressReply.Refused refused:
                return Refusals.Problem(refused.Why);
            default:
                throw new UnreachableException($"Untranslated reply {reply.GetType().Name}.");
        }
    }
}

/// <summary>Until when the lease lasts now, and whether to stop.</summary>
internal sealed record ProgressBody(ProgressReply.Noted Noted) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Progress")
        .With("lease_expires_at", Is.Moment)
        .With("cancel_requested", Is.Flag);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("lease_expires_at"u8, Noted.LeaseExpiresAt.UtcDateTime);
        json.WriteBoolean("cancel_requested"u8, Noted.CancelRequested);
        json.WriteEndObject();
    }
}

/// <summary>Says that work goes on.</summary>
internal sealed class ProgressRequest : IByHolder
{
    public static Shape<ProgressRequest> Shape { get; } = new Shape<ProgressRequest>()
        .Whole("token", 1, long.MaxValue, (request, value) => request.Token = value, required: true)
        .Whole("percent", 0, 100, (request, value) => request.Percent = (int)value)
        .Text("note", Bounds.NoteLength, (request, value) => request.Note = value)
        .Object("cost", CostJson.Shape, (request, value) => request.Cost = value.Cost);

    public long Token { get; private set; }

    public int? Percent { get; private set; }

    public string? Note { get; private set; }

    public Cost? Cost { get; private set; }
}

/// <summary>Says that the work failed.</summary>
internal sealed class FailRequest : IByHolder
{
    public static Shape<FailRequest> Shape { get; } = new Shape<FailRequest>()
        .Whole("token", 1, long.MaxValue, (request, value) => request.Token = value, required: true)
        .Text("reason", Bounds.NoteLength, (request, value) => request.Reason = value, required: true)
        .Flag("retryable", (request, value) => request.Retryable = value);

    public long Token { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    public bool Retryable { get; private set; } = true;
}

/// <summary>Gives a claim back.</summary>
internal sealed class ReleaseRequest : IByHolder
{
    public static Shape<ReleaseRequest> Shape { get; } = new Shape<ReleaseRequest>()
        .Whole("token", 1, long.MaxValue, (request, value) => request.Token = value, required: true)
        .Text("reason", Bounds.NoteLength, (request, value) => request.Reason = value, least: 0);

    public long Token { get; private set; }

    public string? Reason { get; private set; }
}

/// <summary>Calls a task off.</summary>
internal sealed class CancelRequest
{
    public static Shape<CancelRequest> Shape { get; } = new Shape<CancelRequest>()
        .Text("reason", Bounds.NoteLength, (request, value) => request.Reason = value, least: 0);

    public string? Reason { get; private set; }
}
