using System.Text.Json;
using AgentCluster.Client;

namespace AgentCluster.Cli.Nodes;

/// <summary>Follows a node's live events, and tells how <c>pbm</c> ends.</summary>
/// <param name="target">Which node, as whom, and how long it may be away.</param>
internal sealed class EventFeed(Target target)
{
    /// <summary>Hands over each event until told to stop.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="heard">Gets the event as JSON; says whether to go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NodeAnswer> FollowAsync(string path, Func<JsonElement, bool> heard, CancellationToken cancellationToken)
    {
        if (target.Options is not { } options)
        {
            return NodeClient.WrongAddress(target);
        }

        using var sender = new Client.Calls.Sender(options);
        try
        {
            await foreach (var happened in new Client.Live.EventFeed(options, sender.Http).DataAsync(new(options.Address, path), cancellationToken))
            {
                if (!heard(happened))
                {
                    break;
                }
            }

            return NodeAnswer.Without(ExitCodes.Done);
        }
        catch (RefusedException refused)
        {
            return NodeAnswer.Without(ExitCodes.Of(refused.Problem.Status), Refusal.Words(refused.Problem));
        }
        catch (NodeAwayException away)
        {
            return NodeAnswer.Without(ExitCodes.Unreachable, away.Message);
        }
        catch (ForeignAnswerException foreign)
        {
            return NodeAnswer.Without(ExitCodes.Failed, foreign.Message);
        }
    }
}
