using System.Buffers;
using System.Text;

namespace AgentCluster.Workers.Git;

/// <summary>
/// Paths as text, back and forth without a loss. A byte that is not part of UTF-8 becomes a lone surrogate (U+DC00 + the byte), which no
/// valid text contains.
/// </summary>
internal static class PathText
{
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    public static byte[] Write(string text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, at, out var rune))
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
                at += rune.Utf16SequenceLength;
            }
            else
            {
                bytes.Write([(byte)(text[at++] - 0xDC00)]);
            }
        }

        return bytes.WrittenSpan.ToArray();
    }
}
