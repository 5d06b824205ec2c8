using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>A node is looked at, and its data copied.</summary>
internal static class UpkeepOperations
{
    private const int BusySeconds = 5;

    /// <summary>What is well with this node, and what is not.</summary>
    public static Operation<ExaminationRequest> Examine(IUpkeep? upkeep) => new(
        "node_examine",
        Scope.Ops,
        "Says what is well with this node and its data, and what is not",
        ExaminationRequest.Shape,
        Answers.Ok(FindingsBody.Schema),
        async (request, call) => upkeep is null
            ? Elsewhere
            : Answer.Ok(new FindingsBody(await upkeep.ExamineAsync(request.Full, call.Gone))));

    /// <summary>Copies the data of this node.</summary>
    public static Operation<BackupRequest> BackUp(IUpkeep? upkeep) => new(
        "node_backup",
        Scope.Admin,
        "Copies the data of this node while it works, to restore it from",
        BackupRequest.Shape,
        Answers.Created(BackupBody.Schema).Or(ProblemKind.BackupExists),
        async (request, _) => upkeep is null ? Elsewhere : await upkeep.BackUpAsync(request.Name) switch
        {
            BackupReply.Made made => Answer.Created(new BackupBody(made), location: null),
            BackupReply.Taken taken => new Problem(
                ProblemKind.BackupExists, $"Expected a name that is free, found a backup '{taken.Name}'.", ("name", taken.Name)),
            BackupReply.Elsewhere => Elsewhere,
            BackupReply.Busy => Unanswered.NotDone(ProblemKind.Unavailable, "Another backup is being made.", BusySeconds),
            BackupReply.NoRoom => Unanswered.NotDone(
                ProblemKind.StorageFull, "Expected room for a backup, found too little on the disk of the backups.", BusySeconds),
            BackupReply.Failed => Unanswered.NotDone(
                ProblemKind.Unavailable, "The backup could not be made; the node's log says why.", BusySeconds),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        });

    private static Problem Elsewhere => Unanswered.NotDone(ProblemKind.Unavailable, "This node keeps no data of its own: back its database up.", BusySeconds);
}

/// <summary>How closely to look.</summary>
internal sealed class ExaminationRequest
{
    public static Shape<ExaminationRequest> Shape { get; } = new Shape<ExaminationRequest>()
        .Flag("full", (request, value) => request.Full = value);

    public bool Full { get; private set; }
}

/// <summary>What a backup is to be called.</summary>
internal sealed class BackupRequest
{
    private const int Longest = 64;

    /// <summary>A directory of this name lies in the directory of the backups, on whatever file system.</summary>
    public static TextForm Form { get; } = new(
        text => text.Length is > 0 and <= Longest && text.All(IsSafe) && char.IsAsciiLetterOrDigit(text[0])
            ? null
            : $"must be 1 to {Longest} of a-z, 0-9, '-', '_' and '.', a letter or digit first; found '{Faults.Shown(text)}'.",
        Longest,
        "^[a-z0-9][a-z0-9._-]{0,63}$");

    public static Shape<BackupRequest> Shape { get; } = new Shape<BackupRequest>()
        .Text("name", Longest, (request, value) => request.Name = value, form: Form);

    public string? Name { get; private set; }

    private static bool IsSafe(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_' or '.';
}
