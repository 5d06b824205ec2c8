using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Mail;

/// <summary>
/// What one actor tells others (P5): written in its commit, numbered without gaps for each receiver, sent in order until
/// the receiver has committed its effect, deleted then.
/// </summary>
internal sealed class Outbox(Cell cell)
{
    private const int Window = 64;
    private static readonly TimeSpan LongestRedelivery = TimeSpan.FromSeconds(30);
    private readonly Dictionary<ActorId, Channel> _channels = [];

    /// <summary>Letters decided and not yet acknowledged.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count >= cell.Node.Options.OutboxCapacity;

    /// <summary>Encodes messages, before anything is changed. Numbers follow in <see cref="Put"/>.</summary>
    /// <exception cref="Exception">A command has no name on disk, or its receiver's kind is unknown.</exception>
    public List<SentLetter> Write(ImmutableArray<Message> messages)
    {
        List<SentLetter> letters = new(messages.Length);
        foreach (var message in messages)
        {
            var (name, payload) = cell.Node.KindOf(message.To).Json.Commands.Write(message.Command);
            letters.Add(new(message.To, name, payload));
        }

        return letters;
    }

    public void Put(Part part, List<SentLetter>? letters)
    {
        foreach (var letter in letters ?? [])
        {
            var channel = ChannelTo(letter.To);
            letter.Number = ++channel.Last;
            Change(1);
            part.Add(letter);
            if (cell.Node.Breaks(Mutant.SendsBeforeCommit))
            {
                Send(letter);
            }

            part.Put(RuntimeTables.Outbox, new(
                new(RuntimeTables.Outbox.Name, RowId(letter.To, letter.Number)),
                cell.Id,
                [RowValue.Of(letter.To.ToString()), RowValue.Of(letter.Number), RowValue.Of(letter.Name)],
                letter.Payload));
            part.Put(RuntimeTables.Sent, new(
                new(RuntimeTables.Sent.Name, $"{cell.Id}>{letter.To}"),
                cell.Id,
                [RowValue.Of(letter.To.ToString()), RowValue.Of(letter.Number)],
                ReadOnlyMemory<byte>.Empty));
        }
    }

    /// <summary>The letters are durable: now they may be heard (P1).</summary>
    public void Sent(IReadOnlyList<SentLetter> letters) => Queue(letters, sendNow: true);

    /// <summary>The receiver has committed everything up to <paramref name="number"/>. A late or repeated word of it changes nothing.</summary>
    public void Acknowledged(ActorId by, long number)
    {
        if (!_channels.TryGetValue(by, out var channel))
        {
            return;
        }

        var left = channel.Unacknowledged.Count;
        while (channel.Unacknowledged.TryPeek(out var letter) && letter.Number <= number)
        {
            channel.Unacknowledged.Dequeue();
            cell.Shard.OpenPart(cell).Delete(RuntimeTables.Outbox, RowId(by, letter.Number));
            Change(-1);
        }

        var gone = left - channel.Unacknowledged.Count;
        if (gone == 0)
        {
            return;
        }

        channel.Attempts = 0;
        foreach (var letter in channel.Unacknowledged.Skip(Math.Max(0, Window - gone)).Take(gone))
        {
            Send(letter);
        }

        channel.Retry?.Cancel();
        channel.Retry = null;
        Watch(channel);
    }

    /// <param name="image">As stored.</param>
    /// <param name="sendNow">Otherwise only when the redelivery is due.</param>
    public void Restore(ActorImage image, bool sendNow)
    {
        foreach (var row in image.Sent)
        {
            ChannelTo(ActorId.Parse(row.Columns[0].Text!)).Last = row.Columns[1].Number!.Value;
        }

        var letters = image.Outbox
            .Select(row => new SentLetter(ActorId.Parse(row.Columns[0].Text!), row.Columns[2].Text!, row.Payload)
            {
                Number = row.Columns[1].Number!.Value,
            })
            .OrderBy(letter => letter.Number)
            .ToList();
        Change(letters.Count);
        Queue(letters, sendNow);
    }

    public void Stop()
    {
        Change(-Count);
        foreach (var channel in _channels.Values)
        {
            channel.Retry?.Cancel();
        }
    }

    private void Change(int by)
    {
        Count += by;
        cell.Shard.Siblings.Counts.ChangeLetters(by);
    }

    private void Queue(IReadOnlyList<SentLetter> letters, bool sendNow)
    {
        foreach (var letter in letters)
        {
            var channel = ChannelTo(letter.To);
            channel.Unacknowledged.Enqueue(letter);
            if (sendNow && channel.Unacknowledged.Count <= Window)
            {
                Send(letter);
            }

            Watch(channel);
        }
    }

    private void Send(SentLetter letter) =>
        cell.Node.Post(new(cell.Id, letter.Number, letter.Name, letter.Payload, cell.Shard.Generation), letter.To);

    private void Watch(Channel channel)
    {
        if (channel.Unacknowledged.Count == 0 || channel.Retry is not null)
        {
            return;
        }

        var pause = new BackOff(cell.Node.Options.Redelivery, LongestRedelivery).After(channel.Attempts + 1);
        channel.Retry = cell.Shard.Lane.Timers.Set(pause, _ =>
        {
            channel.Retry = null;
            channel.Attempts++;
            foreach (var letter in channel.Unacknowledged.Take(Window))
            {
                Send(letter);
            }

            Watch(channel);
        });
    }

    private Channel ChannelTo(ActorId receiver)
    {
        if (!_channels.TryGetValue(receiver, out var channel))
        {
            channel = new();
            _channels.Add(receiver, channel);
        }

        return channel;
    }

    private string RowId(ActorId to, long number) => $"{cell.Id}>{to}#{number}";

    private sealed class Channel
    {
        /// <summary>Number of the last letter decided.</summary>
        public long Last { get; set; }

        /// <summary>Durable and not yet acknowledged, in order.</summary>
        public Queue<SentLetter> Unacknowledged { get; } = new();

        public LaneTimer? Retry { get; set; }

        public int Attempts { get; set; }
    }
}

/// <summary>A letter as its sender keeps it.</summary>
internal sealed class SentLetter(ActorId to, string name, ReadOnlyMemory<byte> payload)
{
    public ActorId To { get; } = to;

    public string Name { get; } = name;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    public long Number { get; set; }
}
