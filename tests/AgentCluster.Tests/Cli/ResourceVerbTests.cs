using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Cli;

/// <summary>The verbs of resources against the real actors.</summary>
public sealed class ResourceVerbTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Resources_are_declared_taken_refused_with_exit_4_renewed_and_given_back()
    {
        (await RunAsync("resource", "declare", "gpu", "2", "--unit", "cards")).IsDone();
        var id = (await RunAsync("resource", "allocate", "gpu=2", "memory=0.5", "--agent", "ada", "--for", "60", "-o", "json")).IsDone().Json.GetProperty("id").GetString()!;

        var listed = (await RunAsync("resource", "list")).IsDone().Data;
        Assert.Contains("gpu | 0 | 2 | cards", listed, StringComparison.Ordinal);
        Assert.Contains("memory | 63.5 | 64 | GB", listed, StringComparison.Ordinal);
        var refused = await RunAsync("resource", "allocate", "gpu=1", "--agent", "grace");
        Assert.Equal((4, ""), (refused.Code, refused.Data));
        Assert.Contains("Insufficient resources available: gpu: 1 required, 0 of 2 cards available.", refused.Words, StringComparison.Ordinal);

        Assert.Equal(90, (await RunAsync("resource", "renew", id, "--for", "90", "-o", "json")).IsDone().Json.GetProperty("ttl_seconds").GetInt32());
        (await RunAsync("resource", "release", id)).IsDone();
        Assert.Contains($"{id} | ended | ada", (await RunAsync("resource", "allocations", "--agent", "ada")).IsDone().Data, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("resource", "release", id)).Code);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cpu=x")]
    [InlineData("=1")]
    [InlineData("cpu=1", "cpu=2")]
    public async Task What_is_no_amount_is_refused_before_anything_is_asked(params string[] amounts) =>
        Assert.Equal(2, (await RunAsync(["resource", "allocate", .. amounts, "--agent", "ada"])).Code);

    private Task<Ran> RunAsync(params string[] args) => Ran.OfAsync(_node.Bridge.Address, args);
}
