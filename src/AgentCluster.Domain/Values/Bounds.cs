namespace AgentCluster.Domain;

/// <summary>How large things may be. Characters are UTF-16 units; what is larger is refused, never cut.</summary>
public static class Bounds
{
    /// <summary>Characters of a name or id that a caller chooses (agent, project, role, capability).</summary>
    public const int NameLength = 128;

    /// <summary>Characters of a title.</summary>
    public const int TitleLength = 500;

    /// <summary>Characters of a description or a result summary.</summary>
    public const int TextLength = 64 * 1024;

    /// <summary>Characters of a note, a reason, or an item of a list.</summary>
    public const int NoteLength = 4_000;

    /// <summary>Characters of a JSON value that is only kept (metadata, requirements).</summary>
    public const int JsonLength = 64 * 1024;

    /// <summary>Items of any list of a task or agent.</summary>
    public const int ListLength = 200;

    /// <summary>Tasks in one create.</summary>
    public const int BatchLength = 1_000;

    /// <summary>Open tasks that may depend directly on one task: all of their rows change when it ends.</summary>
    public const int Dependants = 10_000;

    /// <summary>Rows in one chunk of an import.</summary>
    public const int ChunkLength = 500;

    /// <summary>Items on a page of a list.</summary>
    public const int PageLength = 200;

    /// <summary>How far into the list of available tasks a page may begin: what lies deeper is not worth a turn.</summary>
    public const int AvailableOffset = 10_000;

    /// <summary>Most attempts that a task may be given.</summary>
    public const int MaxAttempts = 100;

    /// <summary>Longest lease of a claim: one day. As long as an agent's last sign is remembered.</summary>
    public const int LeaseSeconds = 24 * 60 * 60;

    /// <summary>Most claims that a registered agent may hold.</summary>
    public const int MaxConcurrent = 1_000;

    /// <summary>Longest heartbeat time-to-live: one day.</summary>
    public const int HeartbeatTtlSeconds = 24 * 60 * 60;

    /// <summary>Most delegations in a chain of which each is a part of the one before.</summary>
    public const int DelegationDepth = 16;

    /// <summary>Largest amount of each kind in one cost report.</summary>
    public const long CostAmount = 1_000_000_000_000;
}
