using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Tests.Cli;

/// <summary>What <c>pbm</c> does when a node is away, or cannot say what became of a request.</summary>
public sealed class RepeatTests
{
    private readonly ConcurrentQueue<string> _keys = new();

    // Broken on purpose: a new key for each try.
    [Fact]
    public async Task A_write_is_sent_again_with_its_key_until_the_node_can_say_what_became_of_it()
    {
        await using var node = await ScriptedNode.StartAsync((context, number) =>
        {
            _keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            switch (number)
            {
                case 1:
                    return ScriptedNode.RefuseAsync(context, 503, "outcome_unknown", "unknown");
                case 2:
                    context.Abort();
                    return Task.CompletedTask;
                case 3:
                    return ScriptedNode.RefuseAsync(context, 429, "overloaded", "not_done");
                default:
                    return context.Response.WriteAsync("""{"id":"x"}""");
            }
        });

        var first = (await Ran.OfAsync(node.Address, "task", "create", "Write it")).IsDone();
        var second = (await Ran.OfAsync(node.Address, "task", "create", "Write it")).IsDone();

        Assert.Equal("id | x\n", first.Data);
        Assert.Equal("id | x\n", second.Data);
        Assert.Equal(5, _keys.Count);
        Assert.Single(_keys.Take(4).Distinct());
        Assert.Equal(2, _keys.Distinct().Count());
    }

    [Fact]
    public async Task What_stays_unknown_is_said_with_the_key_that_finds_out()
    {
        await using var node = await ScriptedNode.StartAsync((context, _) =>
        {
            _keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            return ScriptedNode.RefuseAsync(context, 503, "outcome_unknown", "unknown");
        });

        var ran = await Ran.OfAsync(node.Address, "task", "cancel", "T", "--timeout", "1", "--idempotency-key", "mine-1");

        Assert.Equal((5, ""), (ran.Code, ran.Data));
        Assert.Contains("--idempotency-key mine-1 finds out", ran.Words, StringComparison.Ordinal);
        Assert.True(_keys.Count > 1, "It was not sent again.");
        Assert.Equal(["mine-1"], _keys.Distinct());
    }

    [Fact]
    public async Task What_was_not_done_is_not_called_unknown()
    {
        await using var node = await ScriptedNode.StartAsync((context, _) => ScriptedNode.RefuseAsync(context, 503, "unavailable", "not_done"));

        var ran = await Ran.OfAsync(node.Address, "task", "cancel", "T", "--timeout", "1");

        Assert.Equal(5, ran.Code);
        Assert.Contains("unavailable: Expected this", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_asked_once()
    {
        var asked = 0;
        await using var node = await ScriptedNode.StartAsync((context, number) =>
        {
            asked = number;
            return ScriptedNode.RefuseAsync(context, 503, "unavailable", "not_done");
        });

        Assert.Equal(5, (await Ran.OfAsync(node.Address, "task", "list")).Code);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(400, "invalid", 2)]
    [InlineData(401, "unauthorized", 1)]
    [InlineData(403, "forbidden", 1)]
    [InlineData(404, "not_found", 3)]
    [InlineData(409, "already_claimed", 4)]
    [InlineData(412, "version_mismatch", 4)]
    [InlineData(422, "completion_rejected", 4)]
    [InlineData(507, "storage_full", 1)]
    public async Task A_refusal_is_said_once_in_words_and_has_its_exit_code(int status, string code, int exitCode)
    {
        var asked = 0;
        await using var node = await ScriptedNode.StartAsync((context, number) =>
        {
            asked = number;
            return ScriptedNode.RefuseAsync(context, status, code);
        });

        var ran = await Ran.OfAsync(node.Address, "task", "cancel", "T");

        Assert.Equal((exitCode, "", 1), (ran.Code, ran.Data, asked));
        Assert.StartsWith($"{code}: Expected this, found that.\n", ran.Words, StringComparison.Ordinal);
    }
}
