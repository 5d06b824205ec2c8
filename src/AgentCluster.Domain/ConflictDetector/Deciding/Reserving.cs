using System.Diagnostics.CodeAnalysis;
using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector.Strategies;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;

namespace AgentCluster.Domain.ConflictDetector.Deciding;

/// <summary>Paths are given, refused, given back and taken away.</summary>
internal static class Reserving
{
    private const int MostShown = 20;

    public static Decision Decide(DetectorState state, Reserve reserve, in Turn turn)
    {
        if (!TryPaths(state.Book, reserve.Asked.Paths, out var paths, out var wrong))
        {
            return Decision.Answer(reserve, wrong);
        }

        var asked = reserve.Asked with { Paths = paths };
        if (Same(state.Book, asked) is { } known)
        {
            return Renew(state, reserve, known, turn);
        }

        if (state.Book.Reservations.Count >= Reservation.MostInRepository || state.Book.OfAgents.GetValueOrDefault(asked.Agent.Value) >= Reservation.MostOfAgent)
        {
            var isOfAgent = state.Book.Reservations.Count < Reservation.MostInRepository;
            return Decision.Answer(reserve, new ReserveReply.Full(isOfAgent ? Reservation.MostOfAgent : Reservation.MostInRepository, isOfAgent));
        }

        var place = asked with { Place = state.Book.Turns + 1, RequestedAt = turn.Now, RenewedAt = turn.Now, Renewal = 1, MayWait = false, GrantedAt = null };
        Course course = new(state, turn);
        var isFree = state.Book.InTheWayOf(place with { Standing = Standing.Wanted }).Count == 0;
        course.Add(isFree
            ? new ReservationGranted(place with { Standing = Standing.Held, GrantedAt = turn.Now }, turn.Now)
            : new ReservationWanted(place with { Standing = Standing.Wanted }, turn.Now));
        course.Settle(asked.Id);
        return course.Answer(reserve, Reply(course, asked.Id));
    }

    public static Decision Decide(DetectorState state, ReleaseReservation release, in Turn turn)
    {
        if (state.Book.Find(release.Id) is not { } known)
        {
            return Decision.Answer(release, new ReservationReply.NoReservation());
        }

        return release.By is { } by && by != known.Agent
            ? Decision.Answer(release, new ReservationReply.OfOther(known.Agent))
            : Ended(state, [known], ReservationEnd.Released, turn).Answer(release, new ReservationReply.Found(known));
    }

    public static Decision Decide(DetectorState state, EndReservation end, in Turn turn) =>
        state.Book.Find(end.Id) is { } known && known.Renewal == end.Renewal
            ? Ended(state, [known], ReservationEnd.Expired, turn).Note()
            : Decision.Note();

    public static Decision Decide(DetectorState state, FreeClaim free, in Turn turn) => Ended(
        state,
        [.. state.Book.Reservations.Values.Where(each => each.Task == free.Task && each.Token == free.Token)],
        ReservationEnd.ClaimEnded,
        turn).Note();

    public static Decision Decide(DetectorState state, ReadReservation read) => Decision.Answer(
        read, state.Book.Find(read.Id) is { } known ? new ReservationReply.Found(known) : new ReservationReply.NoReservation());

    public static Decision Decide(DetectorState state, ReadReservations read)
    {
        var all = state.Book.Reservations.Values.Where(each => read.Agent is null || each.Agent == read.Agent).ToList();
        return Decision.Answer(read, new(all.Skip(read.Offset).Take(read.Limit).ToValueList(), all.Count));
    }

    private static Course Ended(DetectorState state, IReadOnlyList<Reservation> gone, ReservationEnd end, in Turn turn)
    {
        Course course = new(state, turn);
        var now = turn.Now;
        course.Add(gone.Select(each => new ReservationEnded(each.Id, each.Agent, end, now)));
        if (gone.Count > 0)
        {
            course.Settle();
        }

        return course;
    }

    /// <summary>The same agent asks for the same again: it has it for longer, or waits for longer.</summary>
    private static Decision Renew(DetectorState state, Reserve reserve, Reservation known, in Turn turn)
    {
        Course course = new(state, turn);
        course.Add(new ReservationRenewed(known.Id, reserve.Asked.TtlSeconds, turn.Now));
        if (known.Standing != Standing.Held && course.Book.InTheWayOf(known).Count == 0)
        {
            course.Add(new ReservationGranted(
                course.Book.Find(known.Id)! with { Standing = Standing.Held, GrantedAt = turn.Now, RenewedAt = turn.Now, Renewal = known.Renewal + 2 }, turn.Now));
        }

        return course.Answer(reserve, Reply(course, known.Id));
    }

    private static Reservation? Same(Book book, Reservation asked) => book.OfAgents.ContainsKey(asked.Agent.Value)
        ? asked.Globs(book.Case).Take(1).SelectMany(first => book.Held.Overlapping(first).Concat(book.Queued.Overlapping(first)))
            .Select(entry => book.Reservations[entry.Owner])
            .Concat(book.Restless.Select(id => book.Reservations[id]))
            .FirstOrDefault(each => each.Agent == asked.Agent && each.Mode == asked.Mode && each.Task == asked.Task && each.Token == asked.Token && each.Paths == asked.Paths)
        : null;

    private static ReserveReply Reply(Course course, ReservationId id)
    {
        var now = course.Book.Find(id)!;
        var conflicts = course.Moved(now.Agent);
        Watch(course, now);
        if (now.Standing == Standing.Held)
        {
            return new ReserveReply.Granted(now, conflicts);
        }

        var ahead = course.Book.InTheWayOf(now);
        return new ReserveReply.Refused(
            now, ahead.Take(MostShown).ToValueList(), conflicts, now.Standing == Standing.Queued ? Queueing.Delay(course.Book, ahead) : null);
    }

    /// <summary>What is tied to a claim ends with it: its registry tells.</summary>
    private static void Watch(Course course, Reservation reservation)
    {
        if (reservation is { Task: { } task, Token: { } token, Project: { } project })
        {
            course.Tell(new(Kinds.RegistryOf(project), new TaskRegistry.TaskRegistryCommand.TieToClaim(task, token, course.Repository)));
        }
    }

    private static bool TryPaths(Book book, ValueList<string> asked, out ValueList<string> paths, [NotNullWhen(false)] out ReserveReply? wrong)
    {
        SortedSet<string> texts = new(StringComparer.Ordinal);
        (paths, wrong) = ([], null);
        for (var i = 0; i < asked.Count && wrong is null; i++)
        {
            wrong = Glob.TryRead(asked[i], book.Case, out var glob, out var problem) ? null : new ReserveReply.NoPath(i, problem);
            texts.Add(glob?.Text ?? "");
        }

        paths = texts.ToValueList();
        return wrong is null;
    }
}
