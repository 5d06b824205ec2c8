using AgentCluster.Actors;

namespace AgentCluster.Domain.Agents;

/// <summary>The tables that Agent actors write.</summary>
public static class AgentTables
{
    /// <summary>One row a registered agent. Id: the agent's.</summary>
    public static RowTable Agent { get; } = new("agent", [
        new("name", RowType.Text),
        new("roles", RowType.Text),        // each between line feeds; null for none
        new("capabilities", RowType.Text), // each between line feeds; null for none
        new("online", RowType.Integer),
        new("awake", RowType.Integer),     // online, or within its grace: its timers must run
        new("created_at", RowType.Integer)]);

    /// <summary>One row a mail. Id: the agent's, a line feed, and the sequence in 19 digits, so that a mailbox lies in its order.</summary>
    public static RowTable Mail { get; } = new("mail", [
        new("seq", RowType.Integer),
        new("sent_at", RowType.Integer)]);

    /// <summary>One row a delegation, of its delegator's actor.</summary>
    public static RowTable Delegation { get; } = new("delegation", [
        new("from_agent", RowType.Text),
        new("to_agent", RowType.Text),
        new("status", RowType.Text),
        new("open", RowType.Integer),
        new("created_at", RowType.Integer)]);

    /// <summary>What was said of a delegation. Id: its id for the request, and with <c>/result</c> behind it for the result.</summary>
    public static RowTable DelegationText { get; } = new("delegation_text", []);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [Agent, Mail, Delegation, DelegationText];
}
