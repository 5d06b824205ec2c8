using System.Buffers;
using AgentCluster.Domain.Import;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Import;

/// <summary>How a body is taken apart.</summary>
internal interface IImportBody
{
    /// <summary>Takes rows until a chunk is full or there is no whole one left.</summary>
    /// <param name="rest">What has come; what was read is taken off.</param>
    /// <param name="isLast">Whether nothing more comes.</param>
    TaskRegistryCommand.ImportRows? Take(ref ReadOnlySequence<byte> rest, bool isLast);
}

/// <summary>A row a line.</summary>
/// <param name="run">Knows the rows' format.</param>
internal sealed class ImportLines(ImportRun run) : IImportBody
{
    private bool _isTooLong;

    /// <inheritdoc/>
    public TaskRegistryCommand.ImportRows? Take(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            if (Feed(line) is { } chunk)
            {
                return chunk;
            }
        }

        if (isLast && (!rest.IsEmpty || _isTooLong))
        {
            var line = rest;
            rest = rest.Slice(rest.End);
            return Feed(line);
        }

        if (rest.Length > ImportRun.LineLength)
        {
            // The rest of it is passed over as it comes, so that no line is ever held whole.
            _isTooLong = true;
            rest = rest.Slice(rest.End);
        }

        return null;
    }

    private TaskRegistryCommand.ImportRows? Feed(in ReadOnlySequence<byte> line)
    {
        if (_isTooLong || line.Length > ImportRun.LineLength)
        {
            _isTooLong = false;
            run.AddTooLong();
            return null;
        }

        return line.IsSingleSegment ? run.Add(line.FirstSpan) : run.Add(line.ToArray());
    }
}
