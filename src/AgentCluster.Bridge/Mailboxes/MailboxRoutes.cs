using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Mailboxes;

/// <summary>Where the operations on mailboxes are found.</summary>
internal static class MailboxRoutes
{
    public static IEnumerable<Route> All(MailboxCalls mailboxes) =>
    [
        Route.Post("/api/v1/agents/{id}/messages", Posting.ToAgent(mailboxes), Forms.Name),
        Route.Post("/api/v1/roles/{role}/messages", Posting.ToRole(mailboxes), Forms.Name),
        Route.Get("/api/v1/agents/{id}/inbox", Inbox.Read(mailboxes), Forms.Name),
        Route.Post("/api/v1/agents/{id}/inbox/ack", Inbox.Acknowledge(mailboxes), Forms.Name),
    ];
}
