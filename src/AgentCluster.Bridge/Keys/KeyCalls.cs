using AgentCluster.Actors;
using AgentCluster.Bridge.Ids;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Keys;

/// <summary>What the operations on keys have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Secrets">Derives the secrets of keys.</param>
/// <param name="Cache">Hears of each change.</param>
/// <param name="Ids">Mints ids.</param>
internal sealed record KeyCalls(IActorClient Actors, KeySecrets Secrets, KeyCache Cache, IIdSource Ids)
{
    /// <summary>Asks the registry of keys. Whatever comes of it, what is known of keys here is read again.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once.</param>
    public async ValueTask<TReply> ChangeAsync<TReply>(ICommand<TReply> command, CommandId? id)
    {
        try
        {
            return await Actors.AskAsync(Kinds.KeysOfAll, command, id, CancellationToken.None);
        }
        finally
        {
            Cache.Forget();
        }
    }
}
