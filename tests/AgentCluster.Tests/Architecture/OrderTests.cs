using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Architecture;

/// <summary>
/// Nothing promises the order of a hash table, so whatever a simulation drives either sorts before it acts or gives the
/// reason why order does not matter. A new place fails here until it does one or the other.
/// </summary>
/// <remarks>
/// It reads the source as text: it finds tables by their declared type, in the file that declares them. What a method
/// hands out as an interface it does not follow; the two processes of the determinism test do.
/// </remarks>
public sealed partial class OrderTests
{
    private static readonly string[] Safe = ["Actors", "Domain", "Runtime", "TestKit"];

    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["ActorJson.cs _byName"] = "names of a format, read by tests",
        ["ActorNode.Life.cs ToLookup"] = "looked up by shard, never enumerated by key; what is in a group is sorted before",
        ["ActorNode.Life.cs awake"] = "sorted by name",
        ["ActorNode.cs _kinds"] = "metrics are told apart by their labels",
        ["AgentQueries.cs GroupBy"] = "groups are sorted by name, and who is in one was sorted before",
        ["AllocationQueries.cs GroupBy"] = "groups are sorted by agent and resource, and a sum has no order",
        ["BehaviorSpec.cs Rows"] = "each row is compared by itself",
        ["BehaviorSpec.cs touched"] = "each row is compared by itself",
        ["Cell.Life.cs Touched"] = "unpins each by itself",
        ["ColdRows.cs keys"] = "sorted by table and id before the store is asked; the rest goes into a set",
        ["Creating.cs batch"] = "the keys of one command, never taken out: as the command lists them",
        ["Creating.cs unknown"] = "becomes a set of pins; the loading sorts",
        ["EpicCourse.cs _forecasts"] = "events of different epics, each of which counts for its own epic only; nothing is ever taken out",
        ["FaultPlan.cs On"] = "goes into a set, or sorted into a text",
        ["Holders.cs _holders"] = "sums",
        ["Importing.cs missing"] = "becomes a set of pins; the loading sorts",
        ["ImportRun.cs GroupBy"] = "groups come in the order of the file",
        ["Intruding.cs GroupBy"] = "groups come in the order of the worktrees and their files",
        ["KeyRing.cs GroupBy"] = "looked up by hash, never enumerated",
        ["MemoryStore.cs _schema"] = "goes into another table",
        ["MemoryTable.cs _rows"] = "the store sorts what it answers",
        ["Outbox.cs _channels"] = "cancels each by itself",
        ["Part.cs _rows"] = "rows of one commit, told apart by their keys",
        ["ProjectedRows.cs _slots"] = "rows of one commit, told apart by their keys",
        ["ProjectedRows.cs read"] = "goes into a table",
        ["Projector.cs GroupBy"] = "groups come in the order of the page",
        ["ReadyQueue.cs _partitions"] = "the best of all by a total order, and sums",
        ["RowBehaviorSpec.cs _loaded"] = "goes into a set",
        ["RuntimeMetrics.cs GroupBy"] = "groups are sorted by name and cause",
        ["Shard.cs _cells"] = "each actor by itself: none sees the other's end",
        ["TaskRegistryState.Epics.cs _epics"] = "each epic by itself",
        ["TaskRegistryState.cs _tasks"] = "timers, each by itself",
        ["TimerSet.cs _all"] = "the minimum of all, and stopping all",
    };

    // Broken on purpose: a foreach over the mailbox's senders.
    [Fact]
    public void Whoever_enumerates_a_hash_table_sorts_or_says_why_order_does_not_matter()
    {
        var places = Sources().SelectMany(Enumerations).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(places.Except(Reasons.Keys));
        Assert.Empty(Reasons.Keys.Except(places));
    }

    private static IEnumerable<string> Sources() =>
        ProjectFile.Sources("src").Where(path => Safe.Any(name => path.Contains($"AgentCluster.{name}/", StringComparison.Ordinal)));

    private static IEnumerable<string> Enumerations(string path)
    {
        var text = Comment().Replace(File.ReadAllText(path), "");
        var file = Path.GetFileName(path);
        string[] tables = [.. Declared().Matches(text).Concat(Made().Matches(text)).Select(match => match.Groups["name"].Value), "Touched"];
        foreach (var table in tables.Distinct())
        {
            if (Regex.IsMatch(text, $@"(\bin|\.\.) ([\w.]+\.)?{table}\b(?!\.Deciding)") || Regex.IsMatch(
                text, $@"\b{table}[?!]*\.(Keys|Values|Select|SelectMany|Where|Order|OrderBy|First|FirstOrDefault|Last|Take|Skip|Except|Concat|Union|Aggregate|Distinct|To[A-Z]\w*|GetEnumerator|OfType|Cast|Zip|Chunk)\b"))
            {
                yield return $"{file} {table}";
            }
        }

        foreach (var grouping in Grouping().Matches(text).Select(match => match.Groups["name"].Value).Distinct())
        {
            yield return $"{file} {grouping}";
        }
    }

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?<!Sorted)(Dictionary|HashSet|IReadOnlySet|ISet|ILookup)<.+>\??\s+(?<name>\w+)(?=\s*([;,){=]|$))", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\bvar (?<name>\w+) =[^;]*\.To(HashSet|Dictionary)\(")]
    private static partial Regex Made();

    [GeneratedRegex(@"\.(?<name>GroupBy|ToLookup)\(")]
    private static partial Regex Grouping();
}
