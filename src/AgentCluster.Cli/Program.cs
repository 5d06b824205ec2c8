using AgentCluster.Cli;

return await Pbm.RunAsync(args, Console.Out, Console.Error, !Console.IsOutputRedirected, Environment.GetEnvironmentVariable, Console.In);
