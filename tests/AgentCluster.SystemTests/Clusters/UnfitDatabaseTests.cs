using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests.Storage.Postgres;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>A node that cannot use its database says so in one line, and how it ends tells a supervisor.</summary>
public sealed class UnfitDatabaseTests
{
    [Theory]
    [InlineData("", "Port=1", 78, "cannot be reached")]
    [InlineData("", "Database=nowhere", 78, "createdb")]
    [InlineData("", "Username=stranger", 78, "does not let this user in")]
    [InlineData("CREATE TABLE migration (number int, name text); INSERT INTO migration VALUES (9999, 'later')", "", 78, "newer version")]
    [InlineData("CREATE TABLE invoice (id int)", "", 78, "another program")]
    [InlineData("", "Nonsense=1", 64, "agentcluster.store.postgres")]
    public async Task A_node_ends_with_a_line_and_a_code(string made, string wrong, int code, string expected)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var address = await PostgresServer.DatabaseAsync(cancellation);
        if (made.Length > 0)
        {
            await PostgresServer.ExecuteAsync(address.Split("Database=")[1].Split(';')[0], made);
        }

        var run = await ProgramRun.OfAsync(
            BuiltProgram.Node,
            cancellation,
            "--http",
            NodeProcess.Place(),
            "--set",
            $"agentcluster.store.postgres={address};{wrong}",
            "--set",
            "agentcluster.cluster.secret=the same on every node of this test");

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(expected, run.Errors.Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.True(code == 64 || run.Errors.TrimEnd().Split('\n').Length == 1, run.Errors);
    }
}
