using AgentCluster.Node.Data;

namespace AgentCluster.Tests.Node;

/// <summary>The secret that agents' handles hang on.</summary>
public sealed class ClusterSecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-secret-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_made_once_and_is_its_owners_alone()
    {
        var first = ClusterSecret.Load(_folder);

        Assert.Equal(32, first.Length);
        Assert.Equal(first, ClusterSecret.Load(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "cluster.secret")));
        }
    }

    [Fact]
    public void A_file_that_is_no_secret_is_refused_and_kept()
    {
        var file = Path.Combine(_folder, "cluster.secret");
        File.WriteAllText(file, "short");

        Assert.Throws<InvalidDataException>(() => ClusterSecret.Load(_folder));
        Assert.Equal("short", File.ReadAllText(file));
    }
}
