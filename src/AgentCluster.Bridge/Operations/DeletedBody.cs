using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Operations;

/// <summary>What became of those that were to be deleted.</summary>
/// <param name="Deleted">Gone now.</param>
/// <param name="NotFound">Never were here.</param>
internal sealed record DeletedBody(IReadOnlyList<string> Deleted, IReadOnlyList<string> NotFound) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Deleted")
        .With("deleted", Is.ListOf(Is.Id))
        .With("not_found", Is.ListOf(Is.Id));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteTexts("deleted"u8, Deleted.ToValueList());
        json.WriteTexts("not_found"u8, NotFound.ToValueList());
        json.WriteEndObject();
    }
}
