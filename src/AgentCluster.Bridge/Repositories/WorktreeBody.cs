using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Bridge.Repositories;

/// <summary>A worktree as it is shown.</summary>
/// <param name="Worktree">All that is known of it.</param>
internal sealed record WorktreeBody(Worktree Worktree) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Worktree")
        .With("name", Is.Text)
        .With("agent", Is.Text)
        .With("path", Is.Text with { OrNull = true })
        .With("branch", Is.Text)
        .With("base", Is.Text)
        .Maybe("task_id", Is.Id)
        .Maybe("head", Is.Text)
        .Maybe("base_commit", Is.Text)
        .Maybe("problem", Is.Text)
        .With("touched", Is.ListOf(Is.Object("Touch").With("path", Is.Text).With("kind", Is.OneOf([.. Enum.GetValues<TouchKind>().Select(kind => kind.Word())]))))
        .With("created_at", Is.Moment);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, Worktree.Name);
        json.WriteString("agent"u8, Worktree.Agent.Value);
        json.WriteString("path"u8, Worktree.Path);
        json.WriteString("branch"u8, Worktree.Branch);
        json.WriteString("base"u8, Worktree.Base);
        json.WriteOptional("task_id"u8, Worktree.Task?.Value);
        json.WriteOptional("head"u8, Worktree.Seen?.Head);
        json.WriteOptional("base_commit"u8, Worktree.Seen?.BaseCommit);
        json.WriteOptional("problem"u8, Worktree.Seen?.Problem);
        json.WriteStartArray("touched"u8);
        foreach (var touch in Worktree.Touches)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, touch.Path);
            json.WriteString("kind"u8, touch.Kind.Word());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("created_at"u8, Worktree.CreatedAt.UtcDateTime);
        json.WriteEndObject();
    }
}

/// <summary>The worktrees of a repository.</summary>
/// <param name="Found">By name.</param>
internal sealed record WorktreesBody(WorktreesReply Found) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Worktrees").PageOf(WorktreeBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Found.Worktrees.Select(each => new WorktreeBody(each)), Found.Worktrees.Count);
        json.WriteEndObject();
    }
}
