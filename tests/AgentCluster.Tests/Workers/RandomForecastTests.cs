using System.Text;
using AgentCluster.Workers.Forecasts;
using AgentCluster.Workers.Merges;

namespace AgentCluster.Tests.Workers;

/// <summary>Histories by chance: what is foreseen is what <c>git merge</c> comes to, verdict and list of files.</summary>
public sealed class RandomForecastTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly int Cases = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1" ? 4000 : 110;

    // What is told without git, of sides that cannot meet, is told along. Broken on purpose: one side's deletions and the other's additions
    // taken for apart (a renamed folder).
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Committed_work_is_judged_as_git_merges_it(int seed)
    {
        using var repository = With(seed, Cases);
        var truth = Merged(repository, Enumerable.Range(0, Cases).Select(number => (Into: $"c{number}_a", Other: $"c{number}_b")));
        using var bench = await repository.BenchAsync(Token);
        var commits = repository.Sh(repository.Main, "git for-each-ref --format='%(refname:short) %(objectname)' refs/heads").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
        File.Copy(Path.Combine(repository.Main, ".git/index"), bench.Index("main"));

        var apart = 0;
        for (var number = 0; number < Cases; number++)
        {
            var verdict = (await MergeForecast.JudgeAsync(repository.Git, bench, repository.Main, "main", commits[$"c{number}_a"], [commits[$"c{number}_b"]], Token))[0];
            var (mine, theirs) = (commits[$"c{number}_a"], commits[$"c{number}_b"]);
            var ancestry = new Ancestry(repository.Git);
            if (await ancestry.CommonAsync(bench, mine, theirs, Token) is { } common
                && (await Touches.ReadAsync(repository.Git, bench, common, mine, Token)).CannotMeet(await Touches.ReadAsync(repository.Git, bench, common, theirs, Token)))
            {
                apart++;
                Assert.Equal((number, "clean"), (number, Said(truth[number])));
            }

            if (truth[number] is [Truth.Aborted])
            {
                Assert.IsNotType<Verdict.Clean>(verdict);
            }
            else
            {
                Assert.Equal((number, Said(truth[number])), (number, Said(verdict)));
            }
        }

        Assert.True(truth.Count(files => files is [Truth.Aborted]) < Cases / 20, "expected git to know the answer nearly always");
        Assert.True(apart > Cases / 50, "expected sides that cannot meet among the cases");
        Assert.True(truth.Count(files => files is null) > Cases / 10, "expected clean merges among the cases");
        Assert.True(truth.Count(files => files is not null) > Cases / 10, "expected conflicts among the cases");
    }

    [Fact]
    public async Task Work_that_nobody_committed_is_judged_as_if_it_were()
    {
        const int Few = 40;
        using var repository = With(seed: 3, Few);
        repository.Sh(repository.Main, "git worktree add -q --detach ../a && git worktree add -q --detach ../b");
        var (a, b) = (Path.Combine(repository.Folder, "a"), Path.Combine(repository.Folder, "b"));
        using var bench = await repository.BenchAsync(Token);
        var (readA, readB) = (await repository.ReaderAsync(bench, a, Token), await repository.ReaderAsync(bench, b, Token));
        var truth = Merged(repository, Enumerable.Range(0, Few).Select(number => (Into: $"w{number}_a", Other: $"w{number}_b")), Squashed);

        for (var number = 0; number < Few; number++)
        {
            // The branch's files on the commit that both began with: changed, deleted and untracked ones, and every third time all staged.
            foreach (var (copy, branch) in ((string, string)[])[(a, "a"), (b, "b")])
            {
                repository.Sh(copy, $"git checkout -qf --detach c{number}_{branch} && git reset -q --{(number % 3 == 0 ? "soft" : "mixed")} c{number}_base");
            }

            var (mine, theirs) = (await readA.ReadAsync(Token), await readB.ReadAsync(Token));
            var verdict = (await MergeForecast.JudgeAsync(repository.Git, bench, a, "a", mine.Commit, [theirs.Commit], Token))[0];
            Assert.Equal((number, Said(truth[number])), (number, Said(verdict)));
            repository.Sh(a, "git reset -q --hard; git clean -qfdx");
            repository.Sh(b, "git reset -q --hard; git clean -qfdx");
        }
    }

    private static string Squashed(string branch) =>
        $"git update-ref refs/heads/{branch} $(git commit-tree c{branch[1..]}^{{tree}} -p c{branch[1..branch.IndexOf('_')]}_base -m w)\n";

    private static ScratchRepository With(int seed, int cases)
    {
        var history = new RandomHistory(seed);
        for (var number = 0; number < cases; number++)
        {
            history.Add(number);
        }

        var repository = new ScratchRepository();
        repository.Sh(repository.Main, "git fast-import --quiet --done && git checkout -q -B main c0_base", history.ToString());
        return repository;
    }

    // All in one go of the shell, in a clone.
    private static List<string[]?> Merged(ScratchRepository repository, IEnumerable<(string Into, string Other)> pairs, Func<string, string>? make = null)
    {
        repository.Sh(repository.Folder, "git clone -q --mirror main merged.git && git init -q merged && cd merged && rm -r .git && mv ../merged.git .git && git config core.bare false && git config --unset remote.origin.mirror && git config user.name t && git config user.email t@localhost");
        var script = new StringBuilder();
        foreach (var (into, other) in pairs)
        {
            script.Append(make?.Invoke(into)).Append(make?.Invoke(other)).Append(Truth.Script(into, other)).Append("echo ===\n");
        }

        var said = repository.Sh(Path.Combine(repository.Folder, "merged"), "cat >../script && sh ../script", script.ToString());
        return [.. said.Split("===\n", StringSplitOptions.RemoveEmptyEntries).Select(Truth.Read)];
    }

    private static string Said(string[]? files) => files is null ? "clean" : string.Join(' ', files);

    private static string Said(Verdict verdict) => verdict switch
    {
        Verdict.Clean => "clean",
        Verdict.Conflict conflict => string.Join(' ', conflict.Files.Select(file => file.Path)),

        // A folder whose files were renamed into several: git stops the merge, and leaves no file unmerged.
        Verdict.Unknown { Reason: "git reports a conflict and names no file" } => "",
        _ => verdict.ToString(),
    };
}
