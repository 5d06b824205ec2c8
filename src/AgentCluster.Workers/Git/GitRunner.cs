using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AgentCluster.Workers.Git;

/// <summary>Runs the machine's git: no shell, an environment of its own, bounded in number, time and output.</summary>
/// <param name="program">The absolute path of git; <see cref="GitProgram.Find"/>.</param>
/// <param name="limits">What a call may take.</param>
/// <param name="clock">Ends what takes too long.</param>
public sealed class GitRunner(string program, GitLimits limits, TimeProvider clock) : IDisposable
{
    private const int ComplaintBytes = 4096;
    private readonly SemaphoreSlim _turns = new(limits.Processes);
    private long _started;

    /// <summary>How many processes were started so far.</summary>
    public long Started => Interlocked.Read(ref _started);

    /// <summary>Waits for a turn, runs git, and waits for its end.</summary>
    /// <param name="call">What is to be run.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Its answer; also when it failed, took too long or could not be started.</returns>
    internal async Task<GitAnswer> RunAsync(GitCall call, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await RunNowAsync(call, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async Task<GitAnswer> RunNowAsync(GitCall call, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Start(call) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return new(null, default, Directory.Exists(call.Folder) ? $"{program} could not be started: {failure.Message}" : $"{call.Folder} is not there");
        }

        Interlocked.Increment(ref _started);
        using var late = new CancellationTokenSource(limits.Time, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var complaint = ReadComplaintAsync(process.StandardError.BaseStream, stop.Token);
            var output = ReadAsync(process.StandardOutput.BaseStream, stop.Token);
            await WriteAsync(process.StandardInput, call.Input, stop.Token);
            var bytes = await output;
            if (bytes is null)
            {
                return new(null, default, $"it wrote more than {limits.OutputBytes} bytes and was stopped");
            }

            var error = await complaint;
            await process.WaitForExitAsync(stop.Token);
            return new(process.ExitCode, bytes, error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, default, $"it took longer than {limits.Time.TotalSeconds:0.#} s and was stopped");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private ProcessStartInfo Start(GitCall call)
    {
        var start = new ProcessStartInfo(program, [.. GitEnvironment.Options, .. call.Arguments])
        {
            WorkingDirectory = call.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in GitEnvironment.Closed)
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in call.Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static async Task WriteAsync(StreamWriter input, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        try
        {
            await input.BaseStream.WriteAsync(bytes, stop);
            input.Close();
        }
        catch (IOException)
        {
            // It ended without reading to the end; its exit code and its complaint say why.
        }
    }

    private async Task<byte[]?> ReadAsync(Stream output, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var chunk = new byte[32 << 10];
        while (await output.ReadAsync(chunk, stop) is var read and > 0)
        {
            if (kept.Length + read > limits.OutputBytes)
            {
                return null;
            }

            kept.Write(chunk, 0, read);
        }

        return kept.ToArray();
    }

    private static async Task<string> ReadComplaintAsync(Stream error, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var chunk = new byte[ComplaintBytes];
        while (await error.ReadAsync(chunk, stop) is var read and > 0)
        {
            kept.Write(chunk, 0, (int)Math.Min(read, ComplaintBytes - kept.Length));
        }

        return Encoding.UTF8.GetString(kept.ToArray()).Trim();
    }

    // A call that was given up leaves nothing behind, nor anything that it started.
    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
