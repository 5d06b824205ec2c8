using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace AgentCluster.SystemTests.Networks;

/// <summary>
/// A test that takes networks apart: there is one in the long run on a machine that gives network namespaces (root and iproute2 on Linux),
/// and none elsewhere. What every run has to show of lost connections, the tests with a proxy do.
/// </summary>
[XunitTestCaseDiscoverer(typeof(NetworkFactDiscoverer))]
public sealed class NetworkFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : FactAttribute(file, line);

/// <summary>Finds no test where there is no network to take apart.</summary>
public sealed class NetworkFactDiscoverer : FactDiscoverer
{
    private static readonly Lazy<bool> IsThere = new(() => OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1" && GivesNamespaces());

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        IsThere.Value ? await base.Discover(discoveryOptions, testMethod, factAttribute) : [];

    // As ./test.sh asks, which says so where there are none.
    private static bool GivesNamespaces()
    {
        var name = $"agentcluster-{Environment.ProcessId}-probe";
        using var probe = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"ip netns add {name} && ip netns del {name}"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }
}
