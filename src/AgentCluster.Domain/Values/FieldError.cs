namespace AgentCluster.Domain;

/// <summary>What is wrong with one field of a request, in words its sender can act on.</summary>
/// <param name="Field">As the sender named it: <c>title</c>, <c>tasks[3].depends_on</c>.</param>
/// <param name="Message">What was expected, and what was found.</param>
public sealed record FieldError(string Field, string Message);
