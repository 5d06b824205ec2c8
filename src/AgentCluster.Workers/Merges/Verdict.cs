namespace AgentCluster.Workers.Merges;

/// <summary>What a merge of two states would come to. Closed: every case is in this file.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>It would go through without a question.</summary>
    public sealed record Clean : Verdict;

    /// <summary>It would stop.</summary>
    /// <param name="Files">What git would leave unmerged, ordered by path; one or more.</param>
    public sealed record Conflict(IReadOnlyList<ConflictedFile> Files) : Verdict
    {
        /// <inheritdoc/>
        public bool Equals(Conflict? other) => other is not null && Files.SequenceEqual(other.Files);

        /// <inheritdoc/>
        public override int GetHashCode() => Files.Count == 0 ? 0 : HashCode.Combine(Files.Count, Files[0]);
    }

    /// <summary>Nobody knows. Never to be shown, counted or stored as clean.</summary>
    /// <param name="Reason">What stands in the way, for a person.</param>
    public sealed record Unknown(string Reason) : Verdict;
}

/// <summary>A file that git would leave to a person.</summary>
/// <param name="Path">From the repository's root on, with slashes.</param>
/// <param name="Kind">Why.</param>
public readonly record struct ConflictedFile(string Path, ConflictKind Kind);
