using AgentCluster.Node.Hocon;

namespace AgentCluster.Tests.Node.Hocon;

/// <summary>What a text means, said in JSON.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("\uFEFF a = 1", """{"a":1}""")]
    [InlineData("""{"a":[1,2.50,-3e+2,{"b":null}],"c":true}""", """{"a":[1,2.5,-300,{"b":null}],"c":true}""")]
    [InlineData("a : 1, b = 2\nc { d = 3 }\n", """{"a":1,"b":2,"c":{"d":3}}""")]
    [InlineData("a = 1 # one\n// two\nb = 2 // three", """{"a":1,"b":2}""")]
    [InlineData("a = [1, 2, ]\nb = [\n1\n2\n]", """{"a":[1,2],"b":[1,2]}""")]
    [InlineData("a = {b = 1,}", """{"a":{"b":1}}""")]
    [InlineData("a.b.c = 1\na.b.d = 2", """{"a":{"b":{"c":1,"d":2}}}""")]
    [InlineData("a.\"b.c\" = 1", """{"a":{"b.c":1}}""")]
    [InlineData("\"\".a = 1", """{"":{"a":1}}""")]
    [InlineData("10.0foo = 1", """{"10":{"0foo":1}}""")]
    [InlineData("a b . c = 1", """{"a b ":{" c":1}}""")]
    [InlineData("a\n\n  = \n\n 1", """{"a":1}""")]
    [InlineData("a\n{ b = 1 }", """{"a":{"b":1}}""")]
    [InlineData("a =  one  two 3 true \"x y\"  ", """{"a":"one  two 3 true x y"}""")]
    [InlineData("a = 007\nb = .5\nc = 1.\nd = -", """{"a":"007","b":".5","c":"1.","d":"-"}""")]
    [InlineData("a = truely\nb = null x", """{"a":"truely","b":"null x"}""")]
    [InlineData("a = \"\"\"x\\n\"y\"\n\"\"\"\"", "{\"a\":\"x\\\\n\\\"y\\\"\\n\\\"\"}")]
    [InlineData("""a = "\u0041\t\/\"" """, """{"a":"A\t/\""}""")]
    [InlineData("include = 1\nb.include = 2\nincludes = 3", """{"b":{"include":2},"include":1,"includes":3}""")]
    public void A_text_means_what_its_json_does(string hocon, string json) =>
        Assert.Equal(HoconJson.Same(json), HoconJson.Of(hocon));

    [Theory]
    [InlineData("a = {b = 1}\na = {c = 2}", """{"a":{"b":1,"c":2}}""")]
    [InlineData("a = {b = 1}\na = 2\na = {c = 3}", """{"a":{"c":3}}""")]
    [InlineData("a = {b = {c = 1}}\na.b.d = 2", """{"a":{"b":{"c":1,"d":2}}}""")]
    [InlineData("a = 1\na.b = 2", """{"a":{"b":2}}""")]
    [InlineData("a = {b = 1} {c = 2} {b = 3}", """{"a":{"b":3,"c":2}}""")]
    [InlineData("a = [1] [2, 3]", """{"a":[1,2,3]}""")]
    [InlineData("a += 1\na += 2", """{"a":[1,2]}""")]
    [InlineData("a = [0]\na += {b = 1}", """{"a":[0,{"b":1}]}""")]
    [InlineData("o { a = [1], a += 2 }", """{"o":{"a":[1,2]}}""")]
    public void Later_words_merge_with_earlier_ones(string hocon, string json) =>
        Assert.Equal(HoconJson.Same(json), HoconJson.Of(hocon));

    [Theory]
    [InlineData("a = 1\nb = [1, 2", "test:2:10: expected ',', ']' or the end of the line, found the end of the text.")]
    [InlineData("a = {\n  b = 1\n", "test:3:1: expected a key or '}', found the end of the text.")]
    [InlineData("a = 1\n  b\nc = 1", "test:3:1: expected '=', ':', '+=' or '{' after the key, found 'c'.")]
    [InlineData("a = ", "test:1:5: expected a value, found the end of the text.")]
    [InlineData("a = http://x", "test:1:9: expected ',' or the end of the line, found ':'.")]
    [InlineData("a = b*c", "test:1:6: expected a key or a value, found '*'; a text that holds it must stand in quotes.")]
    [InlineData("a..b = 1", "test:1:1: expected a key on each side of every dot, found 'a..b'; an empty key is written \"\".")]
    [InlineData("a = 1,, b = 2", "test:1:7: expected a key, found ','.")]
    [InlineData("a = 1 }", "test:1:7: expected ',' or the end of the line, found '}'.")]
    [InlineData("{a = 1} b", "test:1:9: expected the end of the text, found 'b'.")]
    [InlineData("a = \"x\ny\"", "test:1:5: expected a closing quote on the same line, found none; a text of several lines stands in \"\"\".")]
    [InlineData("a = \"\"\"x", "test:1:5: expected \"\"\" that ends the text, found none.")]
    [InlineData("a = \"\\q\"", "test:1:6: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found '\\q'.")]
    [InlineData("a = \"\\u00g0\"", "test:1:6: expected four hexadecimal digits after \\u, found '00g0'.")]
    [InlineData("a = ${b", "test:1:8: expected '}' after the path of a substitution, found the end of the text.")]
    [InlineData("a = [{b += 1}]", "test:1:7: expected no += inside an array: what it appends to would have no path.")]
    [InlineData("include \"x\"", "test:1:1: expected no include: only a file can include files.")]
    [InlineData("include url(\"x\")", "test:1:1: expected include \"x\", file(\"x\") or required(…), found url(; url() and classpath() are left out.")]
    public void An_error_names_line_and_column_what_was_expected_and_what_was_found(string hocon, string message) =>
        Assert.Equal(message, Assert.Throws<HoconException>(() => HoconJson.Of(hocon)).Message);

    [Fact]
    public void Depth_and_number_are_bounded()
    {
        Assert.NotNull(HoconJson.Of($"a = {new string('[', 60)}{new string(']', 60)}"));
        foreach (var deep in (string[])[new('[', 100_000), string.Concat(Enumerable.Repeat("{a=", 100_000)), string.Join('.', Enumerable.Repeat("a", 100)) + "=1"])
        {
            Assert.Contains("at most 64 deep", Assert.Throws<HoconException>(() => HoconJson.Of(deep[0] == 'a' ? deep : "a = " + deep)).Message, StringComparison.Ordinal);
        }

        var many = $"a = [{string.Concat(Enumerable.Repeat("1,", 100_001))}]";
        Assert.Contains("at most 100000 values", Assert.Throws<HoconException>(() => HoconJson.Of(many)).Message, StringComparison.Ordinal);
    }

    // Whatever is cut off or broken: a value or an error with a place, nothing else.
    [Fact]
    public void No_broken_text_breaks_the_parser()
    {
        const string Whole = "a = ${?x} [1, {b += \"\\u0041\"}] // c\ninclude required(file(\"z\"))\n\"d\".e { f = \"\"\"g\"\"\" ${a} h }, i : -1e+5";
        for (var cut = 0; cut < Whole.Length; cut++)
        {
            foreach (var sign in "{}[]\"$+=:,\n\\(x")
            {
                var broken = Whole[..cut] + sign + Whole[(cut + 1)..];
                _ = Record.Exception(() => HoconJson.Of(broken)) is { } wrong ? Assert.IsType<HoconException>(wrong) : null;
            }
        }
    }
}
