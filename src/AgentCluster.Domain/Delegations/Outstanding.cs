using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Delegations;

/// <summary>What an agent has delegated and not heard the end of. What has ended stays until its row is written.</summary>
public sealed class Outstanding
{
    /// <summary>Most that one agent may have open; one more is refused.</summary>
    public const int Most = 1_000;

    private readonly SortedDictionary<string, Delegation> _all = new(StringComparer.Ordinal);

    /// <param name="items">All of them.</param>
    public Outstanding(IReadOnlyList<Delegation> items)
    {
        foreach (var each in items)
        {
            Put(each);
        }
    }

    /// <summary>All of them, by id.</summary>
    public IReadOnlyList<Delegation> Items => [.. _all.Values];

    /// <summary>How many are open.</summary>
    [JsonIgnore]
    public int Open { get; private set; }

    /// <summary>One of them, open or just ended; null when it is neither.</summary>
    /// <param name="id">Its id.</param>
    public Delegation? Find(DelegationId id) => _all.GetValueOrDefault(id.Value);

    internal void Put(Delegation delegation)
    {
        Open += (delegation.Status.IsOpen() ? 1 : 0) - (Find(delegation.Id)?.Status.IsOpen() == true ? 1 : 0);
        _all[delegation.Id.Value] = delegation;
    }

    internal void Forget(DelegationId id)
    {
        if (Find(id)?.Status.IsOpen() == false)
        {
            _all.Remove(id.Value);
        }
    }
}
