using AgentCluster.Actors;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.TestKit.Behaviors;

/// <summary>
/// A <see cref="BehaviorSpec{TBehavior,TState,TCommand,TEvent}"/> for behaviors that recover from rows: it loads what a
/// decision needs, forgets it after each turn as a runtime may, and can recover at any time.
/// </summary>
/// <inheritdoc/>
public abstract class RowBehaviorSpec<TBehavior, TState, TCommand, TEvent>(string name)
    : BehaviorSpec<TBehavior, TState, TCommand, TEvent>(name)
    where TBehavior : IRowBehavior<TState, TCommand, TEvent>
    where TState : class, IRowState
    where TCommand : class, ICommand
    where TEvent : class
{
    private const int MostLoads = 8;
    private readonly HashSet<RowKey> _loaded = [];

    /// <summary>How many loads the last turn took.</summary>
    protected int Loads { get; private set; }

    /// <summary>Drops the actor and recovers it from its rows: soft facts are lost.</summary>
    protected void Recover() => State = Recovered();

    /// <summary>The state that a recovery from the rows gives.</summary>
    protected TState Recovered()
    {
        var open = TBehavior.Open(Self.Name).SelectMany(query =>
        {
            RowFilter filter = new(query);
            return Rows.Values.Where(row => row.Key.Table == query.Table.Name && filter.Meets(row));
        });
        return TBehavior.Load(TBehavior.Initial(Self.Name), [.. open]);
    }

    /// <summary>Rows = memory = recovered memory = the fold of all events.</summary>
    protected void ExpectAllAlike()
    {
        var recovered = Recovered();
        var folded = Folded();
        foreach (var (key, row) in Rows)
        {
            var expected = RowText.Of(row);
            ExpectAlike(expected, State.Project(key), "memory");
            ExpectAlike(expected, recovered.Project(key), "recovered memory");
            ExpectAlike(expected, folded.Project(key) ?? throw Missing(expected), "the fold of the events");
        }
    }

    private protected override Decision<TEvent> Decide(TCommand command)
    {
        HashSet<RowKey> absent = [];
        for (Loads = 0; ; Loads++)
        {
            Expect(Loads <= MostLoads, $"{command.GetType().Name} asks for ever more rows.");
            var decision = TBehavior.Decide(State, command, Turn(Loads == 0 ? null : absent));
            if (decision.Missing.IsEmpty)
            {
                return decision;
            }

            Expect(decision.Events.IsEmpty && decision.Reply is null, "A decision that needs rows holds something else.");
            var before = _loaded.Except(decision.Missing).ToList();
            State = TBehavior.Load(State, [.. decision.Missing.Where(Rows.ContainsKey).Select(key => Rows[key])]);
            absent.UnionWith(decision.Missing.Where(key => !Rows.ContainsKey(key)));
            _loaded.UnionWith(decision.Missing);
            Forget(before);
        }
    }

    private protected override void Committed(IReadOnlyCollection<RowKey> touched)
    {
        Forget([.. touched, .. _loaded]);
        _loaded.Clear();
    }

    private void Forget(IEnumerable<RowKey> keys)
    {
        foreach (var key in keys)
        {
            State = TBehavior.Forget(State, key);
        }
    }

    private static void ExpectAlike(string expected, Row? found, string where) =>
        Expect(
            found is null || RowText.Of(found) == expected,
            $"A row differs from {where}.\nrow:   {expected}\nfound: {(found is null ? "" : RowText.Of(found))}");

    private static InvalidOperationException Missing(string row) => new($"The fold of the events lacks {row}.");
}
