using System.Diagnostics;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Domain.Import;

/// <summary>
/// One import, from its first row to its report, without doing any of it: lines, or elements of a document, go in, commands
/// for the project's registry come out, its replies go back in. Chunks are sent one after the other.
/// </summary>
/// <remarks>
/// A row may depend on a later one: ids are derived from the source's own, so a registry can keep a dependency before its
/// row is there, and binds it then. A parent may come after its children, too: those are adopted at the end. Breaking off
/// anywhere is safe; the next run finds by identity what is there.
/// </remarks>
/// <param name="format">Whose rows these are.</param>
/// <param name="project">The project that the rows go to.</param>
/// <param name="now">UTC; for rows that do not say when they were created.</param>
public sealed class ImportRun(ImportFormat format, string project, DateTimeOffset now)
{
    /// <summary>Most bytes of one line.</summary>
    public const int LineLength = 64 * 1024;

    private const int ChunkBytes = 1024 * 1024;

    // Rows and what they depend on are looked up together, 1,000 at a time.
    private const int ChunkKeys = 1_000;
    private const int MostReported = 10_000;

    private readonly IRowSource _source = format switch
    {
        ImportFormat.Beads => new BeadsLine(project, now),
        ImportFormat.TaskMaster => new TaskMasterTask(project, now),
        ImportFormat.AgentCluster => new ClusterLine(project, now),
        _ => throw new UnreachableException($"Unhandled format {format}."),
    };

    private readonly Dictionary<TaskId, (string SourceId, int Line)> _rows = [];
    private readonly Dictionary<TaskId, string> _named = [];
    private readonly HashSet<EpicId> _epics = [];
    private readonly List<SkippedLine> _skipped = [];
    private readonly List<DanglingDependency> _dangling = [];
    private readonly List<Orphan> _orphans = [];
    private readonly List<ImportedRow> _chunk = [];
    private readonly List<ImportedEpic> _epicChunk = [];
    private int _chunkBytes;
    private int _chunkKeys;
    private int _line;
    private int _created;
    private int _unchanged;
    private int _updated;

    /// <summary>Whether its rows never come as lines.</summary>
    public bool IsOneDocument => format == ImportFormat.TaskMaster;

    /// <summary>Most bytes of one element of a document.</summary>
    public int ElementLength => _source.MostBytes;

    /// <summary>Takes the next line.</summary>
    /// <param name="line">UTF-8, without its line feed. An empty one only counts.</param>
    /// <returns>A chunk to send before the next line, or null.</returns>
    public TaskRegistryCommand.ImportRows? Add(ReadOnlySpan<byte> line)
    {
        _line++;
        line = Trim(line);
        if (line.IsEmpty)
        {
            return null;
        }

        if (line.Length > LineLength)
        {
            Skip(_line, $"Expected at most {LineLength} bytes, found {line.Length}.");
            return null;
        }

        return Add(line, list: null);
    }

    /// <summary>Takes the next element of a document.</summary>
    /// <param name="cutter">It has just cut one.</param>
    /// <returns>A chunk to send before the next element, or null.</returns>
    public TaskRegistryCommand.ImportRows? Add(DocumentCutter cutter)
    {
        _line = cutter.Line;
        if (cutter.IsTooLong)
        {
            Skip(_line, $"Expected at most {_source.MostBytes} bytes, found more.");
            return null;
        }

        return Add(cutter.Element, cutter.List);
    }

    /// <summary>Hears that nothing more of a document can be read.</summary>
    /// <param name="line">Where, from 1.</param>
    /// <param name="reason">What was expected and found.</param>
    public void BreakOff(int line, string reason) => Skip(line, $"{reason} Nothing from here on was read.");

    /// <summary>Counts a line that was too long to be read as a whole.</summary>
    public void AddTooLong() => Skip(++_line, $"Expected at most {LineLength} bytes, found more.");

    /// <summary>What is left to send after the last line; null when nothing is.</summary>
    public TaskRegistryCommand.ImportRows? Flush() => _chunk.Count + _epicChunk.Count > 0 ? Take() : null;

    /// <summary>What is left to send after all chunks were heard: children whose epics came after them.</summary>
    public IReadOnlyList<TaskRegistryCommand.AdoptTasks> Adoptions() =>
    [
        .. _orphans.Where(orphan => _epics.Contains(orphan.Parent))
            .GroupBy(orphan => orphan.Parent, orphan => orphan.Task)
            .SelectMany(children => children.Chunk(Bounds.ChunkLength), (children, chunk) =>
                new TaskRegistryCommand.AdoptTasks(children.Key, ValueList.Of<TaskId>(chunk))),
    ];

    /// <summary>Hears the reply to a chunk.</summary>
    /// <param name="reply">The registry's.</param>
    public void Heard(ImportReply reply)
    {
        _created += reply.Created;
        _unchanged += reply.Unchanged;
        _updated += reply.Updated;
        _orphans.AddRange(reply.Orphans);
        _dangling.AddRange(reply.Dangling);
        foreach (var dropped in reply.Dropped)
        {
            Skip(_rows[dropped.Task].Line, Explain(dropped));
        }
    }

    /// <summary>What the import came to, after everything was heard.</summary>
    public ImportReport Report() => new(
        _created,
        _unchanged,
        _updated,
        [.. _skipped.OrderBy(skipped => skipped.Line)],
        [
            .. _dangling.Where(each => !_rows.ContainsKey(each.On))
                .Take(MostReported)
                .Select(each => new MissingRow(NameOf(each.Task), NameOf(each.On))),
        ]);

    private TaskRegistryCommand.ImportRows? Add(ReadOnlySpan<byte> element, string? list)
    {
        try
        {
            var read = _source.Read(element, list);
            foreach (var wrong in read.Wrong)
            {
                Skip(_line, wrong);
            }

            // Rows of one element stay together, so that a chunk is never more than full.
            var full = _chunk.Count > 0 && _chunk.Count + read.Rows.Count > Bounds.ChunkLength ? Take() : null;
            foreach (var row in read.Rows.Where(Accept))
            {
                Collect(row.Row);
            }

            if (read.Epic is { } epic && _epics.Add(epic.Id))
            {
                _epicChunk.Add(epic);
                _chunkKeys++;
            }

            _chunkBytes += element.Length;
            return full ?? (Math.Max(_chunk.Count, _epicChunk.Count) >= Bounds.ChunkLength || _chunkBytes >= ChunkBytes || _chunkKeys >= ChunkKeys ? Take() : null);
        }
        catch (FormatException error)
        {
            Skip(_line, error.Message);
            return null;
        }
    }

    private bool Accept(SourceRow read)
    {
        var row = read.Row;
        if (_rows.TryGetValue(row.Id, out var first))
        {
            Skip(_line, $"Expected an id of its own, found '{row.SourceId}' again, which is on line {first.Line}.");
            return false;
        }

        _rows.Add(row.Id, (row.SourceId, _line));
        for (var i = 0; i < row.DependsOn.Count; i++)
        {
            _named.TryAdd(row.DependsOn[i], read.Names[i]);
        }

        if (row.Epic is { } epic)
        {
            _epics.Add(epic);
        }

        return true;
    }

    private void Collect(ImportedRow row)
    {
        _chunk.Add(row);
        _chunkKeys += 1 + row.DependsOn.Count + (row.Parent is null ? 0 : 1) + (row.Epic is null ? 0 : 1);
    }

    private TaskRegistryCommand.ImportRows Take()
    {
        TaskRegistryCommand.ImportRows import = new(_source.Name, _chunk.ToValueList(), _epicChunk.ToValueList());
        _chunk.Clear();
        _epicChunk.Clear();
        (_chunkBytes, _chunkKeys) = (0, 0);
        return import;
    }

    private void Skip(int line, string reason)
    {
        if (_skipped.Count < MostReported)
        {
            _skipped.Add(new(line, reason));
        }
    }

    private string Explain(DroppedDependency dropped) => dropped.Cycle.IsEmpty
        ? $"The dependency on '{NameOf(dropped.On)}' was left out: more than {Bounds.Dependants} open rows depend on it."
        : $"The dependency on '{NameOf(dropped.On)}' was left out: it would close the cycle {string.Join(" → ", dropped.Cycle.Select(NameOf))} → {NameOf(dropped.Task)}.";

    private string NameOf(TaskId task) =>
        _rows.TryGetValue(task, out var row) ? row.SourceId : _named.GetValueOrDefault(task, task.Value);

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return (_line == 1 && line.StartsWith(mark) ? line[mark.Length..] : line).Trim(" \t\r"u8);
    }
}
