using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Tasks;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Bridge.Repositories;

/// <summary>Who works in which copy of a repository.</summary>
internal static class WorktreeCalls
{
    /// <summary>Files in one report at most.</summary>
    private const int MostFiles = 2_000;

    /// <summary>All worktrees of the repository that the path names.</summary>
    public static Operation<NoRequest> List(RepositoryCalls repositories) => new(
        "worktree_list",
        Scope.TasksRead,
        "Lists the worktrees of a repository and what is touched in each",
        NoRequest.Shape,
        Answers.Ok(WorktreesBody.Schema),
        async (_, call) => Answer.Ok(new WorktreesBody(
            await repositories.AskAsync(call, new DetectorCommand.ReadWorktrees(), id: null))));

    /// <summary>Makes a worktree known, or says anew what it is.</summary>
    public static Operation<PutWorktreeRequest> Put(RepositoryCalls repositories) => new(
        "worktree_put",
        Scope.ReservationsWrite,
        "Makes a worktree known: who works there, on which branch, for which task",
        PutWorktreeRequest.Shape,
        Answers.Ok(WorktreeBody.Schema).Or(ProblemKind.WorktreeTaken, ProblemKind.WorktreesFull),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        var worktree = new Worktree(call.Other, new(agent), request.Branch, request.Base)
        {
            Path = request.Path,
            Task = request.Task,
            Priority = request.Priority,
        };
        if (Worktree.Validate(worktree) is { IsEmpty: false } errors)
        {
            return Problem.Invalid(errors);
        }

        repositories.Signs.Seen(agent);
        return Show(await repositories.AskAsync(call, new DetectorCommand.PutWorktree(worktree), call.Id(agent)));
    });

    /// <summary>A worktree is not there any more.</summary>
    public static Operation<NoRequest> Remove(RepositoryCalls repositories) => new(
        "worktree_remove",
        Scope.ReservationsWrite,
        "Forgets a worktree, whose work is merged or given up",
        NoRequest.Shape,
        Answers.Ok(WorktreeBody.Schema).Or(ProblemKind.NotFound, ProblemKind.WorktreeTaken),
        async (_, call) => Show(await repositories.AskAsync(call, new DetectorCommand.RemoveWorktree(call.Other, Of(call)), call.Id(null))));

    /// <summary>Its agent says which files it works on.</summary>
    public static Operation<TouchRequest> Touch(RepositoryCalls repositories) => new(
        "worktree_touch",
        Scope.ReservationsWrite,
        "Says which more files are worked on in a worktree",
        TouchRequest.Shape,
        Answers.Ok(WorktreeBody.Schema).Or(ProblemKind.NotFound, ProblemKind.WorktreeTaken, ProblemKind.WorktreesFull),
        async (request, call) => Show(
            await repositories.AskAsync(call, new DetectorCommand.TouchFiles(call.Other, request.Files, Of(call)), call.Id(null))));

    private static AgentId? Of(in Call call) => call.Caller is { } caller ? new AgentId(caller) : null;

    private static Answer Show(WorktreeReply reply) => reply switch
    {
        WorktreeReply.Put put => Answer.Ok(new WorktreeBody(put.Worktree)),
        WorktreeReply.NoWorktree none => Problem.NotFound("worktree", none.Name),
        WorktreeReply.OfOther other => new Problem(
            ProblemKind.WorktreeTaken,
            $"The worktree '{other.Name}' is '{other.Agent}''s.",
            ("worktree", other.Name),
            ("agent", other.Agent.Value)),
        WorktreeReply.TooMany full => new Problem(ProblemKind.WorktreesFull, FormattableString.Invariant($"Expected at most {full.Most}, found one more.")),
        WorktreeReply.WrongPath path => Problem.Invalid(FormattableString.Invariant($"files[{path.Index}]"), path.Problem),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };

    /// <summary>What a worktree is.</summary>
    internal sealed class PutWorktreeRequest
    {
        public static Shape<PutWorktreeRequest> Shape { get; } = new Shape<PutWorktreeRequest>()
            .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
            .Text("path", RepositoryPath.MostCharacters, (request, value) => request.Path = value, form: RepositoryForms.Place)
            .Text("branch", RepositoryForms.Ref.Longest, (request, value) => request.Branch = value, required: true, form: RepositoryForms.Ref)
            .Text("base", RepositoryForms.Ref.Longest, (request, value) => request.Base = value, required: true, form: RepositoryForms.Ref)
            .Text("task_id", Ulid.Length, (request, value) => request.Task = new(value), form: Forms.Id)
            .Text("priority", Forms.Urgency.Longest, (request, value) => request.Priority = Priorities.TryParse(value, out var priority) ? priority : null, form: Forms.Urgency);

        public string? Agent { get; private set; }

        public string? Path { get; private set; }

        public string Branch { get; private set; } = "";

        public string Base { get; private set; } = "";

        public TaskId? Task { get; private set; }

        public Priority? Priority { get; private set; }
    }

    /// <summary>Files.</summary>
    internal sealed class TouchRequest
    {
        public static Shape<TouchRequest> Shape { get; } = new Shape<TouchRequest>()
            .Texts("files", MostFiles, RepositoryPath.MostCharacters, (request, value) => request.Files = value.ToValueList());

        public ValueList<string> Files { get; private set; }
    }
}
