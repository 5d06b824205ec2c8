using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>The migrations and the tables that actors write are held together, both ways; and who needs an index has one.</summary>
public sealed class SchemaTests : IDisposable
{
    private static readonly string[] OwnTables = ["command_run", "command_sorted", "event", "lease", "meta", "migration"];
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Broken on purpose: a column added to a RowTable, then one added to a migration.
    [Fact]
    public async Task Every_table_of_the_actors_is_made_by_a_migration_column_for_column()
    {
        await _folder.Open().DisposeAsync();
        using var connection = Connection.OpenReader(_folder.File);
        IReadOnlyList<RowTable> tables = [.. RuntimeTables.All, .. DomainTables.All];

        Assert.Equal(
            tables.Select(table => table.Name).Concat(OwnTables).Order(StringComparer.Ordinal),
            Texts(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"));
        Assert.All(tables, table => Assert.Equal(
            [.. Numbered(table), "id TEXT", "shard INTEGER", "owner TEXT", .. table.Columns.Select(column => $"{column.Name} {column.Type.ToString().ToUpperInvariant()}"), "payload BLOB"],
            Texts(connection, $"SELECT name || ' ' || type FROM pragma_table_info('{table.Name}')")));
    }

    [Fact]
    public void Migrations_are_numbered_from_one_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, Migration.All.Count), Migration.All.Select(migration => migration.Number));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Migrations_apply_with_and_without_strict_tables(bool isStrict)
    {
        _ = SqliteStore.Library;
        using var connection = Connection.OpenWriter(_folder.File);

        foreach (var migration in Migration.All)
        {
            connection.Execute(migration.Sql(isStrict));
        }

        Assert.Equal(isStrict, Texts(connection, "SELECT sql FROM sqlite_master WHERE type = 'table'").All(sql => sql.EndsWith("STRICT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Recovery_reads_open_tasks_by_an_index() => await AssertPlanAsync(
        "USING INDEX task_open",
        new(TaskRegistryTables.Task)
        {
            Where = [new("open", RowTest.Equal, RowValue.Of(1)), new("owner", RowTest.Equal, RowValue.Of("registry/p"))],
        });

    [Fact]
    public async Task A_projects_tasks_are_listed_by_an_index_without_sorting()
    {
        var plan = await AssertPlanAsync(
            "USING INDEX task_project",
            new(TaskRegistryTables.Task)
            {
                Where = [new("status", RowTest.In, RowValue.Of("pending")), new("project", RowTest.Equal, RowValue.Of("p"))],
                OrderBy = [new("created_at")],
                Limit = 10,
            });

        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_epics_tasks_are_found_by_an_index() => await AssertPlanAsync(
        "USING INDEX task_epic",
        new(TaskRegistryTables.Task) { Where = [new("epic_id", RowTest.Equal, RowValue.Of("e"))] });

    [Fact]
    public async Task What_an_agent_holds_is_found_by_an_index() => await AssertPlanAsync(
        "USING INDEX task_held",
        new(TaskRegistryTables.Task) { Where = [new("assignee", RowTest.Equal, RowValue.Of("a")), new("claim_token", RowTest.NotNull)] });

    [Fact]
    public async Task What_many_agents_hold_is_found_by_an_index() => await AssertPlanAsync(
        "USING INDEX task_held",
        new(TaskRegistryTables.Task)
        {
            Where =
            [
                new("open", RowTest.Equal, RowValue.Of(true)),
                new("claim_token", RowTest.NotNull),
                new("assignee", RowTest.In, RowValue.Of("a"), RowValue.Of("b")),
            ],
        });

    // Commands are kept in order of arrival (Sqlite/Commands).
    private static string[] Numbered(RowTable table) => table == RuntimeTables.Command ? ["number INTEGER"] : [];

    private async Task<string> AssertPlanAsync(string index, RowQuery query)
    {
        await _folder.Open().DisposeAsync();
        using var connection = Connection.OpenReader(_folder.File);

        var sql = QuerySql.Of(new RowSql(query.Table), query).Select;
        var plan = string.Join('\n', Texts(connection, "EXPLAIN QUERY PLAN " + sql, column: 3));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        return plan;
    }

    private static List<string> Texts(Connection connection, string sql, int column = 0)
    {
        var statement = connection.Prepare(sql);
        var texts = new List<string>();
        while (statement.Step())
        {
            texts.Add(statement.Text(column));
        }

        return texts;
    }
}
