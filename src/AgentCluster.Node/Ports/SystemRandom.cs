using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Node.Ports;

/// <summary>Chance from the operating system: ids that nobody can foretell.</summary>
internal sealed class SystemRandom : IRandom
{
    public UInt128 NextId()
    {
        Span<byte> bits = stackalloc byte[16];
        UInt128 id;
        do
        {
            RandomNumberGenerator.Fill(bits);
            id = BinaryPrimitives.ReadUInt128BigEndian(bits);
        }
        while (id == UInt128.Zero);

        return id;
    }

    /// <summary>Fills a buffer with bits that nobody can foretell.</summary>
    /// <param name="buffer">Overwritten whole.</param>
    public static void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    public double NextDouble() => Random.Shared.NextDouble();
}
