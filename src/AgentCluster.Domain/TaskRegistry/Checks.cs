using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>
/// What a completion is held against: the part of a task's detail that is needed to end its claim, kept in memory so
/// that a completion loads nothing. Rows of tasks from before have none, and are completed as they were then.
/// </summary>
/// <param name="Criteria">How many acceptance criteria there are.</param>
/// <param name="Evidence">Names of the evidence that must come.</param>
/// <param name="Reviewer">Who must accept it; null for nobody.</param>
internal sealed record Checks(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Criteria = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<string> Evidence = default,
    AgentId? Reviewer = null)
{
    private static readonly Checks Nothing = new();

    /// <summary>What a task's completion is held against; null for nothing.</summary>
    public static Checks? Of(TaskDetail detail)
    {
        if (ReferenceEquals(detail, TaskDetail.None))
        {
            return null;
        }

        Checks checks = new(detail.AcceptanceCriteria.Count, detail.RequiredEvidence, detail.Reviewer);
        return checks == Nothing ? null : checks;
    }

    /// <summary>All that a completion lacks; empty when nothing.</summary>
    public IEnumerable<Shortfall> Of(ValueList<CriterionAnswer> answers, Evidence? evidence)
    {
        foreach (var answer in answers.Where(answer => Criteria > 0 && answer.Index >= Criteria))
        {
            yield return new(
                ShortfallCode.CriterionUnknown,
                $"Expected answers to criteria 0 to {Criteria - 1}, found one to {answer.Index}.",
                answer.Index);
        }

        for (var index = 0; index < Criteria; index++)
        {
            if (Lacking(index, answers) is { } lacking)
            {
                yield return lacking;
            }
        }

        foreach (var name in Evidence.Where(name => evidence?.Holds(name) is not true))
        {
            yield return new(
                ShortfallCode.EvidenceMissing,
                $"Expected evidence '{name}', found none: send it as evidence.{name}, or in evidence.metadata.",
                Name: name);
        }
    }

    private static Shortfall? Lacking(int index, ValueList<CriterionAnswer> answers)
    {
        CriterionAnswer? found = null;
        foreach (var answer in answers)
        {
            if (answer.Index == index && found is not null)
            {
                return new(ShortfallCode.CriterionRepeated, $"Expected one answer to criterion {index}, found more.", index);
            }

            found = answer.Index == index ? answer : found;
        }

        return found switch
        {
            null => new(ShortfallCode.CriterionUnanswered, $"Expected an answer to criterion {index}, found none.", index),
            { Met: false } => new(ShortfallCode.CriterionUnmet, $"Expected criterion {index} to be met, found it not met.", index),
            _ => null,
        };
    }
}
