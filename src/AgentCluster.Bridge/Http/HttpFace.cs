using AgentCluster.Actors;
using System.Buffers;
using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Traces;
using AgentCluster.Domain.Audit;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Http;

/// <summary>Offers operations over HTTP: reads the request strictly, runs the operation once, writes its answer.</summary>
/// <param name="reach">Keeps callers within their project and agent.</param>
/// <param name="audit">Hears who was refused what.</param>
/// <param name="log">Hears of bugs only; a request is not logged.</param>
internal sealed class HttpFace(Reach reach, AuditTrail audit, ILogger log)
{
    /// <summary>Offers an operation whose request stands in the query.</summary>
    /// <param name="operation">Changes nothing.</param>
    /// <param name="variables">Of its path.</param>
    public RequestDelegate Reading<TRequest>(Operation<TRequest> operation, IReadOnlyList<Variable> variables)
        where TRequest : class, new() => Guarded(async context =>
    {
        var (refused, call) = ReadHead(context.Request, variables, key: null);
        refused ??= Tags.CheckIfNoneMatch(context.Request);
        return refused ?? await RunAsync(operation, ReadQuery(context.Request, operation.Request), call);
    });

    /// <summary>Offers an operation whose request is the body.</summary>
    /// <param name="operation">Any.</param>
    /// <param name="variables">Of its path.</param>
    public RequestDelegate Writing<TRequest>(Operation<TRequest> operation, IReadOnlyList<Variable> variables)
        where TRequest : class, new()
    {
        var looksAtVersion = operation.Answers.LooksAtVersion;
        return Guarded(context => WriteAsync(context, operation, variables, looksAtVersion));
    }

    /// <summary>Runs what answers one request, and maps what it throws.</summary>
    /// <param name="answer">Answers one request.</param>
    public RequestDelegate Guarded(Func<HttpContext, ValueTask<Answer>> answer) => async context =>
    {
        try
        {
            var answered = await answer(context);
            if (answered.Problem is { } refusal && refusal.Kind == ProblemKind.Forbidden)
            {
                audit.Note(AuditDecision.Forbidden, Gate.WhoOf(context).Name, Gate.WhatOf(context), "not_its_own", context);
            }

            AnswerWriting.Write(context.Response, answered);
        }
        catch (BadHttpRequestException bad)
        {
            // The client broke the protocol inside the body, sent it too slowly, or sent more than it may.
            HangUp(context);
            AnswerWriting.Write(context.Response, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? BodyReading.TooLarge(BodyReading.MostBytes)
                : Problem.Invalid("body", "must be a complete HTTP body."));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            HangUp(context);
        }
        catch (ActorUnavailableException refused) when (refused.Elsewhere is { } node)
        {
            // The same request there; 307 keeps its method and its body.
            AnswerWriting.Write(context.Response, new Answer(
                StatusCodes.Status307TemporaryRedirect, null, node + context.Request.PathBase + context.Request.Path + context.Request.QueryString));
        }
        catch (Exception thrown) when (Unanswered.TryMap(thrown, out var problem))
        {
            if (thrown is ActorUnavailableException { Why: Unavailable.Faulted } faulted)
            {
                log.Faulted(context.Request.Method, faulted.Actor, faulted.Detail, context.TraceIdentifier, RequestSpan.TraceOf(context));
            }

            AnswerWriting.Write(context.Response, problem);
        }
        catch (Exception bug) when (!context.Response.HasStarted)
        {
            log.MetABug(bug, context.Request.Method, context.TraceIdentifier, RequestSpan.TraceOf(context));
            AnswerWriting.Write(context.Response, new Problem(
                ProblemKind.Internal, "It is in the node's log under this request id.", ("request_id", context.TraceIdentifier)));
        }
    };

    /// <summary>Reads who calls and about what.</summary>
    /// <param name="request">The request.</param>
    /// <param name="variables">Of the path; at most two.</param>
    /// <param name="key">Its Idempotency-Key.</param>
    public static (Problem? Refused, Call Call) ReadHead(HttpRequest request, IReadOnlyList<Variable> variables, string? key)
    {
        var wrong = ReadVariable(request, variables, 0, out var subject);
        wrong = ReadVariable(request, variables, 1, out var other) ?? wrong;
        var context = request.HttpContext;
        return (wrong, new(subject, other, Gate.WhoOf(context), key, default, null, new(context), context.RequestAborted));
    }

    /// <summary>Says why a caller that is bound to a project or an agent may not ask this; null when it may.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="request">As read.</param>
    /// <param name="call">The call.</param>
    public ValueTask<Problem?> RefuseAsync(string operation, object request, Call call) => reach.RefuseAsync(operation, request, call);

    /// <summary>Reads a request from the query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="shape">What the query may hold.</param>
    public static (TRequest? Request, Problem? Problem) ReadQuery<TRequest>(HttpRequest request, Shape<TRequest> shape)
        where TRequest : class, new()
    {
        var faults = new Faults();
        var read = shape.Read(request.Query, faults);
        return faults.Any ? (null, faults.ToProblem()) : (read, null);
    }

    private async ValueTask<Answer> WriteAsync<TRequest>(
        HttpContext context, Operation<TRequest> operation, IReadOnlyList<Variable> variables, bool looksAtVersion)
        where TRequest : class, new()
    {
        var request = context.Request;
        var wrong = RequestHead.TryReadKey(request, out var key);
        wrong = Tags.TryReadIfMatch(request, looksAtVersion, out var version) ?? wrong;
        if (wrong is not null)
        {
            return wrong;
        }

        if ((BodyReading.CheckHeaders(request) ?? RefuseQuery(request)) is { } refusedBody)
        {
            return refusedBody;
        }

        var (refused, call) = ReadHead(request, variables, key);
        if (refused is not null)
        {
            return refused;
        }

        if (await BodyReading.ReadAsync(request) is not { } body)
        {
            return BodyReading.TooLarge(BodyReading.MostBytes);
        }

        (TRequest? Request, Problem? Problem) read;
        try
        {
            read = ReadBody(body, operation.Request);
            if (key is not null && read.Problem is null)
            {
                call = call with { Payload = Payload.Hash(request.Method, PathOf(request), version, body) };
            }
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }

        return await RunAsync(operation, read, call with { IfMatch = version });
    }

    /// <summary>
    /// Takes no further request from a connection whose body could not be read to its end. The server would try to, and
    /// log a fault of its own.
    /// </summary>
    private static void HangUp(HttpContext context) =>
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    private static Problem? ReadVariable(HttpRequest request, IReadOnlyList<Variable> variables, int index, out string value)
    {
        if (index >= variables.Count)
        {
            value = string.Empty;
            return null;
        }

        // Routing decodes a path except for an encoded slash, which may be part of an id.
        var (name, form) = variables[index];
        value = ((string)request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return form.Wrong(value) is { } expected ? Problem.Invalid(name, expected) : null;
    }

    private static (TRequest? Request, Problem? Problem) ReadBody<TRequest>(in ReadOnlySequence<byte> body, Shape<TRequest> shape)
        where TRequest : class, new()
    {
        var faults = new Faults();
        var read = shape.Read(body, faults);
        return faults.Any ? (null, faults.ToProblem()) : (read, null);
    }

    private async ValueTask<Answer> RunAsync<TRequest>(
        Operation<TRequest> operation, (TRequest? Request, Problem? Problem) read, Call call)
        where TRequest : class, new()
    {
        var refused = read.Problem ?? await RefuseAsync(operation.Name, read.Request!, call);
        return refused ?? await operation.RunAsync(read.Request!, call);
    }

    private static Problem? RefuseQuery(HttpRequest request) =>
        request.QueryString.HasValue && request.Query.Count > 0
            ? new(
                ProblemKind.UnknownField,
                $"{Faults.Shown(request.Query.Keys.First())} stands in the query, where this call takes nothing: its fields go into the body.",
                ("field", Faults.Shown(request.Query.Keys.First())))
            : null;

    private static string PathOf(HttpRequest request) => request.Path.Value!.TrimEnd('/');
}
