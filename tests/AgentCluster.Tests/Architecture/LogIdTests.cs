using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Architecture;

/// <summary>An operator finds the folder from the number of a log line.</summary>
public sealed partial class LogIdTests
{
    [Fact]
    public void No_event_id_is_used_twice()
    {
        var twice = Ids().GroupBy(found => found.Id).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(found => found.File))}");

        Assert.Empty(twice);
    }

    [Fact]
    public void Each_folder_has_a_range_of_its_own()
    {
        var shared = Ids().GroupBy(found => found.Id / 100).Where(range => range.Select(found => found.Folder).Distinct().Count() > 1)
            .Select(range => $"{range.Key}00-{range.Key}99: {string.Join(", ", range.Select(found => found.Folder).Distinct())}");

        Assert.Empty(shared);
    }

    [Fact]
    public void Every_log_message_is_numbered()
    {
        var messages = ProjectFile.Sources("src").SelectMany(path => Messages().Matches(File.ReadAllText(path)).Select(_ => path)).Count();

        Assert.Equal(messages, Ids().Count());
    }

    internal static IEnumerable<(int Id, string File, string Folder)> Ids() =>
        from path in ProjectFile.Sources("src")
        from Match match in Numbered().Matches(File.ReadAllText(path))
        let file = Path.GetRelativePath(Repository.Root, path)
        select (int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), file, Path.GetDirectoryName(file)!);

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex Messages();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)")]
    private static partial Regex Numbered();
}
