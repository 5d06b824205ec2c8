using AgentCluster.Actors;
using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Caches;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Delegations;

/// <summary>What the operations on delegations have in common.</summary>
/// <param name="actors">Sends commands.</param>
/// <param name="queries">Reads delegations.</param>
/// <param name="profiles">Knows who is there.</param>
/// <param name="signs">Hears that agents are alive.</param>
/// <param name="ids">Mints ids.</param>
/// <param name="clock">Tells how old a delegation is.</param>
internal sealed class DelegationCalls(
    IActorClient actors, DelegationQueries queries, Profiles profiles, Signs signs, IIdSource ids, TimeProvider clock)
{
    private const int Generation = 20_000;

    // Whose a delegation is never changes, so an entry is true for ever.
    private readonly Recent<string, AgentId> _homes = new(Generation, lifetime: null, clock);

    /// <summary>Reads delegations.</summary>
    public DelegationQueries Queries => queries;

    /// <summary>Hears that agents are alive.</summary>
    public Signs Signs => signs;

    /// <summary>UTC.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Makes a delegation, in its delegator's actor.</summary>
    /// <param name="call">The call.</param>
    /// <param name="from">Who delegates.</param>
    /// <param name="request">What to whom.</param>
    /// <param name="to">Who that is; null when there is nobody like that.</param>
    /// <param name="parent">What it is a part of.</param>
    public async ValueTask<DelegateReply> MakeAsync(Call call, string from, DelegateRequest request, Addressee? to, DelegationParent? parent)
    {
        AgentCommand.DelegateWork work = new(
            new(ids.Next()), to, request.Content, request.TimeoutSeconds, request.QueueIfOffline, request.Task, parent);
        var reply = await actors.AskAsync(Kinds.AgentOf(new(from)), work, call.Id(from), CancellationToken.None);
        if (reply is DelegateReply.Requested { Delegation: { } made })
        {
            _homes.Put(made.Id.Value, made.From);
        }

        return reply;
    }

    /// <summary>Asks the actor that keeps the delegation that the path names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">What is asked.</param>
    public async ValueTask<Answer> AskHomeAsync(Call call, ICommand<DelegationReply> command)
    {
        if (await HomeAsync(call) is not { } home)
        {
            return Unknown(call);
        }

        return await actors.AskAsync(Kinds.AgentOf(home), command, call.Id(agent: null), CancellationToken.None) switch
        {
            DelegationReply.Found found => Answer.Ok(new DelegationBody(found.Delegation, Now)),
            DelegationReply.NotYours other => new Problem(
                ProblemKind.Forbidden, $"It is '{other.Whose}' who says so of this delegation; '{call.Caller}' cannot.", ("agent", other.Whose.Value)),
            DelegationReply.NotForward back => NotFrom(back.From, back.To.Word()),
            _ => await EndedAsync(call, command),
        };
    }

    /// <summary>To whom is delegated: the named agent, or who has least to do of those with the role.</summary>
    /// <param name="from">Who delegates.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<Addressee?> FindAsync(string from, DelegateRequest request, CancellationToken cancellationToken)
    {
        if (request.Role is { } role)
        {
            return RoleChoice.Pick(role, new(from), await queries.HoldersAsync(role, cancellationToken));
        }

        // As its actor says, not as it was a moment ago: whoever is offline is said to be at once.
        return await profiles.ReadAsync(request.To!) is { } view ? new(view.Id, view.Online, null, null) : null;
    }

    /// <summary>There is no such delegation, or none that the caller may know of.</summary>
    /// <param name="call">The call.</param>
    public static Problem Unknown(in Call call) => Problem.NotFound("delegation", call.Subject);

    private async ValueTask<AgentId?> HomeAsync(Call call)
    {
        if (_homes.TryGet(call.Subject, out var known))
        {
            return known;
        }

        if (await queries.FindAsync(new(call.Subject), call.Gone) is not { } found)
        {
            return null;
        }

        _homes.Put(call.Subject, found.From);
        return found.From;
    }

    /// <summary>What has ended is not kept by its actor; its row says how. Nothing was done, so it may be read.</summary>
    private async ValueTask<Answer> EndedAsync(Call call, ICommand<DelegationReply> command)
    {
        var wanted = (command as AgentCommand.ReportDelegation)?.Status ?? DelegationStatus.Cancelled;
        return await queries.FindAsync(new(call.Subject), call.Gone) is { } ended ? NotFrom(ended.Status, wanted.Word()) : Unknown(call);
    }

    private static Problem NotFrom(DelegationStatus from, string to) => new(
        ProblemKind.InvalidTransition,
        from.IsOpen() ? $"The delegation is {from.Word()} and does not go back to {to}." : $"The delegation has ended: it is {from.Word()} and stays so.",
        ("from", from.Word()),
        ("to", to));
}
