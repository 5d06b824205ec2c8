namespace AgentCluster.Runtime.Store;

/// <summary>A shard's lease row: who may write, and how far it is written.</summary>
/// <param name="Shard">From 0.</param>
/// <param name="Generation">Counts restores from a backup; 1 at first.</param>
/// <param name="Epoch">Counts the shard's owners; 0 when it never had one.</param>
/// <param name="Owner">Who owns it; <see cref="Incarnation.None"/> when nobody does.</param>
/// <param name="Sequence">Of the shard's last event; 0 when it has none.</param>
/// <param name="LastBatch">Id of the last batch written; zero when there is none.</param>
public sealed record ShardLease(
    int Shard, int Generation, long Epoch, Incarnation Owner, long Sequence, UInt128 LastBatch);

/// <summary>The random identity of one run of one process. A restarted process is another one, whatever its address.</summary>
/// <param name="Value">128 random bits; zero is nobody.</param>
public readonly record struct Incarnation(UInt128 Value)
{
    /// <summary>Nobody.</summary>
    public static Incarnation None => default;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
