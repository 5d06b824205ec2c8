namespace AgentCluster.SystemTests.Histories;

/// <summary>What a client asked for.</summary>
internal enum Verb
{
    Create,
    Claim,
    Progress,
    Complete,
    CompleteAndClaim,
    Release,
    Fail,
}

/// <summary>What the client knows of it.</summary>
internal enum Outcome
{
    /// <summary>Answered: it took effect.</summary>
    Done,

    /// <summary>Answered: it was refused, or there was nothing to do.</summary>
    Refused,

    /// <summary>It certainly did not happen; sending it again is safe.</summary>
    NotDone,

    /// <summary>No answer came: it took effect once or not at all.</summary>
    Unknown,
}

/// <summary>The sole right to a task, as an answer said.</summary>
internal sealed record Grant(string Task, string Agent, long Token);

/// <summary>One request of one client. A repeat is another operation with the same key.</summary>
/// <param name="Invoked">Place in the order of all invocations and answers, from before it was sent.</param>
/// <param name="Ended">Place in the same order, from after its answer came, or after it was given up.</param>
/// <param name="Verb">What was asked.</param>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Outcome">What is known.</param>
internal sealed record Operation(long Invoked, long Ended, Verb Verb, string Key, Outcome Outcome)
{
    /// <summary>Which run of the node was asked, from 1.</summary>
    public int Run { get; init; }

    /// <summary>Who asked.</summary>
    public string Agent { get; init; } = "";

    /// <summary>Of a create: the title, which no other key uses.</summary>
    public string? Title { get; init; }

    /// <summary>The task asked about; of a create that was answered, the task made.</summary>
    public string? Task { get; init; }

    /// <summary>The token that was shown.</summary>
    public long? Token { get; init; }

    /// <summary>The claim that was answered.</summary>
    public Grant? Granted { get; init; }

    /// <summary>Status and body, as they came.</summary>
    public string? Answer { get; init; }
}

/// <summary>A task as it is found in the end.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Status">Its status.</param>
/// <param name="Attempt">How many claims ended without completion.</param>
/// <param name="Holder">Who holds it; null when nobody does.</param>
internal sealed record FoundTask(string Id, string Title, string Status, int Attempt, Grant? Holder);
