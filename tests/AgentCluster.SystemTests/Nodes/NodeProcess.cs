using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentCluster.SystemTests.Disks;
using AgentCluster.Tests;

namespace AgentCluster.SystemTests.Nodes;

/// <summary>A node as its operator has it: a process, its output, its address, and signals.</summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process) => _process = process;

    public Uri Address => _ready.Task.Result;

    public int Id => _process.Id;

    /// <summary>Everything it has printed so far, for a failing test.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Where a node can listen that is to be started there again.</summary>
    public static string Place() => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}");

    /// <summary>Starts a node on any free port and waits until it says where it listens.</summary>
    /// <param name="data">Its data directory.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    /// <param name="http">Where it listens; any free port if the test does not care.</param>
    /// <param name="fault">What becomes of its disk; null for nothing.</param>
    /// <param name="settings">Keys and their values.</param>
    /// <param name="through">The program, and its arguments, that becomes the node; none if it is started as it is.</param>
    /// <exception cref="InvalidOperationException">It ended before it said where it listens.</exception>
    public static async Task<NodeProcess> StartAsync(
        string data, CancellationToken cancellationToken, string http = "127.0.0.1:0", Fault? fault = null, IReadOnlyList<string>? settings = null,
        IReadOnlyList<string>? through = null)
    {
        string[] start = [.. through ?? [], BuiltProgram.Node, "--data", data, "--http", http, .. (settings ?? []).SelectMany(said => (string[])["--set", said])];
        var process = new Process
        {
            StartInfo = fault is null ? ProgramRun.Start(start[0], start[1..]) : ProgramRun.Start("strace", [.. fault.Tracer(data), .. start]),
            EnableRaisingEvents = true,
        };
        var node = new NodeProcess(process);
        process.OutputDataReceived += (_, line) => node.Read(line.Data);
        process.ErrorDataReceived += (_, line) => node.Keep(line.Data);
        process.Exited += (_, _) => node._ready.TrySetException(new InvalidOperationException(
            $"Expected a node that says where it listens; it ended with {process.ExitCode}:\n{node.Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await node._ready.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return node;
        }
        catch (TimeoutException)
        {
            await node.DisposeAsync();
            throw new TimeoutException($"Expected a line with the address within 30 s; found:\n{node.Output}");
        }
    }

    /// <summary>SIGKILL: the process has no say in it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM, without waiting for what comes of it.</summary>
    public void Terminate()
    {
        using var signal = Process.Start("/bin/kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        signal.WaitForExit();
    }

    /// <summary>Once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    public Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>SIGTERM, and the exit code.</summary>
    /// <param name="within">What it promises.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    public async Task<int> TerminateAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var signal = await ProgramRun.OfAsync("/bin/kill", cancellationToken, "-TERM", Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, signal.ExitCode);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(within, cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Output);
        }
    }

    private void Read(string? line)
    {
        Keep(line);
        if (line is not null && Addresses().Match(line) is { Success: true } match)
        {
            _ready.TrySetResult(new(match.Value));
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Addresses();
}
