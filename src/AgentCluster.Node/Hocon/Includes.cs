namespace AgentCluster.Node.Hocon;

/// <summary>Finds and reads included files.</summary>
internal static class Includes
{
    // The last wins over the first.
    private static readonly string[] Endings = [".properties", ".json", ".conf"];

    /// <summary>Reads what a statement includes: one file, or for a name without an ending every file of that name.</summary>
    /// <param name="include">The statement.</param>
    /// <param name="place">Where it stands.</param>
    /// <returns>Null when there is no such file and it is not required.</returns>
    /// <exception cref="HoconException">A required file is missing, the files include each other in a circle or too deep, or one cannot be read.</exception>
    public static HoconObject? Read(IncludeStatement include, Place place)
    {
        if (place.Files.IsEmpty)
        {
            throw new HoconException(include.Origin, "expected no include: only a file can include files.");
        }

        if (place.Files.Length > HoconBounds.Includes)
        {
            throw new HoconException(include.Origin, $"expected files that include each other at most {HoconBounds.Includes} deep, found more.");
        }

        HoconObject? found = null;
        foreach (var path in Candidates(include, place.Files[^1]))
        {
            if (place.Files.Contains(path))
            {
                throw new HoconException(include.Origin, $"expected a file that does not lead back here, found '{include.Name}', which includes itself.");
            }

            place.Count.File(include.Origin);
            var read = HoconFile.Read(path, place with { Files = place.Files.Add(path) });
            if (found is null)
            {
                found = read;
            }
            else
            {
                found.Merge(read);
            }
        }

        return found is null && include.IsRequired
            ? throw new HoconException(include.Origin, $"expected the file '{include.Name}', which is required, found none.")
            : found;
    }

    private static IEnumerable<string> Candidates(IncludeStatement include, string from)
    {
        if (include.Name.Length == 0 || include.Name.Contains('\0', StringComparison.Ordinal))
        {
            throw new HoconException(include.Origin, "expected the name of a file, found none.");
        }

        var path = Path.GetFullPath(include.Name, Path.GetDirectoryName(from)!);
        string[] names = Endings.Contains(Path.GetExtension(path)) ? [path] : [path, .. Endings.Select(ending => path + ending)];
        return names.Where(File.Exists);
    }
}
