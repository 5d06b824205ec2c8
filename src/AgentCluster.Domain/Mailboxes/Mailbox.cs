using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Mailboxes;

/// <summary>What an agent's actor remembers of its mailbox: where it ends, and how far it was read. What was said lies in rows only.</summary>
public sealed class Mailbox
{
    /// <summary>Most unread mails to which another message or delegation is added.</summary>
    public const int MostUnread = 10_000;

    /// <summary>Most characters of all that is unread, to which another message or delegation is added.</summary>
    public const long MostCharacters = 16L * 1024 * 1024;

    /// <summary>How many of its last mails a mailbox keeps. What is unread never comes to more, nor with what open delegations will bring.</summary>
    public const int Kept = 12_000;

    private readonly Queue<int> _sizes;

    /// <param name="last">Sequence of the last one; 0 for none.</param>
    /// <param name="acknowledged">Sequence up to which it was read.</param>
    /// <param name="sizes">Characters of each unread one, oldest first.</param>
    public Mailbox(long last, long acknowledged, IReadOnlyCollection<int> sizes)
    {
        (Last, Acknowledged, _sizes) = (last, acknowledged, new(sizes));
        Characters = sizes.Sum(static size => (long)size);
    }

    /// <summary>Sequence of the last one; 0 for none.</summary>
    public long Last { get; private set; }

    /// <summary>Sequence up to which all was read.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Characters of each unread one, oldest first.</summary>
    public IReadOnlyCollection<int> Sizes => _sizes;

    /// <summary>How many are unread.</summary>
    [JsonIgnore]
    public long Unread => Last - Acknowledged;

    /// <summary>Characters of all that is unread.</summary>
    [JsonIgnore]
    public long Characters { get; private set; }

    internal void Put(long seq, int size)
    {
        Last = seq;
        _sizes.Enqueue(size);
        Characters += size;
    }

    internal void Acknowledge(long seq)
    {
        for (; Acknowledged < seq; Acknowledged++)
        {
            Characters -= _sizes.Dequeue();
        }
    }
}
