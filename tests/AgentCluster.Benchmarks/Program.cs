using AgentCluster.Benchmarks.Measures;
using AgentCluster.Benchmarks.Output;

IMeasure[] all = [new ClaimComplete()];
var asJson = false;
string? only = null;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--json":
            asJson = true;
            break;
        case "--only" when i + 1 < args.Length:
            only = args[++i];
            break;
        default:
            Console.Error.WriteLine($"Expected [--only NAME] [--json], found '{args[i]}'.");
            return 64;
    }
}

var chosen = all.Where(measure => only is null || measure.Name == only).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"Expected one of {string.Join(", ", all.Select(measure => measure.Name))}, found '{only}'.");
    return 64;
}

var isOk = true;
foreach (var measure in chosen)
{
    foreach (var figure in await measure.RunAsync(Console.Error.WriteLine))
    {
        Console.Out.WriteLine(asJson ? Report.Json(figure) : Report.Text(figure));
        isOk &= figure.IsOk;
    }
}

return isOk ? 0 : 1;
