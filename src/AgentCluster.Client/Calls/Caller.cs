using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace AgentCluster.Client.Calls;

/// <summary>Turns what is asked into a request, and what became of it into a value or an exception.</summary>
/// <param name="sender">Sends.</param>
/// <param name="secret">As whom; null for nobody in particular.</param>
internal sealed class Caller(Sender sender, string? secret)
{
    /// <summary>A path, with what stands between its parts made safe.</summary>
    /// <param name="collection">As API.md names it.</param>
    /// <param name="id">Any text.</param>
    /// <param name="action">What to do with it; null to name it.</param>
    public static string Path(string collection, string id, string? action = null) =>
        $"/api/v1/{collection}/{Uri.EscapeDataString(id)}/{(action is null ? "" : $"{action}/")}";

    /// <summary>A query of what is given.</summary>
    public static string Query(params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        List<string> given = [];
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                given.Add(FormattableString.Invariant($"{name}={Uri.EscapeDataString(FormattableString.Invariant($"{value}"))}"));
            }
        }

        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }

    /// <summary>Reads, and again while the node is away.</summary>
    public async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan wait = default) =>
        Value(await AnswerAsync(new(HttpMethod.Get, path) { IsPatient = true, Wait = wait }, cancellationToken), type);

    /// <summary>Changes something, once.</summary>
    public async Task<TAnswer> WriteAsync<TAnswer, TBody>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, WriteOptions? options, CancellationToken cancellationToken) =>
        Value(await AnswerAsync(Write(HttpMethod.Post, path, Json(body, bodyType), options), cancellationToken), type);

    /// <summary>Changes something, once, or finds nothing to change.</summary>
    /// <returns>Null when the node had nothing to say.</returns>
    public async Task<TAnswer?> MaybeAsync<TAnswer, TBody>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, WriteOptions? options, CancellationToken cancellationToken)
        where TAnswer : class =>
        await AnswerAsync(Write(HttpMethod.Post, path, Json(body, bodyType), options), cancellationToken) is { } answer ? Value(answer, type) : null;

    /// <summary>Puts something in its place.</summary>
    public async Task<TAnswer> PutAsync<TAnswer, TBody>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, WriteOptions? options, CancellationToken cancellationToken) =>
        Value(await AnswerAsync(Write(HttpMethod.Put, path, Json(body, bodyType), options), cancellationToken), type);

    /// <summary>Removes something.</summary>
    public Task DeleteAsync(string path, WriteOptions? options, CancellationToken cancellationToken) =>
        AnswerAsync(Write(HttpMethod.Delete, path, null, options), cancellationToken);

    /// <summary>Asks anything.</summary>
    /// <exception cref="RefusedException">The node said no.</exception>
    /// <exception cref="NodeAwayException">No node gave a final answer in time.</exception>
    /// <exception cref="ForeignAnswerException">Whoever answered is no node.</exception>
    public async Task<JsonElement?> AnswerAsync(NodeRequest request, CancellationToken cancellationToken) =>
        await sender.SendAsync(request, secret, cancellationToken) switch
        {
            Outcome.Done done => done.Answer,
            Outcome.Refused refused when !refused.IsUnknown => throw new RefusedException(refused.Problem),
            Outcome.Refused unknown => throw new NodeAwayException(unknown.Problem.Words, true, request.IdempotencyKey),
            Outcome.Away away => throw new NodeAwayException(
                string.Join(' ', away.Words), away.IsUnknown && request.IdempotencyKey is not null, request.IdempotencyKey),
            Outcome.Foreign foreign => throw new ForeignAnswerException(foreign.Words),
            var other => throw new System.Diagnostics.UnreachableException($"{other}"),
        };

    private static NodeRequest Write(HttpMethod method, string path, JsonObject? body, WriteOptions? options) =>
        new(method, path, body) { IdempotencyKey = options?.IdempotencyKey ?? NodeRequest.NewKey() };

    private static JsonObject Json<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(body, type)!.AsObject();

    private static T Value<T>(JsonElement? answer, JsonTypeInfo<T> type)
    {
        try
        {
            return answer is { } json && json.Deserialize(type) is { } value
                ? value
                : throw new ForeignAnswerException($"Expected {typeof(T).Name}, found nothing: the node may be of another version.");
        }
        catch (JsonException error)
        {
            throw new ForeignAnswerException($"Expected {typeof(T).Name}, found something else: {error.Message} The node may be of another version.");
        }
    }
}
