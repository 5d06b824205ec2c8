using AgentCluster.Workers.Git;
using AgentCluster.Workers.Snapshots;

namespace AgentCluster.Tests.Workers;

/// <summary>Reading a working copy changes nothing of it: no file, no index, no object, no branch, no time of change.</summary>
public sealed class UntouchedTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    // Broken on purpose: the working copy's own folder of git instead of the bench.
    [Fact]
    public async Task Nothing_in_the_working_copy_or_the_repository_is_other_than_before()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "seq 1 9 >f; echo g >g; git add -A && git commit -qm base");
        var (a, b) = (repository.AddCopy("a"), repository.AddCopy("b"));
        repository.Sh(a, "echo mine >f; echo staged >s; git add s; echo new >n; rm g");
        repository.Sh(b, "echo theirs >f");
        const string All = "find main a b -printf '%p %s %T@ %C@ %i %m\\n' | sort";
        var before = repository.Sh(repository.Folder, All);

        await repository.ForecastAsync(a, b, Token);

        Assert.Equal(before, repository.Sh(repository.Folder, All));
    }

    [Fact]
    public async Task What_has_not_changed_is_the_same_snapshot_and_what_has_is_found_out_by_one_call_of_git()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "for i in $(seq 1 50); do echo $i >f$i; done; git add -A && git commit -qm base");
        using var bench = await repository.BenchAsync(Token);
        var reader = await repository.ReaderAsync(bench, repository.AddCopy("a"), Token);
        var first = await reader.ReadAsync(Token);
        var started = repository.Git.Started;

        var second = await reader.ReadAsync(Token);

        Assert.Same(first, second);
        Assert.Equal(1, repository.Git.Started - started);
    }

    [Fact]
    public async Task A_change_of_the_same_length_in_the_same_moment_is_seen()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "echo 0 >f; git add -A && git commit -qm base");
        var a = repository.AddCopy("a");
        using var bench = await repository.BenchAsync(Token);
        var reader = await repository.ReaderAsync(bench, a, Token);
        var commits = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            File.WriteAllText(Path.Combine(a, "f"), $"{i}\n");
            commits.Add((await reader.ReadAsync(Token)).Commit);
        }

        Assert.Equal(10, commits.Count);
    }

    [Fact]
    public async Task What_was_taken_back_or_is_ignored_by_now_is_no_work()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "echo 0 >f; git add -A && git commit -qm base");
        var a = repository.AddCopy("a");
        using var bench = await repository.BenchAsync(Token);
        var reader = await repository.ReaderAsync(bench, a, Token);
        var untouched = await reader.ReadAsync(Token);
        repository.Sh(a, "echo 1 >f; echo x >x; mkdir -p nested && git -C nested init -q && echo y >nested/y");
        var touched = await reader.ReadAsync(Token);
        repository.Sh(a, "echo 0 >f; rm x");
        var takenBack = await reader.ReadAsync(Token);
        repository.Sh(a, "echo built >out; echo out >.gitignore");
        var ignoring = await reader.ReadAsync(Token);
        repository.Sh(a, "git add .gitignore; git commit -qm ignore");
        var committed = await reader.ReadAsync(Token);

        Assert.NotEqual(untouched.Commit, touched.Commit);
        Assert.Equal(untouched.Commit, takenBack.Commit);
        Assert.Equal([".gitignore", "f"], repository.Tree(bench, ignoring.Commit));
        Assert.Equal([".gitignore", "f"], repository.Tree(bench, committed.Commit));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read_and_said_to_be_unknown()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "echo 0 >f; git add -A && git commit -qm base");
        var a = repository.AddCopy("a");
        repository.Sh(a, "head -c 5000 /dev/zero >large");
        using var bench = await repository.BenchAsync(Token);
        var reader = await repository.ReaderAsync(bench, a, Token, new SnapshotLimits { FileBytes = 4096 });

        var snapshot = await reader.ReadAsync(Token);

        Assert.Equal("has 5000 bytes, and files of more than 4096 are not read", snapshot.Unread["large"]);
        Assert.Same(snapshot, await reader.ReadAsync(Token));
    }

    [Fact]
    public async Task A_file_in_large_file_storage_is_the_pointer_that_would_be_committed()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "git config filter.lfs.clean 'touch ran; cat'; echo '*.bin filter=lfs' >.gitattributes; git add -A && git commit -qm base");
        var a = repository.AddCopy("a");
        repository.Sh(a, "printf hello >x.bin");
        using var bench = await repository.BenchAsync(Token);
        var reader = await repository.ReaderAsync(bench, a, Token);

        var snapshot = await reader.ReadAsync(Token);

        Assert.Empty(snapshot.Unread);
        Assert.Equal(
            "version https://git-lfs.github.com/spec/v1\noid sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nsize 5\n",
            (await repository.Git.RunAsync(bench.Alone("cat-file", "blob", $"{snapshot.Commit}:x.bin"), Token)).Text);
        Assert.False(File.Exists(Path.Combine(a, "ran")));
    }

    [Theory]
    [InlineData("git checkout -q -b x; echo 1 >f; git commit -qam 1; git checkout -q a; echo 2 >f; git commit -qam 2; git merge -q x >/dev/null || true", "in the middle of a merge; not resolved: f")]
    [InlineData("rm $(git rev-parse --git-dir)/index", "has no index")]
    [InlineData("echo broken >$(git rev-parse --git-dir)/index", "git could not")]
    [InlineData("rm -r ../a", "is not there")]
    [InlineData("git checkout -q --orphan none", "has no commit yet")]
    public async Task What_cannot_be_read_says_why(string script, string reason)
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "echo 0 >f; git add -A && git commit -qm base");
        var a = repository.AddCopy("a");
        using var bench = await repository.BenchAsync(Token);
        var reader = await repository.ReaderAsync(bench, a, Token);
        repository.Sh(a, script);

        var refused = await Assert.ThrowsAsync<GitException>(() => reader.ReadAsync(Token));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
