using System.Globalization;
using System.Reflection;

namespace AgentCluster.Storage.Sqlite;

/// <summary>One numbered step of the schema, from <c>Sqlite/Migrations/NNNN-name.sql</c>. Never changed once it is released.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The file's name.</param>
internal sealed record Migration(int Number, string Name)
{
    private const string Folder = "Sqlite/";
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
    /// <param name="isStrict">Whether the library knows STRICT tables.</param>
    public string Sql(bool isStrict)
    {
        using var stream = Here.GetManifestResourceStream(Folder + Name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace("{strict}", isStrict ? " STRICT" : "", StringComparison.Ordinal)
            .Replace("{keyed}", isStrict ? " WITHOUT ROWID, STRICT" : " WITHOUT ROWID", StringComparison.Ordinal);
    }
}
