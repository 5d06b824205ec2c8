using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport;

namespace AgentCluster.Tests.Transport;

/// <summary>Between machines: only certificates of the cluster's own authority, both ways.</summary>
public sealed class TlsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_with_certificates_of_the_same_authority_talk()
    {
        using var authority = Authority();
        await using var asking = Start(1, authority, authority);
        await using var answering = Start(2, authority, authority);

        Assert.Equal("answered hello", await ClusterTransportTests.Ask(asking, new(answering.Address, 2), "hello").Became.WaitAsync(Token));
    }

    // Broken on purpose: a server that asks for no certificate; a client that takes any.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_of_another_authority_is_not_taken_by_either_side(bool isServer)
    {
        using var ours = Authority();
        using var theirs = Authority();
        await using var asking = Start(1, isServer ? ours : theirs, isServer ? ours : ours);
        await using var answering = Start(2, isServer ? theirs : ours, isServer ? ours : ours);

        Assert.Equal("not sent", await ClusterTransportTests.Ask(asking, new(answering.Address, 2), "hello").Became.WaitAsync(Token));
    }

    [Fact]
    public async Task Whoever_speaks_without_TLS_is_not_heard()
    {
        using var authority = Authority();
        await using var asking = ClusterTransportTests.Start(1, out _);
        await using var answering = Start(2, authority, authority);

        Assert.Equal("not sent", await ClusterTransportTests.Ask(asking, new(answering.Address, 2), "hello").Became.WaitAsync(Token));
    }

    private static ClusterTransport Start(UInt128 self, X509Certificate2 signer, X509Certificate2 trusted) => ClusterTransportTests.Start(
        self, out _, options => options with { Tls = new(trusted, Node(signer)), ConnectWithin = TimeSpan.FromSeconds(5) });

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Node(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }
}
