using AgentCluster.Domain.Conflicts;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>Which of two choices holds: the one that did before, or the one that somebody with the say chooses.</summary>
internal static class Deciding
{
    /// <summary>What was decided most often in cases like this.</summary>
    public static Step Precedent(Scene scene)
    {
        var topic = RecordedDecision.Tokens(scene.Found.Resource);
        var like = scene.Book.Patterns.Values.Where(pattern => RecordedDecision.AreOneTopic(RecordedDecision.Tokens(pattern.Topic), topic)).ToList();
        var best = like.Where(pattern => scene.Found.Choices.Any(choice => RecordedDecision.IsSame(choice, pattern.Choice))).MaxBy(pattern => pattern.Wins);
        if (best is null)
        {
            return new Step.Fail("not applicable: no pattern");
        }

        var wins = like.Sum(pattern => pattern.Wins);
        return new Step.Do(
            Overrule(scene.Found, best.Choice, scene.Now),
            $"'{best.Choice}' was chosen {best.Wins} of {wins} times before.",
            StepData.Of(json =>
            {
                json.WriteString("pattern", best.Topic);
                json.WriteString("resolution", best.Choice);
                json.WriteNumber("confidence", (double)best.Wins / wins);
            }));
    }

    /// <summary>Somebody with the role is asked.</summary>
    public static Step Ask(Scene scene, string role, Func<RecordedDecision, AgentId?> who)
    {
        var decisions = scene.Found.Decisions.Select(key => scene.Book.Decisions.GetValueOrDefault(key)).OfType<RecordedDecision>().OrderByDescending(decided => decided.Place);
        return decisions.Select(who).OfType<AgentId>().Where(agent => !scene.Found.Agents.AsSpan().Contains(agent)).Select(agent => (AgentId?)agent).FirstOrDefault() is { } agent
            ? new Step.Ask(agent, role)
            : new Step.Fail($"not applicable: no {role.ToLowerInvariant()}");
    }

    /// <summary>What follows when one of the choices holds.</summary>
    public static IReadOnlyList<DetectorEvent> Overrule(Clash found, string choice, DateTimeOffset now) =>
    [
        .. found.Choices.Zip(found.Decisions)
            .Where(each => !RecordedDecision.IsSame(each.First, choice))
            .Select(each => new DecisionOverruled(each.Second, choice, now)),
    ];
}
