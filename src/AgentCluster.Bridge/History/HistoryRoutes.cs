using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Live;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.History;

/// <summary>Where it is told what happened.</summary>
internal static class HistoryRoutes
{
    public static IEnumerable<Route> All(HistoryQueries history, Homes homes) =>
    [
        Route.Get("/api/v1/tasks/{id}/history", OfTask(history, homes), Forms.Id),
    ];

    private static Operation<HistoryRequest> OfTask(HistoryQueries history, Homes homes) => new(
        "task_history",
        Scope.TasksRead,
        "Tells what happened to a task, oldest first",
        HistoryRequest.Shape,
        Answers.Ok(HistoryBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) => await homes.FindAsync(call.Subject, call.Gone) is null
            ? Problem.NotFound("task", call.Subject)
            : Answer.Ok(new HistoryBody(await history.OfTaskAsync(new(call.Subject), request.Limit, request.Offset, call.Gone))));
}

/// <summary>Which part of a history.</summary>
internal sealed class HistoryRequest
{
    public static Shape<HistoryRequest> Shape { get; } = new Shape<HistoryRequest>()
        .Also(Paging<HistoryRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public int Limit { get; private set; } = Paging<HistoryRequest>.DefaultLimit;

    public int Offset { get; private set; }
}

/// <summary>A page of events, in the words of the live ones.</summary>
/// <param name="Page">What was read.</param>
internal sealed record HistoryBody(HistoryPage Page) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("History")
        .PageOf(Is.Object("PastEvent")
            .With("name", Is.Text)
            .With("channel", Is.Text)
            .With("at", Is.Moment)
            .With("data", Is.Free));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Page.Events, Page.Total, stored => Write(json, stored));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StoredEvent stored)
    {
        json.WriteStartObject();
        EventData.WriteBody(json, stored, EventNames.Shown.GetValueOrDefault(stored.Name, "internal"), EventChannels.Of(stored));
        json.WriteEndObject();
    }
}
