using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCluster.Tests.Node.Telemetry;

/// <summary>Takes OTLP over HTTP on a free port of loopback, and keeps the spans and the names of the metrics.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ConcurrentDictionary<string, bool> _metrics = [];
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Collector(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public IReadOnlyCollection<Span> Spans => _spans;

    public IReadOnlyCollection<string> Metrics => (IReadOnlyCollection<string>)_metrics.Keys;

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync();
        collector.Address = new(collector._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return collector;
    }

    /// <summary>Waits until enough was heard.</summary>
    public async Task HearAsync(Func<bool> enough)
    {
        while (true)
        {
            var next = Volatile.Read(ref _heard).Task;
            if (enough())
            {
                return;
            }

            await next.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var scopes = Protobuf.Read(body.ToArray()).Messages(1).SelectMany(resource => resource.Messages(2));
        if (context.Request.Path == "/v1/traces")
        {
            foreach (var span in scopes.SelectMany(scope => scope.Messages(2)))
            {
                _spans.Enqueue(Span.Of(span));
            }
        }
        else
        {
            Assert.Equal("/v1/metrics", context.Request.Path);
            foreach (var metric in scopes.SelectMany(scope => scope.Messages(2)))
            {
                _metrics[metric.Text(1)] = true;
            }
        }

        Interlocked.Exchange(ref _heard, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}

/// <summary>What is looked at of a span.</summary>
internal sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags)
{
    public static Span Of(Protobuf span) => new(
        Convert.ToHexStringLower(span.Bytes(1)),
        Convert.ToHexStringLower(span.Bytes(2)),
        Convert.ToHexStringLower(span.Bytes(4)),
        span.Text(5),
        span.Messages(9).ToDictionary(tag => tag.Text(1), tag => tag.Messages(2).Single() is var value && value.Has(1) ? value.Text(1) : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture)));
}

/// <summary>A message of Protocol Buffers, by the numbers of its fields.</summary>
internal sealed class Protobuf
{
    private readonly List<(int Field, long Number, byte[] Bytes)> _fields = [];

    public static Protobuf Read(ReadOnlySpan<byte> message)
    {
        var read = new Protobuf();
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            var (number, bytes) = (0L, (byte[])[]);
            switch (tag & 7)
            {
                case 0:
                    number = Varint(ref message);
                    break;
                case 1:
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    bytes = message[..length].ToArray();
                    message = message[length..];
                    break;
                case 5:
                    message = message[4..];
                    break;
                default:
                    Assert.Fail($"Expected a wire type of Protocol Buffers, found {tag & 7}.");
                    break;
            }

            read._fields.Add(((int)(tag >> 3), number, bytes));
        }

        return read;
    }

    public bool Has(int field) => _fields.Exists(one => one.Field == field);

    public byte[] Bytes(int field) => _fields.LastOrDefault(one => one.Field == field).Bytes ?? [];

    public long Number(int field) => _fields.LastOrDefault(one => one.Field == field).Number;

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public IEnumerable<Protobuf> Messages(int field) => _fields.Where(one => one.Field == field).Select(one => Read(one.Bytes));

    private static long Varint(ref ReadOnlySpan<byte> message)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[0];
            message = message[1..];
            value |= (long)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }
    }
}
