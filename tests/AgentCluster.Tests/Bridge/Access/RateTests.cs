using AgentCluster.Bridge.Guards;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>How often one principal may ask.</summary>
public sealed class RateTests
{
    [Fact]
    public void A_bucket_holds_a_second_and_fills_evenly()
    {
        var clock = new StandingClock();
        var bucket = new TokenBucket(10, clock);

        Assert.Equal(10, Taken(bucket, 20));
        clock.Pass(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Taken(bucket, 20));
        clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(10, Taken(bucket, 20));
        Assert.False(bucket.TryTake(out var wait));
        Assert.Equal(1, wait);
    }

    [Fact]
    public void Threads_that_take_at_once_take_no_more_than_there_is()
    {
        var bucket = new TokenBucket(1_000, new StandingClock());

        var taken = 0;
        Parallel.For(0, 4, _ => Interlocked.Add(ref taken, Taken(bucket, 1_000)));

        Assert.Equal(1_000, taken);
    }

    // Broken on purpose: one bucket for all principals.
    [Fact]
    public async Task A_caller_that_asks_too_often_is_told_when_to_come_again_and_others_are_answered()
    {
        await using var node = await NodeUnderTest.StartAsync(options => options with { RequestsPerSecond = 3 }, new StandingClock());
        var handle = (await node.Bridge.PutAsync("/api/v1/agents/ada", "{}")).Is(201).Json.GetProperty("handle").GetString();
        (await node.Bridge.GetAsync("/api/v1/agents/")).Is(200);
        (await node.Bridge.GetAsync("/api/v1/agents/")).Is(200);

        var refused = (await node.Bridge.GetAsync("/api/v1/agents/")).IsProblem(429, "overloaded");

        Assert.Equal("1", refused.RetryAfter);
        Assert.Equal("not_done", refused.Json.GetProperty("outcome").GetString());
        (await node.Bridge.SendAsync(BridgeUnderTest.Request(HttpMethod.Get, "/api/v1/agents/", null, ("Authorization", "Bearer " + handle)))).Is(200);
        (await node.Bridge.GetAsync("/health/ready")).Is(200);
    }

    private static int Taken(TokenBucket bucket, int tries) => Enumerable.Range(0, tries).Count(_ => bucket.TryTake(out var _));

    private sealed class StandingClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks * 100;
    }
}
