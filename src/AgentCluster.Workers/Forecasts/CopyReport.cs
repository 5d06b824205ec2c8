namespace AgentCluster.Workers.Forecasts;

/// <summary>What was seen in one working copy.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Head">The commit that is checked out; null if it could not be read.</param>
/// <param name="BaseCommit">What the base stands for; null if there is no such name.</param>
/// <param name="Touched">Every file that differs from where the work left the base, by path.</param>
/// <param name="Problem">Why it could not be read; null if it was.</param>
public sealed record CopyReport(string Name, string? Head, string? BaseCommit, IReadOnlyList<TouchedFile> Touched, string? Problem);

/// <summary>A file that differs.</summary>
/// <param name="Path">From the repository's root on, with slashes.</param>
/// <param name="How">In what.</param>
public readonly record struct TouchedFile(string Path, Touch How);

/// <summary>In what a file differs. A renamed one is deleted under one name and added under another.</summary>
public enum Touch
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>Its content.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>Only whether it is executable, a link, a file.</summary>
    Mode,
}
