using System.Text;

namespace AgentCluster.Workers.Git;

/// <summary>What came of a call.</summary>
/// <param name="Code">The exit code; 0 is success. Null: it was killed or did not start, and <paramref name="Error"/> says why.</param>
/// <param name="Output">What it wrote, at most <see cref="GitLimits.OutputBytes"/>.</param>
/// <param name="Error">The beginning of what it complained about.</param>
internal sealed record GitAnswer(int? Code, ReadOnlyMemory<byte> Output, string Error)
{
    /// <summary>Git's own paths are bytes. A name that is no UTF-8 stays distinct: each such byte is a character of its own.</summary>
    public string Text => PathText.Read(Output.Span);

    /// <summary>What stands between NULs, without the last, empty one.</summary>
    public string[] Fields
    {
        get
        {
            var text = Text;
            return text.Length == 0 ? [] : (text.EndsWith('\0') ? text[..^1] : text).Split('\0');
        }
    }

    /// <summary>This answer, if the call succeeded.</summary>
    /// <exception cref="GitException">It did not.</exception>
    public GitAnswer Required(string what) => Code == 0 ? this : throw new GitException(
        $"git could not {what}: {(Error.Length > 0 ? Error : $"exit code {Code}")}");

    /// <summary>The bytes of the text that git is given.</summary>
    public static byte[] Bytes(string text) => PathText.Write(text);
}
