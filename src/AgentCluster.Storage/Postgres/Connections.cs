using AgentCluster.Actors;
using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>Asks a pool of connections, and says it in one way when the database does not answer.</summary>
/// <param name="sources">The store's.</param>
/// <param name="pool">The one of them that is asked.</param>
/// <param name="bound">How many calls may wait.</param>
/// <param name="patience">How long a question waits for its answer, all in all.</param>
internal sealed class Connections(Sources sources, NpgsqlDataSource pool, int bound, TimeSpan patience)
{
    private int _waiting;

    /// <summary>Asks in one round trip. A question is asked a second time where the first met a connection that had died idle.</summary>
    /// <param name="commands">One statement, or several that each see a moment of their own.</param>
    /// <param name="read">Reads the answers.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="within">How long it waits, if less than others.</param>
    /// <exception cref="StoreUnavailableException">No answer, or too many wait.</exception>
    public async Task<T> AskAsync<T>(
        IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        var time = within ?? patience;
        var asking = AskOrRepeatAsync(commands, read, time, cancellationToken);
        try
        {
            return await asking.WaitAsync(time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // On a connection that died without a word the driver waits longer than any caller should: for the answer, and then to cancel.
            sources.Forget();
            throw new StoreUnavailableException($"Expected an answer of the database within {time.TotalSeconds:0} s, found none yet.");
        }
    }

    private async Task<T> AskOrRepeatAsync<T>(
        IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read, TimeSpan time, CancellationToken cancellationToken)
    {
        for (var isRepeat = false; ; isRepeat = true)
        {
            try
            {
                return await UseAsync(async (connection, over) =>
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(over, cancellationToken);
                    return await AskAsync(connection, commands, read, either.Token);
                }, cancellationToken, time);
            }
            catch (StoreUnavailableException away)
                when (!isRepeat && away.InnerException is { } cause && PostgresError.IsLostConnection(cause) && !PostgresError.IsTimeout(cause))
            {
                // The pool is empty now: the second attempt opens a connection, or fails for what is so now. Who has waited for a time-out
                // is not made to wait for another.
            }
        }
    }

    /// <summary>Asks in one round trip; all statements see the same moment.</summary>
    public Task<T> AtOneMomentAsync<T>(
        IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        AskAsync(
            [new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), .. commands, new("COMMIT")],
            read,
            cancellationToken);

    /// <summary>Lends a connection for a statement.</summary>
    /// <param name="use">Told when it has waited long enough: then the connection is over, and what became of the statement is unknown.</param>
    /// <param name="cancellationToken">Stops the waiting for a connection.</param>
    /// <param name="within">How long it waits for its answer, if less than others.</param>
    /// <exception cref="StoreUnavailableException">None can be had, or what was done with it failed in the store; the cause is in it.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        if (Interlocked.Increment(ref _waiting) > bound)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StoreUnavailableException($"Expected at most {bound} calls to wait for the database, found as many: slow down.");
        }

        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancellationToken);
            using var over = new Patience(within ?? patience);
            try
            {
                return await use(connection, over.Token);
            }
            catch (OperationCanceledException ended) when (over.Token.IsCancellationRequested)
            {
                throw new TimeoutException($"Expected an answer within {(within ?? patience).TotalSeconds:0} s, found none.", ended);
            }
        }
        catch (Exception error) when (PostgresError.IsOfStore(error) && !cancellationToken.IsCancellationRequested)
        {
            if (PostgresError.IsLostConnection(error))
            {
                sources.Forget();
            }

            throw new StoreUnavailableException(PostgresError.Told(error), error);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static async Task<T> AskAsync<T>(
        NpgsqlConnection connection, IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await read(reader);
    }
}
