using System.Diagnostics;
using AgentCluster.Benchmarks.Subjects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>The least that HTTP costs here: the node's own server, with nothing behind it but an answer of a few bytes.</summary>
internal sealed class BareHttp : ISubject
{
    private static readonly byte[] Answer = "{}"u8.ToArray();

    private readonly WebApplication _app;
    private readonly HttpConnection[] _connections;

    private BareHttp(WebApplication app, HttpConnection[] connections) => (_app, _connections) = (app, connections);

    public static async Task<BareHttp> StartAsync(int callers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        var address = new Uri(app.Urls.Single());
        return new(app, await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => HttpConnection.OpenAsync(address))));
    }

    /// <summary>Two requests, as a pair is.</summary>
    public async ValueTask<long> DoAsync(int caller)
    {
        await _connections[caller].PostAsync("/api/v1/tasks/claim/", """{"agent":"agent-01"}""");
        var first = Stopwatch.GetTimestamp();
        await _connections[caller].PostAsync("/api/v1/tasks/01M7XW1G95ER87CGY575813DAA/complete/", """{"token":1099511627777,"result_summary":"done"}""");
        return first;
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        reader.AdvanceTo(read.Buffer.End);
        context.Response.ContentLength = Answer.Length;
        await context.Response.BodyWriter.WriteAsync(Answer);
    }
}
