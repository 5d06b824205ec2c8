using System.Text.Json.Nodes;
using AgentCluster.Client.Calls;
using AgentCluster.Client.Tasks;

namespace AgentCluster.Client.Delegations;

/// <summary>What agents ask of one another. Every call throws as those of <see cref="TaskCalls"/> do.</summary>
public sealed class DelegationCalls
{
    private readonly Caller _caller;

    internal DelegationCalls(Caller caller) => _caller = caller;

    /// <summary>Asks something of an agent or a role. The result comes to the mailbox of who asks.</summary>
    /// <param name="draft">What is asked of whom.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<DelegationReceipt> CreateAsync(DelegationDraft draft, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            "/api/v1/delegations/", draft, ClientJson.Default.DelegationDraft, ClientJson.Default.DelegationReceipt, options, cancellationToken);

    /// <summary>Says how something stands that was asked, or how it ended.</summary>
    /// <param name="delegation">Its id.</param>
    /// <param name="status"><c>accepted, in_progress, completed, failed</c> or <c>declined</c>.</param>
    /// <param name="result">What came of it; null for nothing.</param>
    /// <param name="note">For people; null for none.</param>
    /// <param name="progress">0 to 100; null to leave it.</param>
    /// <param name="data">The caller's own object; null for none.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RefusedException"><c>invalid_transition</c>: it has ended already.</exception>
    public Task<DelegationInfo> ReportAsync(
        string delegation, string status, string? result = null, string? note = null, int? progress = null, JsonObject? data = null,
        WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("delegations", delegation, "status"), new ReportBody(status, note, progress, result, data),
            ClientJson.Default.ReportBody, ClientJson.Default.DelegationInfo, options, cancellationToken);

    /// <summary>Calls off what was asked.</summary>
    /// <param name="delegation">Its id.</param>
    /// <param name="reason">Why; null for none.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<DelegationInfo> CancelAsync(
        string delegation, string? reason = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("delegations", delegation, "cancel"), new CancelBody(reason),
            ClientJson.Default.CancelBody, ClientJson.Default.DelegationInfo, options, cancellationToken);

    /// <summary>Shows a delegation with what was asked and what came of it.</summary>
    /// <param name="delegation">Its id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<DelegationInfo> ShowAsync(string delegation, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(Caller.Path("delegations", delegation), ClientJson.Default.DelegationInfo, cancellationToken);

    /// <summary>Lists delegations.</summary>
    /// <param name="from">Only what this agent asked; null for all.</param>
    /// <param name="to">Only what this agent was asked; null for all.</param>
    /// <param name="status">Only those that stand so; null for all.</param>
    /// <param name="limit">Delegations on the page, 1 to 200.</param>
    /// <param name="offset">Delegations before the page.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<DelegationPage> ListAsync(
        string? from = null, string? to = null, string? status = null, int limit = 50, int offset = 0, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(
            "/api/v1/delegations/" + Caller.Query(("from", from), ("to", to), ("status", status), ("limit", limit), ("offset", offset)),
            ClientJson.Default.DelegationPage,
            cancellationToken);
}
