using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Agents;

/// <summary>Who can do what.</summary>
internal static class Capabilities
{
    /// <summary>The capability matrix.</summary>
    public static Operation<MatrixRequest> Matrix(AgentCalls agents) => new(
        "agent_capabilities",
        Scope.AgentsRead,
        "Shows which capabilities and roles there are, and who has them",
        MatrixRequest.Shape,
        Answers.Ok(MatrixBody.Schema),
        async (request, call) =>
    {
        var all = await agents.Agents.AbilitiesAsync(call.Gone);
        return Answer.Ok(new MatrixBody(
            [.. all.Capabilities.Skip(request.Offset).Take(request.Limit)],
            all.Capabilities.Count,
            [.. all.Roles.Skip(request.Offset).Take(request.Limit)],
            all.Roles.Count));
    });
}

/// <summary>Which page of both lists.</summary>
internal sealed class MatrixRequest
{
    public static Shape<MatrixRequest> Shape { get; } = new Shape<MatrixRequest>()
        .Also(Paging<MatrixRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public int Limit { get; private set; } = Paging<MatrixRequest>.DefaultLimit;

    public int Offset { get; private set; }
}

/// <summary>A page of the matrix.</summary>
/// <param name="Capabilities">By name.</param>
/// <param name="CapabilityTotal">On all pages.</param>
/// <param name="Roles">By name.</param>
/// <param name="RoleTotal">On all pages.</param>
internal sealed record MatrixBody(
    IReadOnlyList<Ability> Capabilities, int CapabilityTotal, IReadOnlyList<Ability> Roles, int RoleTotal) : IBody
{
    private static readonly ObjectSchema Entry = Is.Object("Ability")
        .With("name", Is.Text)
        .With("agents", Is.ListOf(Is.Object("AbleAgent").With("id", Is.Text).With("online", Is.Flag)))
        .With("total", Is.Count)
        .With("online", Is.Count);

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Abilities")
        .With("capabilities", Is.ListOf(Entry))
        .With("capabilities_total", Is.Count)
        .With("roles", Is.ListOf(Entry))
        .With("roles_total", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Write(json, "capabilities"u8, Capabilities);
        json.WriteNumber("capabilities_total"u8, CapabilityTotal);
        Write(json, "roles"u8, Roles);
        json.WriteNumber("roles_total"u8, RoleTotal);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<Ability> abilities)
    {
        json.WriteStartArray(name);
        foreach (var ability in abilities)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, ability.Name);
            json.WriteStartArray("agents"u8);
            foreach (var agent in ability.Agents)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, agent.Id.Value);
                json.WriteBoolean("online"u8, agent.Online);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("total"u8, ability.Total);
            json.WriteNumber("online"u8, ability.Online);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
