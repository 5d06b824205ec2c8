using AgentCluster.Node;
using AgentCluster.Node.Settings;

if (CommandLine.AsksForHelp(args))
{
    Console.Out.WriteLine(CommandLine.Usage);
    return ExitCodes.Done;
}

try
{
    return await NodeProcess.RunAsync(CommandLine.Read(args, Environment.GetEnvironmentVariable), Console.Out, Console.Error);
}
catch (SettingsException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(CommandLine.Usage);
    return ExitCodes.Usage;
}
