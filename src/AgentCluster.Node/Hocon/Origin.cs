namespace AgentCluster.Node.Hocon;

/// <summary>Where a value was written.</summary>
/// <param name="Source">A file's path, or what else it came from in words.</param>
/// <param name="Line">From 1; 0 where the source has no lines.</param>
/// <param name="Column">From 1, in UTF-16 units; 0 where the source has no lines.</param>
internal sealed record Origin(string Source, int Line = 0, int Column = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Source : FormattableString.Invariant($"{Source}:{Line}:{Column}");
}
