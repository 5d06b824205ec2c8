using AgentCluster.Client;
using AgentCluster.Client.Agents;
using AgentCluster.Client.Delegations;
using AgentCluster.Tests.Bridge;

namespace AgentCluster.Tests.Client;

/// <summary>Two agents that delegate to each other through the typed client, against a real node.</summary>
public sealed class DelegationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_of_a_role_is_heard_by_who_has_it_and_its_result_by_who_asked()
    {
        await using var node = await NodeUnderTest.StartAsync();
        using var cluster = new ClusterClient(new(node.Bridge.Address));
        using var lead = cluster.As((await cluster.Agents.RegisterAsync("lead", cancellationToken: Token)).Handle!);
        using var worker = cluster.As((await cluster.Agents.RegisterAsync("worker", new AgentDraft { Roles = ["reviewer"] }, cancellationToken: Token)).Handle!);
        await using var heard = worker.Mailboxes.ListenAsync("worker", cancellationToken: Token).GetAsyncEnumerator(Token);
        var waiting = heard.MoveNextAsync().AsTask();

        var receipt = await lead.Delegations.CreateAsync(new("lead", "Look at it.") { Role = "reviewer", Subject = "Review" }, cancellationToken: Token);
        Assert.True(await waiting);
        var request = heard.Current;
        await worker.Delegations.ReportAsync(receipt.Id!, "accepted", cancellationToken: Token);
        var ended = await worker.Delegations.ReportAsync(receipt.Id!, "completed", "Fine.", cancellationToken: Token);
        var late = await Assert.ThrowsAsync<RefusedException>(() => worker.Delegations.ReportAsync(receipt.Id!, "failed", cancellationToken: Token));
        var result = await ResultAsync(lead);
        var left = await lead.Mailboxes.AcknowledgeAsync("lead", result.Seq, cancellationToken: Token);

        Assert.Equal(("requested", "worker", "Look at it.", receipt.Id), (receipt.Status, receipt.To, request.Text, request.DelegationId));
        Assert.Equal(("completed", "Fine.", receipt.Id), (ended.Status, result.Text, result.DelegationId));
        Assert.Equal("invalid_transition", late.Problem.Code);
        Assert.Equal((result.Seq, 0L), (left.Cursor, left.Unread));
        Assert.Equal("completed", (await lead.Delegations.ShowAsync(receipt.Id!, Token)).Status);
        Assert.Equal(1, (await lead.Delegations.ListAsync(from: "lead", cancellationToken: Token)).Total);
    }

    [Fact]
    public async Task Who_is_not_there_is_refused_and_a_human_may_write_to_an_agent()
    {
        await using var node = await NodeUnderTest.StartAsync();
        using var cluster = new ClusterClient(new(node.Bridge.Address));
        await cluster.Agents.RegisterAsync("lead", cancellationToken: Token);

        var nobody = await Assert.ThrowsAsync<RefusedException>(
            () => cluster.Delegations.CreateAsync(new("lead", "Do it.") { To = "nobody" }, cancellationToken: Token));
        var self = await Assert.ThrowsAsync<RefusedException>(
            () => cluster.Delegations.CreateAsync(new("lead", "Do it.") { To = "lead" }, cancellationToken: Token));
        var posted = await cluster.Mailboxes.SendAsync("lead", "a human", "Hello.", cancellationToken: Token);

        Assert.Equal("not_found", nobody.Problem.Code);
        Assert.Equal(409, self.Problem.Status);
        Assert.Equal("Hello.", Assert.Single((await cluster.Mailboxes.ReadAsync("lead", cancellationToken: Token)).Items).Text);
        Assert.Equal("lead", posted.To);
    }

    /// <summary>The result among what was said meanwhile.</summary>
    private static async Task<AgentCluster.Client.Mailboxes.Mail> ResultAsync(ClusterClient lead)
    {
        await foreach (var mail in lead.Mailboxes.ListenAsync("lead", cancellationToken: Token))
        {
            if (mail.Kind == "result")
            {
                return mail;
            }
        }

        throw new InvalidOperationException("The mailbox ended.");
    }
}
