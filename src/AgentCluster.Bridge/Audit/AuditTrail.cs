using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Audit;

/// <summary>
/// Brings refusals into the journal without letting whoever is refused fill the disk: what is alike is counted together,
/// the first is written half a second later, what follows once a minute, and beyond <see cref="MostEntries"/> sorts at a
/// time all others of a decision are one.
/// </summary>
/// <param name="actors">Reaches the audit.</param>
/// <param name="clock">Stamps entries, and says when to write.</param>
/// <param name="log">Hears of entries that could not be written.</param>
internal sealed class AuditTrail(IActorClient actors, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>Who is refused before it is known who that is.</summary>
    public const string Nobody = "nobody";

    /// <summary>How many sorts of refusals are told apart at a time.</summary>
    public const int MostEntries = 32;

    private const string Others = "others";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Dictionary<Sort, AuditEntry> _open = [];
    private ITimer? _timer;
    private bool _isDue;
    private long? _wroteAt;

    /// <summary>The method of a request, if it is one that is known: anything else may hold what must not be seen.</summary>
    /// <param name="request">The request.</param>
    public static string MethodOf(HttpRequest request) =>
        request.Method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS" ? request.Method : "other";

    /// <summary>Takes note of a decision.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="who">The principal.</param>
    /// <param name="what">The operation; never a path as it was sent.</param>
    /// <param name="why">A word.</param>
    /// <param name="context">The request.</param>
    public void Note(AuditDecision decision, string who, string what, string why, HttpContext context)
    {
        var now = clock.GetUtcNow();
        var from = context.Connection.RemoteIpAddress?.ToString();
        lock (_lock)
        {
            var sort = new Sort(decision, who, what, why, from);
            if (!_open.ContainsKey(sort) && _open.Count >= MostEntries)
            {
                sort = new(decision, Others, Others, Others, null);
            }

            _open[sort] = _open.TryGetValue(sort, out var known)
                ? known with { Count = known.Count + 1, LastAt = now }
                : new(decision, sort.Who, sort.What, sort.Why, context.TraceIdentifier, 1, now, now, sort.From);
            Schedule();
        }
    }

    /// <summary>Writes what was noted.</summary>
    public async Task WriteAsync()
    {
        AuditEntry[] entries;
        lock (_lock)
        {
            (entries, _open, _isDue, _wroteAt) = ([.. _open.Values], [], false, clock.GetTimestamp());
        }

        if (entries.Length == 0)
        {
            return;
        }

        try
        {
            await actors.AskAsync(Kinds.AuditOfAll, new AuditCommand.RecordEntries(entries.ToValueList()), id: null, CancellationToken.None);
        }
        catch (ActorUnavailableException)
        {
            PutBack(entries);
        }
        catch (OutcomeUnknownException)
        {
            // Written twice would be a lie; written or not, the number is here.
            log.LostAudit(entries.Sum(entry => entry.Count));
        }
    }

    /// <summary>Writes the rest. Called while actors still answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await WriteAsync();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    private void PutBack(AuditEntry[] entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                var sort = new Sort(entry.Decision, entry.Who, entry.What, entry.Why, entry.From);
                _open[sort] = _open.TryGetValue(sort, out var newer)
                    ? entry with { Count = entry.Count + newer.Count, LastAt = newer.LastAt }
                    : entry;
            }

            Schedule();
        }
    }

    private void Schedule()
    {
        if (_isDue)
        {
            return;
        }

        _isDue = true;
        var rest = _wroteAt is { } at ? Pause - clock.GetElapsedTime(at) : TimeSpan.Zero;
        _timer ??= clock.CreateTimer(static trail => _ = ((AuditTrail)trail!).WriteAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(rest > Soon ? rest : Soon, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Sort(AuditDecision Decision, string Who, string What, string Why, string? From);
}
