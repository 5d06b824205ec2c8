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

    private readonly string _root;
    private int _copies;

    private Template(string root) => _root = root;

    /// <summary>The project that holds the tasks.</summary>
    public static string Project => "default";

    /// <summary>What the node writes for one pair.</summary>
    public Sample Sample { get; private set; } = null!;

    private string Origin => Path.Combine(_root, "origin");

    /// <summary>Makes the directory.</summary>
    /// <param name="tasks">How many are ready.</param>
    public static async Task<Template> MakeAsync(int tasks)
    {
        var template = new Template(Directory.CreateTempSubdirectory("agentcluster-benchmark-").FullName);
        Directory.CreateDirectory(template.Origin);
        await FillAsync(template.Origin, tasks);
        template.Sample = await SampleAsync(template.Copy());
        return template;
    }

    /// <summary>A directory of its own for one subject.</summary>
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

    private static async Task FillAsync(string path, int tasks)
    {
        await using var node = await RunningNode.StartAsync(path);
        var registry = Kinds.RegistryOf(Project);
        foreach (var numbers in Enumerable.Range(1, tasks).Chunk(BatchSize))
        {
            var created = await node.Actors.AskAsync(registry, new TaskRegistryCommand.CreateTasks([.. numbers.Select(Task)]), null, CancellationToken.None);
            if (created is not CreateReply.Created)
            {
                throw new InvalidOperationException($"Expected {numbers.Length} tasks, found {created}.");
            }
        }
    }

    private static NewTask Task(int number) => new(
        new(Ulid.Derived("benchmark", number.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        new TaskSpec { Title = $"Task {number} of the benchmark" },
        []);

    private static async Task<Sample> SampleAsync(DataCopy copy)
    {
        byte[] running;
        TaskId task;
        await using (var node = await NodePairs.StartAsync(copy))
        {
            (task, var token) = await node.ClaimAsync("agent-01");
            using (var reading = new RawSqlite(copy.File))
            {
                running = reading.Read($"SELECT payload FROM task WHERE id = '{task}'")[0];
            }

            await node.CompleteAsync(task, token);
        }

        using var db = new RawSqlite(copy.File);
        return Sample.Read(db, running, task.Value);
    }
}

/// <summary>A copy of the template.</summary>
/// <param name="Path">The data directory.</param>
internal sealed record DataCopy(string Path)
{
    /// <summary>The database.</summary>
    public string File => System.IO.Path.Combine(Path, SqliteStore.FileName);
}
