using AgentCluster.Domain.Conflicts;

namespace AgentCluster.Domain.ConflictDetector.Detecting;

/// <summary>Whose decisions about one thing contradict each other.</summary>
internal static class Disagreeing
{
    public const string Kind = "decision";

    public static IEnumerable<Clash> All(string repository, Book book)
    {
        var holding = book.Decisions.Values.Where(decided => decided.Overruled is null).OrderBy(decided => decided.Place)
            .Select(decided => (Decided: decided, Topic: RecordedDecision.Tokens(decided.Topic))).ToList();
        for (var i = 0; i < holding.Count; i++)
        {
            for (var j = i + 1; j < holding.Count; j++)
            {
                var ((one, topic), (two, other)) = (holding[i], holding[j]);
                if (one.Agent != two.Agent && RecordedDecision.AreOneTopic(topic, other) && !RecordedDecision.IsSame(one.Choice, two.Choice))
                {
                    yield return Of(repository, one, two);
                }
            }
        }
    }

    private static Clash Of(string repository, RecordedDecision one, RecordedDecision two)
    {
        var (first, second) = string.CompareOrdinal(one.Key, two.Key) <= 0 ? (one, two) : (two, one);
        return new(
            Detection.IdOf(repository, ConflictType.TechnicalDisagreement, Kind, $"{first.Key}\n{second.Key}", one.Agent, two.Agent),
            ConflictType.TechnicalDisagreement,
            Severity.Medium,
            [first.Agent, second.Agent],
            one.Topic,
            Kind,
            $"About '{one.Topic}' '{one.Agent}' decided '{one.Choice}' and '{two.Agent}' '{two.Choice}'.")
        {
            Choices = [first.Choice, second.Choice],
            Decisions = [first.Key, second.Key],
            Contradiction = RecordedDecision.Contradiction(one.Choice, two.Choice),
        };
    }
}
