using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>
/// Creates, claims and completes tasks of a project of its own through one node after another, and asks the next node the same thing under
/// the same key while it is told to come again, or nobody is there.
/// </summary>
internal sealed class Persistent(NodesOnPostgres nodes, string project) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };
    private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    /// <summary>What was not done after all, in words.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>How long each request took, with all that it was asked again.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public int Repeats { get; private set; }

    /// <summary>Completes when so many more tasks are done.</summary>
    public async Task DoneAsync(int tasks)
    {
        for (; tasks > 0; tasks--)
        {
            await Volatile.Read(ref _done).Task;
        }
    }

    public async Task WorkAsync(CancellationToken enough)
    {
        for (var number = 0; !enough.IsCancellationRequested && Failures.Count == 0; number++)
        {
            var made = await AskAsync("/api/v1/tasks/", $$"""{"title":"one","project":"{{project}}"}""", $"{project}-make-{number}");
            var claimed = await AskAsync("/api/v1/tasks/claim/", $$"""{"agent":"{{project}}","project":"{{project}}"}""", $"{project}-claim-{number}");
            if (made is not null && claimed is { } claim)
            {
                var id = claim.GetProperty("task").GetProperty("id").GetString();
                var token = claim.GetProperty("claim").GetProperty("token").GetInt64();
                await AskAsync($"/api/v1/tasks/{id}/complete/", $$"""{"token":{{token}},"result_summary":"Done."}""", $"{project}-end-{number}");
            }

            Interlocked.Exchange(ref _done, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        Volatile.Read(ref _done).TrySetResult();
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement?> AskAsync(string path, string body, string key)
    {
        var clock = Stopwatch.StartNew();
        var said = "nothing";
        for (; clock.Elapsed < Patience; Repeats++)
        {
            var node = nodes.At(_asked++ % 3);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, path))
                {
                    Content = new StringContent(body, Encoding.UTF8, "application/json"),
                };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await _client.SendAsync(request, CancellationToken.None);
                var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                said = $"{(int)answer.StatusCode} {text}";
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created)
                {
                    Waits.Add(clock.Elapsed);
                    return JsonDocument.Parse(text).RootElement.Clone();
                }

                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    break;
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                said = away.Message;
            }

            await Pause.ForAMomentAsync(CancellationToken.None);
        }

        Failures.Add($"{path} {key} after {clock.Elapsed.TotalSeconds:0.0} s: {said}");
        return null;
    }
}
