using AgentCluster.Workers.Merges;

namespace AgentCluster.Tests.Workers;

/// <summary>Each kind of merge once, with work that nobody has committed, against what git makes of it afterwards.</summary>
public sealed class ForecastKindTests
{
    private const string Lines = "seq 1 40 >";

    public static TheoryData<string, string, string, string, ConflictKind?> Kinds => new()
    {
        { "nothing in common", "true", "echo a >mine", "echo b >theirs", null },
        { "one file, far apart", $"{Lines}f", "sed -i 1s/1/mine/ f", "sed -i 40s/40/theirs/ f", null },
        { "one file, the same change", $"{Lines}f", "sed -i 1s/1/same/ f", "sed -i 1s/1/same/ f", null },
        { "content", $"{Lines}f", "sed -i 5s/5/mine/ f", "sed -i 5s/5/theirs/ f", ConflictKind.Content },
        { "untracked twice", "true", "echo a >new", "echo b >new", ConflictKind.AddAdd },
        { "rename/rename", $"{Lines}f", "mv f mine", "mv f theirs", ConflictKind.RenameRename },
        { "rename/delete", $"{Lines}f", "mv f mine", "rm f", ConflictKind.RenameDelete },
        { "modify/delete", $"{Lines}f", "echo more >>f", "rm f", ConflictKind.ModifyDelete },
        { "rename and change", $"{Lines}f", "mv f mine", "sed -i 5s/5/theirs/ f", null },
        { "rename to an added file", $"{Lines}f", "mv f g", "echo b >g", ConflictKind.AddAdd },
        { "a file and a link", "echo a >f", "rm f; ln -s elsewhere f", "echo b >f", ConflictKind.Mode },
        { "executable or not", "true", "echo a >f; chmod +x f", "echo a >f", ConflictKind.Mode },
        { "executable and content", $"{Lines}f", "chmod +x f", "sed -i 5s/5/theirs/ f", null },
        { "binary", "printf '\\0a' >f", "printf '\\0b' >f", "printf '\\0c' >f", ConflictKind.Binary },
        { "a file and a folder", "true", "mkdir f; echo x >f/x", "echo b >f", ConflictKind.FileDirectory },
        { "a file that became a folder", "echo a >f", "rm f; mkdir f; echo x >f/x", "echo b >f", ConflictKind.ModifyDelete },
        { "a renamed folder", $"mkdir d; {Lines}d/f; cp d/f d/g", "mv d e", "echo new >d/new", ConflictKind.DirectoryRename },
        { "by the file's attributes", $"{Lines}f; echo 'f merge=union' >.gitattributes", "sed -i 5s/5/mine/ f", "sed -i 5s/5/theirs/ f", null },
        { "a name with everything", "true", "echo a >'ä \"b\tc\n-d'", "echo b >'ä \"b\tc\n-d'", ConflictKind.AddAdd },
    };

    // Broken on purpose: a snapshot without untracked files; one without the bit of an executable; reading 1 of merge-tree as a conflict.
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_foreseen_is_what_git_does(string name, string before, string mine, string theirs, ConflictKind? kind)
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, $"echo base >base; {before}; git add -A && git commit -qm base");
        var (a, b) = (repository.AddCopy("a"), repository.AddCopy("b"));
        repository.Sh(a, mine);
        repository.Sh(b, theirs);

        var verdict = await repository.ForecastAsync(a, b, TestContext.Current.CancellationToken);

        var files = (verdict as Verdict.Conflict)?.Files;
        Assert.Equal(kind is null, verdict is Verdict.Clean);
        Assert.True(kind is null || files!.Any(file => file.Kind == kind), $"{name}: expected {kind}, found {string.Join(", ", files ?? [])}");
        if (!name.EndsWith("everything", StringComparison.Ordinal))
        {
            Assert.Equal<IEnumerable<string>?>(repository.Merge(a, b), files?.Select(file => file.Path).ToArray());
        }
    }

    [Fact]
    public async Task Histories_that_cross_are_merged_as_git_merges_them()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "seq 1 9 >f; git add -A && git commit -qm base");
        var (a, b) = (repository.AddCopy("a"), repository.AddCopy("b"));
        repository.Sh(a, "sed -i 2s/2/mine/ f; git commit -qam 1; git branch a1");
        repository.Sh(b, "sed -i 8s/8/theirs/ f; git commit -qam 1; git branch b1; git merge -q --no-edit a1");
        repository.Sh(a, "git merge -q --no-edit b1; sed -i 5s/5/mine/ f");
        repository.Sh(b, "sed -i 5s/5/theirs/ f");

        var verdict = await repository.ForecastAsync(a, b, TestContext.Current.CancellationToken);

        Assert.Equal(new Verdict.Conflict([new("f", ConflictKind.Content)]), verdict);
        Assert.Equal<IEnumerable<string>?>(["f"], repository.Merge(a, b));
    }

    [Fact]
    public async Task A_submodule_that_both_moved_is_a_conflict()
    {
        using var repository = new ScratchRepository();
        var sub = Directory.CreateDirectory(Path.Combine(repository.Folder, "sub")).FullName;
        repository.Sh(sub, "git init -q . && git config user.name t && git config user.email t@localhost && for i in 1 2 3; do git commit -q --allow-empty -m $i; done; git branch two HEAD~1; git checkout -q -b other HEAD~2; git commit -q --allow-empty -m other");
        repository.Sh(repository.Main, "git -c protocol.file.allow=always submodule --quiet add ../sub sub; git -C sub checkout -q origin/other~1; git add -A; git commit -qm base");
        var (a, b) = (repository.AddCopy("a"), repository.AddCopy("b"));
        foreach (var (copy, at) in ((string, string)[])[(a, "origin/two"), (b, "origin/other")])
        {
            repository.Sh(copy, $"git -c protocol.file.allow=always submodule --quiet update --init; git -C sub checkout -q {at}");
        }

        var verdict = await repository.ForecastAsync(a, b, TestContext.Current.CancellationToken);

        Assert.Equal(new Verdict.Conflict([new("sub", ConflictKind.Submodule)]), verdict);
    }

    [Fact]
    public async Task Histories_without_a_common_beginning_are_unknown_and_not_clean()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, "echo a >a; git add -A && git commit -qm base");
        var a = repository.AddCopy("a");
        var b = Path.Combine(repository.Folder, "b");
        repository.Sh(repository.Main, "git worktree add -q --detach ../b && cd ../b && git checkout -q --orphan b && git commit -qm another");

        var verdict = await repository.ForecastAsync(a, b, TestContext.Current.CancellationToken);

        Assert.Contains("unrelated histories", Assert.IsType<Verdict.Unknown>(verdict).Reason, StringComparison.Ordinal);
    }
}
