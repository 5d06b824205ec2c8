using AgentCluster.Node.Data;
using AgentCluster.Node.Settings;
using AgentCluster.Runtime.Ports;
using AgentCluster.Tests.Transport;

namespace AgentCluster.Tests.Cli;

/// <summary>The certificates that <c>pbm cluster init</c> makes are those that nodes take.</summary>
public sealed class ClusterInitTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Broken on purpose: certificates signed by a key of their own; names left out.
    [Fact]
    public async Task Nodes_talk_with_what_it_makes_and_a_node_that_comes_later_too()
    {
        var made = await InitAsync("127.0.0.1", "node2.example.org");
        Assert.Equal([Path.Combine(_folder, "127.0.0.1.pem"), Path.Combine(_folder, "node2.example.org.pem")], made);
        var first = Load("127.0.0.1.pem");
        await InitAsync("127.0.0.1");
        var later = Load("127.0.0.1.pem");
        Assert.NotEqual(first.Certificate, later.Certificate);

        await using var asking = ClusterTransportTests.Start(1, out _, options => options with { Tls = first, ConnectWithin = TimeSpan.FromSeconds(5) });
        await using var answering = ClusterTransportTests.Start(2, out _, options => options with { Tls = later, ConnectWithin = TimeSpan.FromSeconds(5) });
        var answer = ClusterTransportTests.Ask(asking, new Peer(answering.Address, 2), "hello").Became;

        Assert.Equal("answered hello", await answer.WaitAsync(TestContext.Current.CancellationToken));
    }

    // The other node is at 127.0.0.1 and shows a certificate for another name.
    [Fact]
    public async Task A_certificate_for_another_name_is_not_taken()
    {
        await InitAsync("127.0.0.1", "node2.example.org");
        await using var asking = ClusterTransportTests.Start(1, out _, options => options with { Tls = Load("127.0.0.1.pem"), ConnectWithin = TimeSpan.FromSeconds(5) });
        await using var answering = ClusterTransportTests.Start(2, out _, options => options with { Tls = Load("node2.example.org.pem"), ConnectWithin = TimeSpan.FromSeconds(5) });

        Assert.Equal("not sent", await ClusterTransportTests.Ask(asking, new Peer(answering.Address, 2), "hello").Became.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Only_their_owner_can_read_the_keys()
    {
        await InitAsync("127.0.0.1");

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var file in Directory.GetFiles(_folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public async Task Half_an_authority_is_refused_in_words()
    {
        await InitAsync("127.0.0.1");
        File.Delete(Path.Combine(_folder, "authority-key.pem"));

        var ran = await Ran.OfAsync(new("http://127.0.0.1:1"), "cluster", "init", "127.0.0.1", "--directory", _folder);

        Assert.Equal(1, ran.Code);
        Assert.Contains("Put the other back", ran.Words, StringComparison.Ordinal);
    }

    private AgentCluster.Transport.PeerTls Load(string file) => PeerCertificates.Load(new ClusterSettings
    {
        TlsAuthority = Path.Combine(_folder, "authority.pem"),
        TlsCertificate = Path.Combine(_folder, file),
    })!;

    private async Task<string[]> InitAsync(params string[] nodes)
    {
        var ran = await Ran.OfAsync(new("http://127.0.0.1:1"), ["cluster", "init", .. nodes, "--directory", _folder]);
        Assert.Equal(0, ran.Code);
        return ran.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
