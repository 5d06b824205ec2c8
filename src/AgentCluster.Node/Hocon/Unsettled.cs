using System.Collections.Immutable;

namespace AgentCluster.Node.Hocon;

/// <summary><c>${path}</c> or <c>${?path}</c>.</summary>
/// <param name="path">From the root, below where its file was included.</param>
/// <param name="included">How many elements of the path are where its file was included.</param>
/// <param name="isOptional">Whether it may lead nowhere.</param>
/// <param name="origin">Where it begins.</param>
internal sealed class Substitution(ImmutableArray<string> path, int included, bool isOptional, Origin origin) : HoconValue(origin)
{
    public ImmutableArray<string> Path { get; } = path;

    /// <summary>As it was written.</summary>
    public ImmutableArray<string> Written { get; } = path[included..];

    public bool IsOptional { get; } = isOptional;

    public override bool IsSettled => false;

    public override string Kind => $"${{{(IsOptional ? "?" : string.Empty)}{string.Join('.', Written)}}}";
}

/// <summary>Parts that stand beside each other: texts that become one, objects that merge, arrays that are joined.</summary>
internal sealed class Concatenation(IReadOnlyList<HoconValue> parts, Origin origin) : HoconValue(origin)
{
    public IReadOnlyList<HoconValue> Parts { get; } = parts;

    public override bool IsSettled => false;

    public override string Kind => "parts of a value";
}
