// How fast it is, beside what is written by hand or left out, in the same run:
//
//   dotnet run -c Release --project tests/AgentCluster.Benchmarks                  the whole table, about eleven minutes
//   dotnet run -c Release --project tests/AgentCluster.Benchmarks -- --only NAME   one measure; an unknown name lists them
//   … -- --json                                                                    a line of JSON a figure, nothing else on stdout
//
// A figure is a value and its ratio to a baseline that took turns with it, as the median of several rounds with the least
// and the largest: a machine that is busy slows both. Where the table asks for an absolute number, that number is the
// baseline. Of the whole table each measure runs in a process of its own, so that none finds the heap or the threads of
// another. Exit code: 0 when every figure with a target meets it, 1 when one falls short or is void, 64 for wrong arguments.

using AgentCluster.Benchmarks;
using AgentCluster.Benchmarks.Measures;
using AgentCluster.Benchmarks.Output;
using AgentCluster.Benchmarks.Subjects;

if (args is [OtherNode.Argument])
{
    return await OtherNode.AnswerAsync();
}

var began = TimeProvider.System.GetTimestamp();
if (Arguments.Read(args, out var wrong) is not { } arguments)
{
    Console.Error.WriteLine(wrong);
    return 64;
}

var isOk = true;
foreach (var measure in arguments.Chosen)
{
    var figures = arguments.IsWhole ? await Apart.RunAsync(measure.Name) : await measure.RunAsync(Console.Error.WriteLine);
    foreach (var figure in figures)
    {
        Console.Out.WriteLine(arguments.AsJson ? Report.Json(figure) : Report.Text(figure));
        isOk &= figure.IsOk;
    }
}

Console.Error.WriteLine($"took {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");
return isOk ? 0 : 1;
