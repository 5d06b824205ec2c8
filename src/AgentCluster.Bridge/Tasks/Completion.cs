using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Ends a claim with the work done, and claims the next task in the same turn when asked to.</summary>
internal static class Completion
{
    public static Operation<CompleteRequest> Of(TaskCalls tasks) => new(
        "task_complete",
        Scope.TasksClaim,
        "Completes a task or hands it in, and claims the next when asked to",
        CompleteRequest.Shape,
        Answers.Ok(new EitherSchema(TaskBody.Schema, CompletionBody.Schema)).Or(
            ProblemKind.NotFound, ProblemKind.ClaimSuperseded, ProblemKind.InvalidTransition, ProblemKind.CompletionRejected),
        async (request, call) =>
    {
        if (Outcome.Validate(request.ResultSummary, request.Evidence, request.Criteria) is { IsEmpty: false } errors)
        {
            return Problem.Invalid(errors);
        }

        if (await tasks.HomeAsync(call) is not { } project)
        {
            return Problem.NotFound("task", call.Subject);
        }

        if (request.ClaimNext?.Project is { } other && other != project)
        {
            return Problem.Invalid("claim_next.project", $"must be the task's own project, '{project}': both happen in one turn of its registry.");
        }

        var next = request.ClaimNext is { } wanted
            ? new NextClaim(
                call.Caller is { } agent ? await tasks.Profiles.ClaimProfileAsync(agent) : null, wanted.Capabilities, wanted.LeaseSeconds)
            : null;
        var command = new TaskRegistryCommand.CompleteTask(
            new(call.Subject), new(request.Token), request.ResultSummary, request.Evidence, request.Criteria, request.Cost, next);
        var reply = await tasks.AskAsync(project, command, call.Id(null));
        if (reply is CompleteReply.Completed or CompleteReply.Refused { Why: TaskRefusal.CompletionRejected })
        {
            tasks.Signs.HolderSeen(call.Subject, request.Token);
        }

        return await AnswerAsync(tasks, reply, next is not null);
    });

    private static async ValueTask<Answer> AnswerAsync(TaskCalls tasks, CompleteReply reply, bool claimedNext) => reply switch
    {
        CompleteReply.Completed done when claimedNext => Answer.Ok(new CompletionBody(
            await tasks.ShowDoneAsync(done.Task), done.Next is { } next ? new(await tasks.ShowDoneAsync(next)) : null)),
        CompleteReply.Completed done => Answer.Ok(await tasks.ShowDoneAsync(done.Task)),
        CompleteReply.Refused refused => Refusals.Problem(refused.Why),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };
}

/// <summary>Says that the work is done.</summary>
internal sealed class CompleteRequest : IByHolder
{
    public static Shape<CompleteRequest> Shape { get; } = new Shape<CompleteRequest>()
        .Whole("token", 1, long.MaxValue, (request, value) => request.Token = value, required: true)
        .Text("result_summary", Bounds.TextLength, (request, value) => request.ResultSummary = value, required: true, least: 0)
        .Object("evidence", EvidenceRequest.Shape, (request, value) => request.Evidence = value.Evidence)
        .Objects("criteria", Bounds.ListLength, CriterionRequest.Shape, (request, value) => request.Criteria = value.Select(one => one.Answer).ToValueList())
        .Object("cost", CostJson.Shape, (request, value) => request.Cost = value.Cost)
        .Object("claim_next", NextRequest.Shape, (request, value) => request.ClaimNext = value);

    public long Token { get; private set; }

    public string? ResultSummary { get; private set; }

    public Evidence? Evidence { get; private set; }

    public ValueList<CriterionAnswer> Criteria { get; private set; }

    public Cost? Cost { get; private set; }

    public NextRequest? ClaimNext { get; private set; }
}

/// <summary>What to claim after a completion.</summary>
internal sealed class NextRequest
{
    public static Shape<NextRequest> Shape { get; } = new Shape<NextRequest>()
        .Text("project", Bounds.NameLength, (request, value) => request.Project = value, form: Forms.Name)
        .Texts("capabilities", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Capabilities = value.ToValueList(), Forms.Name)
        .Whole("lease_seconds", 1, Bounds.LeaseSeconds, (request, value) => request.LeaseSeconds = (int)value);

    public string? Project { get; private set; }

    public ValueList<string>? Capabilities { get; private set; }

    public int LeaseSeconds { get; private set; } = Claims.DefaultLeaseSeconds;
}
