using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentCluster.Domain.Repositories;

/// <summary>A pattern of one name: code points, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>, and <c>*</c> for any of them, none included.</summary>
internal sealed class NameGlob
{
    private readonly Place[] _places;

    private NameGlob(Place[] places)
    {
        _places = places;
        Literal = places.All(place => place is { IsStar: false, Runes.Single: not null })
            ? string.Concat(places.Select(place => new Rune(place.Runes.Single!.Value).ToString()))
            : null;
    }

    /// <summary>The only name that it matches; null when there are more.</summary>
    public string? Literal { get; }

    public static bool TryRead(string text, [NotNullWhen(true)] out NameGlob? glob, [NotNullWhen(false)] out string? problem)
    {
        List<Place> places = [];
        (glob, problem) = (null, null);
        var runes = text.EnumerateRunes().Select(rune => rune.Value).ToArray();
        for (var i = 0; i < runes.Length && problem is null; i++)
        {
            switch (runes[i])
            {
                case '*':
                    problem = places is [.., { IsStar: true }] ? "Expected '**' as a whole name, as in 'src/**/a.py'." : null;
                    places.Add(new(RuneSet.Any, IsStar: true));
                    break;
                case '?':
                    places.Add(new(RuneSet.Any, IsStar: false));
                    break;
                case '[':
                    problem = TryClass(runes, ref i, out var set);
                    places.Add(new(set, IsStar: false));
                    break;
                case '{' or '}':
                    problem = "Expected one pattern for each alternative, found '{…}', which is not known here.";
                    break;
                default:
                    places.Add(new(RuneSet.Of(runes[i]), IsStar: false));
                    break;
            }
        }

        glob = problem is null ? new([.. places]) : null;
        return problem is null;
    }

    /// <summary>A pattern of this name and no other.</summary>
    public static NameGlob Exact(string name) => new([.. name.EnumerateRunes().Select(rune => new Place(RuneSet.Of(rune.Value), IsStar: false))]);

    /// <summary>Whether there is a name that both match.</summary>
    public bool Meets(NameGlob other) => Literal is not null && other.Literal is not null
        ? Literal == other.Literal
        : Sequence.Overlap<Place>(_places, other._places);

    private static string? TryClass(int[] runes, ref int at, out RuneSet set)
    {
        var isNot = at + 1 < runes.Length && runes[at + 1] is '!' or '^';
        var from = at + (isNot ? 2 : 1);
        set = default;
        var end = from < runes.Length ? Array.IndexOf(runes, ']', from + 1) : -1;
        if (end < 0)
        {
            return "Expected ']' after '[' and at least one character.";
        }

        List<(int, int)> ranges = [];
        for (var i = from; i < end; i++)
        {
            var isRange = i + 2 < end && runes[i + 1] == '-';
            var last = isRange ? runes[i + 2] : runes[i];
            if (last < runes[i])
            {
                return "Expected ranges from the smaller to the larger character, as in '[a-z]'.";
            }

            ranges.Add((runes[i], last));
            i += isRange ? 2 : 0;
        }

        at = end;
        set = isNot ? RuneSet.Of(ranges).Not() : RuneSet.Of(ranges);
        return set.IsEmpty ? "Expected a class that some character is in." : null;
    }

    private readonly record struct Place(RuneSet Runes, bool IsStar) : IPlace<Place>
    {
        public bool Meets(Place other) => Runes.Meets(other.Runes);
    }
}
