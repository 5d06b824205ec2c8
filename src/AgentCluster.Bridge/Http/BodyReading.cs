using System.Buffers;
using AgentCluster.Bridge.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Http;

/// <summary>Takes a request's body: JSON by its media type, whole, and no larger than is allowed.</summary>
internal static class BodyReading
{
    /// <summary>How large a body may be, in bytes; imports have a bound of their own.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Says what is wrong with the headers that describe the body; null when nothing is.</summary>
    /// <param name="request">The request.</param>
    public static Problem? CheckHeaders(HttpRequest request)
    {
        if (request.ContentLength > MostBytes)
        {
            return TooLarge(MostBytes);
        }

        if (CheckEncoding(request) is { } encoded)
        {
            return encoded;
        }

        var type = request.ContentType;
        var mayHaveBody = request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0;
        return (type is null && !mayHaveBody) || IsJson(type)
            ? null
            : new(ProblemKind.UnsupportedMediaType, type is null
                ? "Expected 'Content-Type: application/json', found none."
                : $"Expected 'Content-Type: application/json', found '{Shapes.Faults.Shown(type)}'.");
    }

    /// <summary>Says so when the body is compressed: its true size would be unknown until it is there.</summary>
    /// <param name="request">The request.</param>
    public static Problem? CheckEncoding(HttpRequest request) => request.Headers.ContentEncoding.Count == 0
        ? null
        : new(
            ProblemKind.UnsupportedMediaType,
            $"Expected a body without Content-Encoding, found '{Shapes.Faults.Shown(request.Headers.ContentEncoding.ToString())}'.");

    /// <summary>Waits until the whole body is there.</summary>
    /// <param name="request">Its reader must be advanced by the caller afterwards.</param>
    /// <returns>The body; null when it is larger than <see cref="MostBytes"/>.</returns>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > MostBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The refusal of a body that is larger than is allowed.</summary>
    /// <param name="most">In bytes.</param>
    public static Problem TooLarge(long most) =>
        new(ProblemKind.TooLarge, FormattableString.Invariant($"Expected a body of at most {most} bytes."), ("limit_bytes", most));

    private static bool IsJson(string? type) =>
        type is "application/json" or "application/json; charset=utf-8" || IsMedia(type, "application/json");

    /// <summary>Whether a Content-Type names a media type, in UTF-8 where it names a charset.</summary>
    /// <param name="type">The header.</param>
    /// <param name="media">Lower case.</param>
    public static bool IsMedia(string? type, string media) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out var parsed)
        && parsed.MediaType.Equals(media, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
