using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Bridge.Delegations;

/// <summary>One agent asks another for something.</summary>
internal static class Delegating
{
    /// <summary>After how long a delegation has timed out unless it says otherwise, in seconds: a day.</summary>
    public const int DefaultTimeoutSeconds = 24 * 60 * 60;

    /// <summary>Longest time-out, in seconds: 30 days.</summary>
    public const int MostTimeoutSeconds = 30 * 24 * 60 * 60;

    private const int RetryAfterSeconds = 5;

    /// <summary>Delegates to a named agent, or to a role.</summary>
    public static Operation<DelegateRequest> Create(DelegationCalls delegations) => new(
        "delegation_create",
        Scope.MessagesSend,
        "Delegates something to an agent, or to who has least to do of those with a role",
        DelegateRequest.Shape,
        Answers.Created(ReceiptBody.Schema).OrOk(OfflineBody.Schema).Or(ProblemKind.NotFound, ProblemKind.DelegationLoop),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.From, out var from, "from") is { } wrong)
        {
            return wrong;
        }

        if (request.To is null == request.Role is null)
        {
            return Problem.Invalid("to", "must name an agent where 'role' names no role, and not where it does.");
        }

        DelegationParent? parent = null;
        if (request.Parent is { } whole)
        {
            if (await delegations.Queries.FindAsync(whole, call.Gone) is not { } found)
            {
                return Problem.NotFound("delegation", whole.Value);
            }

            parent = new(found.Id, found.Spec.To, found.Spec.Chain);
        }

        delegations.Signs.Seen(from);
        var to = await delegations.FindAsync(from, request, call.Gone);
        return await delegations.MakeAsync(call, from, request, to, parent) switch
        {
            DelegateReply.Requested made => Answer.Created(new ReceiptBody(made), $"/api/v1/delegations/{made.Delegation.Id}"),
            DelegateReply.Offline offline => Answer.Ok(new OfflineBody(offline)),
            DelegateReply.UnknownAgent unknown => Problem.NotFound("agent", unknown.Agent.Value),
            DelegateReply.Nobody => request.Role is { } role ? Problem.NotFound("role", role) : Problem.NotFound("agent", request.To!),
            DelegateReply.Loop loop => new Problem(
                ProblemKind.DelegationLoop,
                $"Expected a chain of at most {Bounds.DelegationDepth} delegations that comes to nobody twice, found {string.Join(" → ", loop.Chain)}.",
                ("chain", loop.Chain)),
            DelegateReply.Invalid invalid => Problem.Invalid(invalid.Errors),
            DelegateReply.Full full => Unanswered.NotDone(
                ProblemKind.Overloaded,
                FormattableString.Invariant($"'{from}' has {full.Open} open delegations and {full.Unread} unread mails, as many as it may. Acknowledge some, or wait for some to end."),
                RetryAfterSeconds),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });
}

/// <summary>What is delegated to whom. What is said chooses nothing.</summary>
internal sealed class DelegateRequest
{
    public static Shape<DelegateRequest> Shape { get; } = new Shape<DelegateRequest>()
        .Text("from", Bounds.NameLength, (request, value) => request.From = value, form: Forms.Name)
        .Text("to", Bounds.NameLength, (request, value) => request.To = value, form: Forms.Name)
        .Text("role", Bounds.NameLength, (request, value) => request.Role = value, form: Forms.Name)
        .Text("subject", Bounds.TitleLength, (request, value) => request.Content = request.Content with { Subject = value }, form: Forms.Line)
        .Text("text", Bounds.TextLength, (request, value) => request.Content = request.Content with { Text = value }, required: true, form: Forms.Prose)
        .Free("data", Bounds.JsonLength, (request, value) => request.Content = request.Content with { Data = new(value) })
        .Whole("timeout_seconds", 1, Delegating.MostTimeoutSeconds, (request, value) => request.TimeoutSeconds = (int)value)
        .Flag("queue_if_offline", (request, value) => request.QueueIfOffline = value)
        .Text("task_id", Ulid.Length, (request, value) => request.Task = new(value), form: Forms.Id)
        .Text("parent_id", Ulid.Length, (request, value) => request.Parent = new(value), form: Forms.Id);

    public string? From { get; private set; }

    public string? To { get; private set; }

    public string? Role { get; private set; }

    public Content Content { get; private set; } = new("");

    public int TimeoutSeconds { get; private set; } = Delegating.DefaultTimeoutSeconds;

    public bool QueueIfOffline { get; private set; }

    public TaskId? Task { get; private set; }

    public DelegationId? Parent { get; private set; }
}
