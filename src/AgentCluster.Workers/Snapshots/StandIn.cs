using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentCluster.Workers.Snapshots;

/// <summary>
/// What stands in a snapshot for a file that git is not let to read. For a file in Git LFS it is the pointer that would be committed, so
/// the merge is known; for any other it only says that the file is there and differs, and why its content is unknown.
/// </summary>
/// <param name="Text">What is stored.</param>
/// <param name="Unread">Why the content is unknown; null if <paramref name="Text"/> is what would be committed.</param>
internal sealed record StandIn(string Text, string? Unread)
{
    private const string PointerStart = "version https://git-lfs.github.com/spec/v1";

    public static StandIn TooLarge(Stamp file, long bound) =>
        new(Differing(file), $"has {file.Bytes} bytes, and files of more than {bound} are not read");

    public static StandIn Filtered(Stamp file, string filter) =>
        new(Differing(file), $"is stored through the filter '{filter}', which is not run");

    /// <summary>What Git LFS would store for the file, which is small enough to be read.</summary>
    public static async Task<StandIn> LargeFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: false);
        var start = new byte[1024];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(start, 0, read);
        if (read == 0 || (read < start.Length && text.StartsWith(PointerStart, StringComparison.Ordinal)))
        {
            return new(text, null);
        }

        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        return new(string.Create(CultureInfo.InvariantCulture, $"{PointerStart}\noid sha256:{hash}\nsize {file.Length}\n"), null);
    }

    // Two such files are never taken for equal unless they are as large and as old.
    private static string Differing(Stamp file) =>
        string.Create(CultureInfo.InvariantCulture, $"not read: {file.Bytes} bytes, written {file.WrittenAt.Ticks}\n\0");
}
