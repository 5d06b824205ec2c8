using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Queries;

/// <summary>Which tasks to list. What is null does not narrow.</summary>
public sealed record TaskFilter
{
    /// <summary>Of one project.</summary>
    public string? Project { get; init; }

    /// <summary>Of one epic.</summary>
    public EpicId? EpicId { get; init; }

    /// <summary>As shown; null: all but deleted ones.</summary>
    public WorkStatus? Status { get; init; }

    /// <summary>That have all of these.</summary>
    public ValueList<string> Tags { get; init; }

    /// <summary>That are or were last this agent's.</summary>
    public string? Assignee { get; init; }

    /// <summary>Of one priority.</summary>
    public Priority? Priority { get; init; }

    /// <summary>Whose title contains this; ASCII letters without case.</summary>
    public string? Text { get; init; }
}

/// <summary>A page of tasks.</summary>
/// <param name="Tasks">Oldest first, without detail.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record TaskPage(IReadOnlyList<TaskView> Tasks, long Total);

/// <summary>A claim as its holder's heartbeat shows it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Token">The claim's.</param>
/// <param name="LeaseExpiresAt">UTC, for display.</param>
/// <param name="CancelRequested">Whether the task was cancelled: stop working on it.</param>
public sealed record LeaseView(TaskId Task, FencingToken Token, DateTimeOffset LeaseExpiresAt, bool CancelRequested);

/// <summary>Reads tasks from their committed rows: what a registry has answered is in them.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class TaskQueries(IRowReader rows)
{
    // A holder that has not come back for an hour does not wait for this news any more.
    private static readonly TimeSpan CancelNotice = TimeSpan.FromHours(1);

    private static readonly RowCondition NotDeleted = new(
        "status",
        RowTest.In,
        [.. Enum.GetValues<WorkStatus>().Where(each => each != WorkStatus.Deleted).Select(each => RowValue.Of(each.Word()))]);

    /// <summary>Lists tasks.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<TaskPage> ListAsync(
        TaskFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(TaskRegistryTables.Task)
            {
                Where = Conditions(filter),
                OrderBy = [new("created_at")],
                Limit = limit,
                Offset = offset,
                WithTotal = true,
            },
            cancellationToken);
        return new([.. page.Rows.Select(View)], page.Total!.Value);
    }

    /// <summary>The project whose registry is a task's home; null when there is no such task. It never changes: cache it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<string?> ProjectOfAsync(TaskId task, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(TaskRegistryTables.Task, [task.Value], cancellationToken);
        return found is [var row] ? row.Owner.Name : null;
    }

    /// <summary>The projects of some tasks; those that do not exist are left out.</summary>
    /// <param name="tasks">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<IReadOnlyDictionary<TaskId, string>> ProjectsOfAsync(
        IReadOnlyList<TaskId> tasks, CancellationToken cancellationToken)
    {
        var found = tasks.Count == 0
            ? []
            : await rows.ReadAsync(TaskRegistryTables.Task, [.. tasks.Select(task => task.Value)], cancellationToken);
        return found.ToDictionary(row => new TaskId(row.Key.Id), row => row.Owner.Name);
    }

    /// <summary>The part of a task that its registry does not keep in memory.</summary>
    /// <param name="task">The task; ask only when <see cref="TaskView.HasDetail"/>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<TaskDetail> DetailAsync(TaskId task, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(TaskRegistryTables.Detail, [task.Value], cancellationToken);
        return found is [var row] ? DetailPayload.Read(row) : TaskDetail.None;
    }

    /// <summary>What an agent holds, over all projects, and what was cancelled in the last hour while it held it.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="now">UTC. Leases are shown as renewed now, which a heartbeat does.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The latest first; at most 2,000.</returns>
    public async ValueTask<IReadOnlyList<LeaseView>> LeasesAsync(
        AgentId agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(TaskRegistryTables.Task)
            {
                Where =
                [
                    new("assignee", RowTest.Equal, RowValue.Of(agent.Value)),
                    new("claim_token", RowTest.NotNull),
                ],
                OrderBy = [new("updated_at", Descending: true)],
                Limit = 2 * Bounds.MaxConcurrent,
            },
            cancellationToken);
        return
        [
            .. page.Rows.Select(TaskRow.Read)
                .Where(task => task.Claim is not null || now - task.UpdatedAt < CancelNotice)
                .Select(task => new LeaseView(
                    task.Id, task.LastToken, task.Claim is { } claim ? now + claim.Lease : task.UpdatedAt, task.HeldAtCancel)),
        ];
    }

    /// <summary>How many claims each of some agents holds, over all projects.</summary>
    /// <param name="agents">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Those that hold any.</returns>
    public async ValueTask<IReadOnlyDictionary<AgentId, int>> ClaimsAsync(IReadOnlyList<AgentId> agents, CancellationToken cancellationToken) =>
        agents.Count == 0
            ? new Dictionary<AgentId, int>()
            : await CountAsync([.. Held(), new("assignee", RowTest.In, [.. agents.Select(agent => RowValue.Of(agent.Value))])], cancellationToken);

    /// <summary>Who holds a claim, over all projects, each once.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Of at most 100,000 claims.</returns>
    public async ValueTask<IReadOnlyList<AgentId>> WorkingAsync(CancellationToken cancellationToken) => [.. (await CountAsync(Held(), cancellationToken)).Keys];

    /// <summary>How many tasks of a project are held.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<int> HeldAsync(string project, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(TaskRegistryTables.Task) { Where = [.. Held(), new("project", RowTest.Equal, RowValue.Of(project))], Limit = 1, WithTotal = true }, cancellationToken);
        return (int)page.Total!.Value;
    }

    /// <summary>How some tasks stand; those that do not exist are left out.</summary>
    /// <param name="tasks">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<IReadOnlyDictionary<TaskId, WorkStatus>> StatusesAsync(IReadOnlyList<TaskId> tasks, CancellationToken cancellationToken)
    {
        var found = tasks.Count == 0 ? [] : await rows.ReadAsync(TaskRegistryTables.Task, [.. tasks.Select(task => task.Value)], cancellationToken);
        return found.Select(View).ToDictionary(task => task.Id, task => task.Status);
    }

    private async ValueTask<Dictionary<AgentId, int>> CountAsync(IReadOnlyList<RowCondition> claims, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(new(TaskRegistryTables.Task) { Where = claims, Limit = 100_000 }, cancellationToken);
        var holder = TaskRegistryTables.Task.IndexOf("assignee");
        return page.Rows
            .CountBy(row => new AgentId(row.Columns[holder].Text!))
            .ToDictionary(count => count.Key, count => count.Value);
    }

    private static IReadOnlyList<RowCondition> Held() => [new("open", RowTest.Equal, RowValue.Of(true)), new("claim_token", RowTest.NotNull)];

    private static TaskView View(Row row) => TaskRow.Read(row).View(row.Owner.Name, default);

    private static List<RowCondition> Conditions(TaskFilter filter)
    {
        List<RowCondition> where = [];
        where.Add(filter.Status is { } status ? new("status", RowTest.Equal, RowValue.Of(status.Word())) : NotDeleted);
        Equal("project", RowValue.Of(filter.Project));
        Equal("epic_id", RowValue.Of(filter.EpicId?.Value));
        Equal("assignee", RowValue.Of(filter.Assignee));
        Equal("priority", RowValue.Of((long?)filter.Priority));
        where.AddRange(filter.Tags.Select(tag => new RowCondition("tags", RowTest.Contains, RowValue.Of(Lines.Needle(tag)))));
        if (filter.Text is { Length: > 0 } text)
        {
            where.Add(new("title", RowTest.Contains, RowValue.Of(text)));
        }

        return where;

        void Equal(string column, RowValue value)
        {
            if (value.Type is not null)
            {
                where.Add(new(column, RowTest.Equal, value));
            }
        }
    }
}
