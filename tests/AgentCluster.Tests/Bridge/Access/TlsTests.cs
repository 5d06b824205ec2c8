using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentCluster.Bridge.Server;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>A bridge that ends TLS itself.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_certificate_is_shown_and_nothing_is_answered_without_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var nothing = new NoNode();
        await using var bridge = await BridgeUnderTest.StartAsync(
            new ScriptedActors(), nothing, nothing, with: options => options with { Keys = true, Tls = new(certificate, []) });

        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint,
        };
        using var https = new HttpClient(handler) { BaseAddress = bridge.Address };
        using var ready = await https.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        using var tasks = await https.GetAsync(new Uri("/api/v1/tasks/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("https", bridge.Address.Scheme);
        Assert.Equal((200, 401), ((int)ready.StatusCode, (int)tasks.StatusCode));
        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(bridge.Address) { Scheme = "http" }.Uri, TestContext.Current.CancellationToken));
    }
}
