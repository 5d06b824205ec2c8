using System.Text;
using AgentCluster.Actors;
using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// A prepared statement that is kept. Binding and reading allocate nothing but what is read: text goes through one
/// buffer, which SQLite copies from.
/// </summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle, string sql) : IDisposable
{
    private byte[] _text = new byte[256];

    /// <summary>Runs to the end, and is ready to be bound again.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(handle);
        if (code != raw.SQLITE_DONE)
        {
            Fail(code);
        }

        _ = raw.sqlite3_reset(handle);
    }

    /// <summary>Moves to the next row. After the last one it is ready to be bound again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            Fail(code);
        }

        _ = raw.sqlite3_reset(handle);
        return false;
    }

    /// <summary>Gives up the rows that were not read.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public void Bind(int place, long number) => Bound(raw.sqlite3_bind_int64(handle, place, number));

    public void Bind(int place, ReadOnlySpan<byte> bytes) => Bound(bytes.IsEmpty
        ? raw.sqlite3_bind_zeroblob(handle, place, 0)
        : raw.sqlite3_bind_blob(handle, place, bytes));

    public void Bind(int place, UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        Bound(raw.sqlite3_bind_blob(handle, place, bytes));
    }

    public void Bind(int place, string text)
    {
        if (text.Length == 0)
        {
            Bound(raw.sqlite3_bind_text(handle, place, ""));
            return;
        }

        Fit(text.Length);
        BindText(place, Encoding.UTF8.GetBytes(text, _text));
    }

    /// <summary>An address as <see cref="ActorId.ToString"/> writes it.</summary>
    public void Bind(int place, ActorId actor)
    {
        Fit(actor.Kind.Length + 1 + actor.Name.Length);
        var length = Encoding.UTF8.GetBytes(actor.Kind, _text);
        _text[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(actor.Name, _text.AsSpan(length));
        BindText(place, length);
    }

    public void Bind(int place, RowValue value)
    {
        switch (value.Type)
        {
            case RowType.Text:
                Bind(place, value.Text!);
                break;
            case RowType.Integer:
                Bind(place, value.Number!.Value);
                break;
            default:
                Bound(raw.sqlite3_bind_null(handle, place));
                break;
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>Text too: SQLite hands out its bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public UInt128 Wide(int column) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(Bytes(column));

    public ActorId Actor(int column)
    {
        var bytes = Bytes(column);
        var slash = bytes.IndexOf((byte)'/');
        return new(Encoding.UTF8.GetString(bytes[..slash]), Encoding.UTF8.GetString(bytes[(slash + 1)..]));
    }

    public RowValue Value(int column, RowType type) =>
        raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL ? RowValue.Null
        : type == RowType.Text ? RowValue.Of(Text(column))
        : RowValue.Of(Number(column));

    public void Dispose() => _ = raw.sqlite3_finalize(handle);

    private void Fit(int characters)
    {
        if (_text.Length < characters * 3)
        {
            _text = new byte[characters * 3];
        }
    }

    private void BindText(int place, int length) => Bound(raw.sqlite3_bind_text(handle, place, _text.AsSpan(0, length)));

    private void Bound(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            connection.Check(code, sql);
        }
    }

    private void Fail(int code)
    {
        try
        {
            connection.Check(code, sql);
        }
        finally
        {
            _ = raw.sqlite3_reset(handle);
        }
    }
}
