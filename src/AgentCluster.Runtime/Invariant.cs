using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AgentCluster.Runtime;

/// <summary>Checks that stay on in production: better to stop an actor than to go on with state nobody can explain.</summary>
internal static class Invariant
{
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        string otherwise,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            throw new InvariantViolatedException($"{otherwise} (expected {expression})");
        }
    }
}

/// <summary>The program is wrong, not its input. The actor that met it is stopped; it is never caught elsewhere.</summary>
/// <param name="message">What should have been true.</param>
public sealed class InvariantViolatedException(string message) : Exception(message);
