using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Bridge.Keys;

/// <summary>Keys are issued, shown without their secrets, and revoked.</summary>
internal static class KeyOperations
{
    /// <summary>Issues a key. Its secret is in this answer, and in that to a repeat with the same Idempotency-Key, and nowhere else.</summary>
    public static Operation<KeyRequest> Issue(KeyCalls keys) => new(
        "key_issue",
        Scope.Admin,
        "Issues a key and shows its secret, once",
        KeyRequest.Shape,
        Answers.Created(KeyBody.Schema).Or(ProblemKind.KeysFull),
        async (request, call) =>
    {
        var wanted = request.ToKey(new(keys.Ids.Next()));
        var key = wanted with { Hash = KeyHash.Of(keys.Secrets.Derive(wanted.Id)) };
        if (AccessKey.Validate(key) is { IsEmpty: false } errors)
        {
            return Problem.Invalid(errors);
        }

        return await keys.ChangeAsync(new KeysCommand.IssueKey(key, request.LifeSeconds, call.Author), call.Id(null)) switch
        {
            KeyReply.Done done => Answer.Created(new KeyBody(done.Key, keys.Secrets.Derive(done.Key.Id)), location: null),
            KeyReply.TooMany full => new Problem(ProblemKind.KeysFull, $"Expected fewer than {full.Most} keys; revoke those that have expired or are not used."),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });

    /// <summary>All keys, oldest first.</summary>
    public static Operation<KeyListRequest> List(KeyCalls keys) => new(
        "key_list",
        Scope.Admin,
        "Lists the keys that were issued and not revoked, without their secrets",
        KeyListRequest.Shape,
        Answers.Ok(KeysBody.Schema),
        async (request, _) =>
    {
        var all = (await keys.Actors.AskAsync(Kinds.KeysOfAll, new KeysCommand.ReadKeys(-1), id: null, CancellationToken.None)).Keys ?? [];
        return Answer.Ok(new KeysBody([.. all.Skip(request.Offset).Take(request.Limit).Select(key => new KeyBody(key))], all.Count));
    });

    /// <summary>Revokes the key that the path names.</summary>
    public static Operation<NoRequest> Revoke(KeyCalls keys) => new(
        "key_revoke",
        Scope.Admin,
        "Revokes a key: within a second no node takes it",
        NoRequest.Shape,
        Answers.Nothing().Or(ProblemKind.NotFound),
        async (_, call) =>
            await keys.ChangeAsync(new KeysCommand.RevokeKey(new(call.Subject), call.Author), call.Id(null)) is KeyReply.Done
                ? Answer.Nothing
                : Problem.NotFound("key", call.Subject));
}

/// <summary>What a key is to be.</summary>
internal sealed class KeyRequest
{
    private static readonly Dictionary<string, Scope> Words =
        Enum.GetValues<Scope>().Where(scope => scope != Scope.Open).ToDictionary(scope => scope.Word());

    public static Shape<KeyRequest> Shape { get; } = new Shape<KeyRequest>()
        .Text("name", Bounds.NameLength, (request, value) => request._name = value, required: true, form: Forms.Name)
        .Texts("scopes", Words.Count, Bounds.NameLength, (request, value) => request._scopes = value.Distinct().Select(word => Words[word]).ToValueList(), ScopeForm)
        .Text("project", Bounds.NameLength, (request, value) => request._project = value, form: Forms.Name)
        .Text("agent", Bounds.NameLength, (request, value) => request._agent = new(value), form: Forms.Name)
        .Whole("expires_in_seconds", 1, AccessKey.LongestLifeSeconds, (request, value) => request.LifeSeconds = (int)value);

    private string _name = string.Empty;
    private ValueList<Scope> _scopes;
    private string? _project;
    private AgentId? _agent;

    public int? LifeSeconds { get; private set; }

    private static TextForm ScopeForm => new(
        word => Words.ContainsKey(word) ? null : $"must be some of {string.Join(", ", Words.Keys)}; found '{Faults.Shown(word)}'.",
        Bounds.NameLength,
        $"^({string.Join('|', Words.Keys)})$");

    /// <summary>The key, without its hash and its times.</summary>
    /// <param name="id">A new one.</param>
    public AccessKey ToKey(KeyId id) => new() { Id = id, Name = _name, Hash = default, Scopes = _scopes, Project = _project, Agent = _agent };
}

/// <summary>Which page of the keys to list.</summary>
internal sealed class KeyListRequest
{
    public static Shape<KeyListRequest> Shape { get; } = new Shape<KeyListRequest>()
        .Also(Paging<KeyListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, KeysBehavior.MostKeys));

    public int Limit { get; private set; } = Paging<KeyListRequest>.DefaultLimit;

    public int Offset { get; private set; }
}
