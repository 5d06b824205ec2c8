using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Tests.Cli;

/// <summary><c>pbm events tail</c>.</summary>
public sealed class EventTailTests
{
    private readonly ConcurrentQueue<string> _asked = new();

    // Broken on purpose: reconnecting without the last id (the first two came again).
    [Fact]
    public async Task It_goes_on_where_it_was_when_the_connection_is_lost()
    {
        await using var node = await StartAsync();

        var ran = (await Ran.OfAsync(node.Address, "events", "tail", "--channels", "epic:E", "--channels", "project:p", "--after", "0", "--count", "3")).IsDone();

        Assert.Equal(
            "1 | now | task_created | project:p | {\"n\":1}\n2 | now | task_created | project:p | {\"n\":2}\n3 | now | task_created | project:p | {\"n\":3}\n",
            ran.Data);
        Assert.Equal(["?channels=epic%3AE%2Cproject%3Ap&after=0 ", "?channels=epic%3AE%2Cproject%3Ap&after=0 2"], _asked);
    }

    [Fact]
    public async Task As_json_an_event_is_a_line()
    {
        await using var node = await StartAsync();

        var ran = (await Ran.OfAsync(node.Address, "events", "tail", "-o", "json", "--count", "2")).IsDone();

        Assert.Equal("""{"cursor":"1","name":"task_created","channel":"project:p","at":"now","data":{"n":1}}""", ran.Data.Split('\n')[0]);
        Assert.Equal(3, ran.Data.Split('\n').Length);
    }

    [Fact]
    public async Task A_cursor_that_is_too_old_is_exit_3_and_says_where_to_start()
    {
        await using var node = await ScriptedNode.StartAsync((context, _) => ScriptedNode.RefuseAsync(context, 410, "cursor_gone"));

        var ran = await Ran.OfAsync(node.Address, "events", "tail", "--after", "0");

        Assert.Equal((3, ""), (ran.Code, ran.Data));
        Assert.StartsWith("cursor_gone: ", ran.Words, StringComparison.Ordinal);
    }

    private Task<ScriptedNode> StartAsync() => ScriptedNode.StartAsync(async (context, number) =>
    {
        _asked.Enqueue($"{context.Request.QueryString} {context.Request.Headers["Last-Event-ID"]}");
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": here\n\n");
        foreach (var n in number == 1 ? [1, 2] : new[] { 3 })
        {
            await context.Response.WriteAsync(
                $"id: {n}\nevent: task_created\ndata: {{\"cursor\":\"{n}\",\"name\":\"task_created\",\"channel\":\"project:p\",\"at\":\"now\",\"data\":{{\"n\":{n}}}}}\n\n");
        }
    });
}
