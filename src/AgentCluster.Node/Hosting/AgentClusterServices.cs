using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Hosting;

/// <summary>For programs that embed a node.</summary>
public static class AgentClusterServices
{
    /// <summary>Adds a node that starts and drains with the program's host. It logs through the host, so that <c>agentcluster.log.level</c> has no effect.</summary>
    /// <param name="services">The program's; they have logging.</param>
    /// <param name="configure">Says what the node is set to.</param>
    /// <returns>The same services; they give an <see cref="AgentClusterNode"/>.</returns>
    public static IServiceCollection AddAgentCluster(this IServiceCollection services, Action<AgentClusterBuilder> configure)
    {
        var builder = new AgentClusterBuilder();
        configure(builder);
        services.AddSingleton(provider => new AgentClusterNode(builder, provider.GetRequiredService<ILoggerFactory>()));
        return services.AddHostedService(provider => provider.GetRequiredService<AgentClusterNode>());
    }
}
