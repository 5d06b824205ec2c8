namespace AgentCluster.Domain.TaskRegistry.Claims;

/// <summary>Which claims each agent holds in the project, and the registrations of those met lately.</summary>
internal sealed class Holders
{
    // A registration that falls out of memory costs one message at the agent's next claim, nothing else.
    private const int MostIdle = 20_000;

    private readonly Dictionary<AgentId, Holder> _holders = [];

    /// <summary>How many claims there are.</summary>
    public int Count { get; private set; }

    /// <summary>The tasks that an agent holds, in no order.</summary>
    public IReadOnlyList<TaskEntry> Of(AgentId agent) => _holders.TryGetValue(agent, out var holder) ? holder.Tasks : [];

    /// <summary>An agent's registration as of its last claim; null when it is not known.</summary>
    public ClaimProfile? ProfileOf(AgentId agent) => _holders.TryGetValue(agent, out var holder) ? holder.Profile : null;

    public void Meet(AgentId agent, ClaimProfile profile) => HolderOf(agent).Profile = profile;

    public void Forget(AgentId agent)
    {
        if (_holders.TryGetValue(agent, out var holder))
        {
            holder.Profile = null;
        }
    }

    public void Add(TaskEntry task)
    {
        HolderOf(task.Facts.Claim!.Agent).Tasks.Add(task);
        Count++;
    }

    public void Remove(TaskEntry task)
    {
        HolderOf(task.Facts.Claim!.Agent).Tasks.Remove(task);
        Count--;
    }

    private Holder HolderOf(AgentId agent)
    {
        if (_holders.TryGetValue(agent, out var holder))
        {
            return holder;
        }

        if (_holders.Count >= MostIdle)
        {
            ForgetIdle();
        }

        holder = new();
        _holders.Add(agent, holder);
        return holder;
    }

    private void ForgetIdle()
    {
        foreach (var (agent, holder) in _holders)
        {
            if (holder.Tasks.Count == 0)
            {
                _holders.Remove(agent);
            }
        }
    }

    private sealed class Holder
    {
        public List<TaskEntry> Tasks { get; } = [];

        public ClaimProfile? Profile { get; set; }
    }
}
