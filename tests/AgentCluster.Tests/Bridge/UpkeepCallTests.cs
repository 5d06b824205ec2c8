using AgentCluster.Actors;
using AgentCluster.Bridge.Upkeep;
using AgentCluster.Tests.Cli;

namespace AgentCluster.Tests.Bridge;

/// <summary>Looking after a node over HTTP, and with pbm.</summary>
public sealed class UpkeepCallTests : IAsyncLifetime
{
    private readonly ScriptedUpkeep _upkeep = new();
    private readonly NoNode _nothing = new();
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(new ScriptedActors(), _nothing, _nothing, upkeep: _upkeep);

    public ValueTask DisposeAsync() => _bridge.DisposeAsync();

    [Fact]
    public async Task A_backup_is_answered_with_where_it_is()
    {
        var made = (await _bridge.PostAsync("/api/v1/node/backups/", """{"name":"monday"}""")).Is(201).Json;

        Assert.Equal("""{"name":"monday","path":"/nowhere/now","bytes":4096,"at":"1970-01-01T00:00:00Z"}""", made.GetRawText());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a\\\\b")]
    [InlineData("Monday")]
    [InlineData("")]
    public async Task A_name_that_leads_elsewhere_is_refused_and_nothing_is_made(string name)
    {
        _upkeep.BackUp = _ => throw new InvalidOperationException("must not be asked");

        (await _bridge.PostAsync("/api/v1/node/backups/", $$"""{"name":"{{name}}"}""")).IsProblem(400, "invalid");
    }

    public static TheoryData<BackupReply, int, string> Refusals => new()
    {
        { new BackupReply.Taken("x"), 409, "backup_exists" },
        { new BackupReply.Elsewhere(), 503, "unavailable" },
        { new BackupReply.Busy(), 503, "unavailable" },
        { new BackupReply.NoRoom(), 507, "storage_full" },
        { new BackupReply.Failed(), 503, "unavailable" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_backup_that_cannot_be_made_says_why(BackupReply reply, int status, string code)
    {
        _upkeep.BackUp = _ => reply;

        (await _bridge.PostAsync("/api/v1/node/backups/", "{}")).IsProblem(status, code);
    }

    // Broken on purpose: the exit code of a doctor that only looks whether the node has answered.
    [Theory]
    [InlineData(Condition.Ok, 0)]
    [InlineData(Condition.Warning, 0)]
    [InlineData(Condition.Failed, 1)]
    public async Task The_worst_that_is_found_decides_how_the_doctor_ends(Condition worst, int code)
    {
        _upkeep.Findings = [new("version", Condition.Ok, "1"), new("disk", worst, "0 MiB free", "Make room."), new("clock", Condition.Ok, "now")];

        var ran = await Ran.OfAsync(_bridge.Address, "doctor", "--full", "-o", "text");

        Assert.Equal(code, ran.Code);
        Assert.Contains($"disk | {worst.ToString().ToLowerInvariant()} | 0 MiB free | Make room.", ran.Data, StringComparison.Ordinal);
        Assert.True(_upkeep.WasFull);
        Assert.Equal(worst.ToString().ToLowerInvariant(), (await Ran.OfAsync(_bridge.Address, "doctor", "-o", "json")).Json.GetProperty("condition").GetString());
        Assert.False(_upkeep.WasFull);
    }

    [Fact]
    public async Task Pbm_names_a_backup_or_leaves_that_to_the_node()
    {
        Assert.Contains("name | monday", (await Ran.OfAsync(_bridge.Address, "backup", "--name", "monday")).IsDone().Data, StringComparison.Ordinal);
        Assert.Contains("name | now", (await Ran.OfAsync(_bridge.Address, "backup")).IsDone().Data, StringComparison.Ordinal);
        _upkeep.BackUp = _ => new BackupReply.Taken("monday");
        Assert.Equal(4, (await Ran.OfAsync(_bridge.Address, "backup", "--name", "monday")).Code);
    }
}
