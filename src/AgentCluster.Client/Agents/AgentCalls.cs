using AgentCluster.Client.Calls;

namespace AgentCluster.Client.Agents;

/// <summary>Agents. Every call throws as those of <see cref="Tasks.TaskCalls"/> do.</summary>
public sealed class AgentCalls
{
    private readonly Caller _caller;

    internal AgentCalls(Caller caller) => _caller = caller;

    /// <summary>Registers an agent, or replaces its registration.</summary>
    /// <param name="agent">Its id, 1 to 128 characters.</param>
    /// <param name="draft">What it says of itself; null for defaults.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>With its handle when it was created: <see cref="ClusterClient.As"/> writes with it.</returns>
    public Task<AgentInfo> RegisterAsync(
        string agent, AgentDraft? draft = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.PutAsync(
            Caller.Path("agents", agent), draft ?? new(), ClientJson.Default.AgentDraft, ClientJson.Default.AgentInfo, options, cancellationToken);

    /// <summary>Says that an agent is alive.</summary>
    /// <param name="agent">Its id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<Heartbeat> HeartbeatAsync(string agent, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("agents", agent, "heartbeat"), new NothingBody(),
            ClientJson.Default.NothingBody, ClientJson.Default.Heartbeat, null, cancellationToken);

    /// <summary>Shows an agent.</summary>
    /// <param name="agent">Its id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<AgentInfo> ShowAsync(string agent, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(Caller.Path("agents", agent), ClientJson.Default.AgentInfo, cancellationToken);

    /// <summary>Lists agents.</summary>
    /// <param name="role">Only those with this role; null for all.</param>
    /// <param name="capability">Only those that can do this; null for all.</param>
    /// <param name="presence"><c>idle, busy</c> or <c>offline</c>; null for all.</param>
    /// <param name="limit">Agents on the page, 1 to 200.</param>
    /// <param name="offset">Agents before the page.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<AgentPage> ListAsync(
        string? role = null, string? capability = null, string? presence = null, int limit = 50, int offset = 0, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(
            "/api/v1/agents/" + Caller.Query(("role", role), ("capability", capability), ("presence", presence), ("limit", limit), ("offset", offset)),
            ClientJson.Default.AgentPage,
            cancellationToken);

    /// <summary>Removes an agent's registration; its claims are freed.</summary>
    /// <param name="agent">Its id.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task DeregisterAsync(string agent, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.DeleteAsync(Caller.Path("agents", agent), options, cancellationToken);
}
