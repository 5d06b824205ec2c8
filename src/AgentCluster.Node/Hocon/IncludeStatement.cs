namespace AgentCluster.Node.Hocon;

/// <summary><c>include "x"</c>, <c>include file("x")</c>, and each within <c>required(…)</c>.</summary>
/// <param name="Name">The file, relative to the one that includes it.</param>
/// <param name="IsRequired">Whether it is an error when there is no such file.</param>
/// <param name="Origin">Where the statement begins.</param>
internal sealed record IncludeStatement(string Name, bool IsRequired, Origin Origin)
{
    /// <summary>Takes the statement if one stands here; <c>include</c> may also be a key.</summary>
    /// <exception cref="HoconException">It is a form that is left out.</exception>
    public static IncludeStatement? Take(TokenReader tokens)
    {
        var origin = tokens.Current.Origin;
        if (tokens.Current is not { Kind: TokenKind.Unquoted, Text: "include" })
        {
            return null;
        }

        var (form, ahead) = tokens.Peek(1);
        var opening = string.Empty;
        if (form.Kind == TokenKind.Unquoted && form.Text.Contains('(', StringComparison.Ordinal))
        {
            do
            {
                opening += form.Text;
                (form, ahead) = tokens.Peek(ahead + 1);
            }
            while (form.Kind == TokenKind.Unquoted);
        }

        if (form.Kind != TokenKind.Quoted)
        {
            return opening.Length == 0
                ? null
                : throw new HoconException(form.Origin, $"expected the file's name in quotes, found {form.Found}; no substitutions stand in it.");
        }

        for (; ahead >= 0; ahead--)
        {
            tokens.Advance();
        }

        if (opening is not ("" or "file(" or "required(" or "required(file("))
        {
            throw new HoconException(origin, $"expected include \"x\", file(\"x\") or required(…), found {opening}; url() and classpath() are left out.");
        }

        Close(tokens, opening.Count(sign => sign == '('));
        return new(form.Text, opening.StartsWith("required", StringComparison.Ordinal), origin);
    }

    private static void Close(TokenReader tokens, int open)
    {
        while (open > 0)
        {
            tokens.SkipSpace();
            var closing = tokens.Current;
            if (closing.Kind != TokenKind.Unquoted || closing.Text.Length > open || closing.Text.Trim(')').Length > 0)
            {
                throw tokens.Unexpected("')'");
            }

            open -= closing.Text.Length;
            tokens.Advance();
        }
    }
}
