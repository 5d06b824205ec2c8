using System.Buffers.Binary;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Storage.Postgres;

/// <summary>How values are given to the driver and read back.</summary>
internal static class Values
{
    public static Guid ToGuid(this UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(bytes, bigEndian: true);
    }

    public static void Bind<T>(this NpgsqlParameterCollection places, T value, NpgsqlDbType type) =>
        places.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });

    /// <summary>One column of many rows.</summary>
    public static void BindArray<TRow, T>(this NpgsqlParameterCollection places, IReadOnlyList<TRow> rows, Func<TRow, T> column, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
        }

        places.Bind(values, type | NpgsqlDbType.Array);
    }

    public static UInt128 Wide(this NpgsqlDataReader reader, int column)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.GetGuid(column).TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static ActorId Actor(this NpgsqlDataReader reader, int column) => ActorId.Parse(reader.GetString(column));

    public static RowValue Value(this NpgsqlDataReader reader, int column, RowType type) =>
        reader.IsDBNull(column) ? RowValue.Null
        : type == RowType.Text ? RowValue.Of(reader.GetString(column))
        : RowValue.Of(reader.GetInt64(column));

    /// <summary>Columns shard, generation, epoch, owner, sequence, last_batch.</summary>
    public static ShardLease Lease(this NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), new(reader.Wide(3)), reader.GetInt64(4), reader.Wide(5));

    /// <summary>Columns shard, sequence, actor, name, at, payload, channels.</summary>
    public static StoredEvent Event(this NpgsqlDataReader reader) => new(
        reader.GetInt32(0),
        reader.GetInt64(1),
        reader.Actor(2),
        reader.GetString(3),
        RowValue.Moment(reader.GetInt64(4)),
        reader.GetFieldValue<byte[]>(5),
        reader.GetString(6));
}
