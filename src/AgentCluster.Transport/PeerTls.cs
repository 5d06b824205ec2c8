using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AgentCluster.Transport;

/// <summary>What nodes show each other: certificates of the cluster's own authority, and of no other.</summary>
/// <param name="Authority">The cluster's.</param>
/// <param name="Certificate">This node's, with its private key.</param>
public sealed record PeerTls(X509Certificate2 Authority, X509Certificate2 Certificate)
{
    internal SslServerAuthenticationOptions Answering() => new()
    {
        ServerCertificate = Certificate,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateChainPolicy = Policy(),
        AllowTlsResume = false,
    };

    internal SslClientAuthenticationOptions Calling(string host) => new()
    {
        TargetHost = host,
        ClientCertificates = [Certificate],
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateChainPolicy = Policy(),
        AllowTlsResume = false,
    };

    private X509ChainPolicy Policy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
