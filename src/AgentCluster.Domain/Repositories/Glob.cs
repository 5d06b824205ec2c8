using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AgentCluster.Domain.Repositories;

/// <summary>
/// A pattern of paths: names with <c>*</c>, <c>?</c> and <c>[…]</c>, and <c>**</c> for any number of names, none included. A pattern without
/// wildcards names a file, or a folder with all that is below it: no repository has both at one path.
/// </summary>
public sealed class Glob : IEquatable<Glob>
{
    /// <summary>Characters at most: what bounds the work of an overlap.</summary>
    public const int MostCharacters = 1024;

    private const string AnyDepth = "**";

    private readonly ImmutableArray<Name> _names;

    private Glob(string text, ImmutableArray<Name> names) => (Text, _names) = (text, names);

    /// <summary>The one form in which the pattern is written.</summary>
    public string Text { get; }

    /// <summary>The names before the first wildcard: where in the tree the pattern begins.</summary>
    internal IEnumerable<string> Root => _names.TakeWhile(name => name.Pattern?.Literal is not null).Select(name => name.Pattern!.Literal!);

    /// <summary>Reads a pattern as somebody wrote it. A slash at the end stands for all that is below.</summary>
    /// <param name="text">Any.</param>
    /// <param name="pathCase">Of the repository.</param>
    /// <param name="glob">The pattern.</param>
    /// <param name="problem">What was expected and what was found; null when it is a pattern.</param>
    public static bool TryRead(string text, PathCase pathCase, [NotNullWhen(true)] out Glob? glob, [NotNullWhen(false)] out string? problem)
    {
        glob = null;
        if (!RepositoryPath.TryNames(text, MostCharacters, out var parts, out problem))
        {
            return false;
        }

        if (text.EndsWith('/') && parts.Count > 0 && parts[^1] != AnyDepth)
        {
            parts.Add(AnyDepth);
        }

        List<Name> names = [];
        foreach (var part in parts.Select(part => RepositoryPath.InCase(part, pathCase)))
        {
            NameGlob? name = null;
            if (part != AnyDepth && !NameGlob.TryRead(part, out name, out problem))
            {
                return false;
            }

            names.Add(new(name));
        }

        if (names.Count == 0)
        {
            problem = "Expected a path or a pattern, found the root of the repository: write '**' for all of it.";
            return false;
        }

        if (names.All(name => name.Pattern?.Literal is not null))
        {
            names.Add(new(null));
        }

        glob = new(RepositoryPath.InCase(string.Join('/', parts), pathCase), [.. names]);
        return true;
    }

    /// <summary>Whether a path is one of those that the pattern means.</summary>
    /// <param name="path">In the same case.</param>
    public bool Matches(RepositoryPath path) =>
        Sequence.Overlap<Name>(_names.AsSpan(), [.. path.Value.Split('/').Select(name => new Name(NameGlob.Exact(name)))]);

    /// <summary>Whether there is a path that both mean: decided, not guessed.</summary>
    /// <param name="other">In the same case.</param>
    public bool Overlaps(Glob other) => Sequence.Overlap(_names.AsSpan(), other._names.AsSpan());

    /// <inheritdoc/>
    public bool Equals(Glob? other) => Text == other?.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Glob);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>One name of the pattern.</summary>
    /// <param name="Pattern">Null stands for any number of names.</param>
    private readonly record struct Name(NameGlob? Pattern) : IPlace<Name>
    {
        public bool IsStar => Pattern is null;

        public bool Meets(Name other) => Pattern!.Meets(other.Pattern!);
    }
}
