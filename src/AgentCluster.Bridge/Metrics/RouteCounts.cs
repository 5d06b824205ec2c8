using System.Globalization;
using AgentCluster.Actors.Metrics;

namespace AgentCluster.Bridge.Metrics;

/// <summary>What was asked at one route. Part of its endpoint, so that counting a request looks nothing up by name.</summary>
/// <param name="method">In capitals.</param>
/// <param name="path">With the names of its variables, never their values.</param>
/// <param name="lasts">Whether it is answered for as long as somebody listens, so that how long says nothing.</param>
internal sealed class RouteCounts(string method, string path, bool lasts)
{
    private const string Other = "other";

    // All that the contract knows. Anything else is told together, so that there are never more.
    private static readonly int[] Statuses = [101, 200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 503, 507];
    private readonly long[] _byStatus = new long[Statuses.Length + 1];

    /// <summary>For requests that no route takes.</summary>
    public static RouteCounts Unrouted() => new(Other, Other, lasts: false);

    /// <summary>In capitals.</summary>
    public string Method => method;

    /// <summary>With the names of its variables, never their values.</summary>
    public string Path => path;

    /// <summary>How long the answers took.</summary>
    public HistogramSeries Duration { get; } = new([method, path], [Histogram.OfDurations()]);

    /// <summary>Counts an answer; from any thread.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="took">From the head of the request to the answer.</param>
    public void Count(int status, TimeSpan took)
    {
        var index = Array.BinarySearch(Statuses, status);
        Interlocked.Increment(ref _byStatus[index < 0 ? Statuses.Length : index]);
        if (!lasts)
        {
            Duration.Parts[0].Record(took.Ticks);
        }
    }

    /// <summary>How many there were of each status that there was.</summary>
    public IEnumerable<Sample> Read()
    {
        for (var index = 0; index < _byStatus.Length; index++)
        {
            if (Volatile.Read(ref _byStatus[index]) is > 0 and var many)
            {
                yield return new([method, path, index < Statuses.Length ? Statuses[index].ToString(CultureInfo.InvariantCulture) : Other], many);
            }
        }
    }
}
