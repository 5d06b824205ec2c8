namespace AgentCluster.Node.Hocon;

/// <summary>How large a configuration may be. Far above any that a person writes; below what would exhaust the stack or memory.</summary>
internal static class HoconBounds
{
    /// <summary>Of one file, and of one text that is put together from parts.</summary>
    public const int Bytes = 1024 * 1024;

    /// <summary>How deep objects, arrays and the elements of paths may lie in each other.</summary>
    public const int Depth = 64;

    /// <summary>How many files may include each other in a row.</summary>
    public const int Includes = 16;

    /// <summary>How many values all files may hold, and the result once every substitution stands in it.</summary>
    public const int Values = 100_000;

    /// <summary>How many files may be read.</summary>
    public const int Files = 256;

    /// <summary>How deep substitutions may lead to each other.</summary>
    public const int Resolving = 512;

    /// <summary>How many steps all substitutions may take: look-back may visit a value more than once.</summary>
    public const int Steps = 2_000_000;
}
