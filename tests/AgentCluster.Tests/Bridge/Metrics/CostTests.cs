using System.Diagnostics;
using System.Reflection;
using AgentCluster.Actors;
using AgentCluster.Bridge.Metrics;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Node.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Bridge.Metrics;

/// <summary>Alone, because a listener of another test is heard in the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a request pays for being measured, while nobody follows it.</summary>
[Collection(nameof(Alone))]
public sealed class CostTests
{
    private const int Times = 10_000;

    // Broken on purpose: the labels put into an array for each request.
    [Fact]
    public void Being_measured_allocates_nothing()
    {
        var nothing = new NoNode();
        var metrics = new HttpMetrics(TimeProvider.System, new(nothing, nothing, TimeProvider.System, TaskCreationOptions.None, NullLogger.Instance));
        var context = new DefaultHttpContext { Response = { StatusCode = 200, ContentType = "application/json" } };
        context.SetEndpoint(new(null, new(new RouteCounts("POST", "/api/v1/tasks/claim", lasts: false)), null));

        // Without the optimizer every call of an async method makes an object.
        var isOptimized = !typeof(HttpMetrics).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled;
        Assert.InRange(Allocated(() => metrics.InvokeAsync(context, static _ => Task.CompletedTask).IsCompletedSuccessfully), 0, isOptimized ? 0 : 100 * Times);
    }

    // Broken on purpose: the name of the span before asking who listens.
    [Fact]
    public void A_command_that_nobody_follows_allocates_nothing_for_it()
    {
        var tracing = new CommandTracing();
        var (actor, command) = (Kinds.RegistryOf("p"), new TaskRegistryCommand.SweepEpics());

        Assert.Equal(0, Allocated(() => tracing.Begin(actor, command) is null));
    }

    private static long Allocated(Func<bool> once)
    {
        Assert.False(Activity.Current is not null);
        Assert.True(once());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isSo = true;
        for (var i = 0; i < Times; i++)
        {
            isSo &= once();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(isSo);
        return allocated;
    }
}
