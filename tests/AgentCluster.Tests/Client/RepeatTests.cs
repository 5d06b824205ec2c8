using System.Collections.Concurrent;
using AgentCluster.Client;
using AgentCluster.Client.Calls;
using AgentCluster.Client.Tasks;
using AgentCluster.Tests.Cli;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Tests.Client;

/// <summary>What the client does when nodes are away, or cannot say what became of a call.</summary>
public sealed class RepeatTests
{
    private readonly ConcurrentQueue<string> _keys = new();
    private readonly ImpatientClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Broken on purpose: Retry-After not read; the pauses were 0.2 s and 0.4 s.
    [Fact]
    public async Task A_write_is_sent_again_under_its_name_after_as_long_as_the_node_asks()
    {
        await using var node = await ScriptedNode.StartAsync((context, number) =>
        {
            _keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            if (number == 3)
            {
                return context.Response.WriteAsync("""{"lease_expires_at":"2030-01-01T12:00:00Z","cancel_requested":true}""");
            }

            context.Response.Headers.RetryAfter = number == 1 ? "7" : "3";
            return ScriptedNode.RefuseAsync(context, 503, "outcome_unknown", "unknown");
        });
        using var cluster = Open(node);

        var progress = await cluster.Tasks.ProgressAsync("T", 1, cancellationToken: Token);

        Assert.True(progress.CancelRequested);
        Assert.Equal((3, 1), (_keys.Count, _keys.Distinct().Count()));
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(3)], _clock.Pauses);
    }

    [Fact]
    public async Task What_stays_unknown_is_said_with_the_name_that_finds_out()
    {
        await using var node = await ScriptedNode.StartAsync((context, _) => ScriptedNode.RefuseAsync(context, 503, "outcome_unknown", "unknown"));
        using var cluster = Open(node);

        var away = await Assert.ThrowsAsync<NodeAwayException>(
            () => cluster.Tasks.CancelAsync("T", options: new WriteOptions("mine-1"), cancellationToken: Token));

        Assert.Equal((true, "mine-1"), (away.IsUnknown, away.IdempotencyKey));
        Assert.Equal(7, _clock.Pauses.Count);
    }

    // Broken on purpose: the last answer alone decides; an answer lost before it was forgotten.
    [Fact]
    public async Task An_outcome_that_was_unknown_once_stays_so_until_the_node_says_otherwise()
    {
        await using var node = await ScriptedNode.StartAsync((context, number) => number == 1
            ? ScriptedNode.RefuseAsync(context, 503, "outcome_unknown", "unknown")
            : ScriptedNode.RefuseAsync(context, 503, "unavailable", "not_done"));
        using var cluster = Open(node);

        var away = await Assert.ThrowsAsync<NodeAwayException>(() => cluster.Tasks.CancelAsync("T", cancellationToken: Token));

        Assert.True(away.IsUnknown);
    }

    [Fact]
    public async Task What_was_certainly_not_done_is_refused_as_such()
    {
        await using var node = await ScriptedNode.StartAsync((context, _) => ScriptedNode.RefuseAsync(context, 503, "unavailable", "not_done"));
        using var cluster = Open(node);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => cluster.Tasks.CancelAsync("T", cancellationToken: Token));

        Assert.Equal("unavailable", refused.Problem.Code);
    }

    [Fact]
    public async Task A_call_is_led_to_the_owner_with_its_name()
    {
        await using var owner = await ScriptedNode.StartAsync((context, _) =>
        {
            _keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            return context.Response.WriteAsync("""{"lease_expires_at":"2030-01-01T12:00:00Z","cancel_requested":false}""");
        });
        await using var node = await ScriptedNode.StartAsync((context, _) =>
        {
            _keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = new Uri(owner.Address, context.Request.Path.Value).ToString();
            return Task.CompletedTask;
        });
        using var cluster = Open(node);

        Assert.False((await cluster.Tasks.ProgressAsync("T", 1, cancellationToken: Token)).CancelRequested);
        Assert.Equal((2, 1), (_keys.Count, _keys.Distinct().Count()));
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told_from_one_that_may_have_done_it()
    {
        Uri gone;
        await using (var node = await ScriptedNode.StartAsync((_, _) => Task.CompletedTask))
        {
            gone = node.Address;
        }

        using var cluster = new ClusterClient(new(gone) { Clock = _clock });

        var away = await Assert.ThrowsAsync<NodeAwayException>(() => cluster.Tasks.CancelAsync("T", cancellationToken: Token));

        Assert.False(away.IsUnknown);
        Assert.Contains("Is the node running?", away.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>", "not JSON")]
    [InlineData("""{"id":"x"}""", "Expected TaskInfo")]
    public async Task Whoever_is_no_node_is_called_so(string answer, string words)
    {
        await using var node = await ScriptedNode.StartAsync((context, _) => context.Response.WriteAsync(answer));
        using var cluster = Open(node);

        var foreign = await Assert.ThrowsAsync<ForeignAnswerException>(() => cluster.Tasks.ShowAsync("T", Token));

        Assert.Contains(words, foreign.Message, StringComparison.Ordinal);
    }

    private ClusterClient Open(ScriptedNode node) => new(new(node.Address) { Clock = _clock });

    /// <summary>Notes each pause and does not make it; only the patience of a call takes its time.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < Patience && dueTime > TimeSpan.Zero)
            {
                Pauses.Enqueue(dueTime);
                dueTime = TimeSpan.Zero;
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
