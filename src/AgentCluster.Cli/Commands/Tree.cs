using System.CommandLine;

namespace AgentCluster.Cli.Commands;

/// <summary>The commands: <c>pbm &lt;group&gt; &lt;verb&gt;</c>.</summary>
internal static class Tree
{
    public static RootCommand Root(Verbs verbs, TextReader input) => new("Looks into an AgentCluster node, and works with it.")
    {
        NodeVerbs.Status(verbs),
        UpkeepVerbs.Doctor(verbs),
        UpkeepVerbs.Backup(verbs),
        Verbs.Group("task", "Tasks.", TaskVerbs.All(verbs)),
        Verbs.Group("epic", "Epics.", EpicVerbs.All(verbs)),
        Verbs.Group("agent", "Agents.", AgentVerbs.All(verbs)),
        MailVerbs.Send(verbs),
        MailVerbs.Inbox(verbs),
        DelegationVerbs.Delegate(verbs),
        Verbs.Group("delegation", "What agents ask of one another.", DelegationVerbs.All(verbs)),
        ReservationVerbs.Reserve(verbs),
        Verbs.Group("reservation", "Who may work on which paths.", ReservationVerbs.All(verbs)),
        Verbs.Group("conflict", "What gets in each other's way.", ConflictVerbs.All(verbs)),
        Verbs.Group("resource", "What there is to share.", ResourceVerbs.All(verbs)),
        McpVerb.Of(verbs, input),
        HookVerb.Of(verbs, input),
        SetupVerb.Of(verbs),
        ImportVerb.Of(verbs, input),
        ExportVerb.Of(verbs),
        TaskVerbs.Why(verbs),
        Verbs.Group("worktree", "Who works in which copy of a repository.", WorktreeVerbs.All(verbs)),
        WorktreeVerbs.Forecast(verbs),
        Verbs.Group("git", "Claims and commits.", GitVerbs.All(verbs)),
        Verbs.Group("events", "What happens.", EventVerbs.Tail(verbs)),
        Verbs.Group("cluster", "The nodes that share a database.", ClusterVerbs.OfCluster(verbs)),
        Verbs.Group("cluster-sharding", "Which node has what.", ClusterVerbs.OfSharding(verbs)),
        Verbs.Group("journal", "What is stored.", ClusterVerbs.JournalTail(verbs)),
        Verbs.Group("actor", "Actors.", NodeVerbs.ActorHierarchy(verbs), NodeVerbs.ActorInspect(verbs), NodeVerbs.ActorMailbox(verbs)),
        Verbs.Group("log", "What the node writes to its log.", LogVerbs.Level(verbs)),
        CompletionVerb.Of(verbs),
        Verbs.Group("key", "Keys, and who was refused what.", KeyVerbs.All(verbs)),
        Verbs.Group("config", "The node's configuration.", NodeVerbs.ConfigShow(verbs)),
    };
}
