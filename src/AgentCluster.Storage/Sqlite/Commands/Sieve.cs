using AgentCluster.Runtime;

namespace AgentCluster.Storage.Sqlite.Commands;

/// <summary>
/// Knows of many ids that they were certainly never put in (a Bloom filter). It takes one new id in some thousands for one that
/// was, as long as it is not full, and never the other way round. One thread puts in; any may ask.
/// </summary>
internal sealed class Sieve
{
    // With 16 bits an id and six of them set.
    private const int BitsAnId = 16;
    private const int Probes = 6;
    private const int BitsAWord = 64;

    private readonly ulong[] _bits;
    private readonly int _room;
    private int _count;

    /// <param name="room">For how many ids, at least 64; rounded up to a power of two.</param>
    public Sieve(int room)
    {
        _room = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)room);
        _bits = new ulong[_room / (BitsAWord / BitsAnId)];
    }

    /// <summary>Whether it holds more than it has room for, and takes ever more new ids for old ones.</summary>
    public bool IsFull => _count > _room;

    public void Put(string id)
    {
        var hash = StableHash.Text(id);
        var step = Step(hash);
        for (var probe = 0; probe < Probes; probe++, hash += step)
        {
            ref var word = ref _bits[Word(hash)];
            Volatile.Write(ref word, word | Bit(hash));
        }

        _count++;
    }

    /// <summary>False when the id was certainly not put in.</summary>
    public bool MayHold(string id)
    {
        var hash = StableHash.Text(id);
        var step = Step(hash);
        for (var probe = 0; probe < Probes; probe++, hash += step)
        {
            if ((Volatile.Read(ref _bits[Word(hash)]) & Bit(hash)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static ulong Step(ulong hash) => (hash >> 32) | 1;

    private static ulong Bit(ulong hash) => 1UL << (int)(hash % BitsAWord);

    private ulong Word(ulong hash) => (hash / BitsAWord) & (ulong)(_bits.Length - 1);
}
