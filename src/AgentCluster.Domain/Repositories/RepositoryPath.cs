using System.Diagnostics.CodeAnalysis;

namespace AgentCluster.Domain.Repositories;

/// <summary>A file or folder of a repository in its one form: relative to the root, names divided by single slashes.</summary>
/// <param name="Value">Compared ordinally; <c>./a//b/</c> and <c>/a/b</c> are both <c>a/b</c>.</param>
public readonly record struct RepositoryPath(string Value)
{
    /// <summary>Characters at most, as most file systems have it.</summary>
    public const int MostCharacters = 4096;

    /// <summary>Names at most.</summary>
    public const int MostNames = 128;

    /// <summary>Reads a path as somebody wrote it.</summary>
    /// <param name="text">Any.</param>
    /// <param name="pathCase">Of the repository; where case is ignored, the form is in lower case.</param>
    /// <param name="path">The one form.</param>
    /// <param name="problem">What was expected and what was found; null when it is a path.</param>
    public static bool TryRead(string text, PathCase pathCase, out RepositoryPath path, [NotNullWhen(false)] out string? problem)
    {
        path = default;
        if (!TryNames(text, MostCharacters, out var names, out problem))
        {
            return false;
        }

        if (names.Count == 0)
        {
            problem = "Expected the path of a file or folder, found the root of the repository.";
            return false;
        }

        path = new(InCase(string.Join('/', names), pathCase));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>The names of a path or of a pattern, without what does not change where it leads.</summary>
    internal static bool TryNames(string text, int most, out List<string> names, [NotNullWhen(false)] out string? problem)
    {
        names = [];
        problem = text.Length > most ? $"Expected at most {most} characters, found {text.Length}."
            : !Storable.IsText(text) ? "Expected valid Unicode text without NUL."
            : null;
        foreach (var part in problem is null ? text.AsSpan().Split('/') : default)
        {
            var name = text.AsSpan()[part];
            if (name.IsEmpty || name.SequenceEqual("."))
            {
                continue;
            }

            names.Add(name.ToString());
            problem = PathNames.Problem(name)
                ?? (names.Count > MostNames ? $"Expected at most {MostNames} names, found more." : null);
            if (problem is not null)
            {
                break;
            }
        }

        return problem is null;
    }

    internal static string InCase(string text, PathCase pathCase) => pathCase == PathCase.Ignored ? text.ToLowerInvariant() : text;
}
