using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentCluster.Domain.Import;

/// <summary>
/// Cuts the rows out of one JSON document as its bytes come: <c>[…]</c>, <c>{"tasks":[…]}</c>, or lists by name,
/// <c>{"master":{"tasks":[…]}}</c>. Holds one row at a time; everything else in the document is passed over.
/// </summary>
/// <param name="mostBytes">Of one row; a longer one is counted and passed over.</param>
public sealed class DocumentCutter(int mostBytes)
{
    private const int MostNameBytes = 1_024;

    private readonly Stack<Frame> _frames = [];
    private readonly List<byte> _name = [];
    private byte[] _element = new byte[4_096];
    private int _length;
    private int _line = 1;
    private Expected _expected = Expected.Document;
    private Inside _inside;
    private JsonValueEnd _value;
    private bool _hasList;

    private enum Expected
    {
        Document,
        Value,
        ValueOrEnd,
        Name,
        NameOrEnd,
        Colon,
        CommaOrEnd,
        Nothing,
    }

    private enum Inside
    {
        Frame,
        Name,
        Element,
        Other,
    }

    /// <summary>The row that was cut, until the next one is looked for.</summary>
    public ReadOnlySpan<byte> Element => _element.AsSpan(0, Math.Min(_length, mostBytes));

    /// <summary>Whether it was longer than it may be, and only its beginning is here.</summary>
    public bool IsTooLong => _length > mostBytes;

    /// <summary>The line that the row begins on, from 1; after an error, the line of the error.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The name of the list that the row stands in; null where lists have none.</summary>
    public string? List { get; private set; }

    /// <summary>Reads on until a row is whole.</summary>
    /// <param name="bytes">What came next; the part that was read is taken off.</param>
    /// <returns>Whether there is a row; else all bytes are used up.</returns>
    /// <exception cref="FormatException">The document is no such document; the message says what was expected. Nothing more can be read.</exception>
    public bool TryCut(ref ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var next = bytes[i];
            _line += next == '\n' ? 1 : 0;
            if (_inside == Inside.Frame)
            {
                ReadFrame(next);
                continue;
            }

            var ended = _value.IsAt(next, out var isPartOfIt);
            if (isPartOfIt)
            {
                Keep(next);
            }

            if (ended && EndValue())
            {
                bytes = bytes[i..];
                return Take(ref bytes, isPartOfIt);
            }

            if (ended && !isPartOfIt)
            {
                ReadFrame(next);
            }
        }

        bytes = [];
        return false;
    }

    /// <summary>Says that no more bytes come.</summary>
    /// <exception cref="FormatException">The document breaks off, or had no list of rows.</exception>
    public void End()
    {
        if (_expected != Expected.Nothing)
        {
            throw Wrong("the document to go on, found its end");
        }

        if (!_hasList)
        {
            throw Wrong("""{"tasks":[…]}, or {"master":{"tasks":[…]}}, found no list of tasks""");
        }
    }

    private bool Take(ref ReadOnlySpan<byte> bytes, bool isPartOfIt)
    {
        // What ended a bare value belongs to the frame, and is read after the row was taken.
        if (isPartOfIt)
        {
            bytes = bytes[1..];
        }
        else
        {
            _line -= bytes[0] == '\n' ? 1 : 0;
        }

        return true;
    }

    private void ReadFrame(byte next)
    {
        if (next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' || (_expected == Expected.Document && next is 0xEF or 0xBB or 0xBF))
        {
            return;
        }

        switch (_expected, (char)next)
        {
            case (Expected.Document or Expected.Value or Expected.ValueOrEnd, not (']' or '}' or ',' or ':')):
                BeginValue(next);
                break;
            case (Expected.Name or Expected.NameOrEnd, '"'):
                _name.Clear();
                Begin(Inside.Name, next);
                break;
            case (Expected.Colon, ':'):
                _expected = Expected.Value;
                break;
            case (Expected.CommaOrEnd, ','):
                _expected = _frames.Peek().IsList ? Expected.Value : Expected.Name;
                break;
            case (Expected.CommaOrEnd or Expected.ValueOrEnd, ']') when _frames.Peek().IsList:
            case (Expected.CommaOrEnd or Expected.NameOrEnd, '}') when !_frames.Peek().IsList:
                _frames.Pop();
                _expected = _frames.Count == 0 ? Expected.Nothing : Expected.CommaOrEnd;
                break;
            default:
                throw Wrong($"{Words()}, found '{(next is >= 0x20 and < 0x7F ? (char)next : '?')}'");
        }
    }

    private void BeginValue(byte next)
    {
        var frame = _frames.Count == 0 ? null : _frames.Peek();
        var name = frame is { IsList: false } ? NameRead() : null;
        switch ((char)next)
        {
            case '[' when frame is null || (!frame.IsList && name == "tasks"):
                _hasList = true;
                _frames.Push(new(IsList: true, frame?.Name));
                _expected = Expected.ValueOrEnd;
                break;
            case '{' when frame is null || (!frame.IsList && _frames.Count == 1):
                _frames.Push(new(IsList: false, name));
                _expected = Expected.NameOrEnd;
                break;
            default:
                if (frame is null)
                {
                    throw Wrong("a JSON object or list, found something else");
                }

                List = frame.Name;
                Line = _line;
                _length = 0;
                Begin(frame.IsList ? Inside.Element : Inside.Other, next);
                break;
        }
    }

    private void Begin(Inside inside, byte first)
    {
        _inside = inside;
        _value = new(first);
        Keep(first);
    }

    /// <returns>Whether it was a row.</returns>
    private bool EndValue()
    {
        var wasRow = _inside == Inside.Element;
        _expected = _inside == Inside.Name ? Expected.Colon : Expected.CommaOrEnd;
        _inside = Inside.Frame;
        return wasRow;
    }

    private void Keep(byte next)
    {
        if (_inside == Inside.Name)
        {
            if (_name.Count == MostNameBytes)
            {
                throw Wrong($"a name of at most {MostNameBytes} bytes, found a longer one");
            }

            _name.Add(next);
        }
        else if (_inside == Inside.Element)
        {
            if (_length == _element.Length && _length < mostBytes)
            {
                Array.Resize(ref _element, Math.Min(2 * _length, mostBytes));
            }

            if (_length < _element.Length)
            {
                _element[_length] = next;
            }

            _length = Math.Min(_length + 1, mostBytes + 1);
        }
    }

    private string NameRead()
    {
        try
        {
            Utf8JsonReader json = new(CollectionsMarshal.AsSpan(_name));
            json.Read();
            return json.GetString()!;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Wrong("a name in double quotes, found text that is no JSON string");
        }
    }

    private string Words() => _expected switch
    {
        Expected.Document => "a JSON object or list",
        Expected.Colon => "':'",
        Expected.Name => "a name in double quotes",
        Expected.NameOrEnd => "a name in double quotes or '}'",
        Expected.CommaOrEnd => _frames.Peek().IsList ? "',' or ']'" : "',' or '}'",
        Expected.Nothing => "nothing after the document",
        _ => "a value",
    };

    private FormatException Wrong(string expected)
    {
        Line = _line;
        return new($"Expected {expected}.");
    }

    /// <param name="IsList">Whether rows stand in it.</param>
    /// <param name="Name">Of the list.</param>
    private sealed record Frame(bool IsList, string? Name);
}
