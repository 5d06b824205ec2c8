using System.Globalization;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>
/// A data directory with ready tasks, made by the node itself. Every subject works on a copy of it, so all of them find
/// the same tables, indexes and rows.
/// </summary>
internal sealed class Template : IDisposable
{
    private const int BatchSize = 1_000;
    private static long _made;

    private readonly string _root = Directory.CreateTempSubdirectory("agentcluster-benchmark-").FullName;
    private int _copies;

    /// <summary>What the node writes for one pair.</summary>
    public Sample Sample { get; private set; } = null!;

    private string Origin => Path.Combine(_root, "origin");

    /// <summary>Makes the directory.</summary>
    /// <param name="tasks">How many are ready in each project.</param>
    /// <param name="projects">How many projects.</param>
    public static async Task<Template> MakeAsync(int tasks, int projects = 1)
    {
        var template = new Template();
        Directory.CreateDirectory(template.Origin);
        await using (var node = await RunningNode.StartAsync(template.Origin))
        {
            for (var project = 0; project < projects; project++)
            {
                await FillAsync(node, ProjectOf(project), tasks);
            }
        }

        await template.TakeSampleAsync();
        return template;
    }

    /// <summary>The name of a project.</summary>
    /// <param name="number">From 0; the first is the one that requests without a project mean.</param>
    public static string ProjectOf(int number) => number == 0 ? "default" : string.Create(CultureInfo.InvariantCulture, $"project-{number:00}");

    /// <summary>Makes ready tasks through a node.</summary>
    public static async Task FillAsync(RunningNode node, string project, int tasks)
    {
        foreach (var numbers in Enumerable.Range(1, tasks).Chunk(BatchSize))
        {
            var command = new TaskRegistryCommand.CreateTasks([.. numbers.Select(_ => Task(project, Interlocked.Increment(ref _made)))]);
            var created = await node.Actors.AskAsync(Kinds.RegistryOf(project), command, null, CancellationToken.None);
            if (created is not CreateReply.Created)
            {
                throw new InvalidOperationException($"Expected {numbers.Length} tasks, found {created}.");
            }
        }
    }

    /// <summary>A directory of its own for one subject; gone with the subject's next copy or with this.</summary>
    public DataCopy Copy()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_root, $"copy-{++_copies}")).FullName;
        foreach (var file in Directory.EnumerateFiles(Origin, SqliteStore.FileName + "*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return new(copy);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static NewTask Task(string project, long number) => new(
        new(Ulid.Derived(project, number.ToString(CultureInfo.InvariantCulture))),
        new TaskSpec { Title = $"Task {number} of the benchmark" },
        []);

    private async Task TakeSampleAsync()
    {
        byte[] running;
        TaskId task;
        var copy = Copy();
        await using (var node = await RunningNode.StartAsync(copy.Path))
        {
            var pairs = new NodePairs(node);
            (task, var token) = await pairs.ClaimAsync(0);
            using (var reading = new RawSqlite(copy.File))
            {
                running = reading.Read($"SELECT payload FROM task WHERE id = '{task}'")[0];
            }

            await pairs.CompleteAsync(0, task, token, null);
        }

        using var db = new RawSqlite(copy.File);
        Sample = Sample.Read(db, running, task.Value);
    }
}

/// <summary>A copy of the template.</summary>
/// <param name="Path">The data directory.</param>
internal sealed record DataCopy(string Path) : IDisposable
{
    /// <summary>The database.</summary>
    public string File => System.IO.Path.Combine(Path, SqliteStore.FileName);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
