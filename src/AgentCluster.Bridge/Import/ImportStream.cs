using System.Buffers;
using System.IO.Pipelines;
using AgentCluster.Actors;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Import;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Import;

/// <summary>
/// Takes a stream of rows apart and sends them to a project's registry, a chunk at a time. Memory holds one row and
/// one chunk; a stream that breaks off has done what was sent, and a repeat resumes because rows have an identity.
/// </summary>
/// <param name="tasks">Sends commands.</param>
/// <param name="project">The project that the rows go to.</param>
/// <param name="run">Knows the rows, and what it came to.</param>
internal sealed class ImportStream(TaskCalls tasks, string project, ImportRun run)
{
    private IImportBody? _body;
    private bool _isPartlyDone;

    /// <summary>Reads to the end, sends everything, and tells what it came to.</summary>
    /// <param name="body">The rows.</param>
    public async ValueTask<ImportReport> ReadAsync(PipeReader body)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            var rest = read.Buffer;
            _body ??= Recognize(rest, read.IsCompleted);
            var chunk = _body?.Take(ref rest, read.IsCompleted);

            // Handed back before anything is awaited: a registry that refuses must not leave the body half read.
            body.AdvanceTo(rest.Start, chunk is null ? rest.End : rest.Start);
            if (chunk is not null)
            {
                run.Heard(await AskAsync(chunk));
            }
            else if (read.IsCompleted)
            {
                return await EndAsync();
            }
        }
    }

    private async ValueTask<ImportReport> EndAsync()
    {
        if (run.Flush() is { } last)
        {
            run.Heard(await AskAsync(last));
        }

        foreach (var adoption in run.Adoptions())
        {
            await AskAsync(adoption);
        }

        return run.Report();
    }

    /// <summary>A chunk that is refused is not done; the import of which others were taken is not "not done".</summary>
    private async ValueTask<ImportReply> AskAsync(ICommand<ImportReply> command)
    {
        try
        {
            var reply = await tasks.AskAsync(project, command, id: null);
            _isPartlyDone = true;
            return reply;
        }
        catch (ActorUnavailableException refused) when (_isPartlyDone)
        {
            throw new OutcomeUnknownException(refused.Actor, $"rows were taken, and the next refused: {refused.Detail}. A repeat resumes.");
        }
    }

    /// <summary>Rows stand in lines, or in a list: its first character shows which. A task-master file is always one document.</summary>
    /// <returns>Null while only blanks have come.</returns>
    private IImportBody? Recognize(in ReadOnlySequence<byte> rest, bool isLast)
    {
        if (run.IsOneDocument)
        {
            return new ImportDocument(run);
        }

        SequenceReader<byte> reader = new(rest);
        reader.AdvancePastAny([0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n']);
        return reader.TryPeek(out var first) ? first == '[' ? new ImportDocument(run) : new ImportLines(run)
            : isLast || rest.Length > ImportRun.LineLength ? new ImportLines(run)
            : null;
    }
}
