using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.Agents.AgentCommand;
using static AgentCluster.Domain.Agents.AgentEvent;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// What lies in each mailbox and how each delegation stands, by the journal alone. B1: places follow each other without a gap or
/// a repeat. B2: what was sent comes once, to whom it was sent, and nothing else comes. D1: a delegation goes forward and ends once.
/// D2: how it ended lies in its delegator's mailbox. D3: it does not time out before its time. B3, D4: what was answered is so. B4: whoever
/// has its turn is told, as often as it has.
/// </summary>
internal sealed class MailOracle(Present present)
{
    private readonly Dictionary<AgentId, List<string>> _boxes = [];
    private readonly Dictionary<AgentId, long> _read = [];
    private readonly Dictionary<DelegationId, Asked> _delegations = [];
    private readonly Dictionary<DelegationId, TimeSpan> _notBefore = [];
    private readonly Dictionary<(AgentId To, string What), Letter> _letters = [];
    private readonly Dictionary<(AgentId To, string Thread), Turns> _turns = [];
    private readonly HashSet<AgentId> _registered = [];

    /// <summary>Those that have not ended, in the order in which they were asked for.</summary>
    public IEnumerable<KeyValuePair<DelegationId, Asked>> Open => _delegations.Where(each => each.Value.Status.IsOpen()).ToArray();

    public Asked? Find(DelegationId id) => _delegations.GetValueOrDefault(id);

    public long LastOf(AgentId agent) => _boxes.GetValueOrDefault(agent)?.Count ?? 0;

    public bool HasUnread(AgentId agent) => LastOf(agent) > _read.GetValueOrDefault(agent);

    /// <summary>Its delegator asked for it then; it cannot time out before this time is over, less what clocks may differ.</summary>
    public void Promise(DelegationId id, TimeSpan askedAt, TimeSpan timeout) => _notBefore[id] = askedAt + (timeout * 0.97);

    /// <summary>What was answered stands, as far as it is left; promises of time do.</summary>
    public void Forget()
    {
        _boxes.Clear();
        _read.Clear();
        _delegations.Clear();
        _letters.Clear();
        _turns.Clear();
        _registered.Clear();
    }

    public void Follow(ActorId actor, AgentEvent happened)
    {
        AgentId agent = new(actor.Name);
        switch (happened)
        {
            case AgentRegistered:
                _registered.Add(agent);
                break;
            case AgentDeregistered:
                Left(agent);
                break;
            case MailReceived e:
                Put(agent, e.Seq, Says(e.Mail));
                Arrived(agent, e.Mail);
                break;
            case MailSent e:
                e.To.ToList().ForEach(to => Expect(new(to), e.Role));
                present.Reached("sent to many");
                break;
            case MailAcknowledged e:
                Acknowledged(agent, e.Seq);
                break;
            case DelegationRequested e:
                Requested(agent, e);
                break;
            case DelegationMoved e:
                Moved(agent, e);
                break;
        }
    }

    /// <summary>Those who watch a task, but for the holder who completes it, are told how it ended.</summary>
    /// <param name="happened">To a task.</param>
    /// <param name="tasks">As they were before.</param>
    public void Follow(TaskRegistryEvent happened, IReadOnlyDictionary<TaskId, TaskModel> tasks)
    {
        var how = happened switch
        {
            TaskCompleted => "completed",
            TaskFailed => "failed",
            TaskCancelled => "cancelled",
            TaskDeleted => "deleted",
            _ => null,
        };
        if (how is null || !tasks.TryGetValue(((IOfTask)happened).Task, out var task))
        {
            return;
        }

        foreach (var watcher in task.Watchers.Select(name => new AgentId(name)).Where(watcher => how != "completed" || watcher != task.Holder))
        {
            Expect(watcher, $"notice {((IOfTask)happened).Task} {how}");
        }
    }

    /// <summary>It is an agent's turn, of which a letter tells it; one that is not registered is told in vain.</summary>
    public void ExpectTurn(AgentId agent, ReservationId id)
    {
        var turns = _turns.TryGetValue((agent, id.Value), out var known) ? known : _turns[(agent, id.Value)] = new();
        turns.Had++;
        turns.InVain += _registered.Contains(agent) ? 0 : 1;
    }

    /// <summary>An answer that was heard promises what the journal has.</summary>
    public void Heard(ActorId actor, ICommand command, object reply)
    {
        AgentId agent = new(actor.Name);
        switch (command, reply)
        {
            case (PutMail e, MailReply.Put put) when At(agent, put.Seq) != Says(e.Mail):
                throw new ViolationException("B3 answered", $"{Says(e.Mail)} was answered to lie at {put.Seq} of {agent}, where {At(agent, put.Seq)} lies");
            case (AcknowledgeMail e, MailboxReply.Found found) when _read.GetValueOrDefault(agent) < e.Seq || found.Acknowledged < e.Seq:
                throw new ViolationException("B3 answered", $"{agent} was told that it has read up to {e.Seq} ({found}); by the journal it has up to {_read.GetValueOrDefault(agent)}");
            case (SendMail e, SendReply.Sent) when !_letters.Keys.Any(letter => letter.What == e.Role):
                throw new ViolationException("B3 answered", $"{Says(e.Mail)} was answered to be sent, and the journal knows nothing of it");
            case (DelegateWork e, DelegateReply.Requested) when Find(e.Delegation)?.From != agent:
                throw new ViolationException("D4 answered", $"{e.Delegation} was answered to be requested, and the journal has {Find(e.Delegation)}");
            case (ReportDelegation e, DelegationReply.Found):
                Reported(e, Find(e.Delegation));
                break;
            case (CancelDelegation e, DelegationReply.Found) when Find(e.Delegation) is not { Status: DelegationStatus.Cancelled } || e.By is { } by && by != agent:
                throw new ViolationException("D4 answered", $"{e.Delegation} was answered to be called off by '{e.By}', and the journal has {Find(e.Delegation)}");
            case (ReportDelegation e, DelegationReply.Ended) when Find(e.Delegation)?.Status.IsOpen() == true:
                throw new ViolationException("D4 answered", $"{e.Delegation} was answered to have ended, and the journal has {Find(e.Delegation)}");
        }
    }

    /// <summary>A mailbox was answered to end there, after it ended at <paramref name="floor"/> in the journal, and these rows lay in it.</summary>
    public void Read(AgentId agent, long floor, MailboxReply.Found found, IReadOnlyList<MailItem> items)
    {
        if (found.Last < floor || found.Last > LastOf(agent))
        {
            throw new ViolationException("B3 answered", $"the mailbox of {agent} was read up to {found.Last}, and ended between {floor} and {LastOf(agent)} meanwhile");
        }

        Same(agent, found.Acknowledged, items);
    }

    /// <summary>Rows of a mailbox after a place are what the journal says, in order.</summary>
    public void Same(AgentId agent, long after, IReadOnlyList<MailItem> rows)
    {
        var expected = after;
        foreach (var row in rows)
        {
            if (row.Seq != ++expected || At(agent, row.Seq) != Says(row.Mail))
            {
                throw new ViolationException(
                    "B1 place", $"the row at {row.Seq} of {agent} says {Says(row.Mail)}; by the journal {At(agent, expected)} lies at {expected}");
            }
        }
    }

    /// <summary>In the end: everything has come, everything has ended.</summary>
    public void End()
    {
        foreach (var ((to, what), letter) in _letters)
        {
            if (letter is { HasCome: false, MayBeLost: false })
            {
                throw new ViolationException("B2 lost", $"{what} was sent to {to}, which was there, and never came");
            }
        }

        foreach (var ((agent, id), turns) in _turns)
        {
            if (turns.Told + turns.InVain < turns.Had)
            {
                throw new ViolationException("B4 turn", $"{agent} had its turn {turns.Had} times with {id}, and was told {turns.Told} times");
            }
        }

        if (Open.Any())
        {
            throw new ViolationException("D1 course", $"{Open.First()} is open when all has come to rest");
        }
    }

    public IEnumerable<AgentId> Boxes => _boxes.Keys;

    private static string Says(Mail mail) => mail.Kind == MailKind.Message
        ? $"message {Stored(mail.Content.Text)}"
        : $"{mail.Kind.Word()} {mail.Delegation} {mail.Status?.Word()} {Stored(mail.Content.Text)}";

    /// <summary>Half a character is stored as the sign for one that is none.</summary>
    private static string Stored(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string NameOf(Mail mail) => mail.Kind == MailKind.Message ? mail.Content.Text.Split(' ')[0]
        : mail.Task is { } task && mail.Delegation is null ? $"notice {task} {mail.Content.Note}"
        : $"{mail.Kind.Word()} {mail.Delegation}";

    private string? At(AgentId agent, long seq) => seq > 0 && seq <= LastOf(agent) ? _boxes[agent][(int)seq - 1] : null;

    private void Put(AgentId agent, long seq, string what)
    {
        if (seq != LastOf(agent) + 1)
        {
            throw new ViolationException("B1 place", $"{what} was put at {seq} of {agent}, after {LastOf(agent)}");
        }

        (_boxes.TryGetValue(agent, out var box) ? box : _boxes[agent] = []).Add(what);
    }

    private void Acknowledged(AgentId agent, long seq)
    {
        if (seq > LastOf(agent) || seq <= _read.GetValueOrDefault(agent))
        {
            throw new ViolationException("B1 place", $"{agent} has read up to {seq} of {LastOf(agent)}, and had up to {_read.GetValueOrDefault(agent)} before");
        }

        _read[agent] = seq;
        present.Reached("mail acknowledged");
    }

    /// <summary>Letters to somebody who is not registered, or leaves before they come, come to nothing.</summary>
    private void Expect(AgentId to, string what)
    {
        if (!_letters.TryAdd((to, what), new() { MayBeLost = !_registered.Contains(to) }))
        {
            throw new ViolationException("B2 once", $"{what} was sent to {to} a second time");
        }
    }

    private void Left(AgentId agent)
    {
        _registered.Remove(agent);
        foreach (var ((to, _), letter) in _letters)
        {
            letter.MayBeLost |= to == agent;
        }
    }

    /// <summary>Whoever puts a message there itself may say it once; a letter comes once, and only when it was sent.</summary>
    private void Arrived(AgentId agent, Mail mail)
    {
        if (mail is { Kind: MailKind.Notice, Content.Note: "ready" or "blocked" or "input_required" })
        {
            present.Reached($"told of what is {mail.Content.Note}");
            return;
        }

        if (mail is { Kind: MailKind.Notice, Delegation: null, Content.Note: null, ThreadId: { } thread })
        {
            OfADetector(agent, thread, mail);
            return;
        }

        var name = NameOf(mail);
        if (!_letters.TryGetValue((agent, name), out var letter))
        {
            if (mail.Kind != MailKind.Message)
            {
                throw new ViolationException("B2 once", $"{Says(mail)} came to {agent}, and nobody sent it there");
            }

            _letters[(agent, name)] = letter = new();
        }

        if (letter.HasCome)
        {
            throw new ViolationException("B2 once", $"{Says(mail)} came to {agent} a second time");
        }

        letter.HasCome = true;
        present.Reached(mail.Delegation is null && mail.Task is not null ? $"told of what is {mail.Content.Note}" : $"{mail.Kind.Word()} came");
    }

    /// <summary>What is told of conflicts is told as often as they move; a turn is told once.</summary>
    private void OfADetector(AgentId agent, string thread, Mail mail)
    {
        var isTurn = mail.Content.Subject?.StartsWith("Your turn", StringComparison.Ordinal) == true;
        if (isTurn && (!_turns.TryGetValue((agent, thread), out var turns) || ++turns.Told > turns.Had))
        {
            throw new ViolationException("B4 turn", $"{agent} was told that it is its turn with {thread}, and it is not");
        }

        present.Reached(isTurn ? "told of its turn" : "told of a conflict");
    }

    private void Requested(AgentId from, DelegationRequested e)
    {
        if (!_delegations.TryAdd(e.Delegation, new(from, e.Spec)))
        {
            throw new ViolationException("D1 course", $"{e.Delegation} was requested a second time");
        }

        Expect(e.Spec.To, $"delegation {e.Delegation}");
        present.Reached("delegated");
    }

    private void Moved(AgentId from, DelegationMoved e)
    {
        if (Find(e.Delegation) is not { } asked || asked.From != from || !asked.Status.IsOpen() || e.Status < asked.Status)
        {
            throw new ViolationException("D1 course", $"{e.Delegation} went on to {e.Status} at {from}, and was {Find(e.Delegation)}");
        }

        if (e.Status == DelegationStatus.TimedOut && _notBefore.TryGetValue(e.Delegation, out var until) && present.IsBefore(until))
        {
            throw new ViolationException("D3 never-early", $"{e.Delegation} timed out at {present.Now}, not before {until}");
        }

        asked.Status = e.Status;
        if (e.Seq > 0)
        {
            var kind = e.Status.IsOpen() ? MailKind.Status : MailKind.Result;
            Put(from, e.Seq, $"{kind.Word()} {e.Delegation} {e.Status.Word()} {e.Content?.Text}");
        }

        if (!e.Status.IsOpen() && e.Seq > 0 == (e.Status == DelegationStatus.Cancelled))
        {
            throw new ViolationException("D2 told", $"{e.Delegation} ended as {e.Status}, and lies at {e.Seq} of the mailbox of {from}");
        }

        if (e.Status is DelegationStatus.Cancelled or DelegationStatus.TimedOut)
        {
            Expect(asked.Spec.To, $"notice {e.Delegation}");
        }

        present.Reached($"delegation {e.Status.Word()}");
    }

    private static void Reported(ReportDelegation e, Asked? asked)
    {
        if (asked is null || asked.Status < e.Status || (!e.Status.IsOpen() && asked.Status != e.Status))
        {
            throw new ViolationException("D4 answered", $"{e.Delegation} was answered to be {e.Status}, and the journal has {asked}");
        }

        if (e.By is { } by && by != asked.Spec.To)
        {
            throw new ViolationException("D4 answered", $"'{by}' reported {e.Delegation}, which is for {asked.Spec.To} to do, and was not refused");
        }
    }

    /// <summary>A delegation as somebody with pencil and paper would keep it.</summary>
    internal sealed record Asked(AgentId From, DelegationSpec Spec)
    {
        public DelegationStatus Status { get; set; }
    }

    private sealed class Turns
    {
        public int Had { get; set; }

        public int Told { get; set; }

        public int InVain { get; set; }
    }

    private sealed class Letter
    {
        public bool HasCome { get; set; }

        public bool MayBeLost { get; set; }
    }
}
