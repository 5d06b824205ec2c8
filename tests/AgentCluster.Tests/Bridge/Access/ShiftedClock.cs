namespace AgentCluster.Tests.Bridge.Access;

/// <summary>The system's clock, put forward by a test.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private TimeSpan _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_shift.TotalSeconds * TimestampFrequency);

    public void Pass(TimeSpan time) => _shift += time;
}
