using System.Collections.Immutable;
using System.Text;

namespace AgentCluster.Node.Hocon;

/// <summary>A path: elements divided by dots, of which quoted ones may hold dots.</summary>
internal static class PathExpression
{
    /// <summary>Reads a path.</summary>
    /// <param name="tokens">Quoted, unquoted and space only, without space at either end.</param>
    /// <param name="origin">For the message.</param>
    /// <exception cref="HoconException">An element is missing.</exception>
    public static ImmutableArray<string> Of(IReadOnlyList<Token> tokens, Origin origin)
    {
        var path = ImmutableArray.CreateBuilder<string>();
        var element = new StringBuilder();
        var isThere = false;
        foreach (var token in tokens)
        {
            if (token.Kind != TokenKind.Unquoted)
            {
                element.Append(token.Text);
                isThere |= token.Kind == TokenKind.Quoted;
                continue;
            }

            var pieces = token.Text.Split('.');
            for (var piece = 0; piece < pieces.Length; piece++)
            {
                if (piece > 0)
                {
                    Close();
                }

                element.Append(pieces[piece]);
                isThere |= pieces[piece].Length > 0;
            }
        }

        Close();
        return path.ToImmutable();

        void Close()
        {
            if (!isThere)
            {
                throw new HoconException(origin, $"expected a key on each side of every dot, found '{string.Concat(tokens.Select(token => token.Text))}'; an empty key is written \"\".");
            }

            path.Add(element.ToString());
            element.Clear();
            isThere = false;
        }
    }
}
