using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;

namespace AgentCluster.Tests.Bridge.Access;

/// <summary>Each route, as its table declares it, for each scope and two principals.</summary>
public sealed class ScopeMatrixTests : IAsyncLifetime
{
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Scope[] All = [.. Enum.GetValues<Scope>().Where(scope => scope != Scope.Open)];

    private KeyedNode _node = null!;

    private IEnumerable<Route> Closed => _node.Bridge.Routes.Where(route => route.Operation.Scope != Scope.Open);

    public async ValueTask InitializeAsync() => _node = await KeyedNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Broken on purpose: Gate letting whoever has any scope through.
    [Fact]
    public async Task A_key_without_the_routes_scope_is_denied_and_changes_nothing_and_one_with_it_is_let_in()
    {
        var keys = new Dictionary<Scope, string>();
        foreach (var scope in All)
        {
            keys[scope] = (await _node.IssueAsync($"\"{scope.Word()}\"")).Key;
        }

        var before = await _node.Trusting.SettledAsync(withAudit: false);
        foreach (var route in Closed)
        {
            foreach (var (scope, key) in keys.Where(one => one.Key != route.Operation.Scope))
            {
                var refused = await SendAsync(route, key);
                Assert.True(refused.Status == 403, $"{route.Method} {route.Path} with {scope.Word()}: {refused.Status}");
                Assert.Equal(route.Operation.Scope.Word(), refused.IsProblem(403, "forbidden").Json.GetProperty("scope").GetString());
            }
        }

        Assert.Equal(before, await _node.Trusting.SettledAsync(withAudit: false));
        foreach (var route in Closed)
        {
            var heard = await SendAsync(route, keys[route.Operation.Scope]);
            Assert.True(heard.Status is not (401 or 403) and < 500, $"{route.Method} {route.Path}: {heard.Status} {heard.Text}");
        }
    }

    [Fact]
    public async Task Nobody_without_a_key_or_with_a_wrong_one_is_let_in_and_nothing_changes()
    {
        var before = await _node.Trusting.SettledAsync(withAudit: false);
        foreach (var route in Closed)
        {
            foreach (var bearer in (string?[])[null, "acl_wrong", "acl_YWRh.wrong"])
            {
                (await SendAsync(route, bearer)).IsProblem(401, "unauthorized");
            }
        }

        Assert.Equal(before, await _node.Trusting.SettledAsync(withAudit: false));
    }

    [Fact]
    public async Task An_agents_handle_is_let_in_to_its_own_work_only()
    {
        var handle = await _node.RegisterAsync("ada");
        Scope[] own = [Scope.TasksRead, Scope.TasksClaim, Scope.AgentsRead, Scope.AgentsWrite, Scope.EventsRead, Scope.MessagesRead, Scope.MessagesSend, Scope.ReservationsWrite];
        foreach (var route in Closed.Where(route => !own.Contains(route.Operation.Scope)))
        {
            (await SendAsync(route, handle)).IsProblem(403, "forbidden");
        }
    }

    // A request with a token that Reach cannot see would let one agent end another's claim.
    [Fact]
    public void Every_request_with_a_claims_token_is_one_that_only_its_holder_may_make() => Assert.All(
        _node.Bridge.Routes.Where(route => route.Operation.Describe().Properties.Any(property => property.Name == "token")),
        route => Assert.Contains(
            typeof(AgentCluster.Bridge.Operations.IByHolder),
            route.Operation.GetType().GetGenericArguments().SelectMany(request => request.GetInterfaces())));

    private async Task<Heard> SendAsync(Route route, string? bearer)
    {
        var path = route.Path.Replace("{kind}/{id}", "agent/ada", StringComparison.Ordinal).Replace("{id}", route.Path.Contains("agents", StringComparison.Ordinal) ? "ada" : Id, StringComparison.Ordinal);
        if (route.Operation.Answers.Results.Any(result => result.Media == "text/event-stream"))
        {
            // An answer that does not go on for ever.
            path += "?after=unknown";
        }

        path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[a-z_]+\}", Id);
        return await _node.AskAsync(route.Method, path, route.Method == "GET" ? null : "{}", bearer);
    }
}
