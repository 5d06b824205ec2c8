namespace AgentCluster.Node.Hocon;

/// <summary>Java properties as far as <c>a.b=c</c>: a line each, values are texts, no escapes and no continued lines.</summary>
internal static class PropertiesFile
{
    public static HoconObject Parse(string text, string source, Place place)
    {
        var root = new HoconObject(new(source, 1, 1));
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            var origin = new Origin(source, ++number, 1);
            if (line.Trim() is not [not ('#' or '!'), ..] said)
            {
                continue;
            }

            var divided = said.IndexOfAny(['=', ':']);
            if (divided < 1)
            {
                throw new HoconException(origin, $"expected key=value, found '{said}'.");
            }

            place.Count.Value(origin);
            var path = PathExpression.Of([new(TokenKind.Unquoted, said[..divided].TrimEnd(), origin)], origin);
            if (path.Length + place.Depth > HoconBounds.Depth)
            {
                throw new HoconException(origin, $"expected keys at most {HoconBounds.Depth} deep in each other, found more.");
            }

            root.Put(path.AsSpan(), new HoconScalar(ScalarKind.Text, said[(divided + 1)..].TrimStart(), origin));
        }

        return root;
    }
}
