using System.Globalization;
using System.Text.Json;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>
/// Reads one task of a task-master <c>tasks.json</c>, with its subtasks.
/// </summary>
/// <remarks>
/// The file holds <c>{"tasks":[…]}</c>, or a list for each tag: <c>{"master":{"tasks":[…]},"login":{"tasks":[…]}}</c>. Numbers
/// count within a list, so tasks of other lists than <c>master</c> are known as <c>login:7</c> and carry the list's name as a
/// tag; those of <c>master</c> and of a file without tags are the same tasks.
/// <para>
/// A subtask becomes a task, <c>7.2</c>. What task-master shows as one task with its subtasks is here an epic with all of
/// them in it; the task itself waits for its subtasks, so that what depends on it waits for them too, and the subtasks
/// wait for what their task waits for. In a subtask a plain number means a sibling, or else, where there is none, a task.
/// </para>
/// <para>
/// Work that goes on somewhere else, or that a person has put aside (in-progress, review, deferred, blocked), waits here for a person:
/// <c>input_required</c>. A task in progress with open subtasks is only waiting for them. An open subtask shares the lot of
/// a task that has ended or was put aside, as in task-master, which offers none of those.
/// </para>
/// <para>The details go into the description and the test strategy is the criterion that a completion answers.</para>
/// </remarks>
/// <param name="project">The project that the rows go to.</param>
/// <param name="now">UTC; for rows that do not say when they were created.</param>
internal sealed class TaskMasterTask(string project, DateTimeOffset now) : IRowSource
{
    private const string MainList = "master";

    // What a registry looks up for one chunk.
    private const int MostDependencies = 1_000;

    public string Name => "taskmaster";

    public int MostBytes => 1024 * 1024;

    public ElementRows Read(ReadOnlySpan<byte> element, string? list)
    {
        var hash = RowJson.Hash(element);
        return RowJson.Read(element, task => Rows(task, hash, list is null or MainList ? null : list));
    }

    private ElementRows Rows(JsonElement json, long hash, string? list)
    {
        var number = NumberOf(json);
        Item task = new(json, list, NameOf(list, number), RowJson.Text(json, "status"), DependenciesOf(json, on => NameOf(list, on)));
        var subtasks = RowJson.Items(json, "subtasks").ToList();
        if (subtasks.Count > Bounds.ListLength)
        {
            throw new FormatException($"Expected at most {Bounds.ListLength} subtasks, found {subtasks.Count}.");
        }

        var epic = subtasks.Count > 0 ? new EpicId(Ulid.Derived(project, Name, task.Id, "epic")) : (EpicId?)null;
        List<SourceRow> under = [];
        List<string> wrong = [];
        foreach (var subtask in subtasks)
        {
            try
            {
                under.Add(Under(task, Subtask(subtask, number, list, subtasks), hash, epic));
            }
            catch (FormatException error)
            {
                wrong.Add($"A subtask of '{task.Id}' was left out. {error.Message}");
            }
        }

        var row = Whole(task, under, hash, epic);
        return under.Sum(each => each.Names.Count) + row.Names.Count > MostDependencies
            ? throw new FormatException($"Expected at most {MostDependencies} dependencies in a task and its subtasks.")
            : new([row, .. under], wrong);
    }

    /// <summary>The task that its subtasks belong to; a cancelled one is none to wait for.</summary>
    private SourceRow Whole(Item task, List<SourceRow> under, long hash, EpicId? epic)
    {
        var status = StatusOf(task.Status);
        string[] names =
        [
            .. task.DependsOn.Union(under.Where(each => each.Row.Status != WorkStatus.Cancelled).Select(each => each.Row.SourceId)),
        ];
        var goesOn = task.Status == "in-progress" && under.Exists(each => each.Row.Status.IsOpen());
        return Row(task, names, hash, goesOn ? WorkStatus.Pending : status, PriorityOf(task.Json) ?? Priority.P2, epic, epic);
    }

    private SourceRow Under(Item task, Item subtask, long hash, EpicId? epic)
    {
        var own = StatusOf(subtask.Status);
        var isShared = own.IsOpen() && task.Status is "done" or "completed" or "cancelled" or "deferred" or "blocked";
        return Row(
            subtask,
            [.. subtask.DependsOn.Union(task.DependsOn)],
            hash,
            isShared ? StatusOf(task.Status) : own,
            PriorityOf(subtask.Json) ?? PriorityOf(task.Json) ?? Priority.P2,
            epic,
            null);
    }

    private SourceRow Row(
        Item item, string[] names, long hash, WorkStatus status, Priority priority, EpicId? parent, EpicId? epic)
    {
        var spec = RowJson.Checked(
            new()
            {
                Title = RowJson.Text(item.Json, "title") ?? throw new FormatException("Expected a title, found none."),
                Tags = RowJson.Texts(item.Json, "tags").Union(item.List is { } list ? [list] : []).ToValueList(),
                Priority = priority,
                Assignee = RowJson.Text(item.Json, "assignee") is { Length: > 0 } assignee ? assignee : null,
                Detail = TaskMasterText.Of(item.Json, isStatusKept: item.Status is not ("pending" or "done" or "completed" or "cancelled")),
            },
            names.Length);
        var created = RowJson.Moment(item.Json, "createdAt") ?? now;
        return new(
            names,
            new(
                TaskOf(item.Id),
                item.Id,
                hash,
                spec,
                status,
                names.Select(TaskOf).ToValueList(),
                parent,
                epic,
                created,
                RowJson.Moment(item.Json, "updatedAt") ?? created));
    }

    private static Item Subtask(JsonElement json, string task, string? list, List<JsonElement> siblings)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"Expected a JSON object, found {json.ValueKind}.");
        }

        return new(
            json,
            list,
            NameOf(list, $"{task}.{NumberOf(json)}"),
            RowJson.Text(json, "status"),
            DependenciesOf(json, on => NameOf(
                list,
                !on.Contains('.', StringComparison.Ordinal) && siblings.Exists(sibling => IsNumbered(sibling, on)) ? $"{task}.{on}" : on)));
    }

    private TaskId TaskOf(string id) => new(Ulid.Derived(project, Name, id));

    private static bool IsNumbered(JsonElement subtask, string number) =>
        subtask.ValueKind == JsonValueKind.Object && subtask.TryGetProperty("id", out var id) && TextOf(id) == number;

    private static string NumberOf(JsonElement row) => RowJson.Name(row.TryGetProperty("id", out var id) ? TextOf(id) : null);

    private static string[] DependenciesOf(JsonElement row, Func<string, string> name) =>
    [
        .. RowJson.Items(row, "dependencies")
            .Select(on => name(TextOf(on) ?? throw new FormatException($"Expected dependencies to be ids, found {on.ValueKind}.")))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Ids are numbers in some files and texts in others.</summary>
    private static string? TextOf(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.String => id.GetString(),
        JsonValueKind.Number when id.TryGetDecimal(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string NameOf(string? list, string number) => RowJson.Name(list is null ? number : $"{list}:{number}");

    private static WorkStatus StatusOf(string? status) => status switch
    {
        null or "pending" => WorkStatus.Pending,
        "in-progress" or "review" or "deferred" or "blocked" => WorkStatus.InputRequired,
        "done" or "completed" => WorkStatus.Completed,
        "cancelled" => WorkStatus.Cancelled,
        _ => throw new FormatException(
            $"Expected status pending, in-progress, review, deferred, blocked, done, completed or cancelled, found '{status}'."),
    };

    private static Priority? PriorityOf(JsonElement row) => RowJson.Text(row, "priority") switch
    {
        null => null,
        "critical" => Priority.P0,
        "high" => Priority.P1,
        "medium" => Priority.P2,
        "low" => Priority.P3,
        var other => throw new FormatException($"Expected priority critical, high, medium or low, found '{other}'."),
    };

    /// <summary>A task or a subtask, before it is known what it comes to.</summary>
    private sealed record Item(JsonElement Json, string? List, string Id, string? Status, string[] DependsOn);
}
