using System.Diagnostics;

namespace AgentCluster.Tests.Bridge.Contract;

/// <summary>
/// The served document as two independent judges see it: no error and no warning of the rules that they recommend. The
/// judges are npm packages, pinned in <c>tests/OpenApi</c> and installed by <c>test.sh</c>.
/// </summary>
public sealed class OpenApiLintTests : IAsyncLifetime
{
    private static readonly string Judges = Path.Combine(Repository.Root, "tests", "OpenApi");

    private readonly NoNode _nothing = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("openapi").FullName;
    private BridgeUnderTest _bridge = null!;

    public async ValueTask InitializeAsync() => _bridge = await BridgeUnderTest.StartAsync(new ScriptedActors(), _nothing, _nothing);

    public async ValueTask DisposeAsync()
    {
        await _bridge.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Broken on purpose: a tag without description, a reference to a schema that there is not.
    [Theory]
    [InlineData("redocly", "lint", "--config", "redocly.yaml", "--format=json", "\"totals\":{\"errors\":0,\"warnings\":0,")]
    [InlineData("spectral", "lint", "--ruleset", ".spectral.yaml", "--fail-severity=warn", "Noresultswithaseverityof'warn'orhigherfound!")]
    public async Task The_document_satisfies(string judge, string verb, string option, string rules, string strictly, string verdict)
    {
        var document = Path.Combine(_folder, "v1.json");
        await File.WriteAllTextAsync(document, (await _bridge.GetAsync("/openapi/v1.json")).Is(200).Text, TestContext.Current.CancellationToken);

        var said = await RunAsync(judge, verb, option, rules, strictly, document);

        Assert.Contains(verdict, string.Concat(said.Split()), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string judge, params IEnumerable<string> arguments)
    {
        var program = Path.Combine(Judges, "node_modules", ".bin", judge);
        Assert.True(File.Exists(program), $"Expected {program}; ./test.sh installs it, and so does 'npm ci --ignore-scripts' in {Judges}.");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Judges, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var said = await process.StandardOutput.ReadToEndAsync(patience.Token) + await errors;
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, said);
            return said;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
