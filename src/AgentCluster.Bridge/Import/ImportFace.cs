using AgentCluster.Actors;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Import;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentCluster.Bridge.Import;

/// <summary>Takes over another tracker's export. Not an operation like the others: its body is a stream, not a request.</summary>
/// <param name="http">Reads the head.</param>
/// <param name="tasks">Sends commands.</param>
/// <param name="clock">Stamps rows that do not say when they were created.</param>
internal sealed class ImportFace(HttpFace http, TaskCalls tasks, TimeProvider clock)
{
    private const long MostBytes = 64 * 1024 * 1024;
    private const int MostAtOnce = 4;

    private int _running;

    /// <summary>Answers <c>POST /api/v1/import/</c>.</summary>
    public RequestDelegate Delegate => http.Guarded(AnswerAsync);

    private async ValueTask<Answer> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var (importing, wrongQuery) = HttpFace.ReadQuery(request, ImportRequest.Shape);
        if ((wrongQuery ?? CheckHead(request)) is { } wrong)
        {
            return wrong;
        }

        var (refused, call) = HttpFace.ReadHead(request, [], key: null);
        if ((refused ?? await http.RefuseAsync(ImportRoutes.Name, importing!, call)) is { } outside)
        {
            return outside;
        }

        try
        {
            if (Interlocked.Increment(ref _running) > MostAtOnce)
            {
                return Unanswered.NotDone(ProblemKind.Overloaded, $"Expected at most {MostAtOnce} imports at once.", retryAfter: 5);
            }

            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostBytes;
            var stream = new ImportStream(tasks, importing!.Project, new(importing.Format, importing.Project, RowValue.Kept(clock.GetUtcNow())));
            return Answer.Ok(new ImportBody(await stream.ReadAsync(request.BodyReader)));
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return BodyReading.TooLarge(MostBytes);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static Problem? CheckHead(HttpRequest request)
    {
        if (request.Headers.ContainsKey(RequestHead.IdempotencyKey))
        {
            return Problem.Invalid(
                RequestHead.IdempotencyKey, "must not be sent with an import: rows have an identity of their own, so it may be repeated as it is.");
        }

        return request.ContentLength > MostBytes
            ? BodyReading.TooLarge(MostBytes)
            : BodyReading.IsMedia(request.ContentType, "application/x-ndjson") || BodyReading.IsMedia(request.ContentType, "application/json")
                ? BodyReading.CheckEncoding(request)
                : new(ProblemKind.UnsupportedMediaType, "Expected 'Content-Type: application/x-ndjson' or 'application/json'.");
    }
}

/// <summary>What to import, in the query.</summary>
internal sealed class ImportRequest : IOfProject
{
    private static readonly Dictionary<string, ImportFormat> Formats = new()
    {
        ["beads"] = ImportFormat.Beads,
        ["taskmaster"] = ImportFormat.TaskMaster,
        ["agentcluster"] = ImportFormat.AgentCluster,
    };

    public static Shape<ImportRequest> Shape { get; } = new Shape<ImportRequest>()
        .Word("format", Formats, (request, value) => request.Format = value, required: true)
        .Text("project", Bounds.NameLength, (request, value) => request.Project = value, form: Forms.Name);

    public ImportFormat Format { get; private set; }

    public string Project { get; private set; } = TaskCalls.DefaultProject;

    public bool IsWithin(string project) => Project == project;
}
