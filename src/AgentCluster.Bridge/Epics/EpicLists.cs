using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Epics;

/// <summary>Reads of epics.</summary>
internal static class EpicLists
{
    /// <summary>Any epics, filtered.</summary>
    public static Operation<EpicListRequest> All(EpicCalls epics) => new(
        "epic_list",
        Scope.TasksRead,
        "Lists epics",
        EpicListRequest.Shape,
        Answers.Ok(EpicsBody.Schema),
        async (request, call) => Answer.Ok(new EpicsBody(
            await epics.Queries.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone), IsPast: false)));

    /// <summary>Past epics, found by words and tags.</summary>
    public static Operation<EpicSearchRequest> Search(EpicCalls epics) => new(
        "epic_search",
        Scope.TasksRead,
        "Searches past epics by words and tags, and says how they went",
        EpicSearchRequest.Shape,
        Answers.Ok(EpicsBody.PastSchema),
        async (request, call) => request.Filter.Words.Count > EpicSearchRequest.MostWords
            ? Problem.Invalid("q", $"must be at most {EpicSearchRequest.MostWords} words; found {request.Filter.Words.Count}.")
            : Answer.Ok(new EpicsBody(
                await epics.Queries.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone), IsPast: true)));

    /// <summary>The epic that the path names.</summary>
    public static Operation<NoRequest> Show(EpicCalls epics) => new(
        "epic_show",
        Scope.TasksRead,
        "Shows one epic",
        NoRequest.Shape,
        Answers.Ok(EpicBody.Schema).Tagged().Or(ProblemKind.NotFound),
        (_, call) => epics.AskHomeAsync(
            call, epic => new TaskRegistryCommand.ReadEpic(epic), id: null, epic => Answer.Ok(new EpicBody(epic))));

    /// <summary>How far the epic that the path names is.</summary>
    public static Operation<NoRequest> Progress(EpicCalls epics) => new(
        "epic_progress",
        Scope.TasksRead,
        "Shows how far an epic is, what it has cost and what it may cost",
        NoRequest.Shape,
        Answers.Ok(ProgressBody.Schema).Or(ProblemKind.NotFound),
        (_, call) => epics.AskHomeAsync(
            call, epic => new TaskRegistryCommand.ReadEpic(epic), id: null, epic => Answer.Ok(new ProgressBody(epic))));
}

/// <summary>Which epics to list.</summary>
internal sealed class EpicListRequest : IOfProject
{
    private static readonly Dictionary<string, EpicStatus> Statuses =
        Enum.GetValues<EpicStatus>().ToDictionary(status => status.Word(), StringComparer.Ordinal);

    public static Shape<EpicListRequest> Shape { get; } = new Shape<EpicListRequest>()
        .Text("project", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Project = value }, form: Forms.Name)
        .Word("status", Statuses, (request, value) => request.Filter = request.Filter with { Status = value })
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Tags = value.ToValueList() }, Forms.Name)
        .Text("text", Bounds.NoteLength, (request, value) => request.Filter = request.Filter with { Words = [value] })
        .Also(Paging<EpicListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public EpicFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = Paging<EpicListRequest>.DefaultLimit;

    public int Offset { get; private set; }

    public bool IsWithin(string project) => Filter.Project == project;
}

/// <summary>Which past epics to find.</summary>
internal sealed class EpicSearchRequest : IOfProject
{
    /// <summary>All must occur; each one is another look at every row.</summary>
    public const int MostWords = 16;

    public static Shape<EpicSearchRequest> Shape { get; } = new Shape<EpicSearchRequest>()
        .Text("q", Bounds.TitleLength, (request, value) => request.Filter = request.Filter with { Words = Words(value) })
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Tags = value.ToValueList() }, Forms.Name)
        .Text("project", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Project = value }, form: Forms.Name)
        .Also(Paging<EpicSearchRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public EpicFilter Filter { get; private set; } = new() { IsPast = true };

    public int Limit { get; private set; } = Paging<EpicSearchRequest>.DefaultLimit;

    public int Offset { get; private set; }

    public bool IsWithin(string project) => Filter.Project == project;

    private static ValueList<string> Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToValueList();
}
