using AgentCluster.Actors;

namespace AgentCluster.Storage.Sqlite;

/// <summary>How the rows of one table are written, inside the writer's transactions.</summary>
internal interface IRowWriter
{
    /// <summary>Writes a row, in place of the one of that id where there is one.</summary>
    /// <exception cref="SqliteError">A data error: another actor owns the row.</exception>
    void Put(int shard, Row row);

    /// <summary>Deletes the row of that id, if it is that shard's.</summary>
    void Remove(int shard, string id);
}
