using System.Globalization;
using System.Reflection;

namespace AgentCluster.Storage.Postgres;

/// <summary>One numbered step of the schema, from <c>Postgres/Migrations/NNNN-name.sql</c>. Never changed once it is released.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The file's name.</param>
internal sealed record Migration(int Number, string Name)
{
    private const string Folder = "Postgres/";
    private static readonly Assembly Here = typeof(Migration).Assembly;

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } =
    [
        .. Here.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => name[Folder.Length..])
            .Select(name => new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name)),
    ];

    /// <summary>The statements.</summary>
    public string Sql()
    {
        using var stream = Here.GetManifestResourceStream(Folder + Name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
