using System.Buffers;
using System.Buffers.Text;
using AgentCluster.Actors;

namespace AgentCluster.Bridge.Live;

/// <summary>
/// A cursor as text: opaque, printable, and checked. Inside: a version, the journal's generation, for each shard that has
/// been read the distance to the one before and its sequence, and a check sum; numbers in groups of seven bits.
/// </summary>
internal static class CursorText
{
    /// <summary>How long a cursor may be, in characters. One of 256 busy shards has about 1,400.</summary>
    public const int Longest = 8_192;

    /// <summary>The generation of the start of the journal: it is the same in all of them.</summary>
    public const int AnyGeneration = 0;

    /// <summary>The start of the journal.</summary>
    private const string Start = "0";

    private const byte Version = 1;

    /// <summary>Writes a cursor.</summary>
    /// <param name="generation">The journal's.</param>
    /// <param name="taken">The sequence of the last event taken, from shard 0 on.</param>
    public static string Write(int generation, ReadOnlySpan<long> taken)
    {
        var bytes = new byte[8 + (taken.Length * 14)];
        bytes[0] = Version;
        var length = Number(bytes, 1, (ulong)generation);
        var before = -1;
        for (var shard = 0; shard < taken.Length; shard++)
        {
            if (taken[shard] > 0)
            {
                length = Number(bytes, length, (ulong)(shard - before));
                length = Number(bytes, length, (ulong)taken[shard]);
                before = shard;
            }
        }

        var sum = Sum(bytes.AsSpan(0, length));
        (bytes[length], bytes[length + 1]) = ((byte)sum, (byte)(sum >> 8));
        return Base64Url.EncodeToString(bytes.AsSpan(0, length + 2));
    }

    /// <summary>Whether a text has the form of a cursor. Only then may it be one.</summary>
    /// <param name="text">As the caller wrote it.</param>
    public static bool IsFormed(string text) =>
        text.Length is > 0 and <= Longest && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    /// <summary>Reads a cursor.</summary>
    /// <param name="text">Of the form of one.</param>
    /// <returns>Null when it was never written here, or by another version.</returns>
    public static JournalHead? Read(string text)
    {
        if (text == Start)
        {
            return new(AnyGeneration, JournalCursor.Start);
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length < 4 || bytes[0] != Version)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan(0, length - 2);
        if (Sum(rest) != (bytes[length - 2] | (bytes[length - 1] << 8)))
        {
            return null;
        }

        rest = rest[1..];
        if (!TryNumber(ref rest, out var generation) || generation > int.MaxValue)
        {
            return null;
        }

        List<(int, long)> ends = [];
        for (var shard = -1L; !rest.IsEmpty;)
        {
            if (!TryNumber(ref rest, out var distance) || !TryNumber(ref rest, out var taken)
                || distance is 0 or > 65_536 || (shard += (long)distance) > 65_535 || taken is 0 or > long.MaxValue)
            {
                return null;
            }

            ends.Add(((int)shard, (long)taken));
        }

        return new((int)generation, JournalCursor.At(ends));
    }

    private static int Number(byte[] into, int at, ulong number)
    {
        for (; number > 0x7F; number >>= 7)
        {
            into[at++] = (byte)(number | 0x80);
        }

        into[at++] = (byte)number;
        return at;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> from, out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 63 && !from.IsEmpty; shift += 7)
        {
            var part = from[0];
            from = from[1..];
            number |= (ulong)(part & 0x7F) << shift;
            if (part <= 0x7F)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Fletcher's: finds what was cut or mistyped. No secret hangs on a cursor.</summary>
    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        var (first, second) = (1, 0);
        foreach (var each in bytes)
        {
            first = (first + each) % 255;
            second = (second + first) % 255;
        }

        return first | (second << 8);
    }
}
