using System.Buffers.Binary;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Ids;

/// <summary>
/// ULIDs that only grow: within one millisecond, and when the clock steps back, the last one plus one.
/// (github.com/ulid/spec, "Monotonicity".)
/// </summary>
/// <param name="clock">Wall clock.</param>
/// <param name="chance">Fills a buffer with bits that cannot be foretold.</param>
public sealed class UlidSource(TimeProvider clock, UlidSource.Fill chance) : IIdSource
{
    // One bit of the 80 stays clear at a fresh draw, so that counting up within a millisecond never carries into the time.
    private static readonly UInt128 Drawn = (UInt128.One << 79) - 1;

    private readonly Lock _gate = new();
    private DateTimeOffset _at = DateTimeOffset.MinValue;
    private UInt128 _chance;

    /// <summary>Fills a buffer with random bits.</summary>
    /// <param name="buffer">Overwritten whole.</param>
    public delegate void Fill(Span<byte> buffer);

    /// <inheritdoc/>
    public string Next()
    {
        Span<byte> random = stackalloc byte[16];
        chance(random);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_gate)
        {
            _chance = now > _at ? BinaryPrimitives.ReadUInt128BigEndian(random) & Drawn : _chance + 1;
            _at = now > _at ? now : _at;
            return Ulid.New(_at, _chance);
        }
    }
}
