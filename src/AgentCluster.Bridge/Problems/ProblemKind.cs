using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Problems;

/// <summary>One sort of refusal. Its code is part of the outside contract and never changes.</summary>
/// <param name="Code">What programs compare; snake_case.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same for every problem of this kind.</param>
/// <param name="Advice">What the caller can do; shown at <c>/problems/{code}</c>.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Advice)
{
    private static readonly ObjectSchema Errors = Is.Object().With("errors", new MapSchema(Is.ListOf(Is.Text)));

    /// <summary>Why a task is not ready.</summary>
    public static ObjectSchema Reason { get; } = Is.Object("Reason")
        .With("code", Is.Text)
        .With("detail", Is.Text)
        .Maybe("task_id", Is.Id)
        .Maybe("conflict_id", Is.Id)
        .Maybe("missing", Is.ListOf(Is.Text))
        .Maybe("holder", Is.Text)
        .Maybe("lease_expires_at", Is.Moment);

    /// <summary>What a completion lacks.</summary>
    private static readonly ObjectSchema Shortfall = Is.Object("Shortfall")
        .With("code", Is.Text)
        .With("detail", Is.Text)
        .Maybe("index", Is.Count)
        .Maybe("name", Is.Text);

    private static readonly ObjectSchema Undone = Is.Object().With("outcome", Is.OneOf("not_done"));

    /// <summary>Where the kind is explained: relative, served by the node itself.</summary>
    public string Type { get; } = "/problems/" + Code;

    /// <summary>The fields that its problems have beyond the standard ones.</summary>
    public ObjectSchema Fields { get; private init; } = Is.Object();

    /// <summary>What the schema of its problems is called.</summary>
    public string Name { get; private init; } =
        string.Concat(Code.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Problem";

    /// <summary>What its problems look like.</summary>
    public ObjectSchema Schema => Is.Object(Name)
        .With("type", Is.OneOf(Type))
        .With("title", Is.OneOf(Title))
        .With("status", new WholeSchema(Status, Status))
        .With("detail", Is.Text)
        .With("code", Is.OneOf(Code))
        .With(Fields);

    public static ProblemKind Invalid { get; } = new(
        "invalid", 400, "The request is not valid.", "Correct the fields named in 'errors' and send it again.")
    { Fields = Errors };

    public static ProblemKind UnknownField { get; } = new(
        "unknown_field", 400, "The request has a field that is not known here.",
        "Remove the field, or correct its spelling. Free fields go under 'metadata' or 'requirements'.")
    { Fields = Is.Object().With("field", Is.Text).Maybe("errors", new MapSchema(Is.ListOf(Is.Text))) };

    public static ProblemKind Unauthorized { get; } = new(
        "unauthorized", 401, "Nobody knows who you are.", "Send a key, or an agent's handle, as 'Authorization: Bearer acl_…'; none at all where the node trusts its machine.");

    public static ProblemKind Forbidden { get; } = new(
        "forbidden", 403, "This caller may not do that.", "Call the node by a name of its own, with a key that has the scope, only in its project and only as its agent.")
    { Fields = Is.Object().Maybe("scope", Is.Text).Maybe("project", Is.Text).Maybe("agent", Is.Text) };

    public static ProblemKind NotFound { get; } = new(
        "not_found", 404, "There is nothing of that name.", "Check the id and the path.")
    { Fields = Is.Object().Maybe("task", Is.Text).Maybe("epic", Is.Text).Maybe("agent", Is.Text).Maybe("actor", Is.Text).Maybe("key", Is.Text).Maybe("member", Is.Text).Maybe("delegation", Is.Text).Maybe("role", Is.Text).Maybe("worktree", Is.Text).Maybe("reservation", Is.Text).Maybe("conflict", Is.Text).Maybe("allocation", Is.Text) };

    public static ProblemKind MethodNotAllowed { get; } = new(
        "method_not_allowed", 405, "The path does not take this method.", "Use a method that the Allow header lists.");

    public static ProblemKind AlreadyClaimed { get; } = new(
        "already_claimed", 409, "Somebody else holds the task.", "Claim another task, or wait until the lease ends.")
    { Fields = Is.Object().With("holder", Is.Text).With("lease_expires_at", Is.Moment) };

    public static ProblemKind NotReady { get; } = new(
        "not_ready", 409, "The task cannot be claimed now.", "Look at 'reasons'; claim another task.")
    { Fields = Is.Object().With("reasons", Is.ListOf(Reason)) };

    public static ProblemKind ClaimSuperseded { get; } = new(
        "claim_superseded", 409, "The token is not the task's current one.", "Stop working on the task: it was given back or belongs to somebody else now.")
    { Fields = Is.Object().With("holder", Is.Text with { OrNull = true }).With("current_token", Is.Count) };

    public static ProblemKind DependencyCycle { get; } = new(
        "dependency_cycle", 409, "The dependencies would form a cycle.", "Leave out one of the dependencies named in 'cycle'.")
    { Fields = Is.Object().With("cycle", Is.ListOf(Is.Id)) };

    public static ProblemKind DelegationLoop { get; } = new(
        "delegation_loop", 409, "The delegation would return to somebody, or is too deep.", "Delegate to somebody who is not in 'chain', or do it yourself.")
    { Fields = Is.Object().With("chain", Is.ListOf(Is.Text)) };

    public static ProblemKind Reserved { get; } = new(
        "reserved", 409, "Somebody else has reserved some of it.", "Work on something else; 'queued' says whether you are in line, and your mailbox when it is your turn.")
    {
        Fields = Is.Object()
            .With("holder", Is.Text with { OrNull = true })
            .With("expires_at", Is.Moment with { OrNull = true })
            .With("reservation", Repositories.ReservationBody.Schema)
            .With("conflicts", Is.ListOf(Is.Id))
            .With("queued", Is.Flag)
            .With("access_order", Is.ListOf(Is.Text))
            .With("estimated_delay", Is.Count with { OrNull = true }),
    };

    public static ProblemKind ReservationsFull { get; } = new(
        "reservations_full", 409, "There are as many reservations as there may be.", "Give back what is not needed, or reserve patterns instead of single files.");

    public static ProblemKind WorktreeTaken { get; } = new(
        "worktree_taken", 409, "The worktree is another agent's.", "Work in a worktree of your own, under another name.")
    { Fields = Is.Object().With("worktree", Is.Text).With("agent", Is.Text) };

    public static ProblemKind WorktreesFull { get; } = new(
        "worktrees_full", 409, "There are as many worktrees, or files in one, as there may be.", "Remove worktrees whose work is merged or given up.");

    public static ProblemKind InsufficientResources { get; } = new(
        "insufficient_resources", 409, "There is not enough of what was asked for.", "Ask for less, give back what is not needed, or wait until others do.")
    { Fields = Is.Object().With("required", new MapSchema(Is.Amount)).With("available", new MapSchema(Is.Amount)) };

    public static ProblemKind ResourceLimitExceeded { get; } = new(
        "resource_limit_exceeded", 409, "The agent would have more than one may.", "Ask for less, or give back what is not needed first.")
    { Fields = Is.Object().With("resource", Is.Text).With("limit", Is.Amount).With("found", Is.Amount) };

    public static ProblemKind AllocationsFull { get; } = new(
        "allocations_full", 409, "There are as many allocations as there may be.", "Give back what is not needed.");

    public static ProblemKind PoolsFull { get; } = new(
        "pools_full", 409, "There are as many resources as there may be.", "Change one that is there.");

    public static ProblemKind InvalidTransition { get; } = new(
        "invalid_transition", 409, "It cannot go from its status to that one.", "Read it again: 'from' says where it stands.")
    { Fields = Is.Object().With("from", Is.Text).With("to", Is.Text) };

    public static ProblemKind VersionMismatch { get; } = new(
        "version_mismatch", 412, "It was changed since you saw it.", "Read it again, and repeat the change with the ETag that it has now.")
    { Fields = Is.Object().With("current_version", Is.Count) };

    public static ProblemKind CursorGone { get; } = new(
        "cursor_gone", 410, "The journal does not know that cursor.",
        "Read what you follow anew, then listen after 'restart_cursor'; what happened before it is not told again.")
    { Fields = Is.Object().With("restart_cursor", Is.Text) };

    public static ProblemKind CompletionRejected { get; } = new(
        "completion_rejected", 422, "The completion was not accepted.", "Do what 'reasons' asks for and complete the task again with the same token.")
    { Fields = Is.Object().With("reasons", Is.ListOf(Shortfall)) };

    public static ProblemKind IdempotencyMismatch { get; } = new(
        "idempotency_mismatch", 422, "The Idempotency-Key was used before for another request.", "Use a new key for a new request.");

    public static ProblemKind KeysFull { get; } = new(
        "keys_full", 409, "There are as many keys as there may be.", "Revoke keys that have expired or are not used.");

    public static ProblemKind BackupExists { get; } = new(
        "backup_exists", 409, "There is a backup of that name.", "Choose another name, or none: then it is called after the time.")
    { Fields = Is.Object().With("name", Is.Text) };

    public static ProblemKind TooLarge { get; } = new(
        "too_large", 413, "The body is too large.", "Send less at once.")
    { Fields = Is.Object().With("limit_bytes", Is.Count) };

    public static ProblemKind UnsupportedMediaType { get; } = new(
        "unsupported_media_type", 415, "The body's media type is not taken here.", "Send 'Content-Type: application/json'.");

    public static ProblemKind Overloaded { get; } = new(
        "overloaded", 503, "The node has too much to do.", "Nothing was done. Wait as Retry-After says and send it again.")
    { Fields = Undone };

    /// <summary>The same for one caller that asks too often.</summary>
    public static ProblemKind TooFast { get; } = Overloaded with { Status = 429, Title = "This caller asks too often.", Name = "TooFastProblem" };

    public static ProblemKind Unavailable { get; } = new(
        "unavailable", 503, "This cannot be done now.", "Nothing was done. Wait as Retry-After says and send it again.")
    { Fields = Undone };

    public static ProblemKind OutcomeUnknown { get; } = new(
        "outcome_unknown", 503, "It is not known whether this was done.", "Send it again with the same Idempotency-Key, or look.")
    { Fields = Is.Object().With("outcome", Is.OneOf("unknown")) };

    public static ProblemKind StorageFull { get; } = new(
        "storage_full", 507, "The disk is full.", "Nothing was done. Make room on the node's disk.")
    { Fields = Undone };

    public static ProblemKind Internal { get; } = new(
        "internal", 500, "The node met a bug.", "Report it with the request id; the node's log says more.")
    { Fields = Is.Object().With("request_id", Is.Text) };

    /// <summary>Every kind, for the pages that explain them.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        Invalid, UnknownField, Unauthorized, Forbidden, NotFound, MethodNotAllowed, AlreadyClaimed, NotReady,
        ClaimSuperseded, DependencyCycle, DelegationLoop, Reserved, ReservationsFull, WorktreeTaken, WorktreesFull, InvalidTransition, CursorGone, VersionMismatch, CompletionRejected, IdempotencyMismatch, KeysFull, BackupExists,
        TooLarge, UnsupportedMediaType, Overloaded, Unavailable, OutcomeUnknown, StorageFull, Internal,
    ];
}
