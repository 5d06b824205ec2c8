namespace AgentCluster.SystemTests.Histories;

/// <summary>All operations under one key: together they may take effect once.</summary>
internal sealed class Deed
{
    public Deed(string key, IEnumerable<Operation> operations)
    {
        Key = key;
        Operations = [.. operations.OrderBy(operation => operation.Invoked)];
        Answered = Operations.Where(operation => operation.Outcome == Outcome.Done).MinBy(operation => operation.Ended);
    }

    public string Key { get; }

    /// <summary>In the order they were sent.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    public Operation First => Operations[0];

    public Verb Verb => First.Verb;

    /// <summary>The first answer that said it took effect, or null.</summary>
    public Operation? Answered { get; }

    public bool IsDone => Answered is not null;

    /// <summary>Whether it may have taken effect although no answer says so.</summary>
    public bool IsOpen => !IsDone && Operations.Any(operation => operation.Outcome == Outcome.Unknown);

    public bool MayHaveHappened => IsDone || IsOpen;

    public Grant? Granted => Answered?.Granted;

    public bool AsksForClaim => Verb is Verb.Claim or Verb.CompleteAndClaim;

    public bool Completes => Verb is Verb.Complete or Verb.CompleteAndClaim;

    /// <summary>Whether it ends a claim without completing the task.</summary>
    public bool GivesUp => Verb is Verb.Release or Verb.Fail;

    public bool EndsClaim(Grant grant) =>
        (Completes || GivesUp) && First.Task == grant.Task && First.Token == grant.Token;

    public override string ToString() =>
        $"{Verb} {Key} by {First.Agent} ({First.Task ?? First.Title}, token {First.Token}, {First.Invoked}..{Answered?.Ended})";
}
