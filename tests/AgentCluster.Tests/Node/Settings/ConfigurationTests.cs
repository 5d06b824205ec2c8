using AgentCluster.Node.Settings;

namespace AgentCluster.Tests.Node.Settings;

/// <summary>Files, the environment and the command line together.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_last_word_counts_and_its_origin_is_shown()
    {
        var file = Write("agentcluster.runtime { recoveries = 1, batch-turns = 1, shards = 1, ask-timeout = 3 s }");

        var read = CommandLine.Read(
            ["--config", file, "--set", "agentcluster.runtime.shards=3"],
            name => name is "AGENTCLUSTER_RUNTIME_BATCH_TURNS" or "AGENTCLUSTER_RUNTIME_SHARDS" ? "2" : null);

        var runtime = read.Settings.Runtime;
        Assert.Equal((1, 2, 3, TimeSpan.FromSeconds(3)), (runtime.Recoveries, runtime.BatchTurns, runtime.Shards, runtime.AskTimeout));
        Assert.Equal(file + ":1:37", Origin(read, "agentcluster.runtime.recoveries"));
        Assert.Equal("AGENTCLUSTER_RUNTIME_BATCH_TURNS in the environment", Origin(read, "agentcluster.runtime.batch-turns"));
        Assert.Equal("--set", Origin(read, "agentcluster.runtime.shards"));
        Assert.StartsWith("reference.conf:", Origin(read, "agentcluster.http.port"), StringComparison.Ordinal);
        Assert.Contains(read.Entries, entry => entry is { Key: "agentcluster.runtime.ask-timeout", Value: "3 s" });
    }

    [Theory]
    [InlineData("agentcluster.http.port = 70000", "agentcluster.http.port = '70000', from FILE:1:26: expected a whole number from 0 to 65535.")]
    [InlineData("\nagentcluster { http { prot = 1 } }", "agentcluster.http.prot, from FILE:2:30: is not a key; known are agentcluster.http.host, agentcluster.http.port, agentcluster.http.max-connections, agentcluster.http.keys")]
    [InlineData("agentclster.http.port = 1", "agentclster, from FILE:1:25: is not a key")]
    [InlineData("\"agentcluster.http.port\" = 1", "is not a key")]
    [InlineData("agentcluster.http = 1", "agentcluster.http = '1', from FILE:1:21: expected a section { … }, for keys are below it.")]
    [InlineData("agentcluster.http.port { a = 1 }", "agentcluster.http.port = an object")]
    [InlineData("agentcluster.http.port = null", "agentcluster.http.port = null")]
    [InlineData("agentcluster.log.level = null", "agentcluster.log.level = null, from FILE:1:26: expected a text.")]
    [InlineData("agentcluster.runtime.ask-timeout = 10 m", "agentcluster.runtime.ask-timeout = '10 m', from FILE:1:36: expected a duration from 100 ms to 5 m, such as 10 s.")]
    [InlineData("agentcluster.runtime.ask-timeout = [1]", "agentcluster.runtime.ask-timeout = an array")]
    [InlineData("agentcluster.runtime.mailbox-capacity = 20000", "agentcluster.runtime.mailbox-capacity = '20000', from FILE:1:41: expected at most max-pending (16384)")]
    [InlineData("agentcluster.runtime { lanes = 64, group-turns = 63 }", "agentcluster.runtime.group-turns = '63'")]
    [InlineData("agentcluster.runtime { ask-timeout = 5 m, command-retention = 5 m }", "agentcluster.runtime.command-retention = '5 m'")]
    [InlineData("agentcluster.runtime { maintenance-every = 1 h, command-retention = 30 m }", "agentcluster.runtime.maintenance-every = '1 h'")]
    [InlineData("agentcluster.http.port = ", "FILE:1:26: expected a value")]
    public void What_is_not_taken_is_named_with_key_value_place_and_reason(string text, string message)
    {
        var file = Write(text);

        var wrong = Assert.Throws<SettingsException>(() => CommandLine.Read(["--config", file], _ => null));

        Assert.Contains(message.Replace("FILE", file, StringComparison.Ordinal), wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_laid_over_each_other_and_see_each_others_values()
    {
        var first = Write("agentcluster.runtime { max-pending = 100, mailbox-capacity = ${agentcluster.runtime.max-pending} }");
        var second = Write("agentcluster.runtime.max-pending = 50");

        var runtime = CommandLine.Read(["--config", first, "--config", second], _ => null).Settings.Runtime;

        Assert.Equal((50, 50), (runtime.MaxPending, runtime.MailboxCapacity));
    }

    private static string Origin(Configuration read, string key) => Assert.Single(read.Entries, entry => entry.Key == key).Origin;

    private string Write(string text)
    {
        var file = Path.Combine(_folder, Path.GetRandomFileName() + ".conf");
        File.WriteAllText(file, text);
        return file;
    }
}
