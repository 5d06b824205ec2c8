using AgentCluster.Node.Logs;
using AgentCluster.Node.Settings;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Postgres;
using AgentCluster.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node;

/// <summary>The life of the process: start, say so, wait for a signal, drain, end.</summary>
internal static class NodeProcess
{
    /// <summary>Runs a node until it is asked to end.</summary>
    /// <param name="configuration">What it is set to.</param>
    /// <param name="data">Gets the address and what to do next.</param>
    /// <param name="words">Gets what went wrong.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(Configuration configuration, TextWriter data, TextWriter words)
    {
        using var signals = new Signals();
        await using var services = new ServiceCollection()
            .AddLogOutput(configuration.Settings.Log, isTerminal: !Console.IsErrorRedirected)
            .BuildServiceProvider();
        try
        {
            await using var node = await Composition.StartAsync(
                configuration, services.GetRequiredService<ILoggerFactory>(), CancellationToken.None, level: services.GetRequiredService<LogLevelSwitch>());
            Announce(node, data);
            if (await Task.WhenAny(signals.Asked, node.AskedToEnd, node.DataLost) == node.DataLost)
            {
                await words.WriteLineAsync($"{await node.DataLost} This node ends. Put the file back, or start from a backup.");
                return ExitCodes.DataDirectory;
            }

            await node.DrainAsync(Composition.DrainWithin);
            return ExitCodes.Done;
        }
        catch (Exception refused) when (refused is DataDirectoryException or DataDirectoryInUseException or DataFileException or InvalidDataException)
        {
            await words.WriteLineAsync(refused.Message);
            return ExitCodes.DataDirectory;
        }
        catch (DatabaseException refused)
        {
            await words.WriteLineAsync(refused.Message);
            return ExitCodes.Database;
        }
        catch (IOException taken)
        {
            var http = configuration.Settings.Http;
            await words.WriteLineAsync($"{http.Host}:{http.Port} cannot be listened on: {taken.Message} Choose another with --http HOST:PORT.");
            return ExitCodes.AddressTaken;
        }
    }

    private static void Announce(Composition node, TextWriter data)
    {
        var address = node.Address.ToString().TrimEnd('/');
        data.WriteLine($"AgentCluster is ready at {address}; next: curl {address}/");
        data.WriteLine($"data:       {node.Place}");
        data.WriteLine($"durability: {node.Durability}");
        data.WriteLine("stop:       Ctrl-C or SIGTERM");
        data.Flush();
    }
}
