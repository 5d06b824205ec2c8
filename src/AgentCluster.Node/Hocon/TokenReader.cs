namespace AgentCluster.Node.Hocon;

/// <summary>Walks over tokens.</summary>
/// <param name="tokens">The last is the end.</param>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    /// <summary>Whether the token before this one was space.</summary>
    public bool EndedWithSpace => _at > 0 && tokens[_at - 1].Kind == TokenKind.Space;

    public void Advance() => _at++;

    /// <summary>A token further on that is neither space nor the end of a line.</summary>
    /// <param name="from">How far from here to begin.</param>
    public (Token Token, int Ahead) Peek(int from)
    {
        while (tokens[_at + from].Kind is TokenKind.Space or TokenKind.NewLine)
        {
            from++;
        }

        return (tokens[_at + from], from);
    }

    /// <summary>Passes over a token if it is of that kind.</summary>
    public bool Take(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        if (kind != TokenKind.End)
        {
            _at++;
        }

        return true;
    }

    /// <summary>Passes over space on this line.</summary>
    public void SkipSpace()
    {
        while (Current.Kind == TokenKind.Space)
        {
            _at++;
        }
    }

    /// <summary>Passes over space and ends of lines.</summary>
    /// <returns>Whether a line ended.</returns>
    public bool SkipLines()
    {
        var ended = false;
        while (Current.Kind is TokenKind.Space or TokenKind.NewLine)
        {
            ended |= Current.Kind == TokenKind.NewLine;
            _at++;
        }

        return ended;
    }

    /// <summary>Takes the tokens of a path, without space around them.</summary>
    /// <param name="what">What is expected, for the message.</param>
    public IReadOnlyList<Token> TakePath(string what)
    {
        SkipSpace();
        List<Token> path = [];
        while (Current.Kind is TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Space)
        {
            path.Add(Current);
            _at++;
        }

        while (path is [.., { Kind: TokenKind.Space }])
        {
            path.RemoveAt(path.Count - 1);
        }

        return path.Count > 0 ? path : throw Unexpected(what);
    }

    /// <summary>The error that something else stands here.</summary>
    /// <param name="expected">What should.</param>
    public HoconException Unexpected(string expected) => new(Current.Origin, $"expected {expected}, found {Current.Found}.");
}
