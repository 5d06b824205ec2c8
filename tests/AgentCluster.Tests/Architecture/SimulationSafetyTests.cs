using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace AgentCluster.Tests.Architecture;

/// <summary>What a simulation drives reaches the world only through its ports, and keeps nothing outside its objects.</summary>
public sealed class SimulationSafetyTests
{
    private static readonly string[] Safe = ["Actors", "Domain", "Runtime", "TestKit"];

    public static TheoryData<string> Projects => [.. Safe];

    // Broken on purpose: SimulationSafe taken out of one project file.
    [Theory]
    [MemberData(nameof(Projects))]
    public void The_list_of_banned_symbols_is_held_against_the_project(string project)
    {
        var properties = XDocument.Load(ProjectFile.Of(project).Path).Descendants().ToList();

        Assert.Equal("true", properties.Single(property => property.Name == "SimulationSafe").Value);
        Assert.DoesNotContain(properties, property => property.Name.LocalName is "NoWarn" or "WarningsNotAsErrors" or "TreatWarningsAsErrors");
    }

    [Fact]
    public void The_list_is_attached_by_the_shared_build_file()
    {
        var group = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("ItemGroup")
            .Single(item => ((string?)item.Attribute("Condition"))?.Contains("SimulationSafe", StringComparison.Ordinal) == true);

        Assert.Equal(
            "Microsoft.CodeAnalysis.BannedApiAnalyzers", (string?)group.Element("PackageReference")?.Attribute("Include"));
        Assert.EndsWith("BannedSymbols.txt", (string?)group.Element("AdditionalFiles")?.Attribute("Include"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_switches_the_ban_off_in_the_source()
    {
        var switchedOff = ProjectFile.Sources("src").Where(path => Safe.Any(name => path.Contains($"AgentCluster.{name}/", StringComparison.Ordinal)))
            .Where(path => File.ReadAllText(path).Contains("RS0030", StringComparison.Ordinal));

        Assert.Empty(switchedOff);
    }

    // Broken on purpose: a "private static int _turns" in a behavior.
    [Theory]
    [MemberData(nameof(Projects))]
    public void No_static_field_can_change(string project)
    {
        var changeable = Assembly.Load($"AgentCluster.{project}").GetTypes()
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && (!field.IsInitOnly || IsMutable(field.FieldType)))
            .Where(field => !IsGenerated(field) || IsPropertyOf(field))
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name}: {field.FieldType.Name}");

        Assert.Empty(changeable);
    }

    // Caches of lambdas and the tables of the source generators: they hold functions and constants.
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) ||
        member.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute)) ||
        member.Name.Contains('<', StringComparison.Ordinal) ||
        (member.DeclaringType is { } outer && member is Type && IsGenerated(outer)) ||
        (member is Type type && typeof(System.Text.Json.Serialization.JsonSerializerContext).IsAssignableFrom(type));

    private static bool IsPropertyOf(FieldInfo field) => field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal);

    private static bool IsMutable(Type type)
    {
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return type.IsArray
            || open.Namespace is "System.Collections.Concurrent" or "System.Threading"
            || (open.Namespace == "System.Collections.Generic" && !open.IsInterface && !open.Name.Contains("Comparer", StringComparison.Ordinal))
            || (open.IsInterface && open.Name is "IList`1" or "IDictionary`2" or "ICollection`1" or "ISet`1")
            || type == typeof(System.Text.StringBuilder);
    }
}
