using AgentCluster.Actors;

namespace AgentCluster.Runtime.Store;

/// <summary>The tables that the runtime itself writes, as rows of the actors they belong to.</summary>
public static class RuntimeTables
{
    /// <summary>
    /// Remembered command ids. Id: a hash of actor, principal and key (32 hex digits). Payload: the reply. Kept for 24 hours.
    /// </summary>
    public static RowTable Command { get; } = new("command", [
        new("payload_hash", RowType.Text),
        new("reply_name", RowType.Text),
        new("at", RowType.Integer)]);

    /// <summary>Messages sent and not yet acknowledged. Id: <c>from&gt;to#number</c>. Payload: the command.</summary>
    public static RowTable Outbox { get; } = new("outbox", [
        new("receiver", RowType.Text),
        new("number", RowType.Integer),
        new("name", RowType.Text)]);

    /// <summary>The number of the last message sent, a row for each pair. Id: <c>from&gt;to</c>. Owner: the sender.</summary>
    public static RowTable Sent { get; } = new("sent", [
        new("receiver", RowType.Text),
        new("number", RowType.Integer)]);

    /// <summary>The number of the last message taken (the high-water mark), a row for each pair. Id: <c>from&gt;to</c>. Owner: the receiver.</summary>
    public static RowTable Received { get; } = new("received", [
        new("sender", RowType.Text),
        new("number", RowType.Integer)]);

    /// <summary>Durable timers. Id: <c>actor#kind/subject</c>. Payload: the command.</summary>
    public static RowTable Timer { get; } = new("timer", [
        new("timer_kind", RowType.Text),
        new("timer_subject", RowType.Text),
        new("name", RowType.Text),
        new("due", RowType.Integer)]);

    /// <summary>
    /// Snapshots. Id: the actor. Payload: the state. <c>checksum</c> covers the payload; a row that does not match is
    /// passed over and the events are replayed from the start.
    /// </summary>
    public static RowTable Snapshot { get; } = new("snapshot", [
        new("sequence", RowType.Integer),
        new("schema", RowType.Text),
        new("checksum", RowType.Integer)]);

    /// <summary>Messages and timers set aside because deciding them failed three times. Payload: the command.</summary>
    public static RowTable Parked { get; } = new("parked", [
        new("sender", RowType.Text),
        new("name", RowType.Text),
        new("reason", RowType.Text),
        new("at", RowType.Integer)]);

    /// <summary>How far each projection is. Id: its name. Payload: its cursor.</summary>
    public static RowTable Projection { get; } = new("projection", [
        new("version", RowType.Integer)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowTable> All { get; } = [Command, Outbox, Sent, Received, Timer, Snapshot, Parked, Projection];
}
