using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Security.Cryptography;
using AgentCluster.Transport.Frames;

namespace AgentCluster.Transport.Handshakes;

/// <summary>How two nodes find out that both are of one cluster, before anything else is said.</summary>
/// <remarks>
/// <para>
/// The calling node says <em>hello</em>: a mark, the versions that it speaks, the cluster's id, its own incarnation, whom it means, a number never
/// used before, and a proof over all of that. The called node answers nothing at all unless the proof holds and it is the one that is meant;
/// then it says <em>welcome</em>: the version, its incarnation, a number of its own, and a proof over everything so far. The caller proves
/// that it has heard it. So whoever records a conversation and plays it again hears at most a welcome to which it has no answer, and after a restart
/// of the node not even that: the incarnation that was meant is gone.
/// </para>
/// <para>
/// On loopback this is all there is; between machines it runs inside of TLS, where both sides have shown certificates of the cluster's own authority.
/// </para>
/// </remarks>
internal static class Handshake
{
    /// <summary>Bytes of a hello.</summary>
    public const int HelloBytes = ClaimBytes + ClusterProof.Bytes;

    /// <summary>Bytes of a welcome.</summary>
    public const int WelcomeBytes = sizeof(int) + 1 + 16 + NonceBytes + ClusterProof.Bytes;

    private const int NonceBytes = 32;
    private const int ClaimBytes = sizeof(int) + 2 + ClusterProof.IdBytes + 16 + 16 + NonceBytes;
    private const uint Mark = 0x50_43_4C_41; // ALCP

    /// <summary>Calls a node; frames may follow at once.</summary>
    /// <param name="pipe">To the node.</param>
    /// <param name="proof">Of the cluster.</param>
    /// <param name="self">This node.</param>
    /// <param name="other">The node that is meant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HandshakeException">It is not the node that is meant, or hung up.</exception>
    public static async Task CallAsync(IDuplexPipe pipe, ClusterProof proof, UInt128 self, UInt128 other, CancellationToken cancellationToken)
    {
        var said = new byte[HelloBytes + WelcomeBytes];
        Hello(said, proof, self, other);
        await pipe.Output.WriteAsync(said.AsMemory(0, HelloBytes), cancellationToken);
        await ReadAsync(pipe.Input, said.AsMemory(HelloBytes), cancellationToken);
        CheckWelcome(said, proof, other);
        var last = new byte[ClusterProof.Bytes];
        proof.Make("heard", said, last);
        await pipe.Output.WriteAsync(last, cancellationToken);
    }

    /// <summary>Is called by a node.</summary>
    /// <param name="pipe">From whoever calls.</param>
    /// <param name="proof">Of the cluster.</param>
    /// <param name="self">This node.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Who calls.</returns>
    /// <exception cref="HandshakeException">Nobody of this cluster calls, or it means another node.</exception>
    public static async Task<UInt128> AnswerAsync(IDuplexPipe pipe, ClusterProof proof, UInt128 self, CancellationToken cancellationToken)
    {
        var said = new byte[HelloBytes + WelcomeBytes];
        await ReadAsync(pipe.Input, said.AsMemory(0, HelloBytes), cancellationToken);
        var caller = CheckHello(said.AsSpan(0, HelloBytes), proof, self);
        Welcome(said, proof, self);
        await pipe.Output.WriteAsync(said.AsMemory(HelloBytes), cancellationToken);
        var last = new byte[ClusterProof.Bytes];
        await ReadAsync(pipe.Input, last, cancellationToken);
        return proof.Holds("heard", said, last) ? caller : throw new HandshakeException("expected a proof that the welcome was heard, found none: is somebody playing again what was recorded?");
    }

    private static void Hello(Span<byte> said, ClusterProof proof, UInt128 self, UInt128 other)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(said, Mark);
        said[4] = Frame.Version;
        said[5] = Frame.Version;
        proof.Id.Span.CopyTo(said[6..]);
        BinaryPrimitives.WriteUInt128LittleEndian(said[22..], self);
        BinaryPrimitives.WriteUInt128LittleEndian(said[38..], other);
        RandomNumberGenerator.Fill(said.Slice(54, NonceBytes));
        proof.Make("hello", said[..ClaimBytes], said[ClaimBytes..HelloBytes]);
    }

    private static UInt128 CheckHello(ReadOnlySpan<byte> hello, ClusterProof proof, UInt128 self)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(hello) != Mark)
        {
            throw new HandshakeException("expected a node's hello, found something else");
        }

        if (!CryptographicOperations.FixedTimeEquals(hello.Slice(6, ClusterProof.IdBytes), proof.Id.Span))
        {
            throw new HandshakeException("expected a node of this cluster, found one with another agentcluster.cluster.secret");
        }

        if (!proof.Holds("hello", hello[..ClaimBytes], hello[ClaimBytes..]))
        {
            throw new HandshakeException("expected a proof of the cluster's secret, found a wrong one");
        }

        if (hello[4] > Frame.Version || hello[5] < Frame.Version)
        {
            throw new HandshakeException($"expected a node that speaks version {Frame.Version} of the protocol, found one that speaks {hello[4]} to {hello[5]}");
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(hello[38..]) == self
            ? BinaryPrimitives.ReadUInt128LittleEndian(hello[22..])
            : throw new HandshakeException("expected to be meant, found a hello to another run of a node");
    }

    private static void Welcome(Span<byte> said, ClusterProof proof, UInt128 self)
    {
        var welcome = said[HelloBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(welcome, Mark);
        welcome[4] = Frame.Version;
        BinaryPrimitives.WriteUInt128LittleEndian(welcome[5..], self);
        RandomNumberGenerator.Fill(welcome.Slice(21, NonceBytes));
        proof.Make("welcome", said[..^ClusterProof.Bytes], said[^ClusterProof.Bytes..]);
    }

    private static void CheckWelcome(ReadOnlySpan<byte> said, ClusterProof proof, UInt128 other)
    {
        var welcome = said[HelloBytes..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(welcome) != Mark || welcome[4] != Frame.Version
            || BinaryPrimitives.ReadUInt128LittleEndian(welcome[5..]) != other
            || !proof.Holds("welcome", said[..^ClusterProof.Bytes], said[^ClusterProof.Bytes..]))
        {
            throw new HandshakeException("expected the welcome of the node that is meant, found another");
        }
    }

    private static async ValueTask ReadAsync(PipeReader input, Memory<byte> into, CancellationToken cancellationToken)
    {
        var result = await input.ReadAtLeastAsync(into.Length, cancellationToken);
        if (result.Buffer.Length < into.Length)
        {
            throw new HandshakeException($"expected {into.Length} bytes, found the end after {result.Buffer.Length}");
        }

        var read = result.Buffer.Slice(0, into.Length);
        read.CopyTo(into.Span);
        input.AdvanceTo(read.End);
    }
}

/// <summary>Whoever is on the other side is not of this cluster, or not the node that is meant.</summary>
internal sealed class HandshakeException(string detail) : Exception($"No handshake: {detail}.");
