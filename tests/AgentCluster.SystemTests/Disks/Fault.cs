using System.Globalization;

namespace AgentCluster.SystemTests.Disks;

/// <summary>
/// What becomes of some system calls that a node makes on its data files, done by strace. It counts the calls of each
/// thread by itself; a node writes its data with one thread, and opens it with another. (Not with --seccomp-bpf: strace 6.1
/// then leaves all threads but the first alone.)
/// </summary>
/// <param name="Calls">Which, divided by commas: <c>pwrite64,ftruncate</c>.</param>
/// <param name="Files">Endings of the data file's name: "" is the database, <c>-wal</c> and <c>-shm</c> lie beside it. With a slash first: a path in the data directory.</param>
/// <param name="Effect"><c>signal=KILL</c>, or the error that is answered instead: <c>error=ENOSPC</c>. Empty: none.</param>
/// <param name="When">Which of them, from 1: <c>5</c>, <c>5..20</c>, or <c>5+</c> for all from the fifth on.</param>
internal sealed record Fault(string Calls, string[] Files, string Effect, string When)
{
    /// <summary>Where the tracer writes a line for each call, beside the data.</summary>
    public const string Log = "calls";

    /// <summary>All of them: the database, its log, and the index of that.</summary>
    public static string[] DataFiles { get; } = ["", "-wal", "-shm"];

    /// <summary>None; the calls are only written down.</summary>
    public static Fault None { get; } = new("pwrite64,fdatasync,fsync,ftruncate,unlink", DataFiles, "", "");

    /// <summary>The node dies at one call.</summary>
    public static Fault Kill(Step step) => new(step.Call, [step.File], "signal=KILL", step.Place.ToString(CultureInfo.InvariantCulture));

    /// <summary>One call is answered with an error, and not made.</summary>
    public static Fault Error(string error, Step step) =>
        new(step.Call, [step.File], $"error={error}", step.Place.ToString(CultureInfo.InvariantCulture));

    /// <summary>What stands before the node's own command line. The node stays the child of whoever starts it.</summary>
    /// <param name="data">The data directory.</param>
    public IEnumerable<string> Tracer(string data) =>
    [
        "-D", "-f", "-qq", "-y", "-s", "0", "-o", Path.Combine(data, Log),
        "-e", $"trace={Calls}",
        .. Files.SelectMany(file => (string[])["-P", file.StartsWith('/') ? data + file : Path.Combine(data, "agentcluster.db" + file)]),
        .. Effect.Length > 0 ? (string[])["-e", $"inject={Calls}:{Effect}:when={When}"] : [],
    ];

    public override string ToString() => $"{Effect} at {Calls} {When} of agentcluster.db{string.Join('|', Files)}";
}
