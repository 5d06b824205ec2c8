using System.Buffers;
using AgentCluster.Domain.Import;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Import;

/// <summary>Rows that stand in the lists of one JSON document.</summary>
/// <param name="run">Knows the rows' format.</param>
internal sealed class ImportDocument(ImportRun run) : IImportBody
{
    private readonly DocumentCutter _cutter = new(run.ElementLength);
    private bool _isBrokenOff;

    /// <inheritdoc/>
    public TaskRegistryCommand.ImportRows? Take(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        try
        {
            while (!_isBrokenOff && !rest.IsEmpty)
            {
                var bytes = rest.FirstSpan;
                var isCut = _cutter.TryCut(ref bytes);
                rest = rest.Slice(rest.FirstSpan.Length - bytes.Length);
                if (isCut && run.Add(_cutter) is { } chunk)
                {
                    return chunk;
                }
            }

            if (isLast && !_isBrokenOff)
            {
                _isBrokenOff = true;
                _cutter.End();
            }
        }
        catch (FormatException error)
        {
            // What came before is taken; what comes after is read to its end and passed over.
            _isBrokenOff = true;
            run.BreakOff(_cutter.Line, error.Message);
        }

        rest = rest.Slice(rest.End);
        return null;
    }
}
