using System.Buffers;

namespace AgentCluster.Domain.Worktrees;

/// <summary>Which names of branches and commits are taken: what git itself takes, and nothing that could be an option of it.</summary>
public static class RefName
{
    private const int MostCharacters = 255;

    private static readonly SearchValues<char> Refused = SearchValues.Create(" ~^:?*[\\\u007f");

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    /// <param name="name">As it came.</param>
    public static string? Problem(string name) =>
        name.Length is 0 or > MostCharacters ? $"Expected 1 to {MostCharacters} characters, found {name.Length}."
        : !Storable.IsText(name) || name.Any(char.IsControl) || name.AsSpan().ContainsAny(Refused)
            ? "Expected the name of a branch or commit, found a character that git takes in none."
        : name[0] == '-' ? "Expected the name of a branch or commit, found what looks like an option: it begins with '-'."
        : name.Contains("..", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal) || name == "@"
            ? "Expected one branch or commit, found an expression."
        : name[0] == '/' || name.EndsWith('/') || name.EndsWith('.') || name.Contains("//", StringComparison.Ordinal)
            ? "Expected the name of a branch or commit, found an empty part or a dot at the end."
        : name.Split('/').Any(part => part.StartsWith('.') || part.EndsWith(".lock", StringComparison.Ordinal))
            ? "Expected parts that neither begin with a dot nor end with '.lock'."
        : null;
}
