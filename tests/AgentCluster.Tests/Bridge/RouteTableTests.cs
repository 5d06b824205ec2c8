using System.Text.RegularExpressions;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;

namespace AgentCluster.Tests.Bridge;

/// <summary>What is told of every route, before anything is asked there.</summary>
public sealed partial class RouteTableTests : IAsyncLifetime
{
    private readonly NoNode _nothing = new();
    private BridgeUnderTest _bridge = null!;

    private IReadOnlyList<Route> Routes => _bridge.Routes;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(new ScriptedActors(), _nothing, _nothing);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    [Fact]
    public void Every_operation_has_a_name_and_a_place_of_its_own()
    {
        Assert.Equal(Routes.Count, Routes.Select(route => route.Operation.Name).Distinct().Count());
        Assert.Equal(Routes.Count, Routes.Select(route => (route.Method, route.Path)).Distinct().Count());
        Assert.All(Routes, route => Assert.Matches("^[a-z]+(_[a-z]+)*$", route.Operation.Name));
    }

    [Fact]
    public void Every_operation_says_in_one_line_what_it_does_and_answers_something() => Assert.All(Routes, route =>
    {
        Assert.Matches("^[A-Z][^\n.]{9,79}$", route.Operation.Summary);
        Assert.NotEmpty(route.Operation.Answers.Results);
        Assert.Equal(route.Operation.Answers.Refusals.Length, route.Operation.Answers.Refusals.Distinct().Count());
    });

    // Broken on purpose: a path with two variables and one form starts no server.
    [Fact]
    public void Every_variable_of_a_path_has_a_form_and_no_form_is_left_over() =>
        Assert.All(Routes, route => Assert.Equal(Variables().Count(route.Path), route.Forms.Count));

    [Fact]
    public void Only_what_says_nothing_of_the_work_is_open() => Assert.Equal(
        ["/", "/health/live", "/health/ready", "/problems/{code}"],
        Routes.Where(route => route.Operation.Scope == Scope.Open).Select(route => route.Path));

    [Fact]
    public void Every_scope_has_one_word()
    {
        foreach (var scope in Enum.GetValues<Scope>().Where(scope => scope != Scope.Open))
        {
            Assert.True(Scopes.TryParse(scope.Word(), out var read), scope.Word());
            Assert.Equal(scope, read);
        }

        Assert.False(Scopes.TryParse("open", out _));
        Assert.False(Scopes.TryParse("*", out _));
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Variables();
}
