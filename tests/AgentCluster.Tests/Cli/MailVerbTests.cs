using System.Text.Json;
using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>The verbs of mailboxes and delegations against the real actors.</summary>
public sealed class MailVerbTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        foreach (var agent in (string[])["ada", "grace"])
        {
            (await RunAsync("agent", "register", agent, "--role", "QA")).IsDone();
        }
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_person_says_something_to_an_agent_and_to_a_role()
    {
        (await RunAsync("send", "ada", "The build is red.", "--from", "linus")).IsDone();
        (await RunAsync("send", "QA", "All of you.", "--from", "grace")).IsDone();
        await RunAsync("inbox", "ada", "--after", "1", "--wait", "30");

        var inbox = (await RunAsync("inbox", "ada", "--ack")).IsDone().Data;

        Assert.Equal(["1 | message | linus | - | - | The build is red.", "2 | message | grace | - | - | All of you.", "Count: 2 of 2 mails"], Lines(inbox));
        Assert.Equal(["Count: 0 of 0 mails"], Lines((await RunAsync("inbox", "ada")).IsDone().Data));
    }

    [Fact]
    public async Task Nobody_of_that_name_is_exit_3_and_said_once()
    {
        var ran = await RunAsync("send", "nobody", "Hello?", "--from", "ada");

        Assert.Equal((3, ""), (ran.Code, ran.Data));
        Assert.Single(ran.Words.Split("not_found").Skip(1));
    }

    [Fact]
    public async Task Something_is_delegated_reported_on_and_shown_with_the_state_of_the_node()
    {
        var made = (await RunAsync("delegate", "grace", "Test it.", "--from", "ada", "--subject", "Tests", "--within", "600", "-o", "json")).IsDone().Json;
        var id = made.GetProperty("id").GetString()!;

        Assert.Contains($"delegation {id} | ada -> grace, requested, ", (await RunAsync("status")).IsDone().Data, StringComparison.Ordinal);
        (await RunAsync("delegation", "report", id, "accepted")).IsDone();
        (await RunAsync("delegation", "report", id, "completed", "--result", "Green.")).IsDone();
        Assert.Equal(4, (await RunAsync("delegation", "cancel", id)).Code);

        Assert.Equal("Green.", (await RunAsync("delegation", "show", id, "-o", "json")).IsDone().Json.GetProperty("result").GetString());
        Assert.Contains($"2 | result | grace | {id} | completed | Green.", Lines((await RunAsync("inbox", "ada")).Data));
        Assert.Contains("open_delegations | 0", Lines((await RunAsync("status")).IsDone().Data));
        Assert.StartsWith($"{id} | completed | ada | grace | ", (await RunAsync("delegation", "list", "--from", "ada")).IsDone().Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_is_delegated_to_where_no_agent_has_that_name()
    {
        var made = (await RunAsync("delegate", "QA", "Test it.", "--from", "ada", "-o", "json")).IsDone().Json;

        Assert.Equal("grace", made.GetProperty("to").GetString());
        Assert.Contains("has least to do", made.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    // A mailbox holds strangers' text: none of it moves a cursor.
    [Fact]
    public async Task What_strangers_say_cannot_write_on_a_terminal()
    {
        (await _node.Bridge.PostAsync("/api/v1/agents/ada/messages", JsonSerializer.Serialize(new { from = "eve", text = "a\nb\tc\u202e" }))).Is(201);

        var data = (await RunAsync("inbox", "ada")).IsDone().Data;

        Assert.Equal(2, Lines(data).Length);
        Assert.DoesNotContain('\u202e', data);
    }

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_node.Bridge.Address, args);

    private static string[] Lines(string data) => data.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
