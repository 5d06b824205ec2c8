using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Tests.Cli;

/// <summary>A secret that <c>pbm</c> is given goes to the node and nowhere else.</summary>
public sealed class SecretTests
{
    private const string Canary = "acl_canary.0123456789abcdef";

    // Broken on purpose: the client follows redirects (the other node was asked), and the words of a key that fits no header (it was named).
    [Fact]
    public async Task It_is_shown_to_the_node_and_occurs_in_no_output()
    {
        ConcurrentQueue<string> shown = new();
        await using var elsewhere = await ScriptedNode.StartAsync((context, _) =>
        {
            shown.Enqueue($"elsewhere {context.Request.Headers.Authorization}");
            return context.Response.WriteAsync("{}");
        });
        await using var node = await ScriptedNode.StartAsync((context, number) =>
        {
            shown.Enqueue(context.Request.Headers.Authorization.ToString());
            switch (number % 4)
            {
                case 0:
                    context.Response.Redirect(elsewhere.Address.ToString());
                    return Task.CompletedTask;
                case 1:
                    return ScriptedNode.RefuseAsync(context, 401, "unauthorized");
                case 2:
                    return context.Response.WriteAsync("<html>");
                default:
                    return context.Response.WriteAsync("{}");
            }
        });
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Canary + "\n", TestContext.Current.CancellationToken);

        string[][] commands = [["status"], ["task", "create", "t"], ["task", "show", "x"], ["events", "tail"], ["task", "cancel", "x"], ["agent", "list"], ["import", file, "--format", "beads"]];
        foreach (var command in commands)
        {
            foreach (var ran in new[]
            {
                await Ran.OfAsync(node.Address, Canary, command),
                await Ran.OfAsync(node.Address, null, [.. command, "--key-file", file]),
                await Ran.OfAsync(new("http://127.0.0.1:1"), Canary, [.. command, "--timeout", "1"]),
                await Ran.OfAsync(node.Address, Canary + "\nX: y", command),
                await Ran.OfAsync(node.Address, Canary + "é", command),
            })
            {
                Assert.DoesNotContain("canary", ran.Data + ran.Words, StringComparison.Ordinal);
            }
        }

        File.Delete(file);
        Assert.Equal([$"Bearer {Canary}"], shown.Distinct());
    }

    [Theory]
    [InlineData("no such file")]
    [InlineData("")]
    public async Task A_key_file_that_cannot_be_used_is_exit_2(string file)
    {
        await using var node = await ScriptedNode.StartAsync((context, _) => context.Response.WriteAsync("{}"));

        var ran = await Ran.OfAsync(node.Address, "status", "--key-file", file);

        Assert.Equal((2, ""), (ran.Code, ran.Data));
        Assert.StartsWith("--key-file: expected", ran.Words, StringComparison.Ordinal);
    }
}
