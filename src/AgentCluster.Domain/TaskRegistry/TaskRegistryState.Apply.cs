using System.Diagnostics;
using AgentCluster.Domain.TaskRegistry.Dependencies;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>Folding events. What an event does to its task is in <see cref="TaskFacts"/>; here is what it does to the rest.</content>
public sealed partial class TaskRegistryState
{
    internal void Apply(TaskRegistryEvent happened)
    {
        switch (happened)
        {
            case TaskCreated e:
                Enter(TaskFacts.From(e), e.Spec.Detail);
                break;
            case TaskClaimed e:
                Claimed(_tasks[e.Task], e);
                break;
            case TaskProgressed e:
                Progressed(_tasks[e.Task], e);
                break;
            case TaskCompleted e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                Spend(_tasks[e.Task], e.Cost);
                break;
            case ClaimEnded e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case TaskFailed e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case TaskCancelled e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case InputRequired e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case InputAnswered e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case CompletionSubmitted e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case CompletionReturned e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case TaskEdited e:
                Edited(_tasks[e.Task], e);
                break;
            case TaskDeleted e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case TaskWatched e:
                Watch(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case TaskUnwatched e:
                Watch(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case ClaimTied e:
                Watch(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case ResourcesTied e:
                Watch(_tasks[e.Task], _tasks[e.Task].Facts with { HoldsResources = true });
                break;
            case WorkLimited e:
                Wip = e.Most;
                _touched.Add(RegistryKey);
                break;
            case Escalated:
                break;
            case TaskImported e:
                Enter(TaskFacts.From(e), e.Spec.Detail);
                break;
            case TaskReimported e:
                Reimported(_tasks[e.Task], e);
                break;
            case TaskAdopted e:
                Change(_tasks[e.Task], _tasks[e.Task].Facts.After(e));
                break;
            case ClaimRenewed e:
                Renewed(_tasks[e.Task], e);
                break;
            case SignAsked e:
                _tasks[e.Task].Question = e.Question;
                break;
            case AgentMet e:
                Holders.Meet(e.Agent, e.Profile);
                break;
            case AgentForgotten e:
                Holders.Forget(e.Agent);
                break;
            default:
                if (!TryApplyToEpic(happened))
                {
                    throw new UnreachableException($"Unapplied event {happened.GetType().Name}.");
                }

                break;
        }
    }

    private void Enter(TaskFacts facts, TaskDetail detail)
    {
        var task = Install(facts);
        CountNew(task);
        UseOrdinal(facts.Ordinal);
        Touch(task);
        if (facts.HasDetail)
        {
            task.Detail = detail;
            TouchDetail(task);
        }

        if (facts.IsOpen)
        {
            RankDependencies(facts);
        }

        Offer(task);
        TellDependants(task);
    }

    private void Claimed(TaskEntry task, TaskClaimed e)
    {
        task.ForgetSigns();
        Change(task, task.Facts.After(e));
        if (_tokens.Use(e.Token.Value))
        {
            _touched.Add(RegistryKey);
        }
    }

    private void Progressed(TaskEntry task, TaskProgressed e)
    {
        task.Facts = task.Facts.After(e);
        Touch(task);
        Spend(task, e.Cost);
        if (e.Note is { } text)
        {
            task.Detail = (task.Detail ?? TaskDetail.None).Noting(new(e.At, task.Facts.Claim!.Agent, text));
            TouchDetail(task);
        }
    }

    private void Edited(TaskEntry task, TaskEdited e)
    {
        var spec = e.Patch.On(task.Facts.Spec with { Detail = task.Detail ?? TaskDetail.None });
        Change(task, task.Facts.After(e, spec));
        if (e.Patch.TouchesDetail)
        {
            var detail = e.Patch.Note is { } text ? spec.Detail.Noting(new(e.At, e.By, text)) : spec.Detail;
            task.Detail = task.Facts.HasDetail ? detail : null;
            TouchDetail(task);
        }
    }

    private void Watch(TaskEntry task, TaskFacts facts)
    {
        task.Facts = facts;
        Touch(task);
    }

    private void Reimported(TaskEntry task, TaskReimported e)
    {
        Change(task, task.Facts.After(e));
        task.Detail = task.Facts.HasDetail ? e.Spec.Detail : null;
        TouchDetail(task);
    }

    private static void Renewed(TaskEntry task, ClaimRenewed e)
    {
        task.Renewal++;
        task.RenewedAt = e.At;
        task.Question = 0;
    }

    /// <summary>Replaces the facts of a task, and moves it in everything that is derived from them.</summary>
    private void Change(TaskEntry task, TaskFacts facts)
    {
        var was = task.Facts;
        Ready.Withdraw(task);
        if (was.Status == WorkStatus.Running)
        {
            Ready.Stopped(was.Spec.EpicId);
        }

        if (was.Claim is not null)
        {
            Holders.Remove(task);
        }

        var rewires = was.IsOpen != facts.IsOpen || was.DependsOn != facts.DependsOn;
        if (rewires && was.IsOpen)
        {
            Graph.Remove(task);
        }

        task.Facts = facts;
        if (rewires && facts.IsOpen)
        {
            Graph.Add(task);
        }

        if (facts.Claim is not null)
        {
            Holders.Add(task);
        }

        if (facts.Status == WorkStatus.Running)
        {
            Ready.Started(facts.Spec.EpicId);
        }

        Touch(task);
        Recount(task, was, facts);
        if (rewires)
        {
            RankDependencies(was);
            RankDependencies(facts);
        }

        Offer(task);
        if (DependencyGraph.StateOf(was.Status) != DependencyGraph.StateOf(facts.Status))
        {
            TellDependants(task);
        }
    }

    /// <summary>How many open tasks depend on these has changed.</summary>
    private void RankDependencies(TaskFacts facts)
    {
        foreach (var dependency in facts.DependsOn)
        {
            if (Find(dependency.On) is { Place: not null } ready)
            {
                Ready.Withdraw(ready);
                Offer(ready);
            }
        }
    }

    /// <summary>Writes where a task stands into those that depend on it: in the same commit, so that recovery reads open rows only.</summary>
    private void TellDependants(TaskEntry task)
    {
        var state = DependencyGraph.StateOf(task.Facts.Status);
        foreach (var dependant in Graph.DependantsOf(task.Id))
        {
            Ready.Withdraw(dependant);
            var was = dependant.Facts;
            dependant.Facts = was.WithDependency(task.Id, state);
            Touch(dependant);
            Recount(dependant, was, dependant.Facts);
            Offer(dependant);
        }
    }

    private void UseOrdinal(long ordinal)
    {
        if (_ordinals.Use(ordinal))
        {
            _touched.Add(RegistryKey);
        }
    }
}
