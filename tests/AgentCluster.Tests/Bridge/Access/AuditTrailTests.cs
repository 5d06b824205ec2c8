using AgentCluster.Actors;
using AgentCluster.Bridge.Audit;
using AgentCluster.Domain.Audit;
using AgentCluster.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>What reaches the audit, and how little an attacker can make of it.</summary>
public sealed class AuditTrailTests : IAsyncLifetime
{
    private KeyedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await KeyedNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Every_refusal_says_who_what_when_why_and_in_which_request()
    {
        var (id, key) = await _node.IssueAsync("\"tasks:read\"");
        await _node.AskAsync("GET", "/api/v1/tasks/", null, "acl_wrong");
        await _node.AskAsync("GET", "/api/v1/tasks/", null, null);
        await _node.AskAsync("POST", "/api/v1/tasks/", "{}", key);
        await _node.AskAsync("POST", "/api/v1/tasks/", "{}", key);
        await _node.Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Get, "/api/v1/tasks/", null, ("Host", "evil.example")));

        var audit = (await _node.AuditAsync(least: 5)).EnumerateArray().ToList();

        (string, string, string, string, long)[] expected =
        [
            ("forbidden", "nobody", "GET", "foreign_host", 1),
            ("forbidden", $"key {id}", "task_create", "scope tasks:write", 2),
            ("unauthorized", "nobody", "task_list", "no_key", 1),
            ("unauthorized", "nobody", "task_list", "wrong_key", 1),
            ("allowed", "local", "key_issue", $"{id} test", 1),
        ];
        Assert.Equal(expected.Order(), audit.Select(entry => (
            entry.GetProperty("decision").GetString()!,
            entry.GetProperty("who").GetString()!,
            entry.GetProperty("what").GetString()!,
            entry.GetProperty("why").GetString()!,
            entry.GetProperty("count").GetInt64())).Order());
        Assert.All(audit, entry => Assert.NotEmpty(entry.GetProperty("request_id").GetString()!));
        Assert.All(audit, entry => Assert.True(entry.GetProperty("first_at").GetDateTimeOffset() <= entry.GetProperty("last_at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task An_agent_that_acts_as_another_is_in_it_by_name()
    {
        var ada = await _node.RegisterAsync("ada");
        await _node.AskAsync("POST", "/api/v1/tasks/claim/", """{"agent":"grace"}""", ada);

        var entry = (await _node.AuditAsync())[0];

        Assert.Equal(("ada", "task_claim_next"), (entry.GetProperty("who").GetString(), entry.GetProperty("what").GetString()));
    }

    // Broken on purpose: MostEntries not looked at.
    [Fact]
    public async Task A_flood_of_refusals_of_all_sorts_is_a_few_lines_a_minute_and_none_is_lost_from_the_count()
    {
        var clock = new VirtualClock();
        var actors = new ScriptedActors { Answer = (_, _) => new AuditReply(0, []) };
        await using var trail = new AuditTrail(actors, clock, NullLogger.Instance);

        for (var second = 0; second < 120; second++)
        {
            for (var number = 0; number < 100; number++)
            {
                trail.Note(AuditDecision.Unauthorized, "nobody", "task_list", $"why {second} {number}", new DefaultHttpContext());
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await trail.DisposeAsync();
        var written = actors.Asked.Select(asked => ((AuditCommand.RecordEntries)asked.Command).Entries).ToList();
        Assert.InRange(written.Count, 2, 4);
        Assert.All(written, entries => Assert.InRange(entries.Count, 1, AuditTrail.MostEntries + 1));
        Assert.Equal(12_000, written.Sum(entries => entries.Sum(entry => entry.Count)));
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_later_and_what_may_be_written_is_not_written_twice()
    {
        var actors = new ScriptedActors { Answer = (actor, _) => throw new ActorUnavailableException(actor, Unavailable.NotReady, "away") };
        await using var trail = new AuditTrail(actors, TimeProvider.System, NullLogger.Instance);
        trail.Note(AuditDecision.Forbidden, "ada", "key_list", "scope admin", new DefaultHttpContext());
        await trail.WriteAsync();
        trail.Note(AuditDecision.Forbidden, "ada", "key_list", "scope admin", new DefaultHttpContext());

        actors.Forget();
        actors.Answer = (actor, _) => throw new OutcomeUnknownException(actor, "lost");
        await trail.WriteAsync();
        await trail.WriteAsync();

        var entry = Assert.Single(((AuditCommand.RecordEntries)Assert.Single(actors.Asked).Command).Entries);
        Assert.Equal(2, entry.Count);
    }
}
