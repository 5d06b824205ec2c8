using System.Text.Json.Serialization;
using static AgentCluster.Domain.Keys.KeysEvent;

namespace AgentCluster.Domain.Keys;

/// <summary>Every key that was issued and not revoked. What was revoked is in the journal only.</summary>
/// <param name="Version">Grows with each event.</param>
/// <param name="Keys">Oldest first.</param>
public sealed record KeysState(
    long Version, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<AccessKey> Keys = default)
{
    internal AccessKey? Find(KeyId id)
    {
        foreach (var key in Keys)
        {
            if (key.Id == id)
            {
                return key;
            }
        }

        return null;
    }

    internal KeysState After(KeysEvent happened) => happened switch
    {
        KeyIssued e => new(Version + 1, Keys.With(e.Key)),
        KeyRevoked e => new(Version + 1, Keys.Where(key => key.Id != e.Key).ToValueList()),
        _ => this,
    };
}
