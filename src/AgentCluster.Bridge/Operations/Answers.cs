using System.Collections.Immutable;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Operations;

/// <summary>What an operation may answer. What every operation may answer (a wrong request, a full node) is not repeated here.</summary>
internal sealed record Answers
{
    private const string Json = "application/json";

    /// <summary>What may be refused of every request, whatever it asks.</summary>
    public static ImmutableArray<ProblemKind> RefusalsOfEvery { get; } =
    [
        ProblemKind.Invalid, ProblemKind.UnknownField, ProblemKind.Unauthorized, ProblemKind.Forbidden, ProblemKind.TooFast, ProblemKind.Overloaded,
        ProblemKind.Unavailable, ProblemKind.Internal,
    ];

    /// <summary>What may be refused beyond that of every request with a body.</summary>
    public static ImmutableArray<ProblemKind> RefusalsOfEveryWrite { get; } =
    [
        ProblemKind.TooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.IdempotencyMismatch, ProblemKind.OutcomeUnknown,
        ProblemKind.StorageFull,
    ];

    /// <summary>No result at all: the operation only refuses, or another one adds its results.</summary>
    public static Answers None { get; } = new();

    /// <summary>The results.</summary>
    public ImmutableArray<Result> Results { get; private init; } = [];

    /// <summary>The refusals of its own.</summary>
    public ImmutableArray<ProblemKind> Refusals { get; private init; } = [];

    /// <summary>Whether its bodies come with an ETag.</summary>
    public bool IsTagged { get; private init; }

    /// <summary>Whether it looks at If-Match: it does when it may refuse for it.</summary>
    public bool LooksAtVersion => Refusals.Contains(ProblemKind.VersionMismatch);

    /// <summary>200 with a body.</summary>
    /// <param name="body">What it looks like.</param>
    public static Answers Ok(Schema body) => None.With(new(200, Json, body));

    /// <summary>201 with a body, and where what was created is found.</summary>
    /// <param name="body">What it looks like.</param>
    public static Answers Created(Schema body) => None.With(new(201, Json, body));

    /// <summary>204: done, with nothing to show.</summary>
    public static Answers Nothing() => None.OrNothing();

    /// <summary>200 with something else than JSON.</summary>
    /// <param name="media">Its media type, without parameters.</param>
    public static Answers Other(string media) => None.With(new(200, media, Is.Text));

    /// <summary>101: the connection goes on in another protocol.</summary>
    public static Answers Switched() => None.With(new(101, null, null));

    /// <summary>Or 200 with a body.</summary>
    /// <param name="body">What it looks like.</param>
    public Answers OrOk(Schema body) => With(new(200, Json, body));

    /// <summary>Or 204.</summary>
    public Answers OrNothing() => With(new(204, null, null));

    /// <summary>Its bodies are <see cref="IVersioned"/>: they come with an ETag.</summary>
    public Answers Tagged() => this with { IsTagged = true };

    /// <summary>Or one of these refusals.</summary>
    /// <param name="kinds">Each at most once.</param>
    public Answers Or(params ReadOnlySpan<ProblemKind> kinds) => this with { Refusals = Refusals.AddRange(kinds) };

    private Answers With(Result result) => this with { Results = Results.Add(result) };
}

/// <summary>One result that an operation may have.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Media">The media type; null without a body.</param>
/// <param name="Body">What the body looks like; null without one.</param>
internal sealed record Result(int Status, string? Media, Schema? Body);
