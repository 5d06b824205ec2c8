using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Simulation.Runs;

namespace AgentCluster.Simulation.Workload;

/// <summary>
/// One of those who write to each other: says something, delegates, reads its mailbox and does what is asked there, or something else,
/// twice, late, or not at all; calls off what it delegated, often while that is being ended.
/// </summary>
internal sealed class Correspondent(Board board, AgentId agent, IReadOnlyList<AgentId> all)
{
    private readonly Caller _caller = board.CallerOf(agent.Value);
    private readonly ActorId _actor = Kinds.AgentOf(agent);
    private readonly List<MailItem> _asked = [];
    private readonly List<DelegationId> _mine = [];
    private readonly HashSet<DelegationId> _left = [];
    private int _said;

    private static TimeSpan Longest => TimeSpan.FromSeconds(20);

    private bool MayRunOut => !board.Plan.Faults.On.Contains(TestKit.Simulation.Fault.WallJump);

    public async Task WriteAsync()
    {
        await RegisterAsync();
        while (!board.IsEnding)
        {
            await board.World.Pass(board.Some(4));
            switch (board.World.Random.Next(12))
            {
                case 0 or 1:
                    await _caller.AskAsync(Kinds.AgentOf(Another()), new AgentCommand.PutMail(Something()));
                    break;
                case 2:
                    await SayToAllAsync();
                    break;
                case 3 or 4 or 5:
                    await DelegateAsync();
                    break;
                case 6 when _mine.Count > 0:
                    await CallOffAsync(board.Any(_mine));
                    break;
                case 7 when _asked.Count > 0:
                    await AnswerAsync(board.Any(_asked));
                    break;
                case 8:
                    await LeaveAsync();
                    break;
                default:
                    await ReadAsync();
                    break;
            }
        }

        await EndAsync();
    }

    private AgentId Another() => board.Any([.. all.Where(other => other != agent)]);

    private string NewToken() => string.Create(CultureInfo.InvariantCulture, $"{agent}-{++_said}");

    private Mail Something() => new(MailKind.Message, new($"{NewToken()} {Texts.Note(board.Plan, board.World.Random, "hello")}")) { From = agent };

    /// <summary>Some promise to beat and do not, so that they are away when something comes.</summary>
    private async Task RegisterAsync() => await _caller.AskAsync(_actor, new AgentCommand.RegisterAgent(
        new() { Name = agent.Value, HeartbeatTtlSeconds = board.Once(2) ? 2 + board.World.Random.Next(6) : null }, Rotate: false));

    private async Task LeaveAsync()
    {
        if (agent == all[^1] && board.Once(3))
        {
            board.Counts.Reached("left with mail");
            await _caller.AskAsync(_actor, new AgentCommand.DeregisterAgent());
            await board.World.Pass(board.Some(6));
        }

        await RegisterAsync();
    }

    private async Task SayToAllAsync()
    {
        // What all have in common is one more name for what is said: it is all that the sender's event tells of it.
        var mail = Something();
        await _caller.AskAsync(_actor, new AgentCommand.SendMail(
            mail.Content.Text.Split(' ')[0], all.Select(each => each.Value).ToValueList(), mail));
    }

    private async Task DelegateAsync()
    {
        DelegationId id = new(board.NewId());
        Addressee to = new(Another(), Online: board.Once(2), Role: null, Choice: null);
        var parent = _asked.Count > 0 && board.Once(3) ? Parent(board.Any(_asked).Mail.Delegation!.Value) : null;
        var seconds = 1 + board.World.Random.Next((int)Longest.TotalSeconds);
        var askedAt = board.World.Clock.Elapsed;
        var reply = await _caller.AskAsync(_actor, new AgentCommand.DelegateWork(
            id, to, new(Texts.Note(board.Plan, board.World.Random, "do it")), seconds, QueueIfOffline: board.Once(2), Task: null, parent));
        if (reply is DelegateReply.Requested)
        {
            _mine.Add(id);
        }

        if (MayRunOut)
        {
            board.Journal.Mail.Promise(id, askedAt, TimeSpan.FromSeconds(seconds));
        }
    }

    private DelegationParent? Parent(DelegationId id) =>
        board.Journal.Mail.Find(id) is { } known ? new(id, known.Spec.To, known.Spec.Chain) : null;

    private async Task CallOffAsync(DelegationId id) => await _caller.AskAsync(
        board.Once(6) ? Kinds.AgentOf(Another()) : _actor, new AgentCommand.CancelDelegation(id, "no more", board.Once(8) ? Another() : agent));

    private async Task<IReadOnlyList<MailItem>?> ReadAsync()
    {
        if (await _caller.InboxAsync(agent) is not { Count: > 0 } items)
        {
            return [];
        }

        foreach (var item in items.Where(item => item.Mail.Kind == MailKind.Delegation))
        {
            _asked.Add(item);
            if (!board.IsEnding)
            {
                await AnswerAsync(item);
            }
        }

        // Not all of it: what was not acknowledged is read again, and answered again.
        var read = board.IsEnding || board.Once(2) ? items[^1].Seq : items[0].Seq - 1 + board.World.Random.Next(items.Count + 1);
        return await _caller.AskAsync(_actor, new AgentCommand.AcknowledgeMail(read)) is MailboxReply.Found ? items : null;
    }

    private Task AnswerAsync(MailItem item) => board.World.Random.Next(9) switch
    {
        0 => Task.CompletedTask,
        1 => ReportAsync(item, DelegationStatus.Declined),
        2 => ReportAsync(item, DelegationStatus.Failed),
        3 => ReportAsync(item, DelegationStatus.Accepted),
        4 => ReportAsync(item, DelegationStatus.InProgress),
        5 => Task.WhenAll(ReportAsync(item, DelegationStatus.Completed), CallOffOfAsync(item)),
        6 => Task.WhenAll(ReportAsync(item, DelegationStatus.Completed), ReportAsync(item, DelegationStatus.Failed)),
        _ => ReportAsync(item, DelegationStatus.Completed),
    };

    private async Task ReportAsync(MailItem item, DelegationStatus status)
    {
        await board.World.Pass(board.Some(0.01));
        var by = board.IsEnding || !board.Once(8) ? agent : Another();
        Content said = status.IsOpen() ? new("") { Note = "on it" } : new(Texts.Note(board.Plan, board.World.Random, "as asked"));
        var reply = await _caller.AskAsync(
            Kinds.AgentOf(item.Mail.From!.Value), new AgentCommand.ReportDelegation(item.Mail.Delegation!.Value, status, Progress: 50, said, by));
        if (reply is DelegationReply.Ended)
        {
            board.Counts.Reached("reported late");
        }
    }

    private async Task CallOffOfAsync(MailItem item) => await _caller.AskAsync(
        Kinds.AgentOf(item.Mail.From!.Value), new AgentCommand.CancelDelegation(item.Mail.Delegation!.Value, "at the same moment", By: null));

    /// <summary>Faults have stopped: all that was asked is done, runs out or is called off, and everybody has read everything.</summary>
    private async Task EndAsync()
    {
        while (!await IsDoneAsync())
        {
            await board.World.Pass(board.Some(2));
        }
    }

    private async Task<bool> IsDoneAsync()
    {
        await RegisterAsync();
        var read = await ReadAsync();
        foreach (var (id, delegation) in board.Journal.Mail.Open)
        {
            if (MayRunOut && (_left.Contains(id) || (delegation.Spec.To == agent && board.Once(3) && _left.Add(id))))
            {
                continue;
            }

            if (delegation.From == agent && !MayRunOut && board.Once(2))
            {
                await CallOffAsync(id);
            }
            else if (delegation.Spec.To == agent && _asked.FirstOrDefault(asked => asked.Mail.Delegation == id) is { } item)
            {
                await ReportAsync(item, DelegationStatus.Completed);
            }
        }

        return read is { Count: 0 } && !board.Journal.Mail.Open.Any() && !board.Journal.Mail.HasUnread(agent) && !board.Journal.HasLetters;
    }
}
