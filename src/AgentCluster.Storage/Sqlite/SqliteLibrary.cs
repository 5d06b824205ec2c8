using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// Which SQLite runs: the machine's own where it is new enough, because the system keeps it patched; otherwise the one
/// that is bundled.
/// </summary>
/// <param name="Name">For example <c>libsqlite3.so.0</c>, or <c>bundled e_sqlite3</c>.</param>
/// <param name="Version">For example 3.40.1.</param>
public sealed record SqliteLibrary(string Name, Version Version)
{
    private const string Bundled = "bundled e_sqlite3";
    private static readonly string[] Systems = ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3"];

    // 3.35 has RETURNING and the upsert that is used here.
    private static readonly Version Oldest = new(3, 35);
    private static readonly Version FirstStrict = new(3, 37);
    private static readonly Lazy<SqliteLibrary> Only = new(Load);

    /// <summary>The library of this process, loaded at the first use.</summary>
    /// <exception cref="DataFileException">There is none that is new enough.</exception>
    public static SqliteLibrary Loaded => Only.Value;

    internal bool KnowsStrict => Version >= FirstStrict;

    /// <inheritdoc/>
    public override string ToString() => $"SQLite {Version} ({Name})";

    private static SqliteLibrary Load()
    {
        var name = Bundled;
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (asked, assembly, path) =>
        {
            foreach (var system in Systems)
            {
                if (asked == "e_sqlite3" && NativeLibrary.TryLoad(system, out var handle))
                {
                    if (VersionOf(handle) >= Oldest)
                    {
                        name = system;
                        return handle;
                    }

                    NativeLibrary.Free(handle);
                }
            }

            return NativeLibrary.TryLoad(asked, assembly, path, out var bundled) ? bundled : IntPtr.Zero;
        });

        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            var version = Version.Parse(raw.sqlite3_libversion().utf8_to_string());
            return version >= Oldest
                ? new(name, version)
                : throw new DataFileException($"Expected SQLite {Oldest} or later, found {version} ({name}): install a newer libsqlite3.");
        }
        catch (DllNotFoundException missing)
        {
            throw new DataFileException("Expected a SQLite library, found none: install libsqlite3 (Debian: apt-get install libsqlite3-0).", missing);
        }
    }

    private static Version VersionOf(IntPtr library)
    {
        if (!NativeLibrary.TryGetExport(library, "sqlite3_libversion", out var export))
        {
            return new(0, 0);
        }

        var text = Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<LibVersion>(export)());
        return Version.TryParse(text, out var version) ? version : new(0, 0);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr LibVersion();
}
