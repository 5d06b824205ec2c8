using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Operations;

/// <summary>A variable of a path: what it is called, and what it looks like.</summary>
/// <param name="Name">For example <c>id</c>.</param>
/// <param name="Form">Checked before the operation runs.</param>
internal sealed record Variable(string Name, TextForm Form);
