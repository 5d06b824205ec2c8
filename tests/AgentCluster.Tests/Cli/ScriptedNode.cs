using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Tests.Cli;

/// <summary>Answers as a test says: for what a real node does seldom.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedNode(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <param name="answer">Gets each request with its number, from 1.</param>
    public static async Task<ScriptedNode> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var number = 0;
        app.Run(context => answer(context, Interlocked.Increment(ref number)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    /// <summary>Answers with a problem.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string? outcome = null)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new { type = $"/problems/{code}", title = "No.", status, detail = "Expected this, found that.", code, outcome },
            (System.Text.Json.JsonSerializerOptions?)null,
            "application/problem+json");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
