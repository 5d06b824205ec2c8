using AgentCluster.Node.Hocon;

namespace AgentCluster.Tests.Node.Hocon;

/// <summary>Values as types.</summary>
public sealed class ConversionTests
{
    [Theory]
    [InlineData("10", 10_000 * 10L)]
    [InlineData("1 ms", 10_000L)]
    [InlineData("500us", 5_000L)]
    [InlineData("200 nanoseconds", 2L)]
    [InlineData("0.5s", 5_000_000L)]
    [InlineData("-2 seconds", -20_000_000L)]
    [InlineData(" 3 minutes ", 1_800_000_000L)]
    [InlineData("1h", 36_000_000_000L)]
    [InlineData("1 day", 864_000_000_000L)]
    [InlineData("4878955355435272204ns", 48_789_553_554_352_722L)]
    [InlineData("1 S", null)]
    [InlineData("1 w", null)]
    [InlineData("s", null)]
    [InlineData("1 s 2", null)]
    [InlineData("99999999999 d", null)]
    public void A_duration_has_a_unit_or_is_milliseconds(string text, long? ticks) =>
        Assert.Equal(ticks, Conversions.Duration(Text(text))?.Ticks);

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("1 kB", 1_000L)]
    [InlineData("1K", 1_024L)]
    [InlineData("0.5 M", 524_288L)]
    [InlineData("2 megabytes", 2_000_000L)]
    [InlineData("2MiB", 2_097_152L)]
    [InlineData("1 TiB", 1_099_511_627_776L)]
    [InlineData("1 KB", null)]
    [InlineData("99999999 TiB", null)]
    public void A_size_counts_in_thousands_or_in_1024s(string text, long? bytes) => Assert.Equal(bytes, Conversions.Size(Text(text)));

    [Theory]
    [InlineData("true", true)]
    [InlineData("on", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData("off", false)]
    [InlineData("no", false)]
    [InlineData("TRUE", null)]
    [InlineData("1", null)]
    public void A_boolean_is_one_of_six_words(string text, bool? value) => Assert.Equal(value, Conversions.Boolean(Text(text)));

    [Theory]
    [InlineData("12", 12L)]
    [InlineData("-1", -1L)]
    [InlineData("1e3", 1_000L)]
    [InlineData("12.0", 12L)]
    [InlineData("12.5", null)]
    [InlineData("0x10", null)]
    [InlineData("1e40", null)]
    [InlineData("", null)]
    public void A_whole_number_has_no_rest(string text, long? value) => Assert.Equal(value, Conversions.Whole(Text(text)));

    [Fact]
    public void An_object_with_numbers_for_keys_is_an_array() =>
        Assert.Equal(HoconJson.Same("""{"a":["x","y","z"],"b":{"0":"y","2":"z","other":1}}"""), HoconJson.Of("b { 2 = z, 0 = y, other = 1 }\na = [x] ${b}"));

    private static HoconScalar Text(string text) => new(ScalarKind.Text, text, new("test"));
}
