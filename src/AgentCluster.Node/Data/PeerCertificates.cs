using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentCluster.Node.Settings;
using AgentCluster.Transport;

namespace AgentCluster.Node.Data;

/// <summary>Reads what nodes show each other, from the files that the node is set to.</summary>
internal static class PeerCertificates
{
    /// <summary>Reads the certificates.</summary>
    /// <param name="cluster">Names the files.</param>
    /// <returns>Null when none are set.</returns>
    /// <exception cref="SettingsException">The files cannot be read, or are not what they should be.</exception>
    public static PeerTls? Load(ClusterSettings cluster)
    {
        if (cluster is not { TlsAuthority: { } authority, TlsCertificate: { } file })
        {
            return null;
        }

        try
        {
            return new(X509CertificateLoader.LoadCertificateFromFile(authority), X509Certificate2.CreateFromPemFile(file, cluster.TlsKey ?? file));
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingsException(
                $"agentcluster.cluster.tls-certificate: {file} with {(cluster.TlsKey is { } key ? $"the key {key}" : "its own key")} and the authority "
                + $"{authority} cannot be used: {unusable.Message}");
        }
    }
}
