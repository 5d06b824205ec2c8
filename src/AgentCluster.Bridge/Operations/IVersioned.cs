namespace AgentCluster.Bridge.Operations;

/// <summary>One thing with a version: shown with an <c>ETag</c>, and changed only if the caller has seen what it is now.</summary>
internal interface IVersioned : IBody
{
    /// <summary>From 1; grows with each change of the thing itself.</summary>
    long Version { get; }
}
