using System.Runtime.CompilerServices;
using AgentCluster.Client.Calls;
using AgentCluster.Client.Tasks;

namespace AgentCluster.Client.Mailboxes;

/// <summary>Messages between agents, and people. Every call throws as those of <see cref="TaskCalls"/> do.</summary>
public sealed class MailboxCalls
{
    private const int MostWaitSeconds = 60;

    private readonly Caller _caller;

    internal MailboxCalls(Caller caller) => _caller = caller;

    /// <summary>Puts a message into an agent's mailbox.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="from">Who says it.</param>
    /// <param name="text">What is said.</param>
    /// <param name="subject">In a line, what it is about; null for nothing.</param>
    /// <param name="thread">What it belongs to; null for nothing.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<Posted> SendAsync(
        string agent, string from, string text, string? subject = null, string? thread = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("agents", agent, "messages"), new MessageBody(from, text, subject, thread),
            ClientJson.Default.MessageBody, ClientJson.Default.Posted, options, cancellationToken);

    /// <summary>Puts a message into the mailbox of everybody else who has a role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="from">Who says it.</param>
    /// <param name="text">What is said.</param>
    /// <param name="subject">In a line, what it is about; null for nothing.</param>
    /// <param name="thread">What it belongs to; null for nothing.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Who they are.</returns>
    public async Task<IReadOnlyList<string>> SendToRoleAsync(
        string role, string from, string text, string? subject = null, string? thread = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        (await _caller.WriteAsync(
            Caller.Path("roles", role, "messages"), new MessageBody(from, text, subject, thread),
            ClientJson.Default.MessageBody, ClientJson.Default.PostedToRole, options, cancellationToken)).To;

    /// <summary>Reads an agent's mailbox, and waits for mail where there is none.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="after">The place after which to begin; null for what was not acknowledged.</param>
    /// <param name="waitSeconds">How long to wait, 0 to 60.</param>
    /// <param name="limit">Mails at most, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<InboxPage> ReadAsync(
        string agent, long? after = null, int waitSeconds = 0, int limit = 50, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(
            Caller.Path("agents", agent, "inbox") + Caller.Query(("after", after), ("wait_seconds", waitSeconds), ("limit", limit)),
            ClientJson.Default.InboxPage,
            cancellationToken,
            TimeSpan.FromSeconds(waitSeconds));

    /// <summary>Each mail as it comes, in order, without gap or repeat. Acknowledge what is done with, for what is not comes again after a restart.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="after">The place after which to begin; null for what was not acknowledged.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Mail> ListenAsync(
        string agent, long? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await ReadAsync(agent, after, MostWaitSeconds, cancellationToken: cancellationToken);
            foreach (var mail in page.Items)
            {
                yield return mail;
                after = mail.Seq;
            }
        }
    }

    /// <summary>Says up to where an agent has read.</summary>
    /// <param name="agent">Whose mailbox.</param>
    /// <param name="seq">The place of the last mail that is done with.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<MailboxInfo> AcknowledgeAsync(string agent, long seq, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("agents", agent, "inbox/ack"), new AcknowledgeBody(seq),
            ClientJson.Default.AcknowledgeBody, ClientJson.Default.MailboxInfo, options, cancellationToken);
}
