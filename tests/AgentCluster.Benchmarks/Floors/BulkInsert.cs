using System.Diagnostics;
using System.Globalization;
using System.Text;
using SQLitePCL;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>The rows and events of created tasks, inserted as fast as one can: prepared statements, a thousand tasks a transaction.</summary>
internal sealed class BulkInsert : ISubject
{
    /// <summary>Tasks a transaction.</summary>
    public const int Batch = 1_000;

    private readonly RawSqlite _db;
    private readonly sqlite3_stmt _task;
    private readonly sqlite3_stmt _event;
    private long _number;

    /// <param name="file">Of a node that has created a task; its row and event are inserted again and again.</param>
    public BulkInsert(string file)
    {
        _db = new(file);
        _task = _db.Prepare(Repeat("task", "SELECT * FROM task LIMIT 1", ("id", "?1"), ("ordinal", "?2")));
        _event = _db.Prepare(Repeat("event", "SELECT * FROM event WHERE name = 'task-created.v1' LIMIT 1", ("position", "NULL"), ("sequence", "?1")));
    }

    public ValueTask<long> DoAsync(int caller)
    {
        _db.Run("BEGIN IMMEDIATE");
        for (var i = 0; i < Batch; i++)
        {
            var number = ++_number + Sample.Token;
            _ = raw.sqlite3_bind_text(_task, 1, number.ToString("00000000000000000000000000", CultureInfo.InvariantCulture));
            _ = raw.sqlite3_bind_int64(_task, 2, number);
            _ = raw.sqlite3_bind_int64(_event, 1, number);
            _db.Run(_task);
            _db.Run(_event);
        }

        _db.Run("COMMIT");
        return new(Stopwatch.GetTimestamp());
    }

    public ValueTask DisposeAsync()
    {
        _task.Dispose();
        _event.Dispose();
        _db.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>An INSERT of a row that is there, with some columns as given.</summary>
    private string Repeat(string table, string row, params (string Column, string Value)[] given)
    {
        var columns = _db.Read($"SELECT name FROM pragma_table_info('{table}')").ConvertAll(Encoding.UTF8.GetString);
        var values = columns.Select(column => given.FirstOrDefault(other => other.Column == column).Value
            ?? Encoding.UTF8.GetString(_db.Read($"SELECT quote({column}) FROM ({row})")[0]));
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", values)})";
    }
}
