using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentCluster.SystemTests.Disks;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Forecasts;

/// <summary>A real node, real working copies: what merges would come to is known before anybody merges, and nothing but git runs for it.</summary>
public sealed partial class ForecastTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_conflict_between_two_agents_is_seen_as_they_type_and_gone_when_one_of_them_gives_way()
    {
        using var git = new GitFolder("seq 1 9 >f; git add -A; git commit -qm base; git worktree add -q -b a ../a; git worktree add -q -b b ../b");
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(data.Path, Cancellation, settings: ["agentcluster.git.sweep-every=200ms"]);
        using var node = new NodeClient(process.Address);
        await RegisterAsync(node, git.Path, "a", "b");
        Assert.Equal("clean", await UntilAsync(node, "a", "b", _ => true));

        git.Sh("sed -i 5s/5/mine/ a/f; sed -i 5s/5/theirs/ b/f");
        var conflict = await UntilAsync(node, "a", "b", verdict => verdict.StartsWith("conflict", StringComparison.Ordinal));
        git.Sh("cd b; git checkout -q f; echo new >new");
        var clean = await UntilAsync(node, "a", "b", verdict => verdict == "clean");
        git.Sh("rm -r b");
        var gone = await UntilAsync(node, "a", "b", verdict => verdict != "clean");

        Assert.Equal("conflict f content", conflict);
        Assert.Equal("clean", clean);
        Assert.StartsWith("unknown", gone, StringComparison.Ordinal);
        Assert.Equal("clean", await UntilAsync(node, "a", null, _ => true));
    }

    // Broken on purpose: core.fsmonitor taken over from the repository, and not switched off: it was run.
    [Fact(Timeout = 120_000)]
    public async Task Whatever_a_repository_names_only_git_is_run()
    {
        using var git = new GitFolder("seq 1 9 >f; echo x >x.bin; echo y >gone; git add -A; git commit -qm base; git worktree add -q -b a ../a; git worktree add -q -b b ../b");
        git.Sh("printf '#!/bin/sh\\ntouch %s/ran-$(basename $0)\\n' $PWD >evil; chmod +x evil; for h in post-index-change post-checkout pre-commit reference-transaction post-rewrite fsmonitor-watchman; do cp evil main/.git/hooks/$h; done");
        git.Sh("""
            cd main
            for key in core.fsmonitor core.sshCommand core.pager core.editor core.askPass core.gitProxy core.alternateRefsCommand credential.helper \
              filter.own.clean filter.own.smudge filter.own.process diff.own.command diff.own.textconv diff.external merge.own.driver \
              uploadpack.packObjectsHook gpg.program alias.rev-parse alias.ls-files pager.rev-parse pager.config interactive.diffFilter; do git config $key "!$PWD/../evil"; done
            for key in core.fsmonitor filter.own.clean filter.own.process diff.own.command merge.own.driver diff.external; do git config $key "$PWD/../evil"; done
            git config core.hooksPath $PWD/.git/hooks; git config merge.default own; git config remote.origin.url "ext::$PWD/../evil"; git config remote.origin.promisor true; git config extensions.partialClone origin
            """);
        git.Sh("for c in a b; do printf '*.bin filter=own diff=own merge=own\\n' >$c/.gitattributes; echo $c >$c/x.bin; echo $c >$c/f; echo $c >$c/new.bin; done");
        git.Sh("git init -q a/sub; cp evil a/sub/.git/hooks/post-index-change; git -C a/sub config core.fsmonitor $PWD/evil; git -C a/sub -c user.name=t -c user.email=t@localhost -c core.fsmonitor=false commit -q --allow-empty -m s; rm -f ran-*");
        git.Sh("cd a; git -c core.fsmonitor=false update-index --add --cacheinfo 160000,$(git -C sub -c core.fsmonitor=false rev-parse HEAD),sub; echo dirty >sub/new; printf '[submodule \"sub\"]\\n path=sub\\n url=ext::../evil\\n ignore=none\\n update=!../evil\\n' >.gitmodules; rm -f ../ran-*");
        git.Sh("rm -f main/.git/objects/$(git -C main rev-parse main:gone | sed 's|..|&/|'); ln -s /etc b/out; mkfifo b/pipe; git -C main update-ref 'refs/heads/-x' main; rm -f ran-*");
        using var data = new DataFolder();
        await using (var process = await NodeProcess.StartAsync(data.Path, Cancellation, fault: new Fault("execve,execveat", [], "", ""), settings: ["agentcluster.git.sweep-every=200ms"]))
        {
            using var node = new NodeClient(process.Address);
            await RegisterAsync(node, git.Path, "a", "b");

            Assert.StartsWith("unknown", await UntilAsync(node, "a", "b", _ => true), StringComparison.Ordinal);
            git.Sh("rm a/.gitattributes b/.gitattributes; git -C main config --unset merge.default");
            Assert.Equal("conflict f content new.bin add/add x.bin content", await UntilAsync(node, "a", "b", verdict => verdict.StartsWith("conflict", StringComparison.Ordinal)));
            foreach (var refused in (string[])["--upload-pack=touch ran", "-x", "a..b", "$(touch ran)"])
            {
                var answer = await PutAsync(node, "c", git.Path + "/a", refused, refused);
                Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            }
        }

        Assert.Empty(Directory.EnumerateFiles(git.Path, "ran*", SearchOption.AllDirectories));
        var executed = Executed().Matches(await File.ReadAllTextAsync(Path.Combine(data.Path, Fault.Log), Cancellation)).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Contains(executed, path => path.EndsWith("/git", StringComparison.Ordinal));
        Assert.All(executed, path => Assert.True(path == BuiltProgram.Node || Path.GetFileName(path) == "git", $"expected the node and git alone, found {path}"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_place_outside_of_the_roots_is_not_looked_into_and_one_with_nothing_says_so()
    {
        using var git = new GitFolder("echo f >f; git add -A; git commit -qm base; git worktree add -q -b a ../a");
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(data.Path, Cancellation, settings: [$"agentcluster.git.roots={git.Path}/main", "agentcluster.git.sweep-every=200ms"]);
        using var node = new NodeClient(process.Address);
        await RegisterAsync(node, git.Path, "a");
        await PutAsync(node, "nothing", git.Path + "/nothing", "a", "main");

        Assert.Contains("agentcluster.git.roots", await UntilAsync(node, "a", null, _ => true), StringComparison.Ordinal);
        Assert.Contains("is not there", await UntilAsync(node, "nothing", null, _ => true), StringComparison.Ordinal);
    }

    private static async Task RegisterAsync(NodeClient node, string folder, params string[] names)
    {
        foreach (var name in names)
        {
            var answer = await PutAsync(node, name, Path.Combine(folder, name), name, "main");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
    }

    private static Task<Answer> PutAsync(NodeClient node, string name, string path, string branch, string from) => node.SendAsync(
        HttpMethod.Put, $"/api/v1/repositories/r/worktrees/{name}", JsonSerializer.Serialize(new { agent = name, path, branch, @base = from }), null, Cancellation);

    // A worker tells of what it sees at its next look; whoever waits asks again.
    private static async Task<string> UntilAsync(NodeClient node, string a, string? b, Func<string, bool> isIt)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var pairs = (await node.GetAsync("/api/v1/repositories/r/forecast/", Cancellation)).Json.GetProperty("pairs").EnumerateArray();
            var found = pairs.Where(pair => pair.GetProperty("a").GetString() == a && pair.GetProperty("b").GetString() == b).Select(Said).FirstOrDefault();
            if (found is not null && isIt(found))
            {
                return found;
            }

            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), $"expected another verdict on {a} and {b ?? "its base"} within 20 s, found {found ?? "none"}");
            await Task.Delay(100, Cancellation);
        }
    }

    private static string Said(JsonElement pair) => string.Join(' ', (string?[])
    [
        pair.GetProperty("verdict").GetString(),
        .. pair.GetProperty("files").EnumerateArray().Zip(pair.GetProperty("kinds").EnumerateArray(), (file, kind) => $"{file} {kind}"),
        .. pair.GetProperty("detail").GetString() is { } detail ? (string[])[detail] : [],
    ]);

    [GeneratedRegex("execve(?:at)?\\((?:[^\"]*, )?\"([^\"]*)\"[^\n]* = 0$", RegexOptions.Multiline)]
    private static partial Regex Executed();
}
