using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Tasks;

/// <summary>What only somebody else can say: a human's answer, a reviewer's word.</summary>
internal static class Parking
{
    /// <summary>Asks a human; the claim is kept and the lease waits.</summary>
    public static Operation<InputRequest> Input(TaskCalls tasks) => new(
        "task_input",
        Scope.TasksClaim,
        "Parks a task until a human answers a question",
        InputRequest.Shape,
        Answers.Ok(TaskBody.Schema).Or(ProblemKind.NotFound, ProblemKind.ClaimSuperseded, ProblemKind.InvalidTransition),
        (request, call) => tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.RequireInput(task, new(request.Token), request.Question),
            call.Id(null),
            reply => tasks.EndedAsync(call, request.Token, reply)));

    /// <summary>Answers a parked task.</summary>
    public static Operation<AnswerRequest> Answer(TaskCalls tasks) => new(
        "task_answer",
        Scope.TasksWrite,
        "Answers a parked task, so that its holder goes on",
        AnswerRequest.Shape,
        Answers.Ok(TaskBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition),
        (request, call) => tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.AnswerInput(task, request.Answer, call.Caller is { } agent ? new AgentId(agent) : null),
            call.Id(null),
            tasks.AnswerAsync));

    /// <summary>Accepts what was handed in, or returns it.</summary>
    public static Operation<ReviewRequest> Review(TaskCalls tasks) => new(
        "task_review",
        Scope.TasksClaim,
        "Accepts a completion that was handed in, or returns it",
        ReviewRequest.Shape,
        Answers.Ok(TaskBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        tasks.Signs.Seen(agent);
        return await tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.ReviewTask(task, new(agent), request.Accept, request.Reasons),
            call.Id(agent),
            tasks.AnswerAsync);
    });
}

/// <summary>Asks a human.</summary>
internal sealed class InputRequest : IByHolder
{
    public static Shape<InputRequest> Shape { get; } = new Shape<InputRequest>()
        .Whole("token", 1, long.MaxValue, (request, value) => request.Token = value, required: true)
        .Text("question", Bounds.NoteLength, (request, value) => request.Question = value, required: true);

    public long Token { get; private set; }

    public string Question { get; private set; } = string.Empty;
}

/// <summary>Answers for a human.</summary>
internal sealed class AnswerRequest
{
    public static Shape<AnswerRequest> Shape { get; } = new Shape<AnswerRequest>()
        .Text("answer", Bounds.NoteLength, (request, value) => request.Answer = value, required: true);

    public string Answer { get; private set; } = string.Empty;
}

/// <summary>Says what a reviewer decided.</summary>
internal sealed class ReviewRequest
{
    public static Shape<ReviewRequest> Shape { get; } = new Shape<ReviewRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Flag("accept", (request, value) => request.Accept = value, required: true)
        .Texts("reasons", Bounds.ListLength, Bounds.NoteLength, (request, value) => request.Reasons = value.ToValueList());

    public string? Agent { get; private set; }

    public bool Accept { get; private set; }

    public ValueList<string> Reasons { get; private set; }
}
