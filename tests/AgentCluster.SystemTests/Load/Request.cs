using System.Text.Json;
using AgentCluster.SystemTests.Histories;

namespace AgentCluster.SystemTests.Load;

/// <summary>A write as it goes over the wire. Sending the same one again is a repeat.</summary>
internal sealed record Request(Verb Verb, string Key, string Agent, string Path, string Body)
{
    public string? Title { get; init; }

    public string? Task { get; init; }

    public long? Token { get; init; }

    public static Request Create(string key, string agent, string project, string title) =>
        new(Verb.Create, key, agent, "/api/v1/tasks/", Json(new() { ["project"] = project, ["title"] = title, ["max_attempts"] = 100 })) { Title = title };

    public static Request ClaimNext(string key, string agent, string project) =>
        new(Verb.Claim, key, agent, "/api/v1/tasks/claim/", Json(new() { ["agent"] = agent, ["project"] = project }));

    public static Request ClaimById(string key, string agent, string task) =>
        new(Verb.Claim, key, agent, $"/api/v1/tasks/{task}/claim/", Json(new() { ["agent"] = agent })) { Task = task };

    public static Request Progress(string key, Grant held) =>
        OfHolder(Verb.Progress, key, held, "progress", new() { ["token"] = held.Token, ["percent"] = 50 });

    public static Request Complete(string key, Grant held) =>
        OfHolder(Verb.Complete, key, held, "complete", new() { ["token"] = held.Token, ["result_summary"] = key });

    public static Request CompleteAndClaim(string key, Grant held, string project) =>
        OfHolder(Verb.CompleteAndClaim, key, held, "complete", new()
        {
            ["token"] = held.Token,
            ["result_summary"] = key,
            ["claim_next"] = new Dictionary<string, object> { ["project"] = project },
        });

    public static Request Release(string key, Grant held) =>
        OfHolder(Verb.Release, key, held, "release", new() { ["token"] = held.Token });

    public static Request Fail(string key, Grant held) =>
        OfHolder(Verb.Fail, key, held, "fail", new() { ["token"] = held.Token, ["reason"] = "the tests do not pass" });

    private static Request OfHolder(Verb verb, string key, Grant held, string action, Dictionary<string, object> body) =>
        new(verb, key, held.Agent, $"/api/v1/tasks/{held.Task}/{action}/", Json(body)) { Task = held.Task, Token = held.Token };

    private static string Json(Dictionary<string, object> body) => JsonSerializer.Serialize(body);
}
