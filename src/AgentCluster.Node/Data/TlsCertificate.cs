using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentCluster.Bridge.Server;
using AgentCluster.Node.Settings;

namespace AgentCluster.Node.Data;

/// <summary>Reads the certificate that a node shows, from the files that it is set to.</summary>
internal static class TlsCertificate
{
    /// <summary>Reads the certificate.</summary>
    /// <param name="http">Names the files.</param>
    /// <returns>Null when none is set.</returns>
    /// <exception cref="SettingsException">The files cannot be read, or are not what they should be.</exception>
    public static ServerCertificate? Load(HttpSettings http)
    {
        if (http.TlsCertificate is not { } file)
        {
            return null;
        }

        try
        {
            var certificate = IsPem(file) ? FromPem(file, http.TlsKey ?? file, http.TlsPassword?.Reveal()) : FromPfx(file, http.TlsPassword?.Reveal());
            return certificate.Leaf.HasPrivateKey
                ? certificate
                : throw new SettingsException($"agentcluster.http.tls-certificate: expected a private key in {file} or in agentcluster.http.tls-key, found none.");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // The words of these exceptions name files and formats; a password is in none of them.
            throw new SettingsException(
                $"agentcluster.http.tls-certificate: {file} with {(http.TlsKey is { } key ? $"the key {key}" : "its own key")} "
                + $"and {(http.TlsPassword is null ? "no password" : "a password")} cannot be used: {unusable.Message}");
        }
    }

    private static bool IsPem(string file) => File.ReadAllText(file).Contains("-----BEGIN", StringComparison.Ordinal);

    private static ServerCertificate FromPem(string file, string key, string? password)
    {
        var leaf = password is null
            ? X509Certificate2.CreateFromPemFile(file, key)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return new(leaf, chain);
    }

    private static ServerCertificate FromPfx(string file, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
        return new(
            all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("No certificate in it has a private key."),
            all);
    }
}
