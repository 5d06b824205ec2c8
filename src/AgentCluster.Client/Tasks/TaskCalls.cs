using AgentCluster.Client.Calls;

namespace AgentCluster.Client.Tasks;

/// <summary>
/// Tasks and claims. Every call throws <see cref="RefusedException"/> where the node says no, and <see cref="NodeAwayException"/> where no
/// node gave a final answer within the patience.
/// </summary>
public sealed class TaskCalls
{
    private readonly Caller _caller;

    internal TaskCalls(Caller caller) => _caller = caller;

    /// <summary>Creates a task.</summary>
    /// <param name="draft">What is to be done.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> CreateAsync(TaskDraft draft, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync("/api/v1/tasks/", draft, ClientJson.Default.TaskDraft, ClientJson.Default.TaskInfo, options, cancellationToken);

    /// <summary>Creates up to 1,000 tasks of one project, all or none.</summary>
    /// <param name="drafts">What is to be done; they may depend on one another by <see cref="TaskDraft.Ref"/>.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<TaskInfo>> CreateAllAsync(
        IReadOnlyList<TaskDraft> drafts, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        (await _caller.WriteAsync(
            "/api/v1/tasks/batch/", new BatchBody(drafts), ClientJson.Default.BatchBody, ClientJson.Default.TaskPage, options, cancellationToken)).Items;

    /// <summary>Shows a task.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> ShowAsync(string task, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(Caller.Path("tasks", task), ClientJson.Default.TaskInfo, cancellationToken);

    /// <summary>Lists what is ready, the best first.</summary>
    /// <param name="project">The project; <c>default</c> when null.</param>
    /// <param name="agent">Only what this agent may claim; null for all.</param>
    /// <param name="limit">Tasks on the page, 1 to 200.</param>
    /// <param name="offset">Tasks before the page, 0 to 10,000.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskPage> AvailableAsync(
        string? project = null, string? agent = null, int limit = 50, int offset = 0, CancellationToken cancellationToken = default) =>
        _caller.ReadAsync(
            "/api/v1/tasks/available/" + Caller.Query(("project", project), ("agent", agent), ("limit", limit), ("offset", offset)),
            ClientJson.Default.TaskPage,
            cancellationToken);

    /// <summary>Claims the best ready task of a project.</summary>
    /// <param name="agent">Who claims.</param>
    /// <param name="project">The project; <c>default</c> when null.</param>
    /// <param name="capabilities">What the agent can do; null for what it said when it registered.</param>
    /// <param name="leaseSeconds">Until the claim lapses without a sign of life, 1 to 86,400; 1,800 when null.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when nothing is ready.</returns>
    public Task<Claimed?> ClaimNextAsync(
        string agent, string? project = null, IReadOnlyList<string>? capabilities = null, int? leaseSeconds = null,
        WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.MaybeAsync(
            "/api/v1/tasks/claim/", new ClaimNextBody(agent, project, capabilities, leaseSeconds),
            ClientJson.Default.ClaimNextBody, ClientJson.Default.Claimed, options, cancellationToken);

    /// <summary>Claims a task.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="agent">Who claims.</param>
    /// <param name="leaseSeconds">Until the claim lapses without a sign of life, 1 to 86,400; 1,800 when null.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RefusedException"><c>already_claimed</c>, <c>not_ready</c>, <c>not_found</c>, …</exception>
    public Task<Claimed> ClaimAsync(
        string task, string agent, int? leaseSeconds = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "claim"), new ClaimBody(agent, leaseSeconds),
            ClientJson.Default.ClaimBody, ClientJson.Default.Claimed, options, cancellationToken);

    /// <summary>Says how far the work is; renews the lease.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="token">The claim's.</param>
    /// <param name="percent">0 to 100; null to leave it.</param>
    /// <param name="note">For people; null for none.</param>
    /// <param name="cost">What was spent since the last report; null for nothing.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RefusedException"><c>claim_superseded</c>: stop, the task is another's.</exception>
    public Task<Progress> ProgressAsync(
        string task, long token, int? percent = null, string? note = null, CostInfo? cost = null,
        WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "progress"), new ProgressBody(token, percent, note, cost),
            ClientJson.Default.ProgressBody, ClientJson.Default.Progress, options, cancellationToken);

    /// <summary>Completes a task.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="token">The claim's.</param>
    /// <param name="summary">What came of it.</param>
    /// <param name="cost">What was spent since the last report; null for nothing.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RefusedException"><c>claim_superseded</c>, <c>completion_rejected</c>, …</exception>
    public Task<TaskInfo> CompleteAsync(
        string task, long token, string summary, CostInfo? cost = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "complete"), new CompleteBody(token, summary, cost, null),
            ClientJson.Default.CompleteBody, ClientJson.Default.TaskInfo, options, cancellationToken);

    /// <summary>Completes a task and claims the next one in the same turn.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="token">The claim's.</param>
    /// <param name="summary">What came of it.</param>
    /// <param name="cost">What was spent since the last report; null for nothing.</param>
    /// <param name="leaseSeconds">Of the next claim, 1 to 86,400; 1,800 when null.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<Completion> CompleteAndClaimNextAsync(
        string task, long token, string summary, CostInfo? cost = null, int? leaseSeconds = null,
        WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "complete"), new CompleteBody(token, summary, cost, new(null, null, null, leaseSeconds)),
            ClientJson.Default.CompleteBody, ClientJson.Default.Completion, options, cancellationToken);

    /// <summary>Says that the work did not succeed.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="token">The claim's.</param>
    /// <param name="reason">Why.</param>
    /// <param name="retryable">Whether another attempt is of use.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> FailAsync(
        string task, long token, string reason, bool retryable = true, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        EndAsync(task, "fail", new(token, reason, retryable), options, cancellationToken);

    /// <summary>Gives a task back to the queue.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="token">The claim's.</param>
    /// <param name="reason">Why; null for none.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> ReleaseAsync(
        string task, long token, string? reason = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        EndAsync(task, "release", new(token, reason, null), options, cancellationToken);

    /// <summary>Parks a task with a question for a human; the claim is kept and its lease paused.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="token">The claim's.</param>
    /// <param name="question">What is to be known.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> AskAsync(
        string task, long token, string question, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "input"), new AskBody(token, question),
            ClientJson.Default.AskBody, ClientJson.Default.TaskInfo, options, cancellationToken);

    /// <summary>Answers the question of a parked task.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> AnswerAsync(string task, string answer, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "answer"), new AnswerBody(answer),
            ClientJson.Default.AnswerBody, ClientJson.Default.TaskInfo, options, cancellationToken);

    /// <summary>Cancels a task at once, whoever holds it.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="reason">Why; null for none.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> CancelAsync(string task, string? reason = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "cancel"), new CancelBody(reason),
            ClientJson.Default.CancelBody, ClientJson.Default.TaskInfo, options, cancellationToken);

    /// <summary>Accepts a result that was handed in, or gives it back.</summary>
    /// <param name="task">Its id.</param>
    /// <param name="agent">The task's reviewer.</param>
    /// <param name="accept">Whether it is accepted.</param>
    /// <param name="reasons">What is missing; null for nothing.</param>
    /// <param name="options">Names the call; null for a name of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TaskInfo> ReviewAsync(
        string task, string agent, bool accept, IReadOnlyList<string>? reasons = null, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        _caller.WriteAsync(
            Caller.Path("tasks", task, "review"), new ReviewBody(agent, accept, reasons),
            ClientJson.Default.ReviewBody, ClientJson.Default.TaskInfo, options, cancellationToken);

    private Task<TaskInfo> EndAsync(string task, string action, EndBody body, WriteOptions? options, CancellationToken cancellationToken) =>
        _caller.WriteAsync(Caller.Path("tasks", task, action), body, ClientJson.Default.EndBody, ClientJson.Default.TaskInfo, options, cancellationToken);
}
