using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>What was changed here since an import: the next one leaves it alone.</summary>
internal static class LocalChanges
{
    /// <summary>A task as another tracker has it now, but for what was changed here.</summary>
    /// <param name="local">What was changed here.</param>
    /// <param name="ours">The task as it is here, with its detail.</param>
    /// <param name="theirs">As it is there.</param>
    public static TaskSpec Keep(TaskFields local, TaskSpec ours, TaskSpec theirs)
    {
        if ((local & ~(TaskFields.Status | TaskFields.DependsOn)) == TaskFields.None)
        {
            return theirs;
        }

        return theirs with
        {
            Title = Of(TaskFields.Title, ours.Title, theirs.Title),
            EpicId = Of(TaskFields.EpicId, ours.EpicId, theirs.EpicId),
            Type = Of(TaskFields.Type, ours.Type, theirs.Type),
            Tags = Of(TaskFields.Tags, ours.Tags, theirs.Tags),
            Priority = Of(TaskFields.Priority, ours.Priority, theirs.Priority),
            RequiredCapabilities = Of(TaskFields.RequiredCapabilities, ours.RequiredCapabilities, theirs.RequiredCapabilities),
            ManualAssignment = Of(TaskFields.ManualAssignment, ours.ManualAssignment, theirs.ManualAssignment),
            MaxAttempts = Of(TaskFields.MaxAttempts, ours.MaxAttempts, theirs.MaxAttempts),
            Assignee = Of(TaskFields.Assignee, ours.Assignee, theirs.Assignee),
            Detail = theirs.Detail with
            {
                Description = Of(TaskFields.Description, ours.Detail.Description, theirs.Detail.Description),
                AcceptanceCriteria = Of(TaskFields.AcceptanceCriteria, ours.Detail.AcceptanceCriteria, theirs.Detail.AcceptanceCriteria),
                Files = Of(TaskFields.Files, ours.Detail.Files, theirs.Detail.Files),
                Requirements = Of(TaskFields.Requirements, ours.Detail.Requirements, theirs.Detail.Requirements),
                Metadata = Of(TaskFields.Metadata, ours.Detail.Metadata, theirs.Detail.Metadata),
                Reviewer = Of(TaskFields.Reviewer, ours.Detail.Reviewer, theirs.Detail.Reviewer),
                RequiredEvidence = Of(TaskFields.RequiredEvidence, ours.Detail.RequiredEvidence, theirs.Detail.RequiredEvidence),
                References = Of(TaskFields.References, ours.Detail.References, theirs.Detail.References),
                Deadline = Of(TaskFields.Deadline, ours.Detail.Deadline, theirs.Detail.Deadline),
                EstimatedCost = Of(TaskFields.EstimatedCost, ours.Detail.EstimatedCost, theirs.Detail.EstimatedCost),
                WorkflowId = Of(TaskFields.WorkflowId, ours.Detail.WorkflowId, theirs.Detail.WorkflowId),
                WorkflowSlug = Of(TaskFields.WorkflowSlug, ours.Detail.WorkflowSlug, theirs.Detail.WorkflowSlug),
                WorkflowSource = Of(TaskFields.WorkflowSource, ours.Detail.WorkflowSource, theirs.Detail.WorkflowSource),
                ExecutionId = Of(TaskFields.ExecutionId, ours.Detail.ExecutionId, theirs.Detail.ExecutionId),
            },
        };

        T Of<T>(TaskFields field, T our, T their) => local.HasFlag(field) ? our : their;
    }
}
