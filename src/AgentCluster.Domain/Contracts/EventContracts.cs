using System.Text;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using static AgentCluster.Domain.Agents.AgentCommand;

namespace AgentCluster.Domain.Contracts;

/// <summary>
/// Agents rely on three events: that somebody has a role, that something is requested, and how it stands. Before they do, one of each is
/// decided, written, read back and folded into a state that must be the same. Nothing of it reaches the journal.
/// </summary>
public static class EventContracts
{
    private static readonly Turn Now = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero, Generation: 1);
    private static readonly DelegationId Asked = new(Ulid.Derived("contract", "delegation"));

    /// <summary>Checks one of each.</summary>
    /// <returns>The names of the events that hold, in order, and what does not, in sentences.</returns>
    public static (IReadOnlyList<string> Names, IReadOnlyList<string> Broken) Check() => Check(AgentBehavior.Json.Events);

    internal static (IReadOnlyList<string> Names, IReadOnlyList<string> Broken) Check(NamedJson contracts)
    {
        List<string> names = [], broken = [];
        var (decided, read) = (AgentBehavior.Initial("doctor"), AgentBehavior.Initial("doctor"));
        foreach (var command in Conversation())
        {
            foreach (var happened in AgentBehavior.Decide(decided, command, Now).Events)
            {
                decided = AgentBehavior.Apply(decided, happened);
                Hold(contracts, happened, names, broken, back => read = AgentBehavior.Apply(read, back));
            }
        }

        if (broken.Count == 0 && !Snapshot(decided).SequenceEqual(Snapshot(read)))
        {
            broken.Add("What the events say, read back, is not what was decided.");
        }

        return (names, broken);
    }

    private static IEnumerable<AgentCommand> Conversation() =>
    [
        new RegisterAgent(new() { Name = "Doctor", Roles = ["QA"] }, Rotate: false),
        new DelegateWork(
            Asked, new(new("patient"), Online: true, "QA", null), new("Say ah.") { Subject = "A check" }, 60, QueueIfOffline: false, Task: null, Parent: null),
        new ReportDelegation(Asked, DelegationStatus.Completed, 100, new("Ah.") { Note = "well" }, new("patient")),
    ];

    /// <summary>Its name has a version; what is written reads back; a field that it does not know does no harm; one that is missing is refused.</summary>
    private static void Hold(NamedJson contracts, AgentEvent happened, List<string> names, List<string> broken, Action<AgentEvent> take)
    {
        try
        {
            var (name, payload) = contracts.Write(happened);
            var text = Encoding.UTF8.GetString(payload);
            if (name.LastIndexOf(".v", StringComparison.Ordinal) is not (> 0 and var dot) || !int.TryParse(name.AsSpan(dot + 2), out _))
            {
                broken.Add($"'{name}' has no version in its name.");
            }

            take((AgentEvent)contracts.Read(name, Encoding.UTF8.GetBytes($"{text[..^1]},\"of_a_newer_version\":true}}")));
            if (!Refuses(contracts, name))
            {
                broken.Add($"'{name}' without its fields is read as if it were whole.");
            }

            names.Add(name);
        }
        catch (JsonException wrong)
        {
            broken.Add($"{happened.GetType().Name}: {wrong.Message}");
        }
    }

    private static bool Refuses(NamedJson contracts, string name)
    {
        try
        {
            contracts.Read(name, "{}"u8);
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static byte[] Snapshot(AgentState state) => JsonSerializer.SerializeToUtf8Bytes(state, AgentBehavior.Json.Snapshot!());
}
