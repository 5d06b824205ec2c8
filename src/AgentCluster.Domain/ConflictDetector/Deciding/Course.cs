using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector.Detecting;
using AgentCluster.Domain.ConflictDetector.Strategies;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;

namespace AgentCluster.Domain.ConflictDetector.Deciding;

/// <summary>
/// What a change comes to: whose turn it is, what is in conflict, what is tried about it, and who is told. Every decision that
/// changes the book passes here.
/// </summary>
/// <remarks>
/// The book is immutable, so each strategy is tried on a copy: what it would do is applied, detection looks at the outcome, and
/// only if the conflict is not found there does it happen. All of that is one commit with the change itself; nobody ever sees a
/// conflict between being found and being tried.
/// </remarks>
internal sealed class Course
{
    /// <summary>How often what follows is looked at again before it is left to the next sweep.</summary>
    private const int MostRounds = 10;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);
    private static readonly TimerKey SweepTimer = new("sweep", "");

    private readonly DateTimeOffset _now;
    private readonly bool _wasAwake;
    private readonly List<DetectorEvent> _events = [];
    private readonly List<Message> _messages = [];
    private readonly List<TimerChange> _timers = [];
    private readonly List<Glob> _freed = [];
    private readonly SortedSet<string> _moved = new(StringComparer.Ordinal);

    public Course(DetectorState state, in Turn turn)
    {
        (Repository, Book, _now) = (state.Name, state.Book, turn.Now);
        _wasAwake = RepositoryRow.IsAwake(Book);
    }

    /// <summary>Its name.</summary>
    public string Repository { get; }

    /// <summary>As it is after what happened so far.</summary>
    public Book Book { get; private set; }

    public static TimerChange.Arm ArmSweep() => new(SweepTimer, SweepEvery, new DetectorCommand.Sweep());

    public static TimerChange.Arm Arm(Reservation reservation) => new(
        TimerOf(reservation.Id), TimeSpan.FromSeconds(reservation.TtlSeconds), new DetectorCommand.EndReservation(reservation.Id, reservation.Renewal));

    public void Add(params IEnumerable<DetectorEvent> events)
    {
        foreach (var happened in events)
        {
            Free(happened);
            Book = Book.After(happened);
            _events.Add(happened);
            Time(happened);
        }
    }

    public void Tell(Message message) => _messages.Add(message);

    /// <summary>
    /// Names that were two files may be one by now. Of those who hold it, whoever had it first keeps it, and the others are in line and told.
    /// </summary>
    public void Separate()
    {
        foreach (var late in Book.Reservations.Values.Where(each => each.Standing == Standing.Held).OrderBy(each => each.Place).ToList())
        {
            if (Book.InTheWayOf(late).Any(other => other.Standing == Standing.Held && other.Place < late.Place))
            {
                Add(new ReservationQueued(late.Id, _now));
                Tell(Letters.Lost(Repository, late));
            }
        }
    }

    /// <summary>Looks at everything that may have changed for others.</summary>
    public void Settle()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var before = _events.Count;
            Promote();
            var found = Detection.All(Repository, Book);
            Clear(found);
            Meet(found);
            if (_events.Count == before)
            {
                return;
            }
        }
    }

    /// <summary>Looks at one new want only: what it does to others is found by the next look at everything.</summary>
    public void Settle(ReservationId want)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var before = _events.Count;
            Promote();
            Meet(Book.Find(want) is { } wanted ? [.. Waiting.Of(Repository, Book, wanted)] : []);
            if (_events.Count == before)
            {
                return;
            }
        }
    }

    /// <summary>Goes on with the strategies after the one that was waited for.</summary>
    public void GoOn(Conflict conflict, string after) =>
        Resolve(conflict.Found, Strategy.For(conflict.Found.Type).TakeWhile(strategy => strategy.Name != after).Count() + 1);

    /// <summary>The decision, with everything that follows.</summary>
    public Decision Answer<TReply>(ICommand<TReply> command, TReply reply) => Finish(Decision.Answer(command, reply, [.. _events]));

    /// <summary>The decision on a command that nobody waits for.</summary>
    public Decision Note() => Finish(Decision.Note([.. _events]));

    /// <summary>What is told of conflicts that one agent is part of, and that were moved in this turn.</summary>
    public ValueList<ConflictId> Moved(AgentId agent) =>
        _moved.Select(id => new ConflictId(id)).Where(id => Book.Find(id)!.Found.Agents.AsSpan().Contains(agent)).ToValueList();

    private static TimerKey TimerOf(ReservationId id) => new("reservation", id.Value);

    private Decision Finish(Decision decision)
    {
        var isAwake = RepositoryRow.IsAwake(Book);
        _timers.AddRange(isAwake && !_wasAwake ? [ArmSweep()] : []);
        _messages.AddRange(_moved.SelectMany(id => Letters.Of(Repository, Book.Find(new ConflictId(id))!, _now)));
        return decision.Tell([.. _messages]).With([.. _timers]);
    }

    /// <summary>Takes note of what others may have now.</summary>
    private void Free(DetectorEvent happened)
    {
        var id = happened switch
        {
            ReservationEnded e => e.Id,
            ReservationNarrowed e => e.Id,
            ReservationYielded e => e.Id,
            ReservationQueued e => e.Id,
            _ => (ReservationId?)null,
        };
        if (happened is WorktreeRemoved removed)
        {
            _messages.AddRange(Letters.Merged(Repository, Book, removed.Name));
        }

        _freed.AddRange(id is { } freed ? Book.Find(freed)?.Globs(Book.Case) ?? [] : []);
    }

    private void Time(DetectorEvent happened)
    {
        switch (happened)
        {
            case ReservationGranted e:
                _timers.Add(Arm(e.Reservation));
                break;
            case ReservationWanted e:
                _timers.Add(Arm(e.Reservation));
                break;
            case ReservationRenewed e:
                _timers.Add(Arm(Book.Find(e.Id)!));
                break;
            case ReservationYielded e:
                _timers.Add(Arm(Book.Find(e.Id)!));
                break;
            case ReservationEnded e:
                _timers.Add(new TimerChange.Cancel(TimerOf(e.Id)));
                break;
            case ConflictAsked e:
                _timers.Add(new TimerChange.Set(Asking.Timer(e.Conflict), _now + Asking.Within, new DetectorCommand.ExpireInquest(e.Conflict, e.Asked.Number)));
                break;
            case ConflictResolved e when _wasAwake:
                _timers.Add(new TimerChange.Cancel(Asking.Timer(e.Conflict)));
                break;
        }
    }

    /// <summary>Gives paths to those whose turn it is.</summary>
    private void Promote()
    {
        while (_freed.Count > 0)
        {
            List<Glob> freed = [.. _freed];
            _freed.Clear();
            var waiting = freed.SelectMany(Book.Queued.Overlapping).Select(entry => Book.Reservations[entry.Owner])
                .DistinctBy(each => each.Id).OrderBy(each => each.Place).ThenBy(each => each.Id.Value, StringComparer.Ordinal).ToList();
            foreach (var next in waiting.Where(next => Book.InTheWayOf(next).Count == 0))
            {
                Add(new ReservationGranted(next with { Standing = Standing.Held, GrantedAt = _now, RenewedAt = _now, Renewal = next.Renewal + 1 }, _now));
                Tell(Letters.Turn(Repository, next));
            }
        }
    }

    /// <summary>What is not found any more is over.</summary>
    private void Clear(IReadOnlyList<Clash> found)
    {
        var present = found.Select(clash => clash.Id.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var conflict in Book.Conflicts.Values.Where(conflict => conflict.IsPresent && !present.Contains(conflict.Found.Id.Value)))
        {
            End(conflict.Found.Id, new("Its cause went away.", conflict.Resolution?.Strategy), isAccepted: false);
        }
    }

    /// <summary>Tries what there is to try about conflicts that are new.</summary>
    private void Meet(IReadOnlyList<Clash> found)
    {
        foreach (var clash in found)
        {
            // What was tried for another one may have ended this one too.
            if (Book.Find(clash.Id) is not { IsPresent: true } && Detection.FindsAgain(Repository, Book, clash))
            {
                Add(new ConflictDetected(clash, _now));
                _moved.Add(clash.Id.Value);
                Resolve(clash, 0);
            }
        }
    }

    private void Resolve(Clash clash, int from)
    {
        var strategies = Strategy.For(clash.Type);
        for (var i = from; i < strategies.Count; i++)
        {
            if (IsSettledBy(strategies[i], clash))
            {
                return;
            }
        }

        _moved.Add(clash.Id.Value);
        Add(new ConflictEscalated(
            clash.Id, strategies.Count == 0 ? $"No strategy is known for a conflict of the type {clash.Type.Word()}." : "Every strategy was tried and none has helped.", _now));
    }

    /// <returns>Whether there is nothing more to try now.</returns>
    private bool IsSettledBy(Strategy strategy, Clash clash)
    {
        switch (strategy.Try(new(Repository, Book, clash, _now)))
        {
            case Step.Ask ask:
                Asked(strategy.Name, clash, ask);
                return true;
            case Step.Fail fail:
                Tried(clash.Id, new(strategy.Name, false, fail.Detail, _now));
                return false;
            case Step.Do step when Detection.FindsAgain(Repository, step.Events.Aggregate(Book, static (book, happened) => book.After(happened)), clash):
                Tried(clash.Id, new(strategy.Name, false, step.Detail + " Detection finds it still.", _now, step.Data));
                return false;
            case Step.Do step:
                Add(step.Events);
                Tried(clash.Id, new(strategy.Name, true, step.Detail, _now, step.Data));
                End(clash.Id, new(step.Detail, strategy.Name), isAccepted: false);
                return true;
            case var other:
                throw new System.Diagnostics.UnreachableException($"Untaken step {other.GetType().Name}.");
        }
    }

    private void Asked(string strategy, Clash clash, Step.Ask ask)
    {
        var number = (Book.Find(clash.Id)?.Attempts.Count ?? 0) + 1;
        Add(new ConflictAsked(clash.Id, new(strategy, ask.Agent, number), _now));
        _moved.Add(clash.Id.Value);
        Tell(Letters.Question(Repository, clash, ask));
    }

    public void Tried(ConflictId id, Attempt attempt) => Add(new ConflictTried(id, attempt, _now));

    public void End(ConflictId id, Resolution resolution, bool isAccepted)
    {
        Add(new ConflictResolved(id, resolution, isAccepted, _now));
        _moved.Add(id.Value);
    }
}
