using AgentCluster.TestKit.Simulation;

namespace AgentCluster.TestKit.Probes;

/// <summary>What a test expected did not happen. The message says what did, when, and in which run.</summary>
public sealed class ExpectationFailedException : Exception
{
    private const int Shown = 20;

    internal ExpectationFailedException(World world, string expectedAndFound, string list, IEnumerable<string> entries, Exception? cause = null)
        : base(Describe(world, expectedAndFound, list, [.. entries]), cause)
    {
    }

    private static string Describe(World world, string expectedAndFound, string list, string[] entries)
    {
        var lines = new List<string> { expectedAndFound, entries.Length == 0 ? $"  {list}: empty" : $"  {list}:" };
        lines.AddRange(entries.Take(Shown).Select(entry => $"    {entry}"));
        if (entries.Length > Shown)
        {
            lines.Add($"    and {entries.Length - Shown} more");
        }

        lines.Add($"  seed={world.Seed}  t={world.Clock.Elapsed:c}  step={world.Steps}  trace={world.Trace:x16}");
        return string.Join('\n', lines);
    }
}
