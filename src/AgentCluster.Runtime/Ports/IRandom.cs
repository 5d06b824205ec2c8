namespace AgentCluster.Runtime.Ports;

/// <summary>Chance. In production from the operating system, in a simulation from the seed. Safe to call from any lane.</summary>
public interface IRandom
{
    /// <summary>128 random bits, never zero: batch ids and incarnations.</summary>
    UInt128 NextId();

    /// <summary>A number from 0 up to, not including, 1: jitter.</summary>
    double NextDouble();
}
