using AgentCluster.Workers.Merges;

namespace AgentCluster.Workers.Forecasts;

/// <summary>What two commits would come to, and whether that is for good.</summary>
/// <param name="One">The commit of the first working copy.</param>
/// <param name="Other">The commit of the second one, or of the base.</param>
/// <param name="Verdict">What was said of them.</param>
internal sealed record Judgement(string One, string Other, Verdict Verdict)
{
    private const int LongestWait = 128;

    /// <summary>How often in a row git gave no answer; 0 when it did, and the same commits always have this verdict.</summary>
    private int Failures { get; init; }

    /// <summary>The sweep that asks again, where git gave no answer.</summary>
    private long Again { get; init; }

    /// <summary>Whether there is nothing to judge.</summary>
    /// <param name="one">The commit of the first working copy now.</param>
    /// <param name="other">That of the second one.</param>
    /// <param name="sweep">The number of the present sweep.</param>
    public bool Stands(string one, string other, long sweep) => One == one && Other == other && (Failures == 0 || sweep < Again);

    /// <summary>The same when git gave no answer, which may have been the machine's fault and not the commits': it is asked again, less and less often.</summary>
    /// <param name="before">What was said of the pair before; null for nothing.</param>
    /// <param name="sweep">The number of the present sweep.</param>
    public Judgement WithoutAnswer(Judgement? before, long sweep)
    {
        var failures = before is not null && before.One == One && before.Other == Other ? before.Failures + 1 : 1;
        return this with { Failures = failures, Again = sweep + (failures < 7 ? 1 << failures : LongestWait) };
    }
}
