using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Storage.Examinations;

/// <summary>What is to be said about a data directory, whether a node runs on it or not.</summary>
public static class DataFindings
{
    private const long Mebibyte = 1024 * 1024;
    private const long LittleRoom = 1024 * Mebibyte;
    private const long NoRoom = 64 * Mebibyte;
    private const long FarBehind = 100_000;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>Examines a data directory that no node uses. Nothing in it is changed.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="now">What the clock says.</param>
    /// <returns>What was found. Damage is a finding, not an error.</returns>
    /// <exception cref="DataDirectoryInUseException">A node holds it: ask that.</exception>
    /// <exception cref="DataDirectoryException">There is no data, or it cannot be read.</exception>
    public static IReadOnlyList<Finding> Of(string directory, DateTimeOffset now)
    {
        var file = Path.Combine(Path.GetFullPath(directory), SqliteStore.FileName);
        if (!File.Exists(file))
        {
            throw new DataDirectoryException($"Expected a data directory with {SqliteStore.FileName} in it, found none at {Path.GetFullPath(directory)}. Check the path.");
        }

        using var held = DataDirectory.Take(directory, allowNetworkDisk: true);
        var library = SqliteStore.Library;
        try
        {
            using var examiner = new Examiner(file);
            return [Sqlite(library), .. Of(examiner.Examine(full: true), now), .. Of(held.Path)];
        }
        catch (Exception unreadable) when (unreadable is SqliteError or DataFileException)
        {
            return
            [
                Sqlite(library),
                new("integrity", Condition.Failed, unreadable.Message, "Put a backup in its place: a directory that 'pbm backup' made."),
                .. Of(held.Path),
            ];
        }
    }

    /// <summary>What the data says of itself.</summary>
    /// <param name="data">As examined.</param>
    /// <param name="now">What the clock says.</param>
    public static IReadOnlyList<Finding> Of(DataReport data, DateTimeOffset now) =>
    [
        data.Schema <= SqliteStore.KnownSchema
            ? new("schema", Condition.Ok, Text($"version {data.Schema}, known up to {SqliteStore.KnownSchema}"))
            : new("schema", Condition.Failed, Text($"version {data.Schema}, known up to {SqliteStore.KnownSchema}"), "A newer AgentCluster wrote it: use that."),
        data.Damage.Count == 0
            ? new("integrity", Condition.Ok, "SQLite's check found nothing")
            : new("integrity", Condition.Failed, string.Join("; ", data.Damage), "Stop the node, keep the files, and start from a backup: a directory that 'pbm backup' made."),
        new("generation", Condition.Ok, data.BackedUpAt is { } at
            ? Text($"{data.Generation}; a backup of {at:yyyy-MM-dd'T'HH:mm:ss'Z'}, whose first start begins generation {data.Generation + 1}")
            : Text($"{data.Generation}{(data.Generation > 1 ? ", one more for each start from a backup" : "")}")),
        new("size", Condition.Ok, Text($"{data.Bytes / Mebibyte} MiB, {data.FreeBytes / Mebibyte} MiB of it free; write-ahead log {data.WalBytes / Mebibyte} MiB")),
        data.Behind <= FarBehind
            ? new("projections", Condition.Ok, Text($"{Math.Max(0, data.Behind)} events behind"))
            : new("projections", Condition.Warning, Text($"{data.Behind} events behind"), "Histories and statistics lag. Look at the log for what holds them up."),
        data.Parked == 0
            ? new("parked", Condition.Ok, "nothing was set aside")
            : new("parked", Condition.Warning, Text($"{data.Parked} messages or timers were set aside, because deciding them failed three times"), "Report it with the log; 'pbm actor inspect' shows whose they are."),
        data.LastEventAt <= now + ClockSkew || data.LastEventAt is null
            ? new("clock", Condition.Ok, Text($"{now:yyyy-MM-dd'T'HH:mm:ss'Z'}"))
            : new("clock", Condition.Warning, Text($"{now:yyyy-MM-dd'T'HH:mm:ss'Z'}, and the last event is of {data.LastEventAt:yyyy-MM-dd'T'HH:mm:ss'Z'}"), "Set the machine's clock. Nothing exclusive hangs on it; what is shown does."),
    ];

    /// <summary>What the directory and its disk are like.</summary>
    /// <param name="directory">Absolute.</param>
    public static IReadOnlyList<Finding> Of(string directory)
    {
        var type = FileSystem.TypeOf(directory);
        var free = FileSystem.FreeBytes(directory);
        return
        [
            FileSystem.IsShared(type)
                ? new("data", Condition.Failed, $"{directory} ({type})", "Its locks and syncs cannot be relied on: move it to a local disk.")
                : IsOpenToOthers(directory)
                    ? new("data", Condition.Warning, $"{directory} ({type}); other users of this machine can read it", $"chmod 700 '{directory}'")
                    : new("data", Condition.Ok, $"{directory} ({type})"),
            free switch
            {
                null => new("disk", Condition.Warning, "the system does not say how much is free"),
                < NoRoom => new("disk", Condition.Failed, Text($"{free / Mebibyte} MiB free"), "Make room: without it every write is refused with storage_full."),
                < LittleRoom => new("disk", Condition.Warning, Text($"{free / Mebibyte} MiB free"), "Make room, before writes are refused with storage_full."),
                _ => new("disk", Condition.Ok, Text($"{free / Mebibyte} MiB free")),
            },
        ];
    }

    /// <summary>Which SQLite runs.</summary>
    /// <param name="library">Of this process.</param>
    public static Finding Sqlite(SqliteLibrary library) =>
        new("sqlite", Condition.Ok, $"{library}; one connection writes and copies the log back, so that the WAL-reset bug of some versions has no occasion");

    private static bool IsOpenToOthers(string directory) =>
        !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(directory) & (UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != 0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
