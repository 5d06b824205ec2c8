using System.Text;

namespace AgentCluster.Node.Hocon;

/// <summary>Divides a text into tokens; comments vanish here.</summary>
internal sealed class Lexer
{
    private const string NeverUnquoted = "$\"{}[]:=,+#`^?!@*&\\";

    private readonly string _text;
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private Lexer(string text, string source) => (_text, _source) = (text, source);

    private Origin Here => new(_source, _line, _at - _lineStart + 1);

    /// <summary>All tokens, an end last.</summary>
    /// <param name="text">The whole text; a byte order mark at its start is taken.</param>
    /// <param name="source">Names the text in origins.</param>
    /// <exception cref="HoconException">A character that may not stand there, or a text that does not end.</exception>
    public static IReadOnlyList<Token> Tokens(string text, string source)
    {
        var lexer = new Lexer(text.StartsWith('\uFEFF') ? text[1..] : text, source);
        for (lexer.SkipComment(); lexer._at < lexer._text.Length; lexer.SkipComment())
        {
            lexer._tokens.Add(lexer.Next());
        }

        lexer._tokens.Add(new(TokenKind.End, string.Empty, lexer.Here));
        return lexer._tokens;
    }

    private Token Next()
    {
        var origin = Here;
        switch (_text[_at])
        {
            case '\n':
                _at++;
                _line++;
                _lineStart = _at;
                return new(TokenKind.NewLine, "\n", origin);
            case '"':
                return new(TokenKind.Quoted, Starts("\"\"\"") ? TripleQuoted(origin) : Quoted(origin), origin);
            case '{':
                return Sign(TokenKind.OpenObject, "{", origin);
            case '}':
                return Sign(TokenKind.CloseObject, "}", origin);
            case '[':
                return Sign(TokenKind.OpenArray, "[", origin);
            case ']':
                return Sign(TokenKind.CloseArray, "]", origin);
            case ',':
                return Sign(TokenKind.Comma, ",", origin);
            case ':':
                return Sign(TokenKind.Colon, ":", origin);
            case '=':
                return Sign(TokenKind.Equals, "=", origin);
            case '+' when Starts("+="):
                return Sign(TokenKind.Append, "+=", origin);
            case '$' when Starts("${?"):
                return Sign(TokenKind.OptionalSubstitution, "${?", origin);
            case '$' when Starts("${"):
                return Sign(TokenKind.Substitution, "${", origin);
            default:
                return IsSpace(_at) ? new(TokenKind.Space, Run(IsSpace), origin) : Unquoted(origin);
        }
    }

    private Token Unquoted(Origin origin)
    {
        var start = _at;
        var text = Run(at => !IsSpace(at) && _text[at] != '\n' && !StartsAt(at, "//")
            && (!NeverUnquoted.Contains(_text[at], StringComparison.Ordinal) || IsExponentSign(start, at)));
        return text.Length > 0
            ? new(TokenKind.Unquoted, text, origin)
            : throw new HoconException(origin, $"expected a key or a value, found '{_text[_at]}'; a text that holds it must stand in quotes.");
    }

    // 1e+5 is the one place where JSON has a plus outside quotes.
    private bool IsExponentSign(int start, int at) =>
        _text[at] == '+' && at > start && _text[at - 1] is 'e' or 'E'
        && _text[start] is '-' or (>= '0' and <= '9')
        && at + 1 < _text.Length && char.IsAsciiDigit(_text[at + 1]);

    private string Quoted(Origin origin)
    {
        _at++;
        var content = new StringBuilder();
        while (_at < _text.Length && _text[_at] is not ('"' or '\n'))
        {
            content.Append(_text[_at] == '\\' ? Escape() : _text[_at++]);
        }

        if (_at == _text.Length || _text[_at] == '\n')
        {
            throw new HoconException(origin, "expected a closing quote on the same line, found none; a text of several lines stands in \"\"\".");
        }

        _at++;
        return content.ToString();
    }

    private char Escape()
    {
        var origin = Here;
        var sign = _at + 1 < _text.Length ? _text[_at + 1] : ' ';
        _at += 2;
        if (sign == 'u')
        {
            var digits = _text.AsSpan(_at, Math.Min(4, _text.Length - _at));
            _at += digits.Length;
            return digits.Length == 4 && ushort.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code)
                ? (char)code
                : throw new HoconException(origin, $"expected four hexadecimal digits after \\u, found '{digits}'.");
        }

        return sign switch
        {
            '"' or '\\' or '/' => sign,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw new HoconException(origin, $"expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found '\\{sign}'."),
        };
    }

    private string TripleQuoted(Origin origin)
    {
        var start = _at + 3;
        var end = _text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new HoconException(origin, "expected \"\"\" that ends the text, found none.");
        }

        // Of more than three quotes the last three end it.
        while (end + 3 < _text.Length && _text[end + 3] == '"')
        {
            end++;
        }

        for (; _at < end + 3; _at++)
        {
            if (_text[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
            }
        }

        return _text[start..end];
    }

    private void SkipComment()
    {
        if (Starts("#") || Starts("//"))
        {
            var end = _text.IndexOf('\n', _at);
            _at = end < 0 ? _text.Length : end;
        }
    }

    private Token Sign(TokenKind kind, string sign, Origin origin)
    {
        _at += sign.Length;
        return new(kind, sign, origin);
    }

    private string Run(Func<int, bool> belongs)
    {
        var start = _at;
        while (_at < _text.Length && belongs(_at))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private bool IsSpace(int at) => _text[at] == '\uFEFF' || (_text[at] != '\n' && char.IsWhiteSpace(_text[at]));

    private bool Starts(string sign) => StartsAt(_at, sign);

    private bool StartsAt(int at, string sign) => string.CompareOrdinal(_text, at, sign, 0, sign.Length) == 0;
}
