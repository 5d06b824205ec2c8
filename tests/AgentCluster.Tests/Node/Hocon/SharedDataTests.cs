using AgentCluster.Node.Hocon;

namespace AgentCluster.Tests.Node.Hocon;

/// <summary>The files by which other readers of the language are tried too. They lie beside the repository or not at all; the cases of our own are elsewhere.</summary>
public sealed class SharedDataTests
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "hocon"));

    [Fact]
    public void Each_file_of_a_group_equals_its_original()
    {
        foreach (var file in Files("equiv*").SelectMany(group => Directory.EnumerateFiles(group)))
        {
            var original = HoconJson.Same(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "original.json")));
            Assert.Equal(file + original, file + HoconJson.OfFile(file));
        }
    }

    [Fact]
    public void Every_other_file_is_read_and_the_circle_is_an_error()
    {
        // What is only meant to be included lacks the values of the file that includes it.
        foreach (var file in Files("*.*").Where(File.Exists).Where(file => !file.EndsWith("-included.conf", StringComparison.Ordinal)))
        {
            var wrong = Record.Exception(() => HoconJson.OfFile(file));
            Assert.True(wrong is null != file.EndsWith("cycle.conf", StringComparison.Ordinal), $"{file}: {wrong}");
            Assert.True(wrong is null or HoconException);
        }
    }

    [Fact]
    public void Values_are_those_that_the_files_say_in_their_comments()
    {
        foreach (var file in Files("test03.conf"))
        {
            var root = Resolver.Resolve(HoconFile.Read(file), _ => null);

            Assert.Equal("42", At(root, "test01", "booleans"));
            Assert.Equal("42", At(root, "test01", "ints", "fortyTwo"));
            Assert.Equal("57", At(root, "test02", "57_a"));
            Assert.Equal("103", At(root, "test02", "103_a"));
            Assert.Equal("42", At(root, "test02", "42_b"));
            Assert.Equal("This is in the included file", At(root, "a"));
            Assert.Equal("This is in the including file", At(root, "b"));
            Assert.Equal("This is in the included file", At(root, "subtree", "a"));
            Assert.Equal("This is in the including file", At(root, "subtree", "b"));
            Assert.Equal("A", At(root, "test01", "fromJsonA"));
        }

        foreach (var file in Files("env-variables.conf"))
        {
            Assert.Equal(
                HoconJson.Same("""{"secret":"A","secrets":["B"]}"""),
                HoconJson.OfFile(file, name => name switch { "SECRET_A" => "A", "SECRET_B" => "B", _ => null }));
        }

        foreach (var file in Files("test06.conf"))
        {
            Assert.Equal(
                HoconJson.Same("""{"a":1,"b":2,"c":3,"d":{"foo":"bar"},"x":2,"y":{"foo":10,"hello":"world"}}"""),
                HoconJson.OfFile(file));
        }
    }

    private static IEnumerable<string> Files(string pattern) =>
        Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder, pattern) : [];

    private static string At(HoconValue value, params ReadOnlySpan<string> path) =>
        path.IsEmpty ? ((HoconScalar)value).Text : At(((HoconObject)value).Fields[path[0]].Layers[0], path[1..]);
}
