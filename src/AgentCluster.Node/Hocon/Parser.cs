using System.Collections.Immutable;

namespace AgentCluster.Node.Hocon;

/// <summary>Builds values from tokens. Fields of one object are merged while they are read; substitutions stay for the <see cref="Resolver"/>.</summary>
internal sealed class Parser
{
    private readonly TokenReader _tokens;
    private readonly Place _place;
    private int _depth;
    private int _arrays;
    private ImmutableArray<string> _path;

    private Parser(TokenReader tokens, Place place) => (_tokens, _place, _depth, _path) = (tokens, place, place.Depth, place.Included);

    /// <summary>Reads a whole text, which is an object with or without its braces.</summary>
    /// <exception cref="HoconException">It is not one.</exception>
    public static HoconObject Parse(string text, string source, Place place)
    {
        var tokens = new TokenReader(Lexer.Tokens(text, source));
        var parser = new Parser(tokens, place);
        tokens.SkipLines();
        var root = new HoconObject(tokens.Current.Origin);
        if (tokens.Take(TokenKind.OpenObject))
        {
            parser.Fields(root, TokenKind.CloseObject);
            tokens.SkipLines();
        }
        else
        {
            parser.Fields(root, TokenKind.End);
        }

        return tokens.Current.Kind == TokenKind.End ? root : throw tokens.Unexpected("the end of the text");
    }

    private void Fields(HoconObject into, TokenKind end)
    {
        _tokens.SkipLines();
        while (!_tokens.Take(end))
        {
            if (_tokens.Current.Kind == TokenKind.End)
            {
                throw _tokens.Unexpected("a key or '}'");
            }

            if (!Include(into))
            {
                Field(into);
            }

            Separator(end);
        }
    }

    private bool Include(HoconObject into)
    {
        if (IncludeStatement.Take(_tokens) is not { } include)
        {
            return false;
        }

        if (_arrays > 0)
        {
            throw new HoconException(include.Origin, "expected no include inside an array: what it includes would have no path.");
        }

        if (Includes.Read(include, _place with { Included = _path, Depth = _depth }) is { } included)
        {
            into.Merge(included);
        }

        return true;
    }

    private void Field(HoconObject into)
    {
        var origin = _tokens.Current.Origin;
        var key = PathExpression.Of(_tokens.TakePath("a key"), origin);
        var outside = (_path, _depth);
        _path = _path.AddRange(key);
        Deepen(key.Length, origin);
        _tokens.SkipLines();

        into.Put(key.AsSpan(), Said(origin));
        (_path, _depth) = outside;
    }

    private HoconValue Said(Origin origin)
    {
        if (_tokens.Take(TokenKind.Append))
        {
            if (_arrays > 0)
            {
                throw new HoconException(origin, "expected no += inside an array: what it appends to would have no path.");
            }

            _tokens.SkipLines();
            var item = Value();
            return new Concatenation([new Substitution(_path, _place.Included.Length, isOptional: true, origin), new HoconArray([item], item.Origin)], origin);
        }

        if (!_tokens.Take(TokenKind.Equals) && !_tokens.Take(TokenKind.Colon) && _tokens.Current.Kind != TokenKind.OpenObject)
        {
            throw _tokens.Unexpected("'=', ':', '+=' or '{' after the key");
        }

        _tokens.SkipLines();
        return Value();
    }

    private HoconValue Value()
    {
        List<HoconValue> parts = [];
        while (Part() is { } part)
        {
            parts.Add(part);
        }

        // Space before and after a value is not part of it.
        if (parts.Count > 0 && _tokens.EndedWithSpace)
        {
            parts.RemoveAt(parts.Count - 1);
        }

        return parts switch
        {
            [] => throw _tokens.Unexpected("a value"),
            [var only] => only,
            _ when parts.TrueForAll(part => part is HoconScalar) => new HoconScalar(
                ScalarKind.Text, string.Concat(parts.Select(part => ((HoconScalar)part).Text)), parts[0].Origin),
            _ => new Concatenation(parts, parts[0].Origin),
        };
    }

    private HoconValue? Part()
    {
        var token = _tokens.Current;
        _place.Count.Value(token.Origin);
        switch (token.Kind)
        {
            case TokenKind.Unquoted:
                _tokens.Advance();
                return HoconScalar.Unquoted(token.Text, token.Origin);
            case TokenKind.Quoted or TokenKind.Space:
                _tokens.Advance();
                return new HoconScalar(ScalarKind.Text, token.Text, token.Origin);
            case TokenKind.Substitution or TokenKind.OptionalSubstitution:
                return Substitution(token);
            case TokenKind.OpenObject:
                _tokens.Advance();
                Deepen(1, token.Origin);
                var fields = new HoconObject(token.Origin);
                Fields(fields, TokenKind.CloseObject);
                _depth--;
                return fields;
            case TokenKind.OpenArray:
                _tokens.Advance();
                return Array(token.Origin);
            default:
                return null;
        }
    }

    private HoconArray Array(Origin origin)
    {
        Deepen(1, origin);
        _arrays++;
        List<HoconValue> items = [];
        _tokens.SkipLines();
        while (!_tokens.Take(TokenKind.CloseArray))
        {
            items.Add(Value());
            Separator(TokenKind.CloseArray);
        }

        _arrays--;
        _depth--;
        return new(items, origin);
    }

    private Substitution Substitution(Token opening)
    {
        _tokens.Advance();
        var path = PathExpression.Of(_tokens.TakePath("the path of a value"), opening.Origin);
        if (path.Length > HoconBounds.Depth)
        {
            throw TooDeep(opening.Origin);
        }

        return _tokens.Take(TokenKind.CloseObject)
            ? new([.. _place.Included, .. path], _place.Included.Length, opening.Kind == TokenKind.OptionalSubstitution, opening.Origin)
            : throw _tokens.Unexpected("'}' after the path of a substitution");
    }

    // One comma, or the end of the line, or both; a comma after the last is allowed, two in a row are not.
    private void Separator(TokenKind end)
    {
        _tokens.SkipSpace();
        var isParted = _tokens.SkipLines();
        isParted |= _tokens.Take(TokenKind.Comma);
        _tokens.SkipLines();
        if (!isParted && _tokens.Current.Kind != end)
        {
            throw _tokens.Unexpected(end switch
            {
                TokenKind.CloseObject => "',', '}' or the end of the line",
                TokenKind.CloseArray => "',', ']' or the end of the line",
                _ => "',' or the end of the line",
            });
        }
    }

    private void Deepen(int by, Origin origin)
    {
        _depth += by;
        if (_depth > HoconBounds.Depth)
        {
            throw TooDeep(origin);
        }
    }

    private static HoconException TooDeep(Origin origin) =>
        new(origin, $"expected objects, arrays and keys at most {HoconBounds.Depth} deep in each other, found more.");
}
