using System.Diagnostics;
using System.Net;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Asks about a project again and again, following whoever sends it elsewhere, until it is told that it is enough.</summary>
internal sealed class Impatient
{
    private readonly Uri _question;
    private readonly CancellationToken _enough;
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Impatient(Uri node, string project, CancellationToken enough)
    {
        (_question, _enough) = (new(node, $"/api/v1/tasks/available/?project={project}"), enough);
        LongestWait = AskAsync();
    }

    /// <summary>From an answer to the next one, at most; known in the end. The first had to wait for the project's registry to be recovered.</summary>
    public Task<TimeSpan> LongestWait { get; }

    /// <summary>Completes with the second answer from now on: it was asked for now or later.</summary>
    public async Task AnsweredAsync()
    {
        for (var answers = 0; answers < 2; answers++)
        {
            await Volatile.Read(ref _answered).Task;
        }
    }

    private async Task<TimeSpan> AskAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var longest = TimeSpan.Zero;
        for (var clock = new Stopwatch(); !_enough.IsCancellationRequested;)
        {
            try
            {
                using var answer = await client.GetAsync(_question, CancellationToken.None);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    longest = clock.Elapsed > longest ? clock.Elapsed : longest;
                    clock.Restart();
                    Interlocked.Exchange(ref _answered, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                }
            }
            catch (HttpRequestException)
            {
                // It was sent to the one that has just ended.
            }

            // It belongs to the wait.
            await Pause.ForAMomentAsync(CancellationToken.None);
        }

        return longest;
    }
}
