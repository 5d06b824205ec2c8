using System.Globalization;
using System.Net.Sockets;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Stands between nodes and their database: passes everything on, cuts connections right behind what was sent, or lets nobody through.</summary>
internal sealed class CuttingProxy(int database) : LoopbackProxy(database)
{
    private readonly int _database = database;
    private int _left;
    private int _cuts;

    /// <summary>How many connections were cut behind a statement that the database had got whole.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>After how many large messages of nodes the connection is cut, the message passed on and its answer lost; 0 for never.</summary>
    public int CutEvery { get; set; }

    /// <summary>The address of a database, by way of this.</summary>
    public string Through(string address) => address.Replace(
        string.Create(CultureInfo.InvariantCulture, $"Port={_database}"), string.Create(CultureInfo.InvariantCulture, $"Port={Port}"), StringComparison.Ordinal);

    protected override async Task PassAsync(TcpClient caller, TcpClient target)
    {
        var answers = CopyAsync(target, caller, _ => Passing.On);
        await CopyAsync(caller, target, bytes => IsCut(bytes) ? Passing.Last : Passing.On);
        caller.Close();

        // What was sent is read to its end: the database must not learn of the cut before it has done what it was asked.
        target.Client.Shutdown(SocketShutdown.Send);
        await answers;
    }

    /// <summary>Whether the connection ends behind this message. A commit is the largest that nodes send.</summary>
    private bool IsCut(int bytes)
    {
        if (CutEvery == 0 || bytes < 400 || Interlocked.Increment(ref _left) % CutEvery != 0)
        {
            return false;
        }

        Interlocked.Increment(ref _cuts);
        return true;
    }
}
