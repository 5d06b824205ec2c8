using AgentCluster.Node.Hocon;

namespace AgentCluster.Tests.Node.Hocon;

/// <summary>What stands in the place of a substitution.</summary>
public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("a = ${b}\nb = 1", """{"a":1,"b":1}""")]
    [InlineData("a = ${b}\nb = 1\nb = 2", """{"a":2,"b":2}""")]
    [InlineData("a = ${\"b.c\".d}\n\"b.c\" { d = [1] }", """{"a":[1],"b.c":{"d":[1]}}""")]
    [InlineData("a = x${b}y ${b}\nb = 1", """{"a":"x1y 1","b":1}""")]
    [InlineData("a = ${b} {c = 2}\nb { c = 1, d = 3 }", """{"a":{"c":2,"d":3},"b":{"c":1,"d":3}}""")]
    [InlineData("a = ${b} [2] ${b}\nb = [1]", """{"a":[1,2,1],"b":[1]}""")]
    [InlineData("a = ${?b}\nc = [${?b}, 1]\nd = x${?b}", """{"c":[1],"d":"x"}""")]
    [InlineData("a = 1\na = ${?b}", """{"a":1}""")]
    [InlineData("a = ${?b}${?c}", "{}")]
    [InlineData("path = \"a\"\npath = ${path}\":b\"\npath = ${path}\":c\"", """{"path":"a:b:c"}""")]
    [InlineData("a = ${?a}x", """{"a":"x"}""")]
    [InlineData("a = [1]\na = [0, ${a}, 2]", """{"a":[0,[1],2]}""")]
    [InlineData("a = ${?b}\nb = ${?a}", "{}")]
    [InlineData("a { b = 1, c = ${a.b} }", """{"a":{"b":1,"c":1}}""")]
    [InlineData("a { b = 1, c = ${a.b} }\na.b = 2", """{"a":{"b":2,"c":2}}""")]
    [InlineData("a { c = ${b.d}, x = 1 }\na.x = 3\nb { c = ${a.x}, d = 2 }\nb.d = 4", """{"a":{"c":4,"x":3},"b":{"c":3,"d":4}}""")]
    [InlineData("f { a { c = 1 } }\nf = ${f.a}\nf = { a = 2 }", """{"f":{"a":2,"c":1}}""")]
    [InlineData("f { a { c = 1 } }\nf = ${f.a}\ny = ${f.c}", """{"f":{"a":{"c":1},"c":1},"y":1}""")]
    [InlineData("a = ${b}\nb { x = 1, y = ${a.x} }", """{"a":{"x":1,"y":1},"b":{"x":1,"y":1}}""")]
    [InlineData("d { foo = bar }\ny = ${d}\ny { hello = world, foo = 10 }", """{"d":{"foo":"bar"},"y":{"foo":10,"hello":"world"}}""")]
    [InlineData("x = 5\nf { a = 1 }\nf = ${x}\ny = ${?f.a}", """{"f":5,"x":5}""")]
    [InlineData("a = ${n}\nn = null", """{"a":null,"n":null}""")]
    public void It_is_found_after_the_whole_merge(string hocon, string json) =>
        Assert.Equal(HoconJson.Same(json), HoconJson.Of(hocon));

    [Theory]
    [InlineData("a = ${b}", "test:1:5: expected a value for ${b}, found neither such a key nor such an environment variable; ${?…} may lead nowhere.")]
    [InlineData("a = ${a}", "test:1:5: expected a value for ${a}, found a circle: it leads back to itself.")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", "found a circle")]
    [InlineData("a = { b = ${a} }", "found a circle")]
    [InlineData("a = ${a.b}", "found a circle")]
    [InlineData("a = [1] x", "test:1:9: expected an array beside what stands before it, found 'x'; texts, arrays and objects do not mix.")]
    [InlineData("a = ${b} x\nb {}", "expected an object beside what stands before it, found 'x'")]
    public void What_leads_nowhere_or_in_a_circle_is_an_error(string hocon, string message) =>
        Assert.Contains(message, Assert.Throws<HoconException>(() => HoconJson.Of(hocon)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_environment_is_asked_last_gives_texts_and_null_blocks_it()
    {
        static string? Variable(string name) => name switch { "X" => "1", "EMPTY" => "", "n" => "set", _ => null };

        Assert.Equal(
            HoconJson.Same("""{"X2":"1","e":"","k":"mine","k2":"mine","n":null,"n2":null,"list":["1"]}"""),
            HoconJson.Of("X2 = ${X}\ne = ${EMPTY}\nk = mine\nk2 = ${k}\nn = null\nn2 = ${n}\nlist = [${?X}, ${?Y}]", name => name == "k" ? "theirs" : Variable(name)));
    }

    [Fact]
    public void A_few_lines_do_not_become_billions()
    {
        var bomb = "a0 = [1,2,3,4,5,6,7,8,9,10]\n" + string.Concat(Enumerable.Range(1, 30).Select(
            level => FormattableString.Invariant($"a{level} = [${{a{level - 1}}}, ${{a{level - 1}}}]\n")));
        var text = "a0 = xxxxxxxxxxxxxxxx\n" + string.Concat(Enumerable.Range(1, 30).Select(
            level => FormattableString.Invariant($"a{level} = ${{a{level - 1}}}${{a{level - 1}}}\n")));
        var chain = "a0 = 1\n" + string.Concat(Enumerable.Range(1, 20_000).Reverse().Select(
            level => FormattableString.Invariant($"a{level} = ${{a{level - 1}}}\n")));

        Assert.Contains("at most 100000 values", Assert.Throws<HoconException>(() => HoconJson.Of(bomb)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 1048576 characters", Assert.Throws<HoconException>(() => HoconJson.Of(text)).Message, StringComparison.Ordinal);
        Assert.Contains("too deep", Assert.Throws<HoconException>(() => HoconJson.Of(chain)).Message, StringComparison.Ordinal);
    }
}
