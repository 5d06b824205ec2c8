namespace AgentCluster.Bridge.Operations;

/// <summary>A request that names the projects that it is about. A caller that is bound to one may not ask what is about another.</summary>
internal interface IOfProject
{
    /// <summary>Whether the request is about this project and no other.</summary>
    /// <param name="project">Its name.</param>
    bool IsWithin(string project);
}

/// <summary>A request that only the holder of a claim can make. A caller that is bound to an agent may not bring another's token.</summary>
internal interface IByHolder
{
    /// <summary>The claim's token.</summary>
    long Token { get; }
}
