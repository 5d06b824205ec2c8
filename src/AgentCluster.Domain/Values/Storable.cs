namespace AgentCluster.Domain;

/// <summary>What text every store can hold alike.</summary>
public static class Storable
{
    /// <summary>Whether a text has no NUL and no lone surrogate.</summary>
    /// <param name="text">Any.</param>
    public static bool IsText(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i]))
            {
                return false;
            }

            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a text is a name: 1 to <see cref="Bounds.NameLength"/> characters, none of them a control character.</summary>
    /// <param name="text">Any.</param>
    public static bool IsName(string? text)
    {
        if (text is not { Length: > 0 and <= Bounds.NameLength } || !IsText(text))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a text has no control characters but line breaks and tabs.</summary>
    /// <param name="text">Any.</param>
    public static bool IsProse(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
            {
                return false;
            }
        }

        return true;
    }
}
