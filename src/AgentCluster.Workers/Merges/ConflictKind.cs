namespace AgentCluster.Workers.Merges;

/// <summary>Why git leaves a file to a person.</summary>
public enum ConflictKind
{
    /// <summary>Something that git says in words only.</summary>
    Other,

    /// <summary>Both changed the same lines.</summary>
    Content,

    /// <summary>Both added a file under one name.</summary>
    AddAdd,

    /// <summary>Both changed a file that has no lines.</summary>
    Binary,

    /// <summary>Both changed what the file is: executable, a link.</summary>
    Mode,

    /// <summary>One changed what the other deleted.</summary>
    ModifyDelete,

    /// <summary>Both renamed one file, or two files to one name.</summary>
    RenameRename,

    /// <summary>One renamed what the other deleted.</summary>
    RenameDelete,

    /// <summary>One renamed to where the other has a file.</summary>
    RenameAdd,

    /// <summary>One has a file where the other has a folder.</summary>
    FileDirectory,

    /// <summary>One renamed a folder to which the other added.</summary>
    DirectoryRename,

    /// <summary>Both moved a submodule.</summary>
    Submodule,
}
