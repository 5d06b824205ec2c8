using System.Xml.Linq;

namespace AgentCluster.Tests.Architecture;

/// <summary>The map of projects: an assembly exists only where it stops something, so no arrow may turn round.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Map = new()
    {
        ["Actors"] = [],
        ["Domain"] = ["Actors"],
        ["Runtime"] = ["Actors"],
        ["Transport"] = ["Runtime"],
        ["TestKit"] = ["Runtime"],
        ["Storage"] = ["Domain", "Runtime"],
        ["Bridge"] = ["Domain"],
        ["Node"] = ["Bridge", "Runtime", "Storage", "Transport", "Workers"],
        ["Client"] = [],
        ["Workers"] = [],
        ["Cli"] = ["Client", "Storage"],
    };

    public static TheoryData<string> Projects => [.. Map.Keys];

    // Broken on purpose: a reference from Bridge to Storage.
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_points_only_where_the_map_says(string project)
    {
        var file = ProjectFile.Of(project);
        var actual = XDocument.Load(file.Path).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
            .Select(name => name.Replace("AgentCluster.", "", StringComparison.Ordinal));

        Assert.Equal(Map[project].Order(), actual.Order());
    }

    [Fact]
    public void Every_project_under_src_is_on_the_map() =>
        Assert.Equal(Map.Keys.Order(), ProjectFile.Under("src").Select(file => file.ShortName).Order());

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "AgentCluster.sln"));

        Assert.All(ProjectFile.All, file => Assert.Contains($"{file.Name}.csproj", solution, StringComparison.Ordinal));
    }

    // A reference to an assembly is taken along with a package or a framework, without an arrow in the project file.
    [Theory]
    [InlineData(typeof(Actors.ActorId))]
    [InlineData(typeof(AgentCluster.Runtime.Store.IStore))]
    public void What_a_simulation_drives_sees_no_web_and_no_database(Type inAssembly)
    {
        ArgumentNullException.ThrowIfNull(inAssembly);
        string[] outside = ["Microsoft.AspNetCore", "Microsoft.Data", "SQLitePCLRaw", "System.Net", "System.Data"];

        var seen = inAssembly.Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => outside.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

        Assert.Empty(seen);
    }
}
