using System.Net;
using AgentCluster.Node.Data;
using AgentCluster.Node.Settings;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Tests.Node.Settings;

/// <summary>What the node takes as settings, and what it says of what it does not take.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void The_defaults_are_loopback_and_the_users_own_directory()
    {
        var settings = Read();

        Assert.Equal((IPAddress.Loopback, 5080, null), (settings.Http.Host, settings.Http.Port, settings.Data.Directory));
        Assert.True(Path.IsPathFullyQualified(DefaultDirectory.Find()));
        Assert.EndsWith("agentcluster", DefaultDirectory.Find(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http", "127.0.0.1:0", "127.0.0.1", 0)]
    [InlineData("--http", "[::1]:5081", "::1", 5081)]
    [InlineData("--http", "localhost:80", "127.0.0.1", 80)]
    [InlineData("--http", "127.5.5.5:81", "127.5.5.5", 81)]
    public void A_loopback_address_is_taken(string option, string value, string host, int port)
    {
        foreach (var settings in (NodeSettings[])[Read(option, value), Read($"{option}={value}")])
        {
            Assert.Equal((IPAddress.Parse(host), port), (settings.Http.Host, settings.Http.Port));
        }
    }

    // Broken on purpose: Keys.Loopback without its check.
    [Theory]
    [InlineData("0.0.0.0:5080")]
    [InlineData("[::]:5080")]
    [InlineData("192.168.1.1:5080")]
    [InlineData("8.8.8.8:0")]
    public void An_address_that_others_can_reach_is_refused_with_the_reason(string address)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read("--http", address));

        Assert.StartsWith("agentcluster.http.host = ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("from --http: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("other machines", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http", "--http")]
    [InlineData("--http", "--http", "5080")]
    [InlineData("--http", "--http", "localhost")]
    [InlineData("--http", "--http", "localhost:-1")]
    [InlineData("--http", "--http", "localhost:65536")]
    [InlineData("--http", "--http", "localhost:http")]
    [InlineData("--http", "--http", "example.com:80")]
    [InlineData("--data", "--data")]
    [InlineData("--data", "--data", "")]
    [InlineData("--set", "--set")]
    [InlineData("--set", "--set", "agentcluster.http.port")]
    [InlineData("agentcluster.http.prot", "--set", "agentcluster.http.prot=1")]
    [InlineData("agentcluster.http.port", "--set", "agentcluster.http.port=x")]
    [InlineData("agentcluster.http.host", "--set", "agentcluster.http.host=0.0.0.0")]
    [InlineData("agentcluster.runtime.lanes", "--set", "agentcluster.runtime.lanes=0")]
    [InlineData("agentcluster.log.level", "--set", "agentcluster.log.level=loud")]
    [InlineData("--config", "--config")]
    [InlineData("--config", "--config", "")]
    [InlineData("x.conf", "--config", "x.conf")]
    [InlineData("a, from --set", "--set", "a..b=1")]
    [InlineData("--surprise", "--surprise")]
    [InlineData("word", "word")]
    public void What_is_not_taken_is_named(string name, params string[] args)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(args));

        Assert.Contains(name, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_its_last_word_over_its_first()
    {
        Dictionary<string, string> environment = new()
        {
            ["AGENTCLUSTER_HTTP_PORT"] = "7001",
            ["AGENTCLUSTER_LOG_LEVEL"] = "error",
            ["AGENTCLUSTER_DATA_DIRECTORY"] = "/data",
        };

        var settings = CommandLine.Read(
            ["--set", "agentcluster.http.port=7002", "--http", "127.0.0.1:7003", "--data", "/other"], environment.GetValueOrDefault).Settings;

        Assert.Equal((7003, LogLevel.Error), (settings.Http.Port, settings.Log.Level));
        Assert.EndsWith("other", settings.Data.Directory, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_environment_variable_is_named_as_one()
    {
        var wrong = Assert.Throws<SettingsException>(() => CommandLine.Read([], name => name == "AGENTCLUSTER_HTTP_PORT" ? "x" : null));

        Assert.Contains("from AGENTCLUSTER_HTTP_PORT in the environment: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_has_a_variable_of_its_own() =>
        Assert.Equal(Keys.All.Count, Keys.All.Select(key => key.Variable).Distinct().Count());

    private static NodeSettings Read(params string[] args) => CommandLine.Read(args, _ => null).Settings;
}
