using System.Buffers;
using System.IO.Pipelines;
using AgentCluster.Actors;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Import;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Import;

/// <summary>
/// Takes a stream of lines apart and sends them to a project's registry, a chunk at a time. Memory holds one line and
/// one chunk; a stream that breaks off has done what was sent, and a repeat resumes because rows have an identity.
/// </summary>
/// <param name="tasks">Sends commands.</param>
/// <param name="project">The project that the rows go to.</param>
/// <param name="run">Knows the lines' format, and what it came to.</param>
internal sealed class ImportStream(TaskCalls tasks, string project, ImportRun run)
{
    private bool _isTooLong;
    private bool _isPartlyDone;

    /// <summary>Reads to the end, sends everything, and tells what it came to.</summary>
    /// <param name="body">The lines.</param>
    public async ValueTask<ImportReport> ReadAsync(PipeReader body)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            var rest = read.Buffer;
            var chunk = Take(ref rest, read.IsCompleted);

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

    /// <summary>Takes lines until a chunk is full or there is no whole line left.</summary>
    private TaskRegistryCommand.ImportRows? Take(ref ReadOnlySequence<byte> rest, bool isLast)
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
