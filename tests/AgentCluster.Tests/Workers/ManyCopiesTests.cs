using System.Diagnostics;
using System.Globalization;
using AgentCluster.Workers.Forecasts;
using AgentCluster.Workers.Merges;

namespace AgentCluster.Tests.Workers;

/// <summary>
/// Goal: what is said while 50 worktrees are made, changed, committed to and removed all the time is true of what was there.
/// Method: each worktree changes one line of one of a few files, its own way, so two of them conflict exactly when they changed the same
/// file. Whoever changes a worktree counts before and after, so a pair that nobody touched during a sweep is known, and its verdict is judged.
/// </summary>
public sealed class ManyCopiesTests
{
    private const int Slots = 50;
    private const int Files = 12;
    private const int Hands = 3;
    private const int Enough = 1_000;
    private const int ChangesASweep = 8;
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1" ? 120 : 20);

    // Broken on purpose: a verdict kept although one of the two commits has changed.
    [Fact(Timeout = 600_000)]
    public async Task Nothing_is_called_clean_that_is_not_and_nothing_is_left_behind()
    {
        using var repository = new ScratchRepository();
        repository.Sh(repository.Main, $"for i in $(seq 0 {Files - 1}); do seq 1 20 >f$i; done; git add -A && git commit -qm base && git config gc.auto 0");
        var slots = Enumerable.Range(0, Slots).Select(number => new Slot(repository, number)).ToArray();
        var began = Stopwatch.GetTimestamp();
        var (judged, unknown) = (0, 0);

        // So many changes while a sweep is under way, however long it takes on this machine: most worktrees stand still meanwhile and are judged.
        using var changes = new SemaphoreSlim(Slots);
        var hands = Enumerable.Range(0, Hands).Select(hand => Task.Run(() =>
        {
            var chance = new Random(hand);
            // Also until enough was judged: how much a second brings is the machine's affair.
            while (Stopwatch.GetElapsedTime(began) < Time || Volatile.Read(ref judged) <= Enough)
            {
                if (changes.Wait(TimeSpan.FromSeconds(0.1), Token))
                {
                    // Each hand has worktrees of its own: two never work on one.
                    slots[(chance.Next(Slots / Hands) * Hands) + hand].Change(chance);
                }
            }
        })).ToArray();

        var benches = Path.Combine(repository.Folder, "benches");
        using (var matrix = new ForecastMatrix(repository.Git, benches, new(), []))
        {
            for (var last = false; ;)
            {
                var before = slots.Select(slot => slot.Seen).ToArray();
                var watched = slots.Where((_, i) => before[i].Exists).Select(slot => new WatchedCopy(slot.Name, slot.Path, "main")).ToList();

                // Not more than one sweep's worth: sweeps over next to nothing are quick, and what they saved up would be changed without a pause.
                if (changes.CurrentCount is var left && left < ChangesASweep)
                {
                    changes.Release(ChangesASweep - left);
                }

                var sweep = await matrix.SweepAsync(watched, Token);
                var still = slots.Where((slot, i) => before[i] == slot.Seen && !before[i].IsChanging).ToDictionary(slot => slot.Name, slot => slot.Seen.File);
                foreach (var pair in sweep.Pairs.Where(pair => still.ContainsKey(pair.A) && (pair.B is null || still.ContainsKey(pair.B))))
                {
                    Interlocked.Increment(ref judged);
                    unknown += pair.Verdict is Verdict.Unknown ? 1 : 0;
                    var meet = pair.B is not null && still[pair.A] is { } file && still[pair.B] == file;
                    Assert.True(pair.Verdict is Verdict.Unknown || pair.Verdict is Verdict.Conflict == meet, $"{pair.A} and {pair.B ?? "its base"}: expected {(meet ? "a conflict" : "clean")}, found {pair.Verdict}");
                    Assert.False(last && pair.Verdict is Verdict.Unknown, $"{pair.A} and {pair.B ?? "its base"} stand still: {pair.Verdict}");
                }

                if (last)
                {
                    break;
                }

                last = hands.All(hand => hand.IsCompleted);
            }

            await Task.WhenAll(hands);
        }

        Assert.True(unknown < judged / 20, $"expected hardly any unknown verdict on what stood still, found {unknown} of {judged}");
        Assert.Equal("", repository.Sh(repository.Main, "find .git -name '*.lock'"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(benches));
        Assert.Empty(GitsOfThisProcess(repository.Folder));
    }

    private static IEnumerable<string> GitsOfThisProcess(string folder) =>
        Process.GetProcessesByName("git").Select(process => $"/proc/{process.Id}/cwd")
            .Where(link => new FileInfo(link).LinkTarget is { } cwd && cwd.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>What is true of a worktree at a moment.</summary>
    /// <param name="Version">Counts changes; odd while there is one.</param>
    /// <param name="Exists">Whether it is there.</param>
    /// <param name="File">Which file it changed; null for none.</param>
    private sealed record State(int Version, bool Exists, int? File)
    {
        public bool IsChanging => Version % 2 == 1;
    }

    private sealed class Slot(ScratchRepository repository, int number)
    {
        private State _seen = new(0, false, null);

        public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"w{number}");

        public string Path => System.IO.Path.Combine(repository.Folder, Name);

        public State Seen => Volatile.Read(ref _seen);

        public void Change(Random chance)
        {
            var before = Seen;
            Volatile.Write(ref _seen, before with { Version = before.Version + 1 });
            var after = Do(chance, before);
            Volatile.Write(ref _seen, after with { Version = before.Version + 2 });
        }

        // Git's own commands read the list of worktrees while another one writes it, and give up: one at a time.
        private void Listed(string script)
        {
            lock (repository)
            {
                repository.Sh(repository.Main, script, given: Name);
            }
        }

        private State Do(Random chance, State before)
        {
            if (!before.Exists)
            {
                Listed($"git worktree add -q --detach ../{Name} main");
                return before with { Exists = true, File = null };
            }

            switch (chance.Next(6))
            {
                case 0:
                    Listed($"git worktree remove --force ../{Name}");
                    return before with { Exists = false, File = null };
                case 1:
                    repository.Sh(Path, "git add -A; git commit -q --allow-empty -m work", given: Name);
                    return before;
                case 2:
                    repository.Sh(Path, "git reset -q --hard main", given: Name);
                    return before with { File = null };
                default:
                    var file = chance.Next(Files);
                    repository.Sh(Path, $"git reset -q --hard main; sed -i 5s/5/{Name}/ f{file}", given: Name);
                    return before with { File = file };
            }
        }
    }
}
