namespace AgentCluster.Bridge.Ids;

/// <summary>Makes the ids of things that callers create. They are minted at the edge, because actors know no chance and no clock.</summary>
public interface IIdSource
{
    /// <summary>A new ULID, greater than every one that this source made before: 26 characters, upper case.</summary>
    string Next();
}
