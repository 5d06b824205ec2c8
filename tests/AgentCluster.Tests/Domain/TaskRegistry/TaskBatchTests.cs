using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class TaskBatchTests
{
    private static readonly TaskId First = new("01KDWYX3000000000000000001"), Second = new("01KDWYX3000000000000000002");

    [Fact]
    public void References_become_ids_and_repeats_are_one()
    {
        var command = TaskBatch.TryResolve(
            [Draft(First, "a"), Draft(Second, null, "ref:a", "01KDWYX3000000000000000009", "ref:a")], "tasks", out var errors);

        Assert.Empty(errors.ToArray());
        Assert.Equal([First, new("01KDWYX3000000000000000009")], command!.Tasks[1].DependsOn);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_its_field()
    {
        var command = TaskBatch.TryResolve(
        [
            Draft(First, "a", "ref:nobody"),
            Draft(Second, "a") with { Spec = new() { Title = "", MaxAttempts = 0 } },
        ], "tasks", out var errors);

        Assert.Null(command);
        Assert.Equal(
            ["tasks[0].depends_on", "tasks[1].max_attempts", "tasks[1].ref", "tasks[1].title"],
            errors.Select(error => error.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_fields_of_a_single_task_stand_alone()
    {
        TaskBatch.TryResolve([Draft(First, null, "no id")], null, out var errors);

        Assert.Equal("depends_on", Assert.Single(errors.ToArray()).Field);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public void A_batch_has_1_to_1000_tasks(int count)
    {
        Assert.Null(TaskBatch.TryResolve([.. Enumerable.Repeat(Draft(First, null), count)], "tasks", out var errors));
        Assert.Equal("tasks", Assert.Single(errors.ToArray()).Field);
    }

    [Fact]
    public void Texts_have_bounds_and_hold_neither_nul_nor_lone_surrogates()
    {
        TaskSpec spec = new()
        {
            Title = new('x', 501),
            Type = "line\nfeed",
            Tags = Enumerable.Repeat("t", 201).ToValueList(),
            EpicId = new("nonsense"),
            Detail = new() { Description = "a\0b", AcceptanceCriteria = ["\ud800"], Files = [""] },
        };

        var fields = TaskSpec.Validate(spec, dependsOn: 201).Select(error => error.Field).Order(StringComparer.Ordinal);

        Assert.Equal(
            ["acceptance_criteria[0]", "depends_on", "description", "epic_id", "files[0]", "tags", "title", "type"], fields);
        Assert.Empty(TaskSpec.Validate(Examples.Spec, 200).ToArray());
    }

    private static TaskDraft Draft(TaskId id, string? name, params string[] dependsOn) =>
        new(id, name, new() { Title = "x" }, ValueList.Of<string>(dependsOn));
}
