namespace AgentCluster.Cli;

/// <summary>How <c>pbm</c> ends; part of the outside contract.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Conflict = 4;
    public const int Unreachable = 5;
    public const int Interrupted = 130;

    /// <summary>The exit code for an HTTP status that is not a success.</summary>
    /// <param name="status">400 to 599.</param>
    public static int Of(int status) => status switch
    {
        400 or 415 => Usage,
        404 or 410 => NotFound,
        409 or 412 or 422 or 428 => Conflict,
        503 or 504 => Unreachable,
        _ => Failed,
    };
}
