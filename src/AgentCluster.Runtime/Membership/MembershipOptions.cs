namespace AgentCluster.Runtime.Membership;

/// <summary>How a node takes part in a cluster.</summary>
/// <param name="Address">Where callers reach it.</param>
/// <param name="Version">Of its program, for people.</param>
/// <param name="Lease">How long a node may be silent before its shards are taken; the same on every node.</param>
public sealed record MembershipOptions(string Address, string Version, TimeSpan Lease);
