using System.Net;
using System.Net.Http.Json;
using AgentCluster.Cli;
using AgentCluster.Node.Hosting;
using AgentCluster.Node.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCluster.Tests.Node.Hosting;

/// <summary>A node inside another program.</summary>
public sealed class EmbeddingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-embedded-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_serves_while_its_host_runs_and_keeps_what_it_answered()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var http = new HttpClient();
        var created = string.Empty;
        for (var round = 0; round < 2; round++)
        {
            using var host = Host();
            await host.StartAsync(cancellation);
            var node = host.Services.GetRequiredService<AgentClusterNode>();
            if (round == 0)
            {
                using var answer = await http.PostAsJsonAsync(new Uri(node.Address, "/api/v1/tasks/"), new { title = "Embedded" }, cancellation);
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                created = answer.Headers.Location!.ToString();
            }

            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(node.Address, created), cancellation)).StatusCode);
            await host.StopAsync(cancellation);
            Assert.Throws<InvalidOperationException>(() => node.Address);
        }
    }

    [Fact]
    public async Task Pbm_shows_what_it_is_set_to_and_on_demand_where_that_was_said()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var host = Host();
        await host.StartAsync(cancellation);
        var address = host.Services.GetRequiredService<AgentClusterNode>().Address.ToString();

        var plain = await PbmAsync(address, "config", "show");
        var full = await PbmAsync(address, "config", "show", "--origin");
        await host.StopAsync(cancellation);

        Assert.Contains("agentcluster.runtime.ask-timeout | 10 s\n", plain, StringComparison.Ordinal);
        Assert.Contains("agentcluster.http.port | 0 | the program\n", full, StringComparison.Ordinal);
        Assert.Contains("agentcluster.log.level | warning | reference.conf:", full, StringComparison.Ordinal);
        Assert.Contains("agentcluster.cluster.secret | null | reference.conf:", full, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_value_keeps_the_host_from_starting()
    {
        using var host = Host(("agentcluster.http.host", "0.0.0.0"));

        var wrong = await Assert.ThrowsAsync<SettingsException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("agentcluster.http.host = '0.0.0.0', from the program: ", wrong.Message, StringComparison.Ordinal);
    }

    private IHost Host(params (string Key, string Value)[] more)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAgentCluster(cluster =>
        {
            cluster.With("agentcluster.http.port", "0").With("agentcluster.data.directory", _folder);
            foreach (var (key, value) in more)
            {
                cluster.With(key, value);
            }
        });
        return builder.Build();
    }

    private static async Task<string> PbmAsync(string address, params string[] args)
    {
        var (data, words) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        Assert.Equal(0, await Pbm.RunAsync([.. args, "--node", address], data, words, isTerminal: false, _ => null));
        return data.ToString();
    }
}
