using System.Net.Sockets;
using AgentCluster.Runtime.Store;
using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>What is certain after the database or the way to it failed.</summary>
internal static class PostgresError
{
    /// <summary>Whether this is what the database or the way to it does, and not a bug of this program.</summary>
    public static bool IsOfStore(Exception error) =>
        error is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException
        || error is OperationCanceledException { InnerException: NpgsqlException or TimeoutException };

    /// <summary>Whether the connection is of no more use, and those that were opened with it neither.</summary>
    public static bool IsLostConnection(Exception error) => !IsAnswer(error);

    /// <summary>Whether nothing came in time: unlike one that was reset, such a connection was waited for.</summary>
    public static bool IsTimeout(Exception error) => error is TimeoutException || (error.InnerException is { } cause && IsTimeout(cause));

    /// <summary>The outcome of a statement that was sent.</summary>
    /// <remarks>
    /// An answer of severity ERROR says that the statement's transaction was rolled back. Everything else says nothing: a FATAL one ends
    /// the connection, perhaps after the commit; a time-out of the driver's own leaves the statement running.
    /// </remarks>
    public static CommitOutcome OutcomeOf(Exception error) => error is PostgresException answer && IsAnswer(error)
        ? answer.SqlState switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => CommitOutcome.Busy,
            PostgresErrorCodes.DiskFull => CommitOutcome.Full,
            _ when IsDataError(answer.SqlState) => CommitOutcome.Refused,
            _ => CommitOutcome.Failed,
        }
        : CommitOutcome.Unknown;

    /// <summary>In words for operators; what was written is not in it.</summary>
    public static string Told(Exception error) => error is PostgresException answer
        ? $"{answer.MessageText} (PostgreSQL {answer.SqlState})"
        : error.InnerException is { } cause ? $"{error.Message} {cause.Message}" : error.Message;

    private static bool IsAnswer(Exception error) => error is PostgresException { InvariantSeverity: "ERROR" };

    // Cardinality (one row twice in a group), values, constraints, and limits such as an index entry's size.
    private static bool IsDataError(string state) =>
        state.StartsWith("21", StringComparison.Ordinal) || state.StartsWith("22", StringComparison.Ordinal)
        || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal);
}
