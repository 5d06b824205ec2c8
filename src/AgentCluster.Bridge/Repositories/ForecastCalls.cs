using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Bridge.Repositories;

/// <summary>What merges would come to.</summary>
internal static class ForecastCalls
{
    /// <summary>The forecast of the repository that the path names.</summary>
    public static Operation<NoRequest> Show(RepositoryCalls repositories) => new(
        "forecast_show",
        Scope.TasksRead,
        "Shows what a merge of each two worktrees, or of one with its base, would come to",
        NoRequest.Shape,
        Answers.Ok(ForecastBody.Schema),
        async (_, call) => Answer.Ok(new ForecastBody(await repositories.AskAsync(call, new DetectorCommand.ReadForecasts(), id: null))));
}

/// <summary>A forecast.</summary>
/// <param name="Known">By pair.</param>
internal sealed record ForecastBody(ForecastReply Known) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Forecast")
        .With("pairs", Is.ListOf(Is.Object("ForecastPair")
            .With("a", Is.Text)
            .With("b", Is.Text with { OrNull = true })
            .With("verdict", Is.OneOf([.. Enum.GetValues<Verdict>().Select(verdict => verdict.Word())]))
            .With("files", Is.ListOf(Is.Text))
            .With("kinds", Is.ListOf(Is.Text))
            .With("detail", Is.Text with { OrNull = true })
            .With("at", Is.Moment)));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("pairs"u8);
        foreach (var pair in Known.Pairs)
        {
            json.WriteStartObject();
            json.WriteString("a"u8, pair.A);
            json.WriteString("b"u8, pair.B);
            json.WriteString("verdict"u8, pair.Verdict.Word());
            json.WriteTexts("files"u8, pair.Files.Select(file => file.Path).ToValueList());
            json.WriteTexts("kinds"u8, pair.Files.Select(file => file.Kind).ToValueList());
            json.WriteString("detail"u8, pair.Detail);
            json.WriteString("at"u8, pair.At.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
