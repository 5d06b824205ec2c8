using AgentCluster.Node.Hocon;

namespace AgentCluster.Tests.Node.Hocon;

/// <summary>Files that include each other.</summary>
public sealed class IncludeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-hocon-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("include \"sub/x.conf\"")]
    [InlineData("include file(\"sub/x.conf\")")]
    [InlineData("include required(\"sub/x.conf\")")]
    [InlineData("include required( file( \"sub/x.conf\" ) )")]
    [InlineData("include\n \"sub/x\"")]
    public void A_name_is_relative_to_the_file_that_includes(string include)
    {
        Write("sub/x.conf", "include \"y.conf\"\nx = 1");
        Write("sub/y.conf", "y = 2");

        Assert.Equal(HoconJson.Same("""{"x":1,"y":2}"""), Read(include));
    }

    [Fact]
    public void What_is_included_stands_where_the_statement_stands()
    {
        Write("x.conf", "a = 1\nb = 1");

        Assert.Equal(HoconJson.Same("""{"a":1,"b":2,"o":{"a":1,"b":1}}"""), Read("a = 0\ninclude \"x.conf\"\nb = 2\no { include \"x.conf\" }"));
    }

    [Fact]
    public void A_substitution_is_tried_where_it_is_included_and_then_at_the_root()
    {
        Write("x.conf", "foo = inner\na = ${foo}\nb = ${bar}\nl += 1");

        Assert.Equal(
            HoconJson.Same("""{"bar":"outer","foo":"outer","o":{"a":"inner","b":"outer","foo":"inner","l":[0,1]}}"""),
            Read("foo = outer\nbar = outer\no { l = [0], include \"x.conf\" }"));
    }

    [Fact]
    public void A_name_without_an_ending_stands_for_all_and_conf_wins()
    {
        Write("x.conf", "a = conf");
        Write("x.json", """{"a":"json","b":"json"}""");
        Write("x.properties", "# no\na=properties\nb = properties\nc.d : properties");

        Assert.Equal(HoconJson.Same("""{"a":"conf","b":"json","c":{"d":"properties"}}"""), Read("include \"x\""));
    }

    [Fact]
    public void Only_a_required_file_must_be_there()
    {
        Assert.Equal(HoconJson.Same("""{"a":1}"""), Read("include \"none.conf\"\na = 1"));
        Assert.EndsWith("main.conf:2:1: expected the file 'none.conf', which is required, found none.", Wrong("a = 1\ninclude required(\"none.conf\")"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_and_a_long_way_are_errors()
    {
        for (var file = 0; file < 20; file++)
        {
            Write(FormattableString.Invariant($"{file}.conf"), FormattableString.Invariant($"include \"{file + 1}.conf\""));
        }

        Assert.Contains("main.conf:1:1: expected a file that does not lead back here", Wrong("include \"main.conf\""), StringComparison.Ordinal);
        Assert.Contains("at most 16 deep", Wrong("include \"0.conf\""), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_an_included_file_names_that_file()
    {
        Write("x.conf", "a = 1\nb = ]");

        Assert.EndsWith("x.conf:2:5: expected a value, found ']'.", Wrong("include \"x.conf\""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_missing_or_not_utf_8_is_an_error()
    {
        Write("large.conf", "# " + new string('x', 1024 * 1024));
        File.WriteAllBytes(Path.Combine(_folder, "latin.conf"), [(byte)'a', (byte)'=', 0xE9]);

        Assert.Contains("at most 1048576 bytes", Wrong("include \"large.conf\""), StringComparison.Ordinal);
        Assert.Contains("expected UTF-8", Wrong("include \"latin.conf\""), StringComparison.Ordinal);
        Assert.Contains("expected a file that can be read", Assert.Throws<HoconException>(() => HoconJson.OfFile(Path.Combine(_folder, "none"))).Message, StringComparison.Ordinal);
    }

    private string Read(string text)
    {
        Write("main.conf", text);
        return HoconJson.OfFile(Path.Combine(_folder, "main.conf"));
    }

    private string Wrong(string text) => Assert.Throws<HoconException>(() => Read(text)).Message;

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
