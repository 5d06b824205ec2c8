using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Probes;

/// <summary>One actor that a probe stands in for, in the runtime's hands.</summary>
internal sealed class ProbeMachine(TestProbe probe, ActorId self) : Machine
{
    public override void Decide(Envelope envelope, in Turn turn)
    {
        var decision = probe.Hear(self, envelope);
        Reply = decision.Reply;
        Messages = decision.Messages;
        TimerChanges = decision.Timers;
        Missing = [];
    }

    public override void Decide(ICommand command, in Turn turn) =>
        throw new InvalidOperationException("A probe hears envelopes: it wants to know the sender.");

    public override void Write(ActorId actor, DateTimeOffset at, List<EventWrite> into)
    {
    }

    public override void Apply(ICollection<RowKey> touched)
    {
    }

    public override IEnumerable<TimerChange> Timers(int generation) => [];
}
