namespace AgentCluster.Node.Hocon;

internal enum TokenKind
{
    End,
    NewLine,
    Space,
    Quoted,
    Unquoted,
    Substitution,
    OptionalSubstitution,
    OpenObject,
    CloseObject,
    OpenArray,
    CloseArray,
    Comma,
    Colon,
    Equals,
    Append,
}

/// <summary>One piece of the text. Space is one too: it counts between the parts of a value.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it stands for: of a quoted text its content.</param>
/// <param name="Origin">Where it begins.</param>
internal readonly record struct Token(TokenKind Kind, string Text, Origin Origin)
{
    /// <summary>How a message names it.</summary>
    public string Found => Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.NewLine => "the end of the line",
        _ => $"'{(Text.Length <= 40 ? Text : Text[..40] + "…")}'",
    };
}
