using System.Globalization;
using System.Text.Json;
using AgentCluster.Node.Hocon;

namespace AgentCluster.Tests.Node.Hocon;

/// <summary>Settled values and JSON in one form, keys sorted, so that they can be compared.</summary>
internal static class HoconJson
{
    public static string Of(string hocon, Func<string, string?>? variable = null) =>
        Of(Resolver.Resolve(Parser.Parse(hocon, "test", Place.Root()), variable ?? (_ => null)));

    public static string OfFile(string path, Func<string, string?>? variable = null) =>
        Of(Resolver.Resolve(HoconFile.Read(path), variable ?? (_ => null)));

    public static string Of(HoconValue value) => value switch
    {
        HoconObject fields => $"{{{string.Join(',', fields.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{Text(field.Key)}:{Of(Assert.Single(field.Value.Layers))}"))}}}",
        HoconArray array => $"[{string.Join(',', array.Items.Select(Of))}]",
        HoconScalar { Type: ScalarKind.Text } text => Text(text.Text),
        HoconScalar { Type: ScalarKind.Number } number => Number(number.Text),
        HoconScalar other => other.Text,
        _ => throw new InvalidOperationException($"{value.Kind} is not settled."),
    };

    public static string Same(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    private static string Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{Text(field.Name)}:{Of(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Of))}]",
        JsonValueKind.String => Text(element.GetString()!),
        JsonValueKind.Number => Number(element.GetRawText()),
        _ => element.GetRawText(),
    };

    private static string Text(string text) => JsonSerializer.Serialize(text);

    private static string Number(string text) =>
        decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.############", CultureInfo.InvariantCulture);
}
