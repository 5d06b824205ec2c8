using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCluster.Cli.Commands;

/// <summary>What a command may say: an option for each field of a request. Fields that were not said are not sent.</summary>
/// <param name="command">Gets the options.</param>
internal sealed class Fields(Command command)
{
    private readonly List<Action<ParseResult, JsonObject>> _readers = [];

    /// <summary>What was said again and again; null for nothing.</summary>
    public static JsonNode? ListOf(string[]? texts) =>
        texts is { Length: > 0 } ? new JsonArray([.. texts.Select(text => JsonValue.Create(text))]) : null;

    /// <summary>The fields that were said.</summary>
    public JsonObject Read(ParseResult parsed)
    {
        JsonObject said = [];
        foreach (var read in _readers)
        {
            read(parsed, said);
        }

        return said;
    }

    /// <summary>The fields that were said, as a query.</summary>
    /// <param name="path">Without a query.</param>
    /// <param name="parsed">The command line.</param>
    public string Query(string path, ParseResult parsed)
    {
        var said = Read(parsed).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value is JsonArray list ? string.Join(',', list) : field.Value!.ToString())}");
        return string.Join('&', said) is { Length: > 0 } query ? $"{path}?{query}" : path;
    }

    /// <summary>A text.</summary>
    /// <param name="field">Its name in the request; a dot stands between an object and its field.</param>
    /// <param name="option">How it is said.</param>
    /// <param name="description">For people.</param>
    /// <param name="required">Whether it must be.</param>
    public Fields Text(string field, string option, string description, bool required = false) =>
        Value(new Option<string?>(option) { Description = description, Required = required }, field, text => JsonValue.Create(text));

    /// <inheritdoc cref="Text"/>
    public Fields Whole(string field, string option, string description, bool required = false) =>
        Value(new Option<long?>(option) { Description = description, Required = required }, field, number => JsonValue.Create(number));

    /// <inheritdoc cref="Text"/>
    public Fields Amount(string field, string option, string description) =>
        Value(new Option<decimal?>(option) { Description = description }, field, number => JsonValue.Create(number));

    /// <summary>A list: the option may be said again and again.</summary>
    public Fields Texts(string field, string option, string description) =>
        Value(
            new Option<string[]?>(option) { Description = $"{description} May be said again and again." },
            field,
            ListOf);

    /// <summary>A word that sets the field to <paramref name="value"/>.</summary>
    public Fields Flag(string field, string option, string description, bool value = true) =>
        Value(new Option<bool>(option) { Description = description }, field, said => said ? JsonValue.Create(value) : null);

    /// <summary>Free JSON.</summary>
    public Fields Json(string field, string option, string description)
    {
        var said = new Option<string?>(option) { Description = description, HelpName = "JSON" };
        said.Validators.Add(result =>
        {
            if (result.GetValue(said) is { } text && !IsJson(text))
            {
                result.AddError($"{option}: expected JSON, for example '{{\"a\":1}}'.");
            }
        });
        return Value(said, field, text => text is null ? null : JsonNode.Parse(text));
    }

    /// <summary>Anything else.</summary>
    /// <param name="option">Added to the command.</param>
    /// <param name="field">Its name in the request.</param>
    /// <param name="read">What to send for what was said; null for nothing.</param>
    public Fields Value<T>(Option<T> option, string field, Func<T?, JsonNode?> read)
    {
        command.Options.Add(option);
        _readers.Add((parsed, said) =>
        {
            if (read(parsed.GetValue(option)) is { } value)
            {
                Set(said, field, value);
            }
        });
        return this;
    }

    /// <summary>Fields that shall be empty from now on.</summary>
    public Fields Emptied()
    {
        var names = new Option<string[]?>("--clear") { Description = "A field to empty, for example description. May be said again and again.", HelpName = "FIELD" };
        command.Options.Add(names);
        _readers.Add((parsed, said) =>
        {
            foreach (var name in parsed.GetValue(names) ?? [])
            {
                said[name] = null;
            }
        });
        return this;
    }

    /// <summary>What was found of each acceptance criterion.</summary>
    public Fields Criteria()
    {
        var met = Criterion("--met", "A criterion that is met: its index from 0, and after a colon a note.");
        var unmet = Criterion("--unmet", "A criterion that is not met, in the same way.");
        _readers.Add((parsed, said) =>
        {
            var found = (parsed.GetValue(met) ?? []).Select(text => Answer(text, isMet: true))
                .Concat((parsed.GetValue(unmet) ?? []).Select(text => Answer(text, isMet: false)))
                .ToArray<JsonNode?>();
            if (found.Length > 0)
            {
                said["criteria"] = new JsonArray(found);
            }
        });
        return this;
    }

    /// <summary>An argument: what the command is about.</summary>
    public Fields Argument(string field, string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        command.Arguments.Add(argument);
        _readers.Add((parsed, said) => Set(said, field, JsonValue.Create(parsed.GetValue(argument)!)));
        return this;
    }

    /// <summary>A page of a list.</summary>
    public Fields Page() => Value(
            new Option<int>("--limit") { Description = "How many, 1 to 200.", DefaultValueFactory = _ => 50 }, "limit", limit => JsonValue.Create(limit))
        .Value(
            new Option<int>("--offset") { Description = "How many to pass over first." }, "offset", offset => offset == 0 ? null : JsonValue.Create(offset));

    /// <summary>What the work cost.</summary>
    public Fields Cost() => Whole("cost.actual_tokens", "--tokens", "How many tokens of language models it took.")
        .Amount("cost.actual_usd", "--usd", "How many US dollars.")
        .Whole("cost.duration_ms", "--duration-ms", "How many milliseconds.")
        .Whole("cost.llm_calls", "--llm-calls", "How many calls of language models.")
        .Whole("cost.tool_invocations", "--tool-calls", "How many calls of tools.");

    private static void Set(JsonObject said, string field, JsonNode value)
    {
        if (field.Split('.', 2) is [var outer, var inner])
        {
            if (said[outer] is not JsonObject nested)
            {
                said[outer] = nested = [];
            }

            nested[inner] = value;
            return;
        }

        said[field] = value;
    }

    private Option<string[]?> Criterion(string name, string description)
    {
        var option = new Option<string[]?>(name) { Description = $"{description} May be said again and again.", HelpName = "INDEX[:NOTE]" };
        option.Validators.Add(result =>
        {
            if ((result.GetValue(option) ?? []).Any(text => IndexOf(text) is null))
            {
                result.AddError($"{name}: expected an index from 0, and after a colon a note, for example '0:tried by hand'.");
            }
        });
        command.Options.Add(option);
        return option;
    }

    private static JsonObject Answer(string text, bool isMet) => new()
    {
        ["index"] = IndexOf(text),
        ["met"] = isMet,
        ["note"] = text.Split(':', 2) is [_, var note] ? note : null,
    };

    private static int? IndexOf(string text) =>
        int.TryParse(text.Split(':', 2)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static bool IsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
