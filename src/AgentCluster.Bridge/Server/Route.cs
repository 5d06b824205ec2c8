using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Shapes;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Server;

/// <summary>Where an operation is found. Every folder has one table of these; together they are all that the node offers.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">Without a slash at its end; taken with and without. At most two variables, the first of them the call's subject.</param>
/// <param name="Operation">What is done there.</param>
/// <param name="Offer">Makes what answers one request.</param>
/// <param name="Forms">What each variable of the path looks like, in order.</param>
internal sealed record Route(
    string Method, string Path, Operation Operation, Func<HttpFace, IReadOnlyList<Variable>, RequestDelegate> Offer, IReadOnlyList<TextForm> Forms)
{
    /// <summary>The path's variables, in order.</summary>
    public IReadOnlyList<Variable> Variables { get; } =
        [.. Path.Split('/').Where(part => part.StartsWith('{')).Select((part, index) => new Variable(part.Trim('{', '}'), Forms[index]))];

    /// <summary>The request stands in the query.</summary>
    public static Route Get<TRequest>(string path, Operation<TRequest> operation, params IReadOnlyList<TextForm> forms)
        where TRequest : class, new() => new(HttpMethods.Get, path, operation, (face, variables) => face.Reading(operation, variables), forms);

    /// <summary>The request is the body.</summary>
    public static Route Post<TRequest>(string path, Operation<TRequest> operation, params IReadOnlyList<TextForm> forms)
        where TRequest : class, new() => Writing(HttpMethods.Post, path, operation, forms);

    /// <inheritdoc cref="Post"/>
    public static Route Put<TRequest>(string path, Operation<TRequest> operation, params IReadOnlyList<TextForm> forms)
        where TRequest : class, new() => Writing(HttpMethods.Put, path, operation, forms);

    /// <inheritdoc cref="Post"/>
    public static Route Patch<TRequest>(string path, Operation<TRequest> operation, params IReadOnlyList<TextForm> forms)
        where TRequest : class, new() => Writing(HttpMethods.Patch, path, operation, forms);

    /// <inheritdoc cref="Post"/>
    public static Route Delete<TRequest>(string path, Operation<TRequest> operation, params IReadOnlyList<TextForm> forms)
        where TRequest : class, new() => Writing(HttpMethods.Delete, path, operation, forms);

    /// <summary>What answers is given: a stream, or a page.</summary>
    public static Route Streamed(string method, string path, Streaming operation, RequestDelegate answer, params IReadOnlyList<TextForm> forms) =>
        new(method, path, operation, (_, _) => answer, forms);

    private static Route Writing<TRequest>(string method, string path, Operation<TRequest> operation, IReadOnlyList<TextForm> forms)
        where TRequest : class, new() => new(method, path, operation, (face, variables) => face.Writing(operation, variables), forms);
}
