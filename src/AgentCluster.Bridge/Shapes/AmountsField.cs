using System.Globalization;
using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Bridge.Shapes;

/// <summary>An object of amounts by names, as in <c>{"cpu":2,"memory":0.5}</c>.</summary>
internal sealed class AmountsField<T>(string name, int most, bool required, Action<T, ValueList<Amount>> take) : Field<T>(name, required)
    where T : class
{
    private const string ExpectedAmount = "must be a number from 0 to 1000000000 with at most three decimals";

    public override string Expected => "must be an object of amounts by name";

    public override Schema Schema => new MapSchema(new AmountSchema(Amount.Most));

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(ref reader, faults);
            return;
        }

        SortedDictionary<string, decimal> amounts = new(StringComparer.Ordinal);
        faults.Enter(Name);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var resource = UnicodeText.TryRead(reader, out var text) && Storable.IsName(text) ? text : null;
            reader.Read();
            if (resource is null)
            {
                faults.Add("?", "must be a name.");
            }
            else if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var value) || value is < 0 or > Amount.Most || !Amount.IsExact(value))
            {
                faults.Add(Faults.Shown(resource), ExpectedAmount + ".");
            }
            else if (amounts.Count == most || !amounts.TryAdd(resource, value))
            {
                faults.Add(Faults.Shown(resource), amounts.Count == most
                    ? string.Create(CultureInfo.InvariantCulture, $"must be one of at most {most}.")
                    : "stands there twice.");
            }

            reader.Skip();
        }

        faults.Leave();
        take(request, amounts.Select(each => new Amount(each.Key, each.Value)).ToValueList());
    }
}
