using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Bridge.Repositories;

/// <summary>The forms of what names things in and of repositories.</summary>
internal static class RepositoryForms
{
    private const int LongestRef = 255;

    /// <summary>A branch or commit.</summary>
    public static TextForm Ref { get; } = new(
        text => RefName.Problem(text) is { } wrong ? "must be the name of a branch or commit. " + wrong : null,
        LongestRef,
        @"^[A-Za-z0-9_+][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+][A-Za-z0-9_+\-]*)*$");

    /// <summary>A folder of a machine.</summary>
    public static TextForm Place { get; } = new(
        text => text.Any(char.IsControl) ? "must hold no control characters." : null,
        RepositoryPath.MostCharacters,
        @"^[^\u0000-\u001f\u007f-\u009f]+$");
}
