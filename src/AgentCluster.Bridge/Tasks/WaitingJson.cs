using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>What a task waits for, or waited for last: a human's answer, a reviewer's word.</summary>
internal static class WaitingJson
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object()
        .Maybe("input", Is.Object("Input")
            .With("question", Is.Text with { OrNull = true })
            .Maybe("asked_at", Is.Moment)
            .With("answer", Is.Text with { OrNull = true })
            .Maybe("answered_at", Is.Moment)
            .Maybe("answered_by", Is.Text))
        .Maybe("review", Is.OneOf([.. Enum.GetValues<ReviewState>().Select(state => state.Word())]))
        .Maybe("review_by", Is.Text)
        .Maybe("review_at", Is.Moment)
        .Maybe("review_reasons", Is.ListOf(Is.Text))
        .Maybe("submitted", Is.Object("Submission").With(OutcomeJson.Schema));

    /// <summary>Writes its fields into the task's object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="task">The task.</param>
    public static void Write(Utf8JsonWriter json, TaskView task)
    {
        if (task.Inquiry is { } inquiry)
        {
            json.WriteStartObject("input"u8);
            json.WriteString("question"u8, inquiry.Question);
            json.WriteOptional("asked_at"u8, inquiry.AskedAt);
            json.WriteString("answer"u8, inquiry.Answer);
            json.WriteOptional("answered_at"u8, inquiry.AnsweredAt);
            json.WriteOptional("answered_by"u8, inquiry.AnsweredBy?.Value);
            json.WriteEndObject();
        }

        if (task.Review is not { } review)
        {
            return;
        }

        json.WriteString("review"u8, review.State.Word());
        json.WriteString("review_by"u8, review.Reviewer.Value);
        json.WriteString("review_at"u8, review.At.UtcDateTime);
        json.WriteOptional("review_reasons"u8, review.Reasons);
        if (review.Submitted is { } submitted)
        {
            json.WriteStartObject("submitted"u8);
            OutcomeJson.Write(json, submitted);
            json.WriteEndObject();
        }
    }
}
