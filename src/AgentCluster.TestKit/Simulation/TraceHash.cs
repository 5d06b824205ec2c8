namespace AgentCluster.TestKit.Simulation;

/// <summary>FNV-1a over all that happened.</summary>
internal sealed class TraceHash
{
    public ulong Value { get; private set; } = 14695981039346656037;

    public void Mix(ulong what)
    {
        for (var i = 0; i < 8; i++)
        {
            Value = (Value ^ (byte)what) * 1099511628211;
            what >>= 8;
        }
    }
}
