using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Audit;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Guards;

/// <summary>Lets in who may ask what is asked: after routing, before anything but the head of a request is read.</summary>
/// <param name="next">Answers what is let through.</param>
/// <param name="needsKey">Whether every caller must show a key or a handle.</param>
/// <param name="callers">Knows who that is.</param>
/// <param name="rates">Lets each ask so often.</param>
/// <param name="audit">Hears of each refusal.</param>
internal sealed class Gate(RequestDelegate next, bool needsKey, Callers callers, Rates rates, AuditTrail audit)
{
    /// <summary>The caller that was let in with a request.</summary>
    /// <param name="context">The request.</param>
    public static Principal WhoOf(HttpContext context) => context.Features.Get<Principal>() ?? Principal.Local;

    /// <summary>What is asked, for the audit: never as it was sent.</summary>
    /// <param name="context">The request.</param>
    public static string WhatOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Name ?? AuditTrail.MethodOf(context.Request);

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var operation = endpoint?.Metadata.GetMetadata<Operation>();
        if (operation is { Scope: Scope.Open, KnowsCaller: false })
        {
            return next(context);
        }

        if (context.Request.Headers.Authorization.Count > 0)
        {
            return CheckAsync(context, operation, endpoint is not null);
        }

        if (needsKey)
        {
            return Refuse(context, AuditDecision.Unauthorized, AuditTrail.Nobody, "no_key", new(
                ProblemKind.Unauthorized, "Expected 'Authorization: Bearer acl_…' with a key or an agent's handle, found none."));
        }

        return rates.Refuse(Principal.Local) is { } tooFast ? Answer(context, tooFast) : next(context);
    }

    private async Task CheckAsync(HttpContext context, Operation? operation, bool isKnown)
    {
        if (RequestHead.TryReadBearer(context.Request, out var presented) is { } wrong)
        {
            await Refuse(context, AuditDecision.Unauthorized, AuditTrail.Nobody, "not_a_bearer", wrong);
            return;
        }

        (Principal? Who, string Why) found;
        try
        {
            found = await callers.WhoAsync(presented!);
        }
        catch (Exception thrown) when (Unanswered.TryMap(thrown, out var problem))
        {
            // Who cannot be looked up is not let in.
            await Answer(context, problem);
            return;
        }

        if (found.Who is not { } who)
        {
            await Refuse(context, AuditDecision.Unauthorized, AuditTrail.Nobody, found.Why, new(
                ProblemKind.Unauthorized, "It is neither a key that is good now nor an agent's current handle."));
            return;
        }

        if (rates.Refuse(who) is { } tooFast)
        {
            await Answer(context, tooFast);
            return;
        }

        // What says no scope is for nobody who is not trusted with all of it.
        var needed = operation?.Scope ?? (isKnown ? Scope.Admin : Scope.Open);
        if (!who.May(needed))
        {
            await Refuse(context, AuditDecision.Forbidden, who.Name, $"scope {needed.Word()}", new(
                ProblemKind.Forbidden, $"Expected a caller with the scope {needed.Word()}; {who.Name} has not.", ("scope", needed.Word())));
            return;
        }

        context.Features.Set(who);
        await next(context);
    }

    private Task Refuse(HttpContext context, AuditDecision decision, string who, string why, Problem problem)
    {
        audit.Note(decision, who, WhatOf(context), why, context);
        return Answer(context, problem);
    }

    private static Task Answer(HttpContext context, Problem problem)
    {
        AnswerWriting.Write(context.Response, problem);
        return Task.CompletedTask;
    }
}
