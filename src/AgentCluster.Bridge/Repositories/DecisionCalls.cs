using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;

namespace AgentCluster.Bridge.Repositories;

/// <summary>What agents decided.</summary>
internal static class DecisionCalls
{
    private const string Architect = "Architect";
    private const string Researcher = "Researcher";

    /// <summary>Records a decision.</summary>
    public static Operation<DecisionRequest> Record(RepositoryCalls repositories) => new(
        "decision_record",
        Scope.ReservationsWrite,
        "Records what an agent decided about a topic, in place of what it decided before",
        DecisionRequest.Shape,
        Answers.Created(DecisionBody.Schema),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        repositories.Signs.Seen(agent);
        var decided = new RecordedDecision(new(agent), request.Topic, request.Choice)
        {
            Rationale = request.Rationale,
            Architect = await repositories.FindAsync(Architect, agent, call.Gone),
            Researcher = await repositories.FindAsync(Researcher, agent, call.Gone),
        };
        return await repositories.AskAsync(call, new DetectorCommand.RecordDecision(decided), call.Id(agent)) switch
        {
            DecideReply.Kept kept => Answer.Created(new DecisionBody(kept), location: null),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });
}

/// <summary>What was decided.</summary>
internal sealed class DecisionRequest
{
    public static Shape<DecisionRequest> Shape { get; } = new Shape<DecisionRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Text("topic", Bounds.TitleLength, (request, value) => request.Topic = value, required: true, form: Forms.Line)
        .Text("choice", Bounds.TitleLength, (request, value) => request.Choice = value, required: true, form: Forms.Line)
        .Text("rationale", Bounds.NoteLength, (request, value) => request.Rationale = value, form: Forms.Prose);

    public string? Agent { get; private set; }

    public string Topic { get; private set; } = "";

    public string Choice { get; private set; } = "";

    public string? Rationale { get; private set; }
}

/// <summary>A decision as it is kept.</summary>
/// <param name="Reply">As the detector says.</param>
internal sealed record DecisionBody(DecideReply.Kept Reply) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Decision")
        .With("agent", Is.Text)
        .With("topic", Is.Text)
        .With("choice", Is.Text)
        .Maybe("rationale", Is.Text)
        .Maybe("overruled_by", Is.Text)
        .With("at", Is.Moment)
        .With("conflicts", Is.ListOf(Is.Id));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("agent"u8, Reply.Decided.Agent.Value);
        json.WriteString("topic"u8, Reply.Decided.Topic);
        json.WriteString("choice"u8, Reply.Decided.Choice);
        json.WriteOptional("rationale"u8, Reply.Decided.Rationale);
        json.WriteOptional("overruled_by"u8, Reply.Decided.Overruled);
        json.WriteString("at"u8, Reply.Decided.At.UtcDateTime);
        json.WriteTexts("conflicts"u8, Reply.Conflicts.Select(id => id.Value).ToValueList());
        json.WriteEndObject();
    }
}
