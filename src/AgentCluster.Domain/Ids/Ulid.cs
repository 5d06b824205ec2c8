using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentCluster.Domain;

/// <summary>
/// The text form of the ids that are minted here: 128 bits as 26 characters of Crockford's base 32, sorting by the time
/// in their first 48 bits. (github.com/ulid/spec.)
/// </summary>
public static class Ulid
{
    /// <summary>Characters of the text.</summary>
    public const int Length = 26;

    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A new id. Who calls it brings the time and the chance.</summary>
    /// <param name="moment">Milliseconds of it become the first 48 bits.</param>
    /// <param name="random">Its low 80 bits become the rest.</param>
    public static string New(DateTimeOffset moment, UInt128 random) =>
        Text(((UInt128)(ulong)moment.ToUnixTimeMilliseconds() << 80) | (random & ((UInt128.One << 80) - 1)));

    /// <summary>An id that is the same whenever its parts are: for things that have an identity elsewhere.</summary>
    /// <param name="parts">In this order; a part's end is part of what is hashed.</param>
    public static string Derived(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Text(BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset()));
    }

    /// <summary>Whether a text is an id as it is written here: 26 upper-case digits.</summary>
    /// <param name="text">Any.</param>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: Length } || text[0] > '7')
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (!Digits.Contains(digit, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(UInt128 value) =>
        string.Create(Length, value, static (digits, rest) =>
        {
            for (var i = Length - 1; i >= 0; i--)
            {
                digits[i] = Digits[(int)((uint)rest & 31)];
                rest >>= 5;
            }
        });
}
