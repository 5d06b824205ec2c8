using AgentCluster.Storage.Directories;

namespace AgentCluster.Tests.Storage.Sqlite;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("agentcluster-").FullName;

    private string Path => System.IO.Path.Combine(_parent, "deep", "data");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void A_new_directory_is_for_its_owner_only()
    {
        using var held = DataDirectory.Take(Path, allowNetworkDisk: true);

        Assert.True(OperatingSystem.IsWindows() ||
            File.GetUnixFileMode(Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    // Broken on purpose: FileShare.ReadWrite instead of None.
    [Fact]
    public void A_second_one_hears_who_holds_the_directory_and_where_it_answers()
    {
        using var held = DataDirectory.Take(Path, allowNetworkDisk: true);
        Assert.Null(Assert.Throws<DataDirectoryInUseException>(() => DataDirectory.Take(Path, allowNetworkDisk: true)).Url);

        held.Announce("http://127.0.0.1:5080");

        var error = Assert.Throws<DataDirectoryInUseException>(() => DataDirectory.Take(Path, allowNetworkDisk: true));
        Assert.Equal((Environment.ProcessId, "http://127.0.0.1:5080"), (error.Process, error.Url));
        Assert.Contains($"process {Environment.ProcessId} at http://127.0.0.1:5080", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_was_let_go_can_be_taken_again()
    {
        DataDirectory.Take(Path, allowNetworkDisk: true).Dispose();

        using var again = DataDirectory.Take(Path, allowNetworkDisk: true);
        Assert.True(File.Exists(again.PathOf("holder")));
    }

    [Theory]
    [InlineData("nfs")]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    [InlineData("smb2")]
    [InlineData("9p")]
    [InlineData("v9fs")]
    [InlineData("fuse.sshfs")]
    [InlineData("fuseblk")]
    [InlineData("drvfs")]
    public void A_disk_that_others_share_is_refused_unless_it_is_allowed(string type)
    {
        var error = Assert.Throws<DataDirectoryException>(() => DataDirectory.Take(Path, false, _ => type));
        Assert.Contains(type, error.Message, StringComparison.Ordinal);

        DataDirectory.Take(Path, true, _ => type).Dispose();
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("apfs")]
    [InlineData("NTFS")]
    [InlineData("")]
    public void A_local_disk_is_taken(string type) => DataDirectory.Take(Path, false, _ => type).Dispose();

    [Fact]
    public void The_type_of_a_disk_is_known_where_the_system_says_it() =>
        Assert.True(!OperatingSystem.IsLinux() || FileSystem.TypeOf("/proc") == "proc", FileSystem.TypeOf("/proc"));

    [Fact]
    public void A_directory_that_cannot_be_made_is_named()
    {
        var file = System.IO.Path.Combine(_parent, "file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<DataDirectoryException>(() => DataDirectory.Take(file, allowNetworkDisk: true));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }
}
