namespace AgentCluster.Bridge.Live;

/// <summary>How events go out to one consumer. Sending waits as long as the consumer takes nothing, until its subscription is cut.</summary>
internal interface IEventStream : IAsyncDisposable
{
    /// <summary>Signalled when the consumer is gone.</summary>
    CancellationToken Gone { get; }

    /// <summary>Sends events.</summary>
    /// <param name="frames">At least one.</param>
    /// <exception cref="OperationCanceledException">The consumer is gone, or was cut off.</exception>
    ValueTask SendAsync(IReadOnlyList<Frame> frames);

    /// <summary>Sends a sign of life.</summary>
    /// <exception cref="OperationCanceledException">The consumer is gone, or was cut off.</exception>
    ValueTask SignAsync();

    /// <summary>Says why it ends here.</summary>
    /// <param name="state">Any but <see cref="SubscriptionState.Open"/>.</param>
    ValueTask CloseAsync(SubscriptionState state);
}
