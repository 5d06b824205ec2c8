using AgentCluster.Bridge.Epics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Guards;

/// <summary>
/// Keeps a caller that is bound to a project within it, and one that is bound to an agent from using another's claims. What
/// does not say which project it is about is out of reach of whoever is bound to one.
/// </summary>
/// <param name="homes">Knows each task's project.</param>
/// <param name="epics">Knows each epic's project.</param>
/// <param name="signs">Knows whose a token is.</param>
internal sealed class Reach(Homes homes, EpicHomes epics, Signs signs)
{
    /// <summary>Says why a caller may not ask this; null when it may.</summary>
    /// <param name="operation">The operation's name: the word before its first underscore is what its subject is.</param>
    /// <param name="request">As read.</param>
    /// <param name="call">The call.</param>
    public ValueTask<Problem?> RefuseAsync(string operation, object request, Call call) =>
        call.Who is { Project: null, Agent: null } ? default : CheckAsync(operation, request, call);

    private async ValueTask<Problem?> CheckAsync(string operation, object request, Call call)
    {
        var what = call.Subject.Length > 0 ? operation.Split('_')[0] : string.Empty;
        var home = what switch
        {
            "task" => await homes.FindAsync(call.Subject, call.Gone),
            "epic" => await epics.FindAsync(call.Subject, call.Gone),
            _ => null,
        };
        var hasHome = what is "task" or "epic";
        if (call.Who.Project is { } project)
        {
            if (hasHome && home != project)
            {
                // Whether there is such a one elsewhere is not this caller's to know.
                return Problem.NotFound(what, call.Subject);
            }

            var isNamed = request is IOfProject named && named.IsWithin(project);
            if (!hasHome && !isNamed && !IsOfNoProject(operation, call.Who))
            {
                return new(ProblemKind.Forbidden, $"The key is bound to the project '{project}'; expected a request that is about it and names it.", ("project", project));
            }
        }

        return call.Who.Agent is { } agent && home is not null && request is IByHolder { Token: var token }
            && await signs.HolderAsync(Kinds.RegistryOf(home), call.Subject, token) is { } holder && holder != agent
            ? new(ProblemKind.Forbidden, $"The claim is of '{holder}'; '{agent}' cannot use its token.")
            : null;
    }

    // Who registers an agent gets its handle, and who removes one frees its claims: both reach into every project.
    private static bool IsOfNoProject(string operation, Principal who) =>
        operation is "agent_list" or "agent_show" || (operation is "agent_heartbeat" or "agent_inbox" or "agent_inbox_ack" && who.Agent is not null);
}
