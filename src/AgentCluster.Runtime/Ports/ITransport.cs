namespace AgentCluster.Runtime.Ports;

/// <summary>
/// Brings bytes from node to node. What they mean is the runtime's business (<c>Routing/</c>); whom they come from, that they
/// are whole, and how many may be under way is the transport's. May be called from any thread; never waits.
/// </summary>
public interface ITransport
{
    /// <summary>Where other nodes reach this one, as it is entered among the members.</summary>
    string Address { get; }

    /// <summary>Begins to take what other nodes send. Called once, before anything else.</summary>
    /// <param name="service">Who answers.</param>
    void Serve(IService service);

    /// <summary>Asks another node. Exactly one of the methods of <paramref name="answer"/> is called, once, from any thread, also from within this call.</summary>
    /// <param name="to">Which.</param>
    /// <param name="request">Is not changed any more.</param>
    /// <param name="answer">Told what became of it.</param>
    void Ask(Peer to, ReadOnlyMemory<byte> request, IAnswer answer);

    /// <summary>Tells another node something that may be lost.</summary>
    /// <param name="to">Which.</param>
    /// <param name="message">Is not changed any more.</param>
    void Tell(Peer to, ReadOnlyMemory<byte> message);

    /// <summary>Lets go of every node that is not among these: what waits for it is told that it is lost.</summary>
    /// <param name="peers">Those that take part.</param>
    void Keep(IReadOnlyCollection<Peer> peers);
}

/// <summary>One run of another node.</summary>
/// <param name="Address">Of its cluster port, host and port.</param>
/// <param name="Incarnation">The random identity of this run.</param>
public readonly record struct Peer(string Address, UInt128 Incarnation);

/// <summary>What a node does with what other nodes send. Called from any thread; returns soon.</summary>
public interface IService
{
    /// <summary>The random identity of this run of the node: what is meant for another is not taken.</summary>
    UInt128 Incarnation { get; }

    /// <summary>Answers a request, now or later, exactly once.</summary>
    /// <param name="request">Only during the call.</param>
    /// <param name="reply">Takes the answer.</param>
    void Asked(ReadOnlySpan<byte> request, IReplyTo reply);

    /// <summary>Takes a message.</summary>
    /// <param name="message">Only during the call.</param>
    void Told(ReadOnlySpan<byte> message);
}

/// <summary>The way back to whoever asked.</summary>
public interface IReplyTo
{
    /// <summary>Whether nothing else has come with the question, so that whoever brought it may as well see to the answer.</summary>
    bool IsLone => false;

    /// <summary>Answers; the answer is lost when its asker is gone.</summary>
    /// <param name="answer">Is not changed any more.</param>
    void Reply(ReadOnlyMemory<byte> answer);
}

/// <summary>What became of a request to another node.</summary>
public interface IAnswer
{
    /// <summary>The other node's answer.</summary>
    /// <param name="answer">Only during the call.</param>
    /// <param name="isLone">Whether nothing else waits for this thread: whoever waits for the answer may go on in it.</param>
    void Answered(ReadOnlySpan<byte> answer, bool isLone);

    /// <summary>It certainly never left.</summary>
    /// <param name="isBound">Whether a bound was reached: the other node is slow, so ask less. Otherwise it could not be reached.</param>
    /// <param name="why">What was expected, what was found.</param>
    void NotSent(bool isBound, string why);

    /// <summary>It left, and no answer will come: nobody knows whether the other node has it.</summary>
    /// <param name="why">What was expected, what was found.</param>
    void Lost(string why);
}
