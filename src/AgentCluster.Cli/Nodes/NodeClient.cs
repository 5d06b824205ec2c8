using AgentCluster.Client;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Nodes;

/// <summary>Asks one node, and tells how <c>pbm</c> ends.</summary>
/// <param name="target">Which node, as whom, and for how long.</param>
/// <param name="say">Tells people why it takes long.</param>
internal sealed class NodeClient(Target target, Action<string> say) : IDisposable
{
    private readonly Sender? _sender = target.Options is { } options ? new(options with { Delayed = say }) : null;

    /// <summary>Says that the address is none.</summary>
    public static NodeAnswer WrongAddress(Target target) => NodeAnswer.Without(
        ExitCodes.Usage, $"--node: expected an address such as http://127.0.0.1:5080, found '{target.Address}'.");

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="cancellationToken">Interrupts the waiting; what was asked may still be done.</param>
    public async Task<NodeAnswer> SendAsync(NodeRequest request, CancellationToken cancellationToken)
    {
        if (_sender is null)
        {
            return WrongAddress(target);
        }

        var outcome = await _sender.SendAsync(request, target.Key, cancellationToken);
        var answer = Of(outcome);
        return outcome.IsUnknown && request.IdempotencyKey is { } key ? answer with
        {
            Words = [.. answer.Words, $"It is not known whether it was done. The same command with --idempotency-key {key} finds out, and does nothing twice."],
        }
        : answer;
    }

    public void Dispose() => _sender?.Dispose();

    private static NodeAnswer Of(Outcome outcome) => outcome switch
    {
        Outcome.Done done => new(ExitCodes.Done, done.Answer, []),
        Outcome.Refused { Problem: var problem } => NodeAnswer.Without(ExitCodes.Of(problem.Status), Refusal.Words(problem)),
        Outcome.Away away => NodeAnswer.Without(ExitCodes.Unreachable, away.Words),
        Outcome.Foreign foreign => NodeAnswer.Without(ExitCodes.Failed, foreign.Words),
        _ => throw new System.Diagnostics.UnreachableException($"{outcome}"),
    };
}
