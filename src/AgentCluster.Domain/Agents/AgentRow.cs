using System.Text.Json;
using AgentCluster.Actors;

namespace AgentCluster.Domain.Agents;

/// <summary>A registered agent as a row, and back.</summary>
internal static class AgentRow
{
    public static RowKey Key(AgentId agent) => new(AgentTables.Agent.Name, agent.Value);

    public static Row Write(AgentId agent, AgentFacts facts) => new(
        Key(agent),
        Kinds.AgentOf(agent),
        [
            RowValue.Of(facts.Profile!.Name),
            RowValue.Of(Lines.Join(facts.Profile.Roles)),
            RowValue.Of(Lines.Join(facts.Profile.Capabilities)),
            RowValue.Of(facts.Online),
            RowValue.Of(facts.Online || facts.InGrace),
            RowValue.Of(facts.CreatedAt),
        ],
        JsonSerializer.SerializeToUtf8Bytes(
            new(1, facts.Profile, facts.Rotation, facts.Version, facts.UpdatedAt), AgentJson.Default.AgentPayload));

    public static AgentView Read(Row row)
    {
        var payload = JsonSerializer.Deserialize(row.Payload.Span, AgentJson.Default.AgentPayload)
            ?? throw new JsonException($"The payload of {row.Key} is null.");
        return new(
            new(row.Key.Id),
            payload.Profile,
            row.Columns[3].Number == 1,
            payload.Rotation,
            payload.Version,
            RowValue.Moment(row.Columns[5].Number!.Value),
            payload.UpdatedAt);
    }
}

/// <summary>What an agent's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Profile">What it says of itself.</param>
/// <param name="Rotation">Which of its handles is valid.</param>
/// <param name="Version">Grows with each change of the registration.</param>
/// <param name="UpdatedAt">UTC.</param>
internal sealed record AgentPayload(int V, AgentProfile Profile, int Rotation, long Version, DateTimeOffset UpdatedAt);
