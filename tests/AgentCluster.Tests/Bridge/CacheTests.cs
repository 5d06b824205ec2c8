using AgentCluster.Bridge.Caches;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Ids;
using AgentCluster.Domain;
using AgentCluster.TestKit;

namespace AgentCluster.Tests.Bridge;

/// <summary>What the bridge remembers is bounded and grows old; what it mints only grows.</summary>
public sealed class CacheTests
{
    private readonly VirtualClock _clock = new();

    // Broken on purpose: IsFresh always true.
    [Fact]
    public void An_entry_is_used_for_its_lifetime_and_not_longer()
    {
        var recent = new Recent<string, int>(10, TimeSpan.FromSeconds(5), _clock);
        recent.Put("a", 1);

        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(recent.TryGet("a", out var value) && value == 1);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(recent.TryGet("a", out _));
    }

    // Broken on purpose: the old generation kept when the young one is full.
    [Fact]
    public void It_holds_two_generations_at_most_and_keeps_what_is_used()
    {
        var recent = new Recent<int, int>(100, lifetime: null, _clock);
        for (var i = 0; i < 10_000; i++)
        {
            recent.Put(i, i);
            Assert.True(recent.TryGet(0, out _), $"The entry in use was forgotten after {i} others.");
        }

        Assert.InRange(Enumerable.Range(0, 10_000).Count(key => recent.TryGet(key, out _)), 1, 200);
    }

    // Broken on purpose: UlidSource drawing anew within a millisecond.
    [Fact]
    public void Ids_only_grow_also_when_the_clock_stands_still_or_steps_back()
    {
        var random = new Random(1);
        var ids = new UlidSource(_clock, random.NextBytes);
        List<string> made = [];
        for (var i = 0; i < 3_000; i++)
        {
            made.Add(ids.Next());
            if (i % 1_000 == 999)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.All(made, id => Assert.True(Ulid.IsValid(id)));
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(made.Count, made.Distinct().Count());
    }

    [Fact]
    public void A_handle_is_the_same_for_the_same_rotation_and_secret_only()
    {
        var handles = new AgentHandles(new byte[32]);
        var handle = handles.Derive("ada", 1);

        Assert.True(handles.IsRight(handle, "ada", 1));
        Assert.Equal("ada", AgentHandles.AgentOf(handle));
        Assert.False(handles.IsRight(handle, "ada", 2));
        Assert.False(handles.IsRight(handle, "bob", 1));
        Assert.False(new AgentHandles(Enumerable.Repeat((byte)1, 32).ToArray()).IsRight(handle, "ada", 1));
        Assert.Null(AgentHandles.AgentOf(new("acl_" + new string('A', 5_000) + ".x")));
    }
}
