using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>Completions that are not taken, and who may take them.</content>
[JsonDerivedType(typeof(CompletionRejected), "completion_rejected")]
[JsonDerivedType(typeof(NotReviewer), "forbidden")]
public abstract partial record TaskRefusal
{
    /// <summary>The completion lacks something. The claim is kept.</summary>
    /// <param name="Reasons">At least one.</param>
    public sealed record CompletionRejected(ValueList<Shortfall> Reasons) : TaskRefusal;

    /// <summary>Somebody else reviews the task.</summary>
    /// <param name="Reviewer">Who.</param>
    /// <param name="Found">Who tried.</param>
    public sealed record NotReviewer(AgentId Reviewer, AgentId Found) : TaskRefusal;
}
