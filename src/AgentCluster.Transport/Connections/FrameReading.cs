using System.IO.Pipelines;
using AgentCluster.Transport.Frames;

namespace AgentCluster.Transport.Connections;

/// <summary>Reads the frames of one connection until it ends.</summary>
internal static class FrameReading
{
    /// <summary>Gives each frame to <paramref name="take"/>, those that came together between <paramref name="begin"/> and <paramref name="end"/>.</summary>
    /// <param name="input">Of the connection.</param>
    /// <param name="most">How many bytes a body may have.</param>
    /// <param name="begin">Before the frames of one read.</param>
    /// <param name="take">Valid during the call; and whether it is the last that has come.</param>
    /// <param name="end">After them.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="FrameException">What came is no frame.</exception>
    public static async Task RunAsync(
        PipeReader input, int most, Action begin, Action<Frame, bool> take, Action end, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var read = result.Buffer;
            begin();
            try
            {
                while (Frame.TryTake(ref read, most, out var frame))
                {
                    take(frame, read.IsEmpty);
                }
            }
            finally
            {
                end();
            }

            input.AdvanceTo(read.Start, read.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
