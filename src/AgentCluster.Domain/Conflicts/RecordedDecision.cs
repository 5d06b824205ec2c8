using System.Collections.Immutable;
using System.Text;

namespace AgentCluster.Domain.Conflicts;

/// <summary>What an agent decided about something.</summary>
/// <param name="Agent">Who.</param>
/// <param name="Topic">About what.</param>
/// <param name="Choice">What.</param>
public sealed record RecordedDecision(AgentId Agent, string Topic, string Choice)
{
    /// <summary>Decisions that a repository keeps; the oldest gives way.</summary>
    public const int Most = 200;

    private const double SameTopic = 0.8;
    private static readonly ImmutableArray<string> Negators = ["no", "not", "never", "without", "avoid", "dont"];

    /// <summary>Why.</summary>
    public string? Rationale { get; init; }

    /// <summary>Who can be asked about it as an architect; null when nobody has the role.</summary>
    public AgentId? Architect { get; init; }

    /// <summary>Who can be asked about it as a researcher; null when nobody has the role.</summary>
    public AgentId? Researcher { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The place among all decisions, from 1.</summary>
    public long Place { get; init; }

    /// <summary>What was decided instead; null while it holds.</summary>
    public string? Overruled { get; init; }

    /// <summary>Whose decision about what: a later one of the same agent takes its place.</summary>
    internal string Key => $"{Agent.Value}\n{string.Join(' ', Tokens(Topic))}";

    /// <summary>Whether the words of two topics are about one thing: what they have in common is four fifths of all their words.</summary>
    internal static bool AreOneTopic(SortedSet<string> words, SortedSet<string> others)
    {
        var common = words.Count(others.Contains);
        return words.Count + others.Count > 0 && (double)common / (words.Count + others.Count - common) >= SameTopic;
    }

    /// <summary>Whether both come to the same.</summary>
    internal static bool IsSame(string choice, string other) => Tokens(choice).SetEquals(Tokens(other));

    /// <summary>How two choices contradict each other.</summary>
    internal static string Contradiction(string choice, string other)
    {
        var difference = Tokens(choice);
        difference.SymmetricExceptWith(Tokens(other));
        return difference.Count > 0 && difference.All(Negators.Contains) ? "negation" : "different_choices";
    }

    /// <summary>The words of a text: letters and digits, in lower case, each once.</summary>
    internal static SortedSet<string> Tokens(string text)
    {
        SortedSet<string> words = new(StringComparer.Ordinal);
        StringBuilder word = new();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune));
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}

/// <summary>What was decided before in cases like this.</summary>
/// <param name="Topic">About what.</param>
/// <param name="Choice">What.</param>
/// <param name="Wins">How often.</param>
public sealed record Pattern(string Topic, string Choice, int Wins)
{
    internal string Key => KeyOf(Topic, Choice);

    internal static string KeyOf(string topic, string choice) =>
        $"{string.Join(' ', RecordedDecision.Tokens(topic))}\n{string.Join(' ', RecordedDecision.Tokens(choice))}";
}
