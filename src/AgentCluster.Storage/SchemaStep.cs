using System.Globalization;
using System.Reflection;

namespace AgentCluster.Storage;

/// <summary>One numbered step of a store's schema, from <c>{store}/Migrations/NNNN-name.sql</c>. Never changed once it is released.</summary>
/// <param name="Store">The store's folder, with the slash.</param>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The file's name.</param>
internal sealed record SchemaStep(string Store, int Number, string Name)
{
    private static readonly Assembly Here = typeof(SchemaStep).Assembly;

    /// <summary>All steps of a store, in order.</summary>
    /// <param name="store">Its folder, with the slash.</param>
    public static IReadOnlyList<SchemaStep> Of(string store) =>
    [
        .. Here.GetManifestResourceNames()
            .Where(name => name.StartsWith(store, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => name[store.Length..])
            .Select(name => new SchemaStep(store, int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name)),
    ];

    /// <summary>The statements, as the file has them.</summary>
    public string Sql()
    {
        using var stream = Here.GetManifestResourceStream(Store + Name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
