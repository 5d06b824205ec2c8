using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentCluster.Node.Data;
using AgentCluster.Node.Settings;

namespace AgentCluster.Tests.Node.Settings;

/// <summary>When a node may be reached from other machines, and with which certificate.</summary>
public sealed class ExposureTests : IDisposable
{
    private const string Canary = "canary-of-the-config";

    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Broken on purpose: Relations without its first case.
    [Theory]
    [InlineData("agentcluster.http.keys = on (it is off)")]
    [InlineData("agentcluster.http.keys = on (it is off)", "agentcluster.http.tls-certificate=/x.pem")]
    [InlineData("neither is set", "agentcluster.http.keys=on")]
    public void An_address_that_others_reach_needs_keys_and_TLS_or_a_proxy(string named, params string[] set)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(["agentcluster.http.host=0.0.0.0", .. set]));

        Assert.StartsWith("agentcluster.http.host = ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("agentcluster.http.tls-certificate", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("agentcluster.http.trusted-proxy", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agentcluster.http.tls-certificate=/x.pem")]
    [InlineData("agentcluster.http.trusted-proxy=192.0.2.1")]
    public void With_both_it_is_taken(string how) =>
        Assert.Equal(IPAddress.Any, Read(["agentcluster.http.host=0.0.0.0", "agentcluster.http.keys=on", how]).Http.Host);

    [Theory]
    [InlineData("agentcluster.http.hosts", "agentcluster.http.hosts=agents.example.org")]
    [InlineData("agentcluster.http.trusted-proxy", "agentcluster.http.trusted-proxy=127.0.0.1")]
    [InlineData("agentcluster.http.tls-key", "agentcluster.http.tls-key=/x.key")]
    [InlineData("agentcluster.http.keys", "agentcluster.http.keys=maybe")]
    [InlineData("agentcluster.http.hosts", "agentcluster.http.hosts=http://x", "agentcluster.http.keys=on")]
    [InlineData("agentcluster.http.hosts", "agentcluster.http.hosts=a/b", "agentcluster.http.keys=on")]
    [InlineData("agentcluster.http.hosts", "agentcluster.http.hosts=*", "agentcluster.http.keys=on")]
    public void What_opens_a_node_by_half_is_refused_and_named(string key, params string[] set) =>
        Assert.StartsWith(key + " = ", Assert.Throws<SettingsException>(() => Read(set)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_is_shown_as_stars_wherever_settings_are_shown()
    {
        var read = CommandLine.Read(["--set", $"agentcluster.http.tls-password={Canary}", "--set", "agentcluster.http.tls-certificate=/nowhere.pfx"], _ => null);

        Assert.Equal("***", Assert.Single(read.Entries, entry => entry.Key == "agentcluster.http.tls-password").Value);
        Assert.DoesNotContain(Canary, $"{read} {read.Settings} {string.Join(' ', read.Entries)}", StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, Assert.Throws<SettingsException>(() => TlsCertificate.Load(read.Settings.Http)).Message, StringComparison.Ordinal);
        Assert.Equal(Canary, read.Settings.Http.TlsPassword!.Reveal());
    }

    [Fact]
    public void A_certificate_is_read_from_PEM_with_and_without_a_password_and_from_PFX()
    {
        using var made = Make();
        var key = made.GetECDsaPrivateKey()!;
        var pem = Write("one.pem", made.ExportCertificatePem());
        var plain = Write("plain.key", key.ExportPkcs8PrivateKeyPem());
        var secret = Write("secret.key", key.ExportEncryptedPkcs8PrivateKeyPem(Canary, new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000)));
        var both = Write("both.pem", made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        var pfx = Path.Combine(_folder, "one.pfx");
        File.WriteAllBytes(pfx, made.Export(X509ContentType.Pfx, Canary));

        foreach (var http in (HttpSettings[])
        [
            new() { TlsCertificate = pem, TlsKey = plain },
            new() { TlsCertificate = pem, TlsKey = secret, TlsPassword = new(Canary) },
            new() { TlsCertificate = both },
            new() { TlsCertificate = pfx, TlsPassword = new(Canary) },
        ])
        {
            using var leaf = TlsCertificate.Load(http)!.Leaf;
            Assert.Equal((made.Thumbprint, true), (leaf.Thumbprint, leaf.HasPrivateKey));
        }

        foreach (var http in (HttpSettings[])
        [
            new() { TlsCertificate = pem },
            new() { TlsCertificate = pem, TlsKey = secret, TlsPassword = new("wrong") },
            new() { TlsCertificate = pfx, TlsPassword = new("wrong") },
            new() { TlsCertificate = Write("empty.pem", "") },
            new() { TlsCertificate = _folder },
        ])
        {
            Assert.StartsWith("agentcluster.http.tls-certificate: ", Assert.Throws<SettingsException>(() => TlsCertificate.Load(http)).Message, StringComparison.Ordinal);
        }
    }

    private static NodeSettings Read(string[] set) => CommandLine.Read([.. set.SelectMany(one => (string[])["--set", one])], _ => null).Settings;

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
