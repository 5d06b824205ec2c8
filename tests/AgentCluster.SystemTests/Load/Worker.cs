using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Load;

/// <summary>
/// One agent that creates, claims and finishes tasks without a pause, until its node is gone. It remembers what it was
/// not answered, and goes on from there when the node is back.
/// </summary>
internal sealed class Worker(Caller caller, string agent, string project, Random random)
{
    private readonly List<Request> _answered = [];
    private Request? _open;
    private Grant? _held;
    private bool _foundNothing;
    private int _count;

    /// <summary>Works until the connection is lost or <paramref name="stop"/> is asked for.</summary>
    /// <param name="node">The node as it is now.</param>
    /// <param name="onAnswer">Called after each answer.</param>
    /// <param name="stop">Seen between two requests.</param>
    public async Task WorkAsync(NodeClient node, Action onAnswer, CancellationToken stop)
    {
        await ResumeAsync(node);
        while (!stop.IsCancellationRequested)
        {
            var request = _open ?? Next();
            var operation = await caller.SendAsync(node, request, CancellationToken.None);
            Learn(request, operation);
            if (operation.Answer is null)
            {
                return;
            }

            onAnswer();
        }
    }

    // Mostly the unanswered request is sent again, sometimes it stays open for ever; and an answered one is sent again.
    private async Task ResumeAsync(NodeClient node)
    {
        if (_open is { } open && random.Next(4) > 0)
        {
            Learn(open, await caller.SendAsync(node, open, CancellationToken.None));
        }
        else if (_open is not null)
        {
            (_open, _held) = (null, null);
        }

        if (_answered.Count > 0)
        {
            await caller.SendAsync(node, _answered[random.Next(_answered.Count)], CancellationToken.None);
        }
    }

    private Request Next()
    {
        var key = $"{agent}-{++_count}";
        if (_held is null)
        {
            return _foundNothing || random.Next(10) < 3
                ? Request.Create(key, agent, project, $"{agent} {_count}")
                : Request.ClaimNext(key, agent, project);
        }

        return random.Next(10) switch
        {
            < 2 => Request.Progress(key, _held),
            < 5 => Request.Complete(key, _held),
            < 8 => Request.CompleteAndClaim(key, _held, project),
            8 => Request.Release(key, _held),
            _ => Request.Fail(key, _held),
        };
    }

    private void Learn(Request request, Operation operation)
    {
        // A repeat that was not done says nothing about what it repeats.
        var stillOpen = operation.Outcome == Outcome.NotDone && ReferenceEquals(request, _open);
        _open = operation.Outcome == Outcome.Unknown || stillOpen ? request : null;
        _foundNothing = request.Verb == Verb.Claim && operation.Outcome == Outcome.Refused;
        switch (operation.Outcome)
        {
            case Outcome.Done:
                _held = request.Verb switch
                {
                    Verb.Create or Verb.Progress => _held,
                    _ => operation.Granted,
                };
                if (request.Verb is not Verb.Progress)
                {
                    _answered.Add(request);
                }

                break;
            case Outcome.Refused when request.Token is not null:
                _held = null;
                break;
        }
    }
}
