using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Node.Ports;

/// <summary>Chance from the operating system: ids that nobody can foretell.</summary>
internal sealed class SystemRandom : IRandom
{
    private const int IdBytes = 16;
    private const int IdsAtOnce = 64;

    [ThreadStatic]
    private static byte[]? _bits;

    [ThreadStatic]
    private static int _left;

    // Every batch has an id, and asking for 16 bytes costs as much as asking for many.
    public UInt128 NextId()
    {
        UInt128 id;
        do
        {
            if (_left == 0)
            {
                RandomNumberGenerator.Fill(_bits ??= new byte[IdBytes * IdsAtOnce]);
                _left = IdsAtOnce;
            }

            id = BinaryPrimitives.ReadUInt128BigEndian(_bits.AsSpan(--_left * IdBytes));
        }
        while (id == UInt128.Zero);

        return id;
    }

    /// <summary>Fills a buffer with bits that nobody can foretell.</summary>
    /// <param name="buffer">Overwritten whole.</param>
    public static void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    public double NextDouble() => Random.Shared.NextDouble();
}
