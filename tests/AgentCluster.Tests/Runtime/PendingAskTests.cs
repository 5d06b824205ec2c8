using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Tests.Runtime;

/// <summary>In which thread the caller of a command goes on: never in one that others need.</summary>
public sealed class PendingAskTests
{
    // Broken on purpose: whoever asked another node is told at once, whoever brings the answer (a lane, when the actor came here meanwhile).
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Whoever_asked_another_node_goes_on_elsewhere_unless_the_thread_is_free(bool isLone, int dispatched)
    {
        Queue dispatcher = new();
        PendingAsk<string> ask = new(Bound(), dispatcher, isAway: true);
        var answer = ask.Answer;

        ask.Reply("done", isLone);

        Assert.Equal(dispatched == 0, answer.IsCompleted);
        Assert.Equal(dispatched, dispatcher.Work.Count);
        dispatcher.RunAll();
        Assert.Equal("done", await answer);
    }

    // As an object: an error is one too, and no reply. Broken on purpose: whatever fits the type is the reply.
    [Fact]
    public async Task An_error_is_told_elsewhere_as_well()
    {
        Queue dispatcher = new();
        PendingAsk<object> ask = new(Bound(), dispatcher, isAway: true);

        ask.End(new TimeoutException("too late"));

        Assert.False(ask.Answer.IsCompleted);
        dispatcher.RunAll();
        Assert.Equal("too late", (await Assert.ThrowsAsync<TimeoutException>(() => ask.Answer)).Message);
    }

    private static AskBound Bound()
    {
        AskBound bound = new(1);
        Assert.True(bound.TryEnter());
        return bound;
    }

    /// <summary>A dispatcher whose threads come when they are told to.</summary>
    private sealed class Queue : IDispatcher
    {
        public Queue<IRunnable> Work { get; } = new();

        public TaskCreationOptions Answers => TaskCreationOptions.RunContinuationsAsynchronously;

        public void Dispatch(IRunnable work) => Work.Enqueue(work);

        public void RunAll()
        {
            while (Work.TryDequeue(out var work))
            {
                work.Run();
            }
        }
    }
}
