using AgentCluster.Domain.References;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>A task as a caller drafts it, with names that only its batch knows.</summary>
/// <param name="Id">A new ULID.</param>
/// <param name="Ref">The draft's name within the batch, 1 to 128 characters; null for none.</param>
/// <param name="Spec">What it is to be.</param>
/// <param name="DependsOn">Ids of tasks, or <c>ref:</c> and the name of a draft of the same batch.</param>
public sealed record TaskDraft(TaskId Id, string? Ref, TaskSpec Spec, ValueList<string> DependsOn)
{
    /// <summary>Who gets notices of it from its beginning; at most 200.</summary>
    public ValueList<AgentId> Watchers { get; init; }
}

/// <summary>Turns drafts into one command, or says everything that is wrong with them.</summary>
public static class TaskBatch
{
    private const string RefPrefix = "ref:";

    /// <summary>Checks drafts and resolves their references.</summary>
    /// <param name="drafts">As they came.</param>
    /// <param name="path">Goes before each field: <c>tasks</c> names them <c>tasks[3].title</c>; null for a single draft, whose fields stand alone.</param>
    /// <param name="errors">Empty when there is a command.</param>
    /// <returns>The command, or null.</returns>
    public static TaskRegistryCommand.CreateTasks? TryResolve(
        IReadOnlyList<TaskDraft> drafts, string? path, out ValueList<FieldError> errors)
    {
        List<FieldError> found = [];
        if (drafts.Count is 0 or > Bounds.BatchLength)
        {
            errors = [new(path ?? "tasks", $"Expected 1 to {Bounds.BatchLength} tasks, found {drafts.Count}.")];
            return null;
        }

        var ids = NamedDrafts(drafts, path, found);
        List<NewTask> tasks = new(drafts.Count);
        for (var i = 0; i < drafts.Count; i++)
        {
            var draft = drafts[i];
            found.AddRange(TaskSpec.Validate(draft.Spec, draft.DependsOn.Count)
                .Select(error => error with { Field = Field(path, i, error.Field) }));
            tasks.Add(new(draft.Id, Referring.Mark(draft.Spec), Resolve(draft, Field(path, i, "depends_on"), ids, found))
            {
                Watchers = draft.Watchers.Distinct().ToValueList(),
            });
        }

        errors = found.ToValueList();
        return errors.IsEmpty ? new(tasks.ToValueList()) : null;
    }

    private static Dictionary<string, TaskId> NamedDrafts(
        IReadOnlyList<TaskDraft> drafts, string? path, List<FieldError> errors)
    {
        Dictionary<string, TaskId> ids = new(StringComparer.Ordinal);
        for (var i = 0; i < drafts.Count; i++)
        {
            if (drafts[i].Ref is not { } name)
            {
                continue;
            }

            if (!Storable.IsName(name))
            {
                errors.Add(new(Field(path, i, "ref"), $"Expected 1 to {Bounds.NameLength} characters without control characters."));
            }
            else if (!ids.TryAdd(name, drafts[i].Id))
            {
                errors.Add(new(Field(path, i, "ref"), $"Expected a name of its own, found '{name}' twice."));
            }
        }

        return ids;
    }

    private static ValueList<TaskId> Resolve(
        TaskDraft draft, string field, Dictionary<string, TaskId> ids, List<FieldError> errors)
    {
        List<TaskId> dependsOn = [];
        foreach (var text in draft.DependsOn)
        {
            if (Find(text, ids) is not { } id)
            {
                errors.Add(new(field, $"Expected a task's id or ref:NAME of this batch, found '{text}'."));
            }
            else if (!dependsOn.Contains(id))
            {
                dependsOn.Add(id);
            }
        }

        return dependsOn.ToValueList();
    }

    private static TaskId? Find(string text, Dictionary<string, TaskId> ids) =>
        text.StartsWith(RefPrefix, StringComparison.Ordinal)
            ? ids.TryGetValue(text[RefPrefix.Length..], out var id) ? id : null
            : Ulid.IsValid(text) ? new TaskId(text) : null;

    private static string Field(string? path, int index, string field) => path is null ? field : $"{path}[{index}].{field}";
}
