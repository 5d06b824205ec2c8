using System.IO.Pipelines;
using AgentCluster.Transport.Frames;

namespace AgentCluster.Transport.Connections;

/// <summary>Reads the frames of one connection until it ends.</summary>
internal static class FrameReading
{
    /// <summary>Gives each frame to <paramref name="taker"/>.</summary>
    /// <param name="input">Of the connection.</param>
    /// <param name="most">How many bytes a body may have.</param>
    /// <param name="taker">Who has the connection.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="FrameException">What came is no frame.</exception>
    public static async Task RunAsync(PipeReader input, int most, IFrameTaker taker, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await new NextRead(input.ReadAsync(cancellationToken), taker);
            var read = result.Buffer;
            taker.Begin();
            try
            {
                while (Frame.TryTake(ref read, most, out var frame))
                {
                    taker.Take(frame, read.IsEmpty);
                }
            }
            finally
            {
                taker.End();
            }

            input.AdvanceTo(read.Start, read.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}

/// <summary>What one side of a connection does with the frames that it reads, one read after the other.</summary>
internal interface IFrameTaker
{
    /// <summary>Frames have come.</summary>
    void Begin();

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">Valid during the call.</param>
    /// <param name="isLast">Whether it is the last of those that came together.</param>
    void Take(in Frame frame, bool isLast);

    /// <summary>These were all that came together.</summary>
    void End()
    {
    }

    /// <summary>This thread is free: another one takes what comes next, perhaps already.</summary>
    void Rest()
    {
    }
}
