using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Stores;
using AgentCluster.Tests.Domain.TaskRegistry;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Tests.Domain.Queries;

/// <summary>Rows of a specified registry and of some agents, read back from a store.</summary>
public sealed class QueryTests : TaskRegistrySpec, IAsyncLifetime
{
    private readonly MemoryStore _store = new(DomainTables.All, new VirtualClock());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Tasks_are_listed_oldest_first_page_by_page_and_deleted_ones_are_left_out()
    {
        List<TaskId> tasks = [];
        for (var i = 0; i < 5; i++)
        {
            Pass(TimeSpan.FromSeconds(1));
            tasks.Add(Create());
        }

        Import("gone", WorkStatus.Deleted);
        await StoreAsync();
        TaskQueries queries = new(_store);

        var page = await queries.ListAsync(new(), 2, 1, Cancel);

        Assert.Equal(tasks[1..3], page.Tasks.Select(task => task.Id));
        Assert.Equal(5, page.Total);
        Assert.Equal(1, (await queries.ListAsync(new() { Status = WorkStatus.Deleted }, 10, 0, Cancel)).Total);
    }

    [Fact]
    public async Task Every_filter_narrows()
    {
        var plain = Create();
        var rich = Create(_ => Examples.Spec with { Tags = ["core", "parser"] }, plain);
        var taken = Create();
        Claim(taken, Ada);
        await StoreAsync();
        TaskQueries queries = new(_store);

        Assert.Equal([rich], await IdsAsync(new() { EpicId = Examples.Epic }));
        Assert.Equal([rich], await IdsAsync(new() { Tags = ["parser", "core"] }));
        Assert.Empty(await IdsAsync(new() { Tags = ["pars"] }));
        Assert.Equal([rich], await IdsAsync(new() { Priority = Priority.P1 }));
        Assert.Equal([rich], await IdsAsync(new() { Text = "SCHREIBE" }));
        Assert.Equal([rich], await IdsAsync(new() { Status = WorkStatus.Blocked }));
        Assert.Equal([plain], await IdsAsync(new() { Status = WorkStatus.Pending }));
        Assert.Equal([taken], await IdsAsync(new() { Status = WorkStatus.Running, Assignee = "ada", Project = "apollo" }));
        Assert.Empty(await IdsAsync(new() { Project = "gemini" }));

        async Task<List<TaskId>> IdsAsync(TaskFilter filter) =>
            [.. (await queries.ListAsync(filter, 10, 0, Cancel)).Tasks.Select(task => task.Id)];
    }

    [Fact]
    public async Task A_listed_task_is_the_task_that_its_registry_shows()
    {
        var task = Create(_ => Examples.Spec with { ManualAssignment = false });
        var token = When(new ClaimTask(task, By(Ada, 1, "backend"), Lease)).Reply is ClaimReply.Granted granted ? granted.Task.Claim!.Token : default;
        When(new ReportProgress(task, token, 40, null, Examples.Cost));
        var view = Read(task);
        await StoreAsync();
        TaskQueries queries = new(_store);

        Assert.Equal(view, Assert.Single((await queries.ListAsync(new(), 10, 0, Cancel)).Tasks));
        Assert.Equal(Examples.Spec.Detail, await queries.DetailAsync(task, Cancel));
        Assert.Equal("apollo", await queries.ProjectOfAsync(task, Cancel));
        Assert.Null(await queries.ProjectOfAsync(Examples.Task, Cancel));
        Assert.Equal(TaskDetail.None, await queries.DetailAsync(Examples.Task, Cancel));
    }

    [Fact]
    public async Task A_holder_sees_its_leases_and_for_an_hour_what_was_cancelled()
    {
        TaskId held = Create(), cancelled = Create(), done = Create();
        var token = Claim(held, Ada);
        Pass(TimeSpan.FromSeconds(1));
        var gone = Claim(cancelled, Ada);
        When(new CancelTask(cancelled, null));
        Complete(done, Claim(done, Ada));
        await StoreAsync();
        TaskQueries queries = new(_store);

        Assert.Equal(
            [new LeaseView(cancelled, gone, Now, true), new(held, token, Now.AddSeconds(Lease), false)],
            await queries.LeasesAsync(Ada, Now, Cancel));
        Assert.Equal([held], (await queries.LeasesAsync(Ada, Now.AddHours(1), Cancel)).Select(lease => lease.Task));
        Assert.Equal(1, (await queries.ClaimsAsync([Ada, Grace], Cancel))[Ada]);
        Assert.Empty(await queries.ClaimsAsync([], Cancel));
    }

    [Fact]
    public async Task Agents_are_found_by_role_capability_and_presence()
    {
        Claim(Create(), Ada);
        await StoreAsync(
            Agent("ada", new() { Name = "Ada", Roles = ["QA"], Capabilities = ["sql"], MaxConcurrent = 1 }),
            Agent("bob", new() { Name = "Bob", Roles = ["QA", "PM"] }),
            Agent("cy", new() { Name = "Cy", Capabilities = ["sql"] }, new AgentEvent.AgentWentOffline(Now, false)));
        AgentQueries queries = new(_store);

        Assert.Equal(["ada", "bob", "cy"], await NamesAsync(new()));
        Assert.Equal(["ada", "bob"], await NamesAsync(new() { Role = "QA" }));
        Assert.Equal(["ada", "cy"], await NamesAsync(new() { Capability = "sql" }));
        Assert.Equal(["ada"], await NamesAsync(new() { Presence = PresenceFilter.Busy }));
        Assert.Equal(["bob"], await NamesAsync(new() { Presence = PresenceFilter.Idle }));
        Assert.Equal(["cy"], await NamesAsync(new() { Presence = PresenceFilter.Offline }));
        var page = await queries.ListAsync(new(), 1, 1, Cancel);
        Assert.Equal((3L, "bob", 0), (page.Total, page.Agents[0].Agent.Profile.Name.ToLowerInvariant(), page.Agents[0].Claims));
        Assert.Equal(page.Agents[0].Agent, await queries.FindAsync(new("bob"), Cancel));
        Assert.Null(await queries.FindAsync(new("nobody"), Cancel));

        async Task<List<string>> NamesAsync(AgentFilter filter) =>
            [.. (await queries.ListAsync(filter, 10, 0, Cancel)).Agents.Select(agent => agent.Agent.Id.Value)];
    }

    private void Import(string id, WorkStatus status) => When(new ImportRows(
        "beads", [new(NewId(), id, 1, new() { Title = id }, status, [], null, null, Now, Now)]));

    private Row Agent(string id, AgentProfile profile, params AgentEvent[] events)
    {
        var state = AgentBehavior.Apply(AgentBehavior.Initial(id), new AgentEvent.AgentRegistered(profile, Now));
        foreach (var happened in events)
        {
            AgentBehavior.Apply(state, happened);
        }

        return state.Project(new("agent", id))!;
    }

    private async Task StoreAsync(params Row[] agents)
    {
        var leases = await _store.AcquireAsync([0], new(7), Cancel);
        var rows = Rows.Values.Concat(agents)
            .Select(row => new RowWrite(DomainTables.All.Single(table => table.Name == row.Key.Table), row));
        var result = await _store.CommitAsync([new(leases[0], 1, [], [.. rows], [])], Cancel);
        Assert.Equal(CommitOutcome.Done, result.Outcome);
    }
}
