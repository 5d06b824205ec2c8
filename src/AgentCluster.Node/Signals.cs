using System.Runtime.InteropServices;

namespace AgentCluster.Node;

/// <summary>The first SIGTERM or SIGINT asks the node to drain; the second ends it at once, which loses nothing that was answered.</summary>
internal sealed class Signals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public Signals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear),
    ];

    /// <summary>Ends with the first signal.</summary>
    public Task Asked => _asked.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Hear(PosixSignalContext context)
    {
        // Only the first is ours: the second keeps its own meaning, the end of the process.
        context.Cancel = _asked.TrySetResult();
        if (!context.Cancel)
        {
            Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
        }
    }
}
