using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentCluster.Cli.Certificates;

/// <summary>
/// The own authority of one cluster, in a folder: whoever has a certificate of it is a node. Its key signs the certificates of nodes and is
/// needed nowhere else: keep it away from them.
/// </summary>
/// <param name="folder">Made when it is missing; only its owner can read it.</param>
internal sealed class ClusterAuthority(string folder)
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Years = TimeSpan.FromDays(3_650);

    /// <summary>The authority's certificate, which every node is given.</summary>
    public string CertificateFile { get; } = Path.Combine(folder, "authority.pem");

    /// <summary>The authority's private key.</summary>
    public string KeyFile { get; } = Path.Combine(folder, "authority-key.pem");

    /// <summary>A node's certificate and its private key.</summary>
    /// <param name="node">Its name.</param>
    public string NodeFile(string node) => Path.Combine(folder, $"{node.Replace(':', '-')}.pem");

    /// <summary>Opens the authority, or makes one.</summary>
    /// <param name="now">From when on it is valid.</param>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="IOException">The folder cannot be used, or holds only one of the two files.</exception>
    public bool Prepare(DateTimeOffset now)
    {
        if (File.Exists(CertificateFile) != File.Exists(KeyFile))
        {
            throw new IOException($"Expected both {CertificateFile} and {KeyFile}, or neither of them; found one. Put the other back, or begin in another folder.");
        }

        if (File.Exists(CertificateFile))
        {
            return false;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnersFolder);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=AgentCluster, CN=cluster authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now + Years);
        Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        Write(CertificateFile, certificate.ExportCertificatePem());
        return true;
    }

    /// <summary>Makes a node's certificate, in the place of an older one.</summary>
    /// <param name="node">The name or address that other nodes reach it by.</param>
    /// <param name="now">From when on it is valid.</param>
    /// <param name="lifetime">How long.</param>
    public void Certify(string node, DateTimeOffset now, TimeSpan lifetime)
    {
        using var authority = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"O=AgentCluster, CN={node}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(Names(node));
        var end = now + lifetime < authority.NotAfter ? now + lifetime : authority.NotAfter;
        using var certificate = request.Create(authority, now.AddMinutes(-5), end, RandomNumberGenerator.GetBytes(16));
        Write(NodeFile(node), $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
    }

    private static X509Extension Names(string node)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(node, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(node);
        }

        return names.Build();
    }

    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        using var writer = new StreamWriter(file, options);
        writer.WriteLine(text);
    }
}
