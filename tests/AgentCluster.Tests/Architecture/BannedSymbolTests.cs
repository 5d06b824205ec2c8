using System.Reflection;
using System.Text;

namespace AgentCluster.Tests.Architecture;

/// <summary>
/// The list of banned symbols says what it means: an entry that names nothing bans nothing, and one overload that is
/// forgotten is the one that somebody will call.
/// </summary>
public sealed class BannedSymbolTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "BannedSymbols.txt"));
    private static readonly HashSet<string> Banned = [.. Lines.Select(line => line.Split(';')[0])];

    public static TheoryData<Type, string> EveryOverload => new()
    {
        { typeof(Task), nameof(Task.Run) },
        { typeof(Task), nameof(Task.WhenAny) },
        { typeof(Task), nameof(Task.WhenEach) },
        { typeof(Task), nameof(Task.ConfigureAwait) },
        { typeof(Task<>), nameof(Task.ConfigureAwait) },
        { typeof(ValueTask), nameof(Task.ConfigureAwait) },
        { typeof(ValueTask<>), nameof(Task.ConfigureAwait) },
        { typeof(Task), nameof(Task.Wait) },
        { typeof(CancellationTokenSource), nameof(CancellationTokenSource.CancelAsync) },
        { typeof(System.Threading.Channels.ChannelReader<>), "ReadAllAsync" },
        { typeof(Guid), nameof(Guid.NewGuid) },
        { typeof(Random), ".ctor" },
    };

    /// <summary>What is banned unless it is told the clock, the scheduler, or to wait without a token.</summary>
    public static TheoryData<Type, string, Type?> EveryOverloadWithout => new()
    {
        { typeof(Task), nameof(Task.Delay), typeof(TimeProvider) },
        { typeof(Task), nameof(Task.WaitAsync), typeof(TimeProvider) },
        { typeof(Task<>), nameof(Task.WaitAsync), typeof(TimeProvider) },
        { typeof(Task), nameof(Task.ContinueWith), typeof(TaskScheduler) },
        { typeof(Task<>), nameof(Task.ContinueWith), typeof(TaskScheduler) },
        { typeof(TaskFactory), nameof(TaskFactory.StartNew), typeof(TaskScheduler) },
        { typeof(SemaphoreSlim), nameof(SemaphoreSlim.WaitAsync), null },
    };

    // Broken on purpose: WhenAny of two typed tasks taken off the list.
    [Theory]
    [MemberData(nameof(EveryOverload))]
    public void Every_overload_is_banned(Type type, string name)
    {
        var overloads = Members(type).Where(member => member.Name == name).Select(Id).ToList();

        Assert.NotEmpty(overloads);
        Assert.Empty(overloads.Except(Banned));
    }

    [Theory]
    [MemberData(nameof(EveryOverloadWithout))]
    public void Every_overload_is_banned_that_is_not_told_what_it_needs(Type type, string name, Type? told)
    {
        var overloads = Members(type).OfType<MethodInfo>().Where(method => method.Name == name)
            .Where(method => told is null
                ? method.GetParameters().Length > 0
                : method.GetParameters().Length > 0 && method.GetParameters().All(parameter => parameter.ParameterType != told))
            .Where(method => told is null || method.GetParameters()[0].ParameterType != typeof(CancellationToken))
            .Select(Id).ToList();

        Assert.NotEmpty(overloads);
        Assert.Empty(overloads.Except(Banned));
    }

    // Broken on purpose: a letter of "ReadAllAsync" changed.
    [Fact]
    public void Every_entry_names_something_and_says_what_to_do_instead()
    {
        var assemblies = new[]
        {
            typeof(object), typeof(System.Diagnostics.Stopwatch), typeof(System.Threading.Channels.Channel), typeof(File), typeof(Parallel),
            typeof(System.Diagnostics.Process), typeof(System.Net.Sockets.Socket), typeof(ParallelEnumerable), typeof(System.Timers.Timer),
            typeof(System.IO.Pipelines.Pipe), typeof(System.Collections.Concurrent.ConcurrentDictionary<,>),
            typeof(System.Security.Cryptography.RandomNumberGenerator),
        }.Select(type => type.Assembly).Distinct().SelectMany(assembly => assembly.GetExportedTypes()).ToLookup(type => type.FullName!);

        var nothing = Lines.Where(line => line.Split(';') is not [var symbol, { Length: > 0 }] || !Exists(symbol));

        Assert.Empty(nothing);

        bool Exists(string symbol)
        {
            if (symbol.StartsWith("T:", StringComparison.Ordinal))
            {
                return assemblies[symbol[2..]].Any();
            }

            var path = symbol.Split('(')[0];
            return assemblies[path[2..path.LastIndexOf('.')]].SelectMany(Members).Select(Id).Contains(symbol);
        }
    }

    private static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is MethodBase or PropertyInfo);

    /// <summary>The name of a member as the analyzer's list writes it.</summary>
    private static string Id(MemberInfo member)
    {
        var id = new StringBuilder(member is PropertyInfo ? "P:" : "M:")
            .Append(member.DeclaringType!.FullName).Append('.').Append(member.Name.Replace('.', '#'));
        if (member is not MethodBase method)
        {
            return id.ToString();
        }

        if (method.IsGenericMethod)
        {
            id.Append("``").Append(method.GetGenericArguments().Length);
        }

        var parameters = method.GetParameters().Select(parameter => Name(parameter.ParameterType)).ToList();
        return parameters.Count == 0 ? id.ToString() : $"{id}({string.Join(',', parameters)})";
    }

    private static string Name(Type type) => type switch
    {
        { IsGenericMethodParameter: true } => $"``{type.GenericParameterPosition}",
        { IsGenericTypeParameter: true } => $"`{type.GenericParameterPosition}",
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Namespace}.{type.Name.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(Name))}}}",
        _ => type.FullName ?? type.Name,
    };
}
