using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.Agents;

[JsonDerivedType(typeof(DelegateWork), "delegate-work.v1")]
[JsonDerivedType(typeof(ReportDelegation), "report-delegation.v1")]
[JsonDerivedType(typeof(CancelDelegation), "cancel-delegation.v1")]
public abstract partial record AgentCommand
{
    /// <summary>The agent delegates something.</summary>
    /// <param name="Delegation">Its new id.</param>
    /// <param name="To">To whom; null when there is nobody like that.</param>
    /// <param name="Content">What; checked.</param>
    /// <param name="TimeoutSeconds">After how long it has timed out.</param>
    /// <param name="QueueIfOffline">Whether it is put into the mailbox of an agent that is not there.</param>
    /// <param name="Task">What it is for.</param>
    /// <param name="Parent">What it is a part of.</param>
    public sealed record DelegateWork(
        DelegationId Delegation,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Addressee? To,
        Content Content,
        int TimeoutSeconds,
        bool QueueIfOffline,
        TaskId? Task = null,
        DelegationParent? Parent = null)
        : AgentCommand, ICommand<DelegateReply>;

    /// <summary>Who was delegated to says how it stands.</summary>
    /// <param name="Delegation">Of this agent.</param>
    /// <param name="Status">Accepted, in progress, completed, failed or declined.</param>
    /// <param name="Progress">Percent.</param>
    /// <param name="Content">A note, a result.</param>
    /// <param name="By">Who says so; null when that is not known.</param>
    public sealed record ReportDelegation(DelegationId Delegation, DelegationStatus Status, int? Progress = null, Content? Content = null, AgentId? By = null)
        : AgentCommand, ICommand<DelegationReply>;

    /// <summary>The agent calls off what it has delegated.</summary>
    /// <param name="Delegation">Of this agent.</param>
    /// <param name="Reason">In a sentence.</param>
    /// <param name="By">Who says so; null when that is not known.</param>
    public sealed record CancelDelegation(DelegationId Delegation, string? Reason = null, AgentId? By = null) : AgentCommand, ICommand<DelegationReply>;

    /// <summary>The actor of who was delegated to could not take it.</summary>
    /// <param name="Delegation">Of this agent.</param>
    /// <param name="Why">In a sentence.</param>
    public sealed record RefuseDelegation(DelegationId Delegation, string Why) : AgentCommand;

    /// <summary>The time of a delegation is over. Sent by the agent's own timer.</summary>
    /// <param name="Delegation">Of this agent.</param>
    public sealed record ExpireDelegation(DelegationId Delegation) : AgentCommand;
}

/// <summary>To whom is delegated, as known a moment ago.</summary>
/// <param name="Agent">A registered agent.</param>
/// <param name="Online">Whether it was there.</param>
/// <param name="Role">The role that it was chosen for.</param>
/// <param name="Choice">Why it was chosen.</param>
public sealed record Addressee(AgentId Agent, bool Online, string? Role = null, string? Choice = null);

/// <summary>What a delegation is a part of. None of this ever changes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="To">To whom it was delegated.</param>
/// <param name="Chain">Its chain.</param>
public sealed record DelegationParent(DelegationId Id, AgentId To, ValueList<string> Chain);

/// <summary>The answer to <see cref="AgentCommand.DelegateWork"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Requested), "delegation-made.v1")]
[JsonDerivedType(typeof(Offline), "delegation-offline.v1")]
[JsonDerivedType(typeof(UnknownAgent), "delegation-unknown-agent.v1")]
[JsonDerivedType(typeof(Nobody), "delegation-nobody.v1")]
[JsonDerivedType(typeof(Loop), "delegation-loop.v1")]
[JsonDerivedType(typeof(Invalid), "delegation-invalid.v1")]
[JsonDerivedType(typeof(Full), "delegation-full.v1")]
public abstract record DelegateReply
{
    private DelegateReply()
    {
    }

    /// <summary>It is under way.</summary>
    /// <param name="Delegation">As requested.</param>
    /// <param name="Online">Whether who should do it was there; else it waits in the mailbox.</param>
    public sealed record Requested(Delegation Delegation, bool Online) : DelegateReply;

    /// <summary>Who should do it is not there, and it was not to be queued; nothing happened.</summary>
    /// <param name="To">Who.</param>
    /// <param name="Choice">Why that one.</param>
    public sealed record Offline(AgentId To, string? Choice = null) : DelegateReply;

    /// <summary>Nobody of the delegator's name is registered; nothing happened.</summary>
    /// <param name="Agent">The name.</param>
    public sealed record UnknownAgent(AgentId Agent) : DelegateReply;

    /// <summary>Who should do it is not registered, or nobody else has the role; nothing happened.</summary>
    public sealed record Nobody : DelegateReply;

    /// <summary>The chain returns to an agent, or is too deep; nothing happened.</summary>
    /// <param name="Chain">Who would have delegated to whom.</param>
    public sealed record Loop(ValueList<string> Chain) : DelegateReply;

    /// <summary>What was asked makes no sense; nothing happened.</summary>
    /// <param name="Errors">At least one.</param>
    public sealed record Invalid(ValueList<FieldError> Errors) : DelegateReply;

    /// <summary>The delegator has as much open or unread as it may; nothing happened.</summary>
    /// <param name="Open">How many delegations.</param>
    /// <param name="Unread">How many mails.</param>
    public sealed record Full(int Open, long Unread) : DelegateReply;
}

/// <summary>The answer to a command about a delegation.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "delegation-found.v1")]
[JsonDerivedType(typeof(Ended), "delegation-ended.v1")]
[JsonDerivedType(typeof(NotYours), "delegation-not-yours.v1")]
[JsonDerivedType(typeof(NotForward), "delegation-not-forward.v1")]
public abstract record DelegationReply
{
    private DelegationReply()
    {
    }

    /// <summary>Done; this is how it stands.</summary>
    /// <param name="Delegation">The delegation.</param>
    public sealed record Found(Delegation Delegation) : DelegationReply;

    /// <summary>It had ended, or never was; nothing happened. Its row says which.</summary>
    /// <param name="Delegation">Its id.</param>
    public sealed record Ended(DelegationId Delegation) : DelegationReply;

    /// <summary>It is another's to say so; nothing happened.</summary>
    /// <param name="Whose">Whose.</param>
    public sealed record NotYours(AgentId Whose) : DelegationReply;

    /// <summary>It does not go back; nothing happened.</summary>
    /// <param name="From">Where it stands.</param>
    /// <param name="To">What was reported.</param>
    public sealed record NotForward(DelegationStatus From, DelegationStatus To) : DelegationReply;
}
