using AgentCluster.Bridge.Problems;

namespace AgentCluster.Bridge.Operations;

/// <summary>What an operation answers, on every face alike: a result, nothing, or a refusal.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The result or the refusal; null for 204.</param>
/// <param name="Location">The path of what was created; null when nothing was.</param>
internal readonly record struct Answer(int Status, IBody? Body, string? Location = null)
{
    /// <summary>The refusal; null when there is none.</summary>
    public Problem? Problem => Body as Problem;

    /// <summary>Done, with nothing to show.</summary>
    public static Answer Nothing { get; } = new(204, null);

    /// <summary>Done, with a result.</summary>
    /// <param name="result">What to show.</param>
    public static Answer Ok(IBody result) => new(200, result);

    /// <summary>Done, with what was created.</summary>
    /// <param name="result">What to show.</param>
    /// <param name="location">Its path; null for many.</param>
    public static Answer Created(IBody result, string? location) => new(201, result, location);

    public static implicit operator Answer(Problem problem) => new(problem.Kind.Status, problem);
}
