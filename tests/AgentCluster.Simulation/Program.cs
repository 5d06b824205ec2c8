using AgentCluster.Simulation;

return Commands.Run(args);
