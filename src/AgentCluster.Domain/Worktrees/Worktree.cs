using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Worktrees;

/// <summary>A working copy in which an agent works. Check one from outside with <see cref="Validate"/>.</summary>
/// <param name="Name">Unique in its repository; see <see cref="Storable.IsName"/>.</param>
/// <param name="Agent">Who works there.</param>
/// <param name="Branch">What is checked out there.</param>
/// <param name="Base">What the work is to be merged into.</param>
public sealed record Worktree(string Name, AgentId Agent, string Branch, string Base)
{
    /// <summary>Worktrees of one repository at most: what bounds the pairs of a forecast.</summary>
    public const int Most = 200;

    /// <summary>Files at most that are known to be touched in one worktree.</summary>
    public const int MostTouched = 10_000;

    /// <summary>Where it lies on the machine of the node that can see it; null when no node can.</summary>
    public string? Path { get; init; }

    /// <summary>The task that is worked on there.</summary>
    public TaskId? Task { get; init; }

    /// <summary>Of that task.</summary>
    public Priority? Priority { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The place among all worktrees that the repository ever had, from 1.</summary>
    public long Place { get; init; }

    /// <summary>What was seen there last; null while nobody looked.</summary>
    public Observation? Seen { get; init; }

    /// <summary>The files that its agent says it works on, by path.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Reported { get; init; }

    /// <summary>Every file that is touched there, by path: as it was seen, and what its agent says beyond that.</summary>
    [JsonIgnore]
    public IEnumerable<Touch> Touches => (Seen?.Files ?? [])
        .Concat(Reported.Except((Seen?.Files ?? []).Select(touch => touch.Path)).Select(path => new Touch(path, TouchKind.Reported)))
        .OrderBy(touch => touch.Path, StringComparer.Ordinal);

    /// <summary>What is wrong with a worktree, field by field; empty when nothing is.</summary>
    /// <param name="worktree">As it came.</param>
    public static ValueList<FieldError> Validate(Worktree worktree) => new Validation()
        .Require(RefName.Problem(worktree.Branch) is null, "branch", RefName.Problem(worktree.Branch) ?? "")
        .Require(RefName.Problem(worktree.Base) is null, "base", RefName.Problem(worktree.Base) ?? "")
        .Line("path", worktree.Path, 1, Repositories.RepositoryPath.MostCharacters)
        .Errors;
}
