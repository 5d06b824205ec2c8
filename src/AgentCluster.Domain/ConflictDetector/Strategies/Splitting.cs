using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>Disjoint parts: whoever holds several paths gives up those that it does not work on.</summary>
internal static class Splitting
{
    public static Step Try(Scene scene)
    {
        if (scene.Holder is not { Standing: Standing.Held } holder)
        {
            return new Step.Fail("Nobody holds anything that could be divided.");
        }

        List<Glob> wanted = [.. Wanted(scene)];
        List<Glob> all = [.. holder.Globs(scene.Book.Case)];
        List<Glob> asked = all.FindAll(mine => wanted.Exists(mine.Overlaps));
        var touched = scene.Book.Worktrees.Values.Where(worktree => worktree.Agent == holder.Agent).ToList();
        if (touched.Count == 0)
        {
            return new Step.Fail($"Nobody knows on which of its paths '{holder.Agent}' works: it has no worktree.");
        }

        if (asked.Count == all.Count)
        {
            return new Step.Fail($"All that '{holder.Agent}' holds is asked for; nothing would be left to it.");
        }

        if (touched.SelectMany(worktree => worktree.Touches).FirstOrDefault(touch => asked.Exists(glob => glob.Matches(new(touch.Path)))) is { } used)
        {
            return new Step.Fail($"'{holder.Agent}' works on '{used.Path}', which is asked for.");
        }

        var left = all.Except(asked).Select(glob => glob.Text).ToValueList();
        return new Step.Do(
            [new ReservationNarrowed(holder.Id, left, scene.Now), .. Granted(scene)],
            $"'{holder.Agent}' does not work on {asked.Quoted()} and keeps {left.Quoted()}.",
            StepData.Of(json =>
            {
                StepData.Texts(json, "given", asked.Select(glob => glob.Text));
                StepData.Texts(json, "kept", left);
            }));
    }

    private static IEnumerable<Glob> Wanted(Scene scene) => scene.Want is { } want
        ? want.Globs(scene.Book.Case)
        : scene.Holder!.Globs(scene.Book.Case).Where(glob => glob.Text == scene.Found.Resource);

    // A want without a turn would lie there although nothing is in its way any more.
    private static IEnumerable<DetectorEvent> Granted(Scene scene) =>
        scene.Want is { Standing: Standing.Wanted } want ? [new ReservationQueued(want.Id, scene.Now)] : [];
}
