using System.Text.Json;
using System.Xml.Linq;

namespace AgentCluster.Tests.Architecture;

/// <summary>A fresh clone restores what this one was tested with, to the byte.</summary>
public sealed class PackageTests
{
    [Fact]
    public void Versions_stand_in_one_file_only()
    {
        var elsewhere = ProjectFile.All.SelectMany(file => XDocument.Load(file.Path).Descendants("PackageReference")
            .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null)
            .Select(reference => $"{file.Name}: {(string?)reference.Attribute("Include")}"));

        Assert.Empty(elsewhere);
    }

    // Broken on purpose: "[18.11.0]" written as "18.11.0", which NuGet reads as "or later".
    [Fact]
    public void Every_version_is_exact()
    {
        var central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));

        Assert.All(
            central.Descendants("PackageVersion"),
            package => Assert.Matches(@"^\[\d+(\.\d+){2,3}(-[\w.]+)?\]$", (string?)package.Attribute("Version")));
    }

    [Fact]
    public void Every_project_has_a_lock_file_with_content_hashes()
    {
        Assert.All(ProjectFile.All, file =>
        {
            var path = Path.Combine(file.Folder, "packages.lock.json");
            Assert.True(File.Exists(path), $"{file.Name} has no packages.lock.json: restore once and commit it.");

            using var lockFile = JsonDocument.Parse(File.ReadAllText(path));
            var packages = lockFile.RootElement.GetProperty("dependencies").EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project");
            Assert.All(packages, package => Assert.True(package.Value.TryGetProperty("contentHash", out _), package.Name));
        });
    }
}
