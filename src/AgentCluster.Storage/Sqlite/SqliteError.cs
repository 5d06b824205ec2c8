using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>SQLite refused a call.</summary>
/// <param name="code">The extended result code.</param>
/// <param name="message">SQLite's words and what was being done.</param>
internal sealed class SqliteError(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>The result code without its extension.</summary>
    public int Kind => Code & 0xFF;

    /// <summary>Whether what was written is at fault, and not the machine: the same again fails again.</summary>
    public bool IsDataError => Kind is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE;

    public bool IsBusy => Kind is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public bool IsFull => Kind == raw.SQLITE_FULL;

    /// <summary>Whether the file is not what it should be.</summary>
    public bool IsBadFile => Kind is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
