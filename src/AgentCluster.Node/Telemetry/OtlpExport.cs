using System.Diagnostics.Metrics;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Traces;
using AgentCluster.Node.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Metric = AgentCluster.Actors.Metrics.Metric;

namespace AgentCluster.Node.Telemetry;

/// <summary>Sends traces and metrics to a collector, by OTLP over HTTP. Nothing waits for it: what cannot be sent is dropped.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Service = "agentcluster";

    // Within what is left of a drain when the collector is away.
    private const int FlushMilliseconds = 1_000;
    private const int TracesEveryMilliseconds = 1_000;
    private const int SendMilliseconds = 5_000;

    private static readonly string Version = typeof(OtlpExport).Assembly.GetName().Version?.ToString(3) ?? "0";
    private readonly Meter _meter = new("AgentCluster", Version);
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(Uri endpoint, OtlpSettings settings, string instance, IReadOnlyList<Metric> metrics)
    {
        foreach (var metric in metrics)
        {
            Offer(metric);
        }

        var resource = ResourceBuilder.CreateDefault().AddService(Service, serviceVersion: Version, serviceInstanceId: instance);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(RequestSpan.SourceName, CommandTracing.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TracePercent / 100.0)))
            .AddOtlpExporter(exporter => Point(exporter, endpoint, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(_meter.Name)
            .AddOtlpExporter((exporter, reader) =>
            {
                Point(exporter, endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.MetricsEvery.TotalMilliseconds;
            })
            .Build();
    }

    /// <summary>Begins to send, if there is somewhere to send to.</summary>
    /// <param name="settings">Where and how often.</param>
    /// <param name="instance">Tells this run of this node from all others.</param>
    /// <param name="metrics">What is shown at <c>/metrics</c> too.</param>
    /// <returns>Null when it is not set up.</returns>
    public static OtlpExport? Start(OtlpSettings settings, string instance, IReadOnlyList<Metric> metrics) =>
        settings.Endpoint is { } endpoint ? new(endpoint, settings, instance, metrics) : null;

    /// <summary>Sends what it has, for a moment, and ends.</summary>
    public void Dispose()
    {
        Parallel.Invoke(() => _traces.Shutdown(FlushMilliseconds), () => _metrics.Shutdown(FlushMilliseconds));
        _traces.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
    }

    private static void Point(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Endpoint = new($"{endpoint.ToString().TrimEnd('/')}/{path}");
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.TimeoutMilliseconds = SendMilliseconds;
        exporter.BatchExportProcessorOptions.ScheduledDelayMilliseconds = TracesEveryMilliseconds;
    }

    private static IEnumerable<Measurement<double>> Read(NumberMetric metric) =>
        metric.Read().Select(sample => new Measurement<double>(sample.Value, Tags(metric, sample.Labels)));

    private static KeyValuePair<string, object?>[] Tags(Metric metric, IReadOnlyList<string> values) =>
        [.. metric.Labels.Zip(values, (label, value) => new KeyValuePair<string, object?>(label, value))];

    private void Offer(Metric metric)
    {
        switch (metric)
        {
            case NumberMetric { IsCounter: true } counter:
                _meter.CreateObservableCounter(metric.Name, () => Read(counter), metric.Unit, metric.Help);
                break;
            case NumberMetric gauge:
                _meter.CreateObservableGauge(metric.Name, () => Read(gauge), metric.Unit, metric.Help);
                break;
            case HistogramMetric histogram:
                Offer(histogram);
                break;
        }
    }

    private void Offer(HistogramMetric metric)
    {
        var instrument = _meter.CreateHistogram(
            metric.Name, metric.Unit, metric.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Series[0].Parts[0].Bounds });
        foreach (var series in metric.Series)
        {
            var tags = Tags(metric, series.Labels);
            foreach (var part in series.Parts)
            {
                part.Listener = value => instrument.Record(value, tags.AsSpan());
            }
        }
    }
}
