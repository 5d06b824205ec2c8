using System.IO.Pipelines;

namespace AgentCluster.Tests.Transport;

/// <summary>A connection in memory: what one side writes the other reads.</summary>
internal sealed class PipePair
{
    private readonly Pipe _there = new(), _back = new();

    public IDuplexPipe Calling => new Side(_back.Reader, _there.Writer);

    public IDuplexPipe Called => new Side(_there.Reader, _back.Writer);

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
