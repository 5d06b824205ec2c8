using System.ComponentModel;
using System.Diagnostics;

namespace AgentCluster.Cli.Fence;

/// <summary>What git said.</summary>
/// <param name="Code">Its exit code; 127 where there is no git.</param>
/// <param name="Output">Without the line's end.</param>
/// <param name="Error">What it complained about.</param>
internal sealed record GitSaid(int Code, string Output, string Error);

/// <summary>The user's own git in the user's own working copy, with the user's configuration: whoever types pbm could type git.</summary>
internal static class LocalGit
{
    private const int NotFound = 127;

    /// <summary>Runs it where pbm stands.</summary>
    public static async Task<GitSaid> RunAsync(string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, output.TrimEnd('\n'), (await error).Trim());
        }
        catch (Win32Exception failure)
        {
            return new(NotFound, "", $"git could not be started in {folder}: {failure.Message}");
        }
    }
}
