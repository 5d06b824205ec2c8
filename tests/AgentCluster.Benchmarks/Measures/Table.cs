namespace AgentCluster.Benchmarks.Measures;

/// <summary>All measures, in the order of the table.</summary>
internal static class Table
{
    public static IReadOnlyList<IMeasure> All { get; } =
    [
        new Claims(),
        new SlowSyncs(),
        new ManyProjects(),
        new OnPostgres(),
        new HttpClaims(),
        new Delegations(),
        new WaitingAgents(),
        new BatchCreation(),
        new Asks(),
        new ForwardedAsks(),
        new ForwardedClaims(),
        new Persists(),
        new IdleAgents(),
        new ReadyTasks(),
        new RecoveryTime(),
        new Beats(),
        new Overload(),
        new StartTime(),
        new Forecasts(),
        new Reservations(),
    ];
}
