namespace AgentCluster.Node.Hocon;

/// <summary>What counts as a number: what JSON calls one.</summary>
internal static class Numbers
{
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        text = text.StartsWith('-') ? text[1..] : text;
        var whole = Digits(text);
        if (whole == 0 || (whole > 1 && text[0] == '0'))
        {
            return false;
        }

        text = text[whole..];
        if (text.StartsWith('.'))
        {
            var fraction = Digits(text[1..]);
            if (fraction == 0)
            {
                return false;
            }

            text = text[(fraction + 1)..];
        }

        if (text.IsEmpty)
        {
            return true;
        }

        var exponent = text[1..];
        exponent = exponent.StartsWith('+') || exponent.StartsWith('-') ? exponent[1..] : exponent;
        return text[0] is 'e' or 'E' && !exponent.IsEmpty && Digits(exponent) == exponent.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
