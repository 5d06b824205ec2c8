using System.IO.Pipelines;
using AgentCluster.Transport.Handshakes;

namespace AgentCluster.Tests.Transport;

/// <summary>
/// Goal: whoever is not of the cluster, is not meant, or plays again what was recorded is not let in, and nobody outside hears a byte.
/// Method: 1,000 attempts over connections in memory, each wrong in a way that the seed chooses; and one that is right.
/// </summary>
public sealed class HandshakeTests
{
    private const int Attempts = 1_000;
    private static readonly UInt128 Self = 7, Other = 8;
    private static readonly ClusterProof Proof = new("the same on every node of this test"u8), Strange = new("another cluster's secret, of a sort"u8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_of_a_cluster_find_each_other()
    {
        var pair = new PipePair();
        var answering = Handshake.AnswerAsync(pair.Called, Proof, Self, Token);
        await Handshake.CallAsync(pair.Calling, Proof, Other, Self, Token);

        Assert.Equal(Other, await answering);
    }

    // Broken on purpose: no look at the last proof; a welcome without the caller's number in its proof; no look at whom a hello means.
    [Fact]
    public async Task A_thousand_uninvited_replayed_and_malformed_attempts_are_none_let_in()
    {
        var random = new Random(1);
        var recorded = await RecordAsync();
        Dictionary<string, int> ways = [];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (way, said, mayHear) = Attempt(random, recorded);
            ways[way] = ways.GetValueOrDefault(way) + 1;
            var pair = new PipePair();
            var answering = Handshake.AnswerAsync(pair.Called, Proof, Self, Token);
            await pair.Calling.Output.WriteAsync(said, Token);
            await pair.Calling.Output.CompleteAsync();

            await Assert.ThrowsAsync<HandshakeException>(() => answering);
            await pair.Called.Output.CompleteAsync();
            var heard = (await pair.Calling.Input.ReadAtLeastAsync(Handshake.WelcomeBytes, Token)).Buffer.Length;
            Assert.True(mayHear ? heard <= Handshake.WelcomeBytes : heard == 0, $"{way} heard {heard} bytes.");
        }

        Assert.Equal(7, ways.Count);
        Assert.All(ways.Values, times => Assert.True(times > Attempts / 20));
    }

    [Fact]
    public async Task A_node_that_is_not_the_one_that_is_meant_is_not_believed()
    {
        foreach (var (proof, self) in new[] { (Strange, Self), (Proof, Other) })
        {
            var pair = new PipePair();
            var answering = Handshake.AnswerAsync(pair.Called, proof, self, Token);
            var calling = Handshake.CallAsync(pair.Calling, Proof, Other, Self, Token);

            await Assert.ThrowsAsync<HandshakeException>(() => answering);
            await pair.Called.Output.CompleteAsync();
            await Assert.ThrowsAsync<HandshakeException>(() => calling);
        }
    }

    [Fact]
    public async Task A_welcome_that_was_recorded_is_not_believed()
    {
        var recorded = await RecordAsync();
        var pair = new PipePair();
        var calling = Handshake.CallAsync(pair.Calling, Proof, Other, Self, Token);
        await pair.Called.Output.WriteAsync(recorded.Welcome, Token);

        await Assert.ThrowsAsync<HandshakeException>(() => calling);
    }

    private static (string Way, byte[] Said, bool MayHear) Attempt(Random random, (byte[] Said, byte[] Welcome) recorded)
    {
        var said = recorded.Said.ToArray();
        switch (random.Next(7))
        {
            case 0:
                var noise = new byte[random.Next(400)];
                random.NextBytes(noise);
                return ("noise", noise, false);
            case 1:
                return ("cut off", said[..random.Next(Handshake.HelloBytes)], false);
            case 2:
                said[random.Next(Handshake.HelloBytes)] ^= (byte)(1 << random.Next(8));
                return ("a changed bit of the hello", said, false);
            case 3:
                // It was right once, for another welcome.
                return ("played again", said, true);
            case 4:
                said[^random.Next(1, ClusterProof.Bytes + 1)] ^= 1;
                return ("a changed bit of the last proof", said, true);
            case 5:
                return ("another cluster", Hello(Strange, Self), false);
            default:
                return ("for another run", Hello(Proof, Other), false);
        }
    }

    private static byte[] Hello(ClusterProof proof, UInt128 to)
    {
        var pair = new PipePair();
        _ = Handshake.CallAsync(pair.Calling, proof, 9, to, Token);
        Assert.True(pair.Called.Input.TryRead(out var read));
        return System.Buffers.BuffersExtensions.ToArray(read.Buffer);
    }

    /// <summary>All that a caller says in a handshake that is right, and what it is answered.</summary>
    private static async Task<(byte[] Said, byte[] Welcome)> RecordAsync()
    {
        var (caller, node) = (new PipePair(), new PipePair());
        var answering = Handshake.AnswerAsync(node.Called, Proof, Self, Token);
        var calling = Handshake.CallAsync(caller.Calling, Proof, Other, Self, Token);
        var hello = await PassAsync(caller.Called.Input, node.Calling.Output, Handshake.HelloBytes);
        var welcome = await PassAsync(node.Calling.Input, caller.Called.Output, Handshake.WelcomeBytes);
        var last = await PassAsync(caller.Called.Input, node.Calling.Output, ClusterProof.Bytes);
        await Task.WhenAll(answering, calling);
        return ([.. hello, .. last], welcome);
    }

    private static async Task<byte[]> PassAsync(PipeReader from, PipeWriter to, int bytes)
    {
        var read = await from.ReadAtLeastAsync(bytes, Token);
        var passed = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
        from.AdvanceTo(read.Buffer.End);
        await to.WriteAsync(passed, Token);
        return passed;
    }
}
