using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Bridge.Keys;

/// <summary>A key as it is shown.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">Its secret; null wherever it is not shown.</param>
internal sealed record KeyBody(AccessKey Key, Secret? Secret = null) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Key")
        .With("id", Is.Id)
        .With("name", Is.Text)
        .With("scopes", Is.ListOf(Is.Text))
        .Maybe("project", Is.Text)
        .Maybe("agent", Is.Text)
        .With("created_at", Is.Moment)
        .Maybe("expires_at", Is.Moment)
        .Maybe("key", Is.Text);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Key.Id.Value);
        json.WriteString("name"u8, Key.Name);
        json.WriteTexts("scopes"u8, Key.Scopes.Select(scope => scope.Word()).ToValueList());
        json.WriteOptional("project"u8, Key.Project);
        json.WriteOptional("agent"u8, Key.Agent?.Value);
        json.WriteString("created_at"u8, Key.CreatedAt.UtcDateTime);
        json.WriteOptional("expires_at"u8, Key.ExpiresAt);
        json.WriteOptional("key"u8, Secret?.Reveal());
        json.WriteEndObject();
    }
}

/// <summary>A page of keys.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Total">On all pages.</param>
internal sealed record KeysBody(IReadOnlyList<KeyBody> Items, long Total) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Keys")
        .PageOf(KeyBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Items, Total);
        json.WriteEndObject();
    }
}
