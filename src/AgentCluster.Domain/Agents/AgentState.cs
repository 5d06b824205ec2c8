using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using static AgentCluster.Domain.Agents.AgentEvent;

namespace AgentCluster.Domain.Agents;

/// <summary>
/// What an Agent actor remembers: facts, where its mailbox ends, what it has delegated, and softly when it last heard of the
/// agent. What was said is kept only until its row is written.
/// </summary>
/// <param name="id">The agent's id.</param>
/// <param name="facts">As its events made it.</param>
/// <param name="mailbox">Null while there never was a mail.</param>
/// <param name="delegations">Null while nothing was delegated.</param>
public sealed class AgentState(string id, AgentFacts facts, Mailbox? mailbox = null, Outstanding? delegations = null) : IRowState
{
    private List<RowKey>? _touched;
    private Dictionary<RowKey, Row>? _unwritten;

    /// <summary>The agent's id.</summary>
    public string Id => id;

    /// <summary>As its events made it.</summary>
    public AgentFacts Facts { get; private set; } = facts;

    /// <summary>Null while there never was a mail.</summary>
    public Mailbox? Mailbox { get; private set; } = mailbox;

    /// <summary>Null while nothing was delegated.</summary>
    public Outstanding? Delegations { get; private set; } = delegations;

    /// <summary>Soft: monotonic time of the last sign of life on this node; null when there was none since the actor is here.</summary>
    [JsonIgnore]
    public TimeSpan? LastSign { get; private set; }

    [JsonIgnore]
    internal AgentId Agent => new(id);

    /// <inheritdoc/>
    public void TakeTouched(ICollection<RowKey> into)
    {
        foreach (var key in _touched ?? [])
        {
            into.Add(key);
        }

        _touched = null;
    }

    /// <inheritdoc/>
    public Row? Project(RowKey key) =>
        key.Table == AgentTables.Agent.Name ? (Facts.Profile is null ? null : AgentRow.Write(Agent, Facts))
        : key.Table == AgentTables.Delegation.Name ? (Delegations?.Find(new(key.Id)) is { } found ? DelegationRow.Write(found) : null)
        : _unwritten?.GetValueOrDefault(key);

    /// <inheritdoc/>
    public void Forget(RowKey key)
    {
        if (key.Table == AgentTables.Delegation.Name)
        {
            Delegations?.Forget(new(key.Id));
        }

        if (_unwritten?.Remove(key) == true && _unwritten.Count == 0)
        {
            _unwritten = null;
        }
    }

    internal void Apply(AgentEvent happened)
    {
        switch (happened)
        {
            case SignGiven e:
                LastSign = e.Uptime;
                break;
            case SignForgotten:
                LastSign = null;
                break;
            case MailReceived e:
                Put(new MailItem(e.Seq, e.Id, e.Mail, e.At));
                break;
            case MailAcknowledged e:
                Mailbox!.Acknowledge(e.Seq);
                break;
            case DelegationRequested e:
                Delegations ??= new([]);
                Put(Delegation.Of(Agent, e));
                Write(DelegationRow.Write(DelegationRow.RequestKey(e.Delegation), Agent, e.Content));
                break;
            case DelegationMoved e:
                Move(e);
                break;
            case MailSent:
                break;
            default:
                Facts = Facts.After(happened);
                if (happened is not (WatcherAdded or ResourcesHeld))
                {
                    Touch(AgentRow.Key(Agent));
                }

                break;
        }
    }

    private void Move(DelegationMoved e)
    {
        Put(Delegations!.Find(e.Delegation)!.After(e));
        if (e.HasResult && !e.Status.IsOpen())
        {
            Write(DelegationRow.Write(DelegationRow.ResultKey(e.Delegation), Agent, e.Content!));
        }

        if (e.Mail() is { } mail)
        {
            Put(mail);
        }
    }

    private void Put(Delegation delegation)
    {
        Delegations!.Put(delegation);
        Touch(DelegationRow.Key(delegation.Id));
    }

    private void Put(MailItem mail)
    {
        (Mailbox ??= new(0, 0, [])).Put(mail.Seq, mail.Mail.Content.Size);
        Write(MailRow.Write(Agent, mail));
        if (mail.Seq > Mailbox.Kept)
        {
            // Read long ago: never more than is kept are unread.
            var oldest = MailRow.Key(Agent, mail.Seq - Mailbox.Kept);
            _unwritten?.Remove(oldest);
            Touch(oldest);
        }
    }

    private void Write(Row row)
    {
        (_unwritten ??= [])[row.Key] = row;
        Touch(row.Key);
    }

    private void Touch(RowKey key) => (_touched ??= []).Add(key);
}
