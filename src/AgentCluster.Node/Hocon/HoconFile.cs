using System.Text;

namespace AgentCluster.Node.Hocon;

/// <summary>Reads files.</summary>
internal static class HoconFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file that is included nowhere, and all that it includes.</summary>
    /// <param name="path">Absolute, or relative to the working directory; it names the file in origins.</param>
    /// <exception cref="HoconException">It cannot be read, or is not HOCON.</exception>
    public static HoconObject Read(string path) => Read(path, Place.Root(Path.GetFullPath(path)));

    /// <summary>Reads one file: HOCON, of which JSON is a part, or simple Java properties by its ending.</summary>
    public static HoconObject Read(string path, Place place)
    {
        var text = Text(path);
        return path.EndsWith(".properties", StringComparison.Ordinal)
            ? PropertiesFile.Parse(text, path, place)
            : Parser.Parse(text, path, place);
    }

    private static string Text(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            var bytes = new byte[HoconBounds.Bytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= HoconBounds.Bytes
                ? Strict.GetString(bytes, 0, length)
                : throw new HoconException(new(path), $"expected a file of at most {HoconBounds.Bytes} bytes, found more.");
        }
        catch (DecoderFallbackException)
        {
            throw new HoconException(new(path), "expected UTF-8, found bytes that are not.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(new(path), $"expected a file that can be read, found none: {unreadable.Message}");
        }
    }
}
