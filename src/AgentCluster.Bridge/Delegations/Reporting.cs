using System.Collections.Frozen;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Bridge.Delegations;

/// <summary>How something stands that was delegated.</summary>
internal static class Reporting
{
    /// <summary>Who was delegated to says how it stands.</summary>
    public static Operation<ReportRequest> Report(DelegationCalls delegations) => new(
        "delegation_report",
        Scope.MessagesSend,
        "Says how something stands that was delegated, or how it ended",
        ReportRequest.Shape,
        Answers.Ok(DelegationBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition),
        async (request, call) =>
    {
        AgentId? by = call.Caller is { } caller ? new(caller) : null;
        var answer = await delegations.AskHomeAsync(
            call, new AgentCommand.ReportDelegation(new(call.Subject), request.Status, request.Progress, request.ToContent(), by));
        if (answer.Body is DelegationBody { Delegation.Spec.To: var worker })
        {
            delegations.Signs.Seen(worker.Value);
        }

        return answer;
    });

    /// <summary>Who delegated it calls it off.</summary>
    public static Operation<CancelRequest> Cancel(DelegationCalls delegations) => new(
        "delegation_cancel",
        Scope.MessagesSend,
        "Calls off what was delegated",
        CancelRequest.Shape,
        Answers.Ok(DelegationBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition),
        (request, call) => delegations.AskHomeAsync(
            call, new AgentCommand.CancelDelegation(new(call.Subject), request.Reason, call.Caller is { } caller ? new(caller) : null)));
}

/// <summary>How it stands.</summary>
internal sealed class ReportRequest
{
    private static readonly FrozenDictionary<string, DelegationStatus> Statuses =
        new[] { DelegationStatus.Accepted, DelegationStatus.InProgress, DelegationStatus.Completed, DelegationStatus.Failed, DelegationStatus.Declined }
            .ToFrozenDictionary(status => status.Word());

    private Content _content = new("");

    public static Shape<ReportRequest> Shape { get; } = new Shape<ReportRequest>()
        .Word("status", Statuses, (request, value) => request.Status = value, required: true)
        .Text("note", Bounds.NoteLength, (request, value) => request._content = request._content with { Note = value }, form: Forms.Prose)
        .Whole("progress", 0, 100, (request, value) => request.Progress = (int)value)
        .Text("result", Bounds.TextLength, (request, value) => request._content = request._content with { Text = value }, form: Forms.Prose)
        .Free("data", Bounds.JsonLength, (request, value) => request._content = request._content with { Data = new(value) });

    public DelegationStatus Status { get; private set; }

    public int? Progress { get; private set; }

    /// <summary>What is said with it; null when nothing is.</summary>
    public Content? ToContent() => _content == new Content("") ? null : _content;
}

/// <summary>Why it is called off.</summary>
internal sealed class CancelRequest
{
    public static Shape<CancelRequest> Shape { get; } = new Shape<CancelRequest>()
        .Text("reason", Bounds.NoteLength, (request, value) => request.Reason = value, form: Forms.Prose);

    public string? Reason { get; private set; }
}
