using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Reservations;
using AgentCluster.Simulation.Runs;
using AgentCluster.Simulation.Workload;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// Who has which paths, by the journal alone. S9: what overlaps is never held by two of whom one has it alone, and whoever is told that it
/// has something does. R1: nobody is refused what is free, overtakes who waits before it, or waits for nothing. R2: none ends before its time,
/// or with a claim that is live. That the next in line is told is for the oracle of mailboxes to see.
/// </summary>
internal sealed class ReservationOracle(Present present, ClaimOracle claims, MailOracle mail)
{
    private readonly SortedDictionary<string, Known> _live = new(StringComparer.Ordinal);
    private readonly HashSet<(ReservationId, int Renewal)> _held = [];
    private readonly HashSet<ReservationId> _wanted = [];
    private readonly Dictionary<ReservationId, TimeSpan> _notBefore = [];
    private readonly SortedSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>What is held, wanted and queued, by id.</summary>
    public IEnumerable<(ActorId Repository, ReservationId Id, AgentId Agent)> All => _live.Values.Select(each => (each.Repository, each.Of.Id, each.Of.Agent));

    /// <summary>Tasks with whose claim something ends.</summary>
    public IEnumerable<TaskId> Tasks => _live.Values.Select(each => each.Of.Task).OfType<TaskId>();

    public bool HasHeld => _live.Values.Any(each => each.Standing == Standing.Held);

    public bool HasQueued => _live.Values.Any(each => each.Standing == Standing.Queued);

    /// <summary>Whether it ends with a claim.</summary>
    public bool IsTied(ReservationId id) => Find(id)?.Of.Token is not null;

    /// <summary>Its agent was answered: it cannot run out before its time from <paramref name="sentAt"/> on is over, less what clocks may differ.</summary>
    public void Sign(ReservationId id, TimeSpan sentAt, TimeSpan ttl) => _notBefore[id] = sentAt + (ttl * 0.97);

    /// <summary>What was promised for a time stands, as far as it is left.</summary>
    public void Forget()
    {
        _live.Clear();
        _held.Clear();
        _wanted.Clear();
        _touched.Clear();
    }

    public void Follow(ActorId repository, DetectorEvent happened)
    {
        _touched.Add(repository.Name);
        switch (happened)
        {
            case ReservationGranted e:
                Granted(new(repository, e.Reservation, Standing.Held, e.Reservation.Place));
                break;
            case ReservationWanted e:
                Wanted(new(repository, e.Reservation, Standing.Wanted, e.Reservation.Place));
                break;
            case ReservationRenewed e:
                Renewed(e);
                break;
            case ReservationEnded e:
                Ended(e);
                break;
            case ReservationQueued e:
                Change(e.Id, known => known with { Standing = Standing.Queued });
                present.Reached("queued");
                break;
            case ReservationNarrowed e:
                Change(e.Id, known => known with { Of = known.Of with { Paths = e.Paths } });
                break;
            case ReservationYielded e:
                Yielded(e);
                break;
        }
    }

    /// <summary>All that one commit brought has been followed: nobody waits for nothing.</summary>
    public void Settle()
    {
        foreach (var waiting in _live.Values.Where(each => each.Standing == Standing.Queued && _touched.Contains(each.Repository.Name)))
        {
            if (!InTheWayOf(waiting).Any())
            {
                throw new ViolationException("R1 next", $"{waiting} waits, and nothing is in its way");
            }
        }

        _touched.Clear();
    }

    /// <summary>An answer that was heard promises what the journal has, or had.</summary>
    public void Heard(ICommand command, object reply)
    {
        switch (command, reply)
        {
            case (Reserve e, ReserveReply.Granted { Reservation: var told }) when !_held.Contains((told.Id, told.Renewal)) || !IsAsAsked(told, e.Asked):
                throw new ViolationException("S9 told", $"'{e.Asked.Agent}' was told that it has {told}, and which it never had by the journal, or did not ask for");
            case (Reserve e, ReserveReply.Refused { Want: var told }) when !_wanted.Contains(told.Id) || !IsAsAsked(told, e.Asked):
                throw new ViolationException("S9 told", $"'{e.Asked.Agent}' was told that it waits for {told}, and which it never did by the journal, or did not ask for");
            case (ReleaseReservation e, ReservationReply.Found { Reservation: var told }) when Find(e.Id) is not null || (e.By is { } by && by != told.Agent):
                throw new ViolationException("S9 told", $"'{e.By}' was told that it gave back {told}, and by the journal {Find(e.Id)} is there");
        }
    }

    private static bool IsAsAsked(Reservation told, Reservation asked) => (told.Agent, told.Mode, told.Paths, told.Token) == (asked.Agent, asked.Mode, asked.Paths, asked.Token);

    private Known? Find(ReservationId id) => _live.GetValueOrDefault(id.Value);

    private void Granted(Known granted)
    {
        var before = Find(granted.Of.Id);
        if (before?.Standing == Standing.Held)
        {
            throw new ViolationException("S9 exclusive", $"{granted} was granted a second time");
        }

        foreach (var other in InTheWayOf(granted))
        {
            throw other.Standing == Standing.Held
                ? new ViolationException("S9 exclusive", $"{granted} was granted while {other} is held")
                : new ViolationException("R1 order", $"{granted} was granted before {other}, whose turn it is");
        }

        if (before?.Standing == Standing.Queued)
        {
            mail.ExpectTurn(granted.Of.Agent, granted.Of.Id);
            present.Reached("the next in line had its turn");
        }

        _live[granted.Of.Id.Value] = granted;
        _held.Add((granted.Of.Id, granted.Of.Renewal));
        present.Reached(granted.Of.Mode == ReservationMode.Shared ? "reserved shared" : "reserved");
    }

    private void Wanted(Known wanted)
    {
        if (!InTheWayOf(wanted).Any())
        {
            throw new ViolationException("R1 free", $"{wanted} was refused, and nothing is in its way");
        }

        _live[wanted.Of.Id.Value] = wanted;
        _wanted.Add(wanted.Of.Id);
        present.Reached("refused what others reserved");
    }

    private void Renewed(ReservationRenewed e)
    {
        Change(e.Id, known => known with { Of = known.Of with { Renewal = known.Of.Renewal + 1 } });
        if (Find(e.Id) is { Standing: Standing.Held } held)
        {
            _held.Add((e.Id, held.Of.Renewal));
            present.Reached("renewed a reservation");
        }
    }

    private void Ended(ReservationEnded e)
    {
        var known = Find(e.Id) ?? throw new ViolationException("R1 course", $"{e.Id} ended, and is not there");
        if (e.End == ReservationEnd.Expired && _notBefore.TryGetValue(e.Id, out var until) && present.IsBefore(until))
        {
            throw new ViolationException("R2 never-early", $"{known} ran out at {present.Now}, not before {until} was promised");
        }

        if (e.End == ReservationEnd.ClaimEnded && claims.IsLive(known.Of.Task!.Value, known.Of.Token!.Value))
        {
            throw new ViolationException("R2 claim", $"{known} ended with its claim, which is live");
        }

        _live.Remove(e.Id.Value);
        present.Reached($"reservation {e.End}".ToLowerInvariant());
    }

    /// <summary>Both change places: who holds it goes on waiting where the other was.</summary>
    private void Yielded(ReservationYielded e)
    {
        var (holder, first) = (Find(e.Id)!, Find(e.To)!);
        Change(e.Id, known => known with { Standing = Standing.Queued, Place = Math.Max(holder.Place, first.Place), Of = known.Of with { Renewal = known.Of.Renewal + 1 } });
        Change(e.To, known => known with { Standing = Standing.Queued, Place = Math.Min(holder.Place, first.Place) });
        _wanted.Add(e.Id);
        present.Reached("reservation yielded");
    }

    private void Change(ReservationId id, Func<Known, Known> change) => _live[id.Value] =
        change(Find(id) ?? throw new ViolationException("R1 course", $"something became of {id}, which is not there"));

    private IEnumerable<Known> InTheWayOf(Known wanted) => _live.Values.Where(other =>
        other.Repository == wanted.Repository
        && other.Of.Agent != wanted.Of.Agent
        && (other.Standing == Standing.Held || (other.Standing == Standing.Queued && other.Place < wanted.Place))
        && (other.Of.Mode == ReservationMode.Exclusive || wanted.Of.Mode == ReservationMode.Exclusive)
        && Sites.Meet(other.Of.Paths, wanted.Of.Paths));

    /// <summary>A reservation as somebody with pencil and paper would keep it.</summary>
    /// <param name="Repository">Where.</param>
    /// <param name="Of">As it was granted or wanted; paths and renewals are kept up.</param>
    /// <param name="Standing">As it stands now.</param>
    /// <param name="Place">Whose turn it is: the smaller first.</param>
    private sealed record Known(ActorId Repository, Reservation Of, Standing Standing, long Place)
    {
        public override string ToString() =>
            $"{Of.Id} of '{Of.Agent}' in {Repository.Name} ({string.Join(", ", Of.Paths)}; {Of.Mode.Word()}, {Standing.Word()}, place {Place})";
    }
}
