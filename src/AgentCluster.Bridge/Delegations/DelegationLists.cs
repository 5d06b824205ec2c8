using System.Collections.Frozen;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Delegations;

/// <summary>Reads of delegations. Who may act as one agent only sees what it delegated and what was delegated to it.</summary>
internal static class DelegationLists
{
    /// <summary>Any delegations, filtered.</summary>
    public static Operation<DelegationListRequest> All(DelegationCalls delegations) => new(
        "delegation_list",
        Scope.MessagesRead,
        "Lists delegations, oldest first",
        DelegationListRequest.Shape,
        Answers.Ok(DelegationsBody.Schema),
        async (request, call) => call.Caller is { } caller && request.Filter.From != caller && request.Filter.To != caller
            ? new Problem(ProblemKind.Forbidden, $"Expected 'from' or 'to' to be '{caller}', who asks.", ("agent", caller))
            : Answer.Ok(new DelegationsBody(
                await delegations.Queries.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone), delegations.Now)));

    /// <summary>The delegation that the path names, with what was said.</summary>
    public static Operation<NoRequest> Show(DelegationCalls delegations) => new(
        "delegation_show",
        Scope.MessagesRead,
        "Shows one delegation with its request and its result",
        NoRequest.Shape,
        Answers.Ok(DelegationBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) =>
    {
        var found = await delegations.Queries.FindAsync(new(call.Subject), call.Gone);
        return found is null || (call.IsSomebodyElseThan(found.From.Value) && call.IsSomebodyElseThan(found.Spec.To.Value))
            ? DelegationCalls.Unknown(call)
            : Answer.Ok(new DelegationBody(found, delegations.Now) { Said = await delegations.Queries.TextAsync(found.Id, call.Gone) });
    });
}

/// <summary>Which delegations to list.</summary>
internal sealed class DelegationListRequest
{
    private static readonly FrozenDictionary<string, DelegationStatus> Statuses =
        Enum.GetValues<DelegationStatus>().ToFrozenDictionary(status => status.Word());

    public static Shape<DelegationListRequest> Shape { get; } = new Shape<DelegationListRequest>()
        .Text("from", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { From = value }, form: Forms.Name)
        .Text("to", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { To = value }, form: Forms.Name)
        .Word("status", Statuses, (request, value) => request.Filter = request.Filter with { Status = value })
        .Flag("open", (request, value) => request.Filter = request.Filter with { Open = value })
        .Also(Paging<DelegationListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public DelegationFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = Paging<DelegationListRequest>.DefaultLimit;

    public int Offset { get; private set; }
}
