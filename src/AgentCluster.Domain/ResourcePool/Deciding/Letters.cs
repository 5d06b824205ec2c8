using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.ResourcePool.Deciding;

/// <summary>What agents are told about what they had.</summary>
internal static class Letters
{
    /// <summary>An allocation was taken for another agent.</summary>
    public static Message Taken(Allocation taken, Allocation given)
    {
        var amounts = string.Join(", ", taken.Amounts.Select(amount => string.Create(CultureInfo.InvariantCulture, $"{amount.Resource} {amount.Value}")));
        return new(Kinds.AgentOf(taken.Agent), new AgentCommand.TakeMail(new(
            MailKind.Notice,
            new($"Your allocation {taken.Id} ({amounts}) is over: you held no task, and '{given.Agent}' needed it. Allocate again, for a task, when you need it.")
            {
                Subject = "Your resources were taken back",
            })
        { Importance = Importance.High, ThreadId = taken.Id.Value }));
    }
}
