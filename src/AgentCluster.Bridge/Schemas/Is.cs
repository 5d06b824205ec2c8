using AgentCluster.Domain;

namespace AgentCluster.Bridge.Schemas;

/// <summary>The words in which schemas are written: <c>Is.Object("Lease").With("token", Is.Count)</c>.</summary>
internal static class Is
{
    /// <summary>A moment in RFC 3339, UTC.</summary>
    public static TextSchema Moment { get; } = new(0, null) { Format = "date-time" };

    /// <summary>A text of any length.</summary>
    public static TextSchema Text { get; } = new(0, null);

    /// <summary>An id that is minted here.</summary>
    public static TextSchema Id { get; } = new(Ulid.Length, Ulid.Length) { Pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$" };

    /// <summary>A count, an amount or a version.</summary>
    public static WholeSchema Count { get; } = new(0, long.MaxValue);

    /// <summary>A number of which a part may be said.</summary>
    public static AmountSchema Amount { get; } = new(null);

    /// <summary>True or false.</summary>
    public static FlagSchema Flag { get; } = new();

    /// <summary>A caller's own object.</summary>
    public static ObjectSchema Free { get; } = new() { TakesOthers = true };

    /// <summary>A list.</summary>
    /// <param name="items">What each item is.</param>
    public static ListSchema ListOf(Schema items) => new(items, 0, null);

    /// <summary>One of a few words.</summary>
    /// <param name="words">At least one.</param>
    public static TextSchema OneOf(params IReadOnlyList<string> words) => new(0, null) { Words = words };

    /// <summary>An object without a name of its own.</summary>
    public static ObjectSchema Object() => new();

    /// <summary>An object that the document shows under a name.</summary>
    /// <param name="name">Letters, the first one a capital; unique.</param>
    public static ObjectSchema Object(string name) => new() { Name = name };
}
