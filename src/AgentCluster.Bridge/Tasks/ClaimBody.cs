using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Tasks;

/// <summary>A task and the claim on it.</summary>
/// <param name="Task">Claimed.</param>
internal sealed record ClaimBody(TaskBody Task) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Claimed")
        .With("task", TaskBody.Schema)
        .With("claim", TaskBody.ClaimSchema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("task"u8);
        Task.Write(json);
        TaskBody.WriteClaim(json, Task.Task.Claim);
        json.WriteEndObject();
    }
}

/// <summary>A completed task and what was claimed after it.</summary>
/// <param name="Task">Completed.</param>
/// <param name="Next">Null when nothing was ready.</param>
internal sealed record CompletionBody(TaskBody Task, ClaimBody? Next) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Completion")
        .With("task", TaskBody.Schema)
        .With("next", ClaimBody.Schema with { OrNull = true });

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("task"u8);
        Task.Write(json);
        json.WritePropertyName("next"u8);
        if (Next is null)
        {
            json.WriteNullValue();
        }
        else
        {
            Next.Write(json);
        }

        json.WriteEndObject();
    }
}

/// <summary>A page of tasks.</summary>
/// <param name="Items">In order.</param>
/// <param name="Total">On all pages; null when it was not counted.</param>
internal sealed record TasksBody(IReadOnlyList<TaskBody> Items, long? Total) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Tasks")
        .With("items", Is.ListOf(TaskBody.Schema))
        .Maybe("total", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Items, Total);
        json.WriteEndObject();
    }
}
