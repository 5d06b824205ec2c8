namespace AgentCluster.Tests.Architecture;

/// <summary>A project file of the repository.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record ProjectFile(string Path)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string ShortName => Name.Replace("AgentCluster.", "", StringComparison.Ordinal);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public static IEnumerable<ProjectFile> All => [.. Under("src"), .. Under("tests")];

    public static ProjectFile Of(string shortName) => Under("src").Single(file => file.ShortName == shortName);

    /// <summary>The projects one folder below <paramref name="top"/>.</summary>
    public static IEnumerable<ProjectFile> Under(string top) =>
        Directory.EnumerateDirectories(System.IO.Path.Combine(Repository.Root, top))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new ProjectFile(path));

    /// <summary>The C# files that people wrote under a top folder.</summary>
    public static IEnumerable<string> Sources(string top) =>
        Under(top).SelectMany(project => Directory.EnumerateFiles(project.Folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !IsBuilt(System.IO.Path.GetRelativePath(Repository.Root, path)));

    private static bool IsBuilt(string relative) => relative.Split('/', '\\').Any(part => part is "bin" or "obj");
}
