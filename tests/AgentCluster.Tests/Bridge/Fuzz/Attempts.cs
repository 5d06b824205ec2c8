using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Bridge.Fuzz;

/// <summary>
/// Makes requests that are wrong in one thing, from the served document: a new route is attacked by being described.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="address">Where the node listens.</param>
/// <param name="random">Where chance comes from.</param>
/// <param name="held">A task that somebody holds.</param>
internal sealed class Attempts(JsonElement document, Uri address, Random random, string held)
{
    private static readonly string[] Noise = ["{", "}", "[", "]", ":", ",", "\"agent\"", "\"token\"", "1", "-", "null", "\"\\u00", "\\", "\"", " ", "\n", "é", "9e9", "tru"];
    private static readonly string[] Cursors = ["limit", "offset", "after", "before", "cursor", "since"];
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];

    private readonly Samples _samples = new(document, random);
    private readonly IReadOnlyList<Described> _all = Described.All(document);

    public Attempt Next(Malformed kind) => kind switch
    {
        Malformed.Body => WithBody(Pick(one => one.Body is not null)),
        Malformed.Id => WithId(Pick(one => one.Variables.Any() && !one.IsOpen)),
        Malformed.Header => WithHeader(Pick(one => !one.IsOpen)),
        Malformed.Path => WithPath(),
        Malformed.Query => WithQuery(Pick(one => one.Query.Any() || one.Body is not null)),
        Malformed.Cursor => WithCursor(Pick(one => CursorsOf(one).Any())),
        Malformed.Token => WithToken(Pick(one => one.Field("token") is not null)),
        _ => WithKey(Pick(one => one.Takes("Idempotency-Key"))),
    };

    private Attempt WithBody(Described operation)
    {
        var schema = operation.Body!.Value;
        var right = _samples.Whole(schema);
        var text = right.ToJsonString();
        var names = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToArray() : [];
        switch (random.Next(names.Length == 0 ? 5 : 9))
        {
            case 0:
                right["surprise"] = 1;
                return new(Request(operation, body: right.ToJsonString()), "surprise", right.ToJsonString());
            case 1:
                var cut = text[..random.Next(1, text.Length)];
                return new(Request(operation, body: cut), "body", cut);
            case 2:
                var noise = "{" + string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Noise[random.Next(Noise.Length)]));
                return new(Request(operation, body: noise + "}}"), Sent: noise + "}}");
            case 3:
                var other = Pick(["[]", "1", "\"x\"", "null", "true", text + text, text + "x", "\uFEFF" + text, "// c\n" + text]);
                return new(Request(operation, body: other), "body", other);
            case 4:
                var deep = $$"""{"metadata":{{new string('[', 70)}}{{new string(']', 70)}}}""";
                return new(Request(operation, body: deep), Sent: deep);
            case 5:
                var twice = Pick(names).Name;
                var sent = text[..^1] + (text.Length > 2 ? "," : "") + $"\"{twice}\":null,\"{twice}\":null}}";
                return new(Request(operation, body: sent), twice, sent);
            case 6 when schema.GetProperty("required").GetArrayLength() > 0:
                var missing = schema.GetProperty("required")[0].GetString()!;
                right.Remove(missing);
                return new(Request(operation, body: right.ToJsonString()), missing, right.ToJsonString());
            default:
                var field = Pick(names);
                right.Remove(field.Name);
                var wrong = With(right, field.Name, _samples.Wrong(field.Value));
                return new(Request(operation, body: wrong), field.Name, wrong);
        }
    }

    private Attempt WithId(Described operation)
    {
        var variables = operation.Variables.ToList();
        var attacked = random.Next(variables.Count);
        var schema = variables[attacked].GetProperty("schema");
        while (true)
        {
            var id = Pick(["x%01y", "%0A", "%7F", "%C2%85", "id%0D%0Ainjected", new string('a', 201 + random.Next(50)), "%F0%9F%98%80%1B", Escaped(random.Next(1, 30))]);
            if (IsOutside(schema, Uri.UnescapeDataString(id)))
            {
                return new(Request(operation, body: BodyOf(operation), (attacked, id)), variables[attacked].GetProperty("name").GetString());
            }
        }
    }

    private Attempt WithHeader(Described operation)
    {
        var (name, value) = Pick<(string, string)>(
        [
            ("Host", "evil.example"), ("Host", "localhost.evil.com"), ("Host", "127.0.0.1:1"),
            ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "http://localhost.evil.com"),
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
            ("Authorization", "Basic YTpi"), ("Authorization", "Bearer"), ("Authorization", "Bearer " + Word()), ("Authorization", "Bearer acl_" + Word()), ("Authorization", Word()),
        ]);
        if (operation.Body is not null && random.Next(2) == 0)
        {
            (name, value) = Pick<(string, string)>(
            [
                ("If-Match", "7"), ("If-Match", "W/\"7\""), ("If-Match", "\"7"), ("If-Match", "\"1\", \"2\""), ("If-Match", new string('x', 1_001)),
                ("Content-Encoding", "gzip"), ("Content-Encoding", "br, gzip"),
                ("Content-Type", "text/plain"), ("Content-Type", "application/json; charset=latin1"), ("Content-Type", "*/*"), ("Content-Type", Word()),
            ]);
        }
        else if (operation.Takes("If-None-Match") && random.Next(2) == 0)
        {
            (name, value) = ("If-None-Match", Pick(["7", "\"7", "\"a\" \"b\"", ",,;", "\"" + new string('x', 1_001) + "\""]));
        }

        return new(Set(Request(operation, body: BodyOf(operation)), name, value), name.StartsWith("If-", StringComparison.Ordinal) ? name : null, $"{name}: {value}");
    }

    private Attempt WithPath()
    {
        while (true)
        {
            var operation = Pick(_all);
            var parts = Filled(operation).Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
            var strange = Pick([Word(), Word() + "%20" + Word(), "%2F", "%5C", "...", "~", "a;b=c", "*", "%25", "{id}", Escaped(4)]);
            var at = random.Next(parts.Count + 1);
            if (random.Next(2) == 0 || at == parts.Count)
            {
                parts.Insert(at, strange);
            }
            else
            {
                parts[at] = strange;
            }

            var path = "/" + string.Join('/', parts) + Pick(["", "/"]);
            var method = Pick(Methods);
            if (!_all.Any(one => one.Method == method && Matches(one, path)))
            {
                return new(Message(method, path, method is "GET" or "TRACE" ? null : "{}"), Sent: path);
            }
        }
    }

    private Attempt WithQuery(Described operation)
    {
        var parameters = operation.Query.ToList();
        var right = parameters.Where(one => one.GetProperty("required").GetBoolean())
            .Select(one => (Name: NameOf(one), Value: _samples.Right(one.GetProperty("schema")).ToString())).ToList();
        string field;
        switch (parameters.Count == 0 ? 0 : random.Next(4))
        {
            case 0:
                field = Word();
                right.Add((field, Word()));
                break;
            case 1:
                var doubled = Pick(parameters);
                field = NameOf(doubled);
                right.RemoveAll(one => one.Name == field);
                right.Add((field, TextOf(_samples.Right(doubled.GetProperty("schema")))));
                right.Add((field, "x"));
                break;
            case 2 when right.Count > 0:
                field = right[0].Name;
                right.RemoveAt(0);
                break;
            default:
                var attacked = Pick(parameters);
                field = NameOf(attacked);
                right.RemoveAll(one => one.Name == field);
                right.Add((field, WrongText(attacked.GetProperty("schema"))));
                break;
        }

        var query = "?" + string.Join('&', right.Select(one => Uri.EscapeDataString(one.Name) + "=" + Uri.EscapeDataString(one.Value)));
        return new(Request(operation, body: BodyOf(operation), query: query), field, query);
    }

    private Attempt WithCursor(Described operation)
    {
        if (operation.Path == "/api/v1/events" && random.Next(2) == 0)
        {
            var id = Pick(["!" + Word(), new string('A', 5_000), "-", Word() + "="]);
            return new(Set(Request(operation, body: null), "Last-Event-ID", id), Sent: id);
        }

        var attacked = Pick(CursorsOf(operation).ToList());
        var schema = attacked.GetProperty("schema");
        var wrong = schema.GetProperty("type").ValueEquals("string") ? "!" + Word() : WrongText(schema);
        var query = $"?{NameOf(attacked)}={Uri.EscapeDataString(wrong)}";
        return new(Request(operation, body: BodyOf(operation), query: query), Sent: query);
    }

    private Attempt WithToken(Described operation)
    {
        var body = _samples.Whole(operation.Body!.Value);
        if (random.Next(3) == 0)
        {
            // A token of the right form that is not the task's: the holder is told, nobody else is let in.
            foreach (var optional in body.Select(field => field.Key).Except(Required(operation)).ToList())
            {
                body.Remove(optional);
            }

            body["token"] = 1_000 + random.Next();
            return new(Request(operation, body.ToJsonString(), (0, held)), Sent: body.ToJsonString());
        }

        body.Remove("token");
        var wrong = With(body, "token", _samples.Wrong(operation.Field("token")!.Value));
        return new(Request(operation, body: wrong), "token", wrong);
    }

    private Attempt WithKey(Described operation)
    {
        var isAccess = random.Next(3) == 0;
        var (name, value) = isAccess
            ? ("Authorization", "Bearer " + Pick(["", "acl_", "acl_" + Word(), "acl_" + new string('A', 43), Word() + "." + Word(), new string('k', 1_001)]))
            : ("Idempotency-Key", Pick(["", "a b", "a\tb", new string('k', 256 + random.Next(100)), Word() + " " + Word()]));
        return new(Set(Request(operation, body: BodyOf(operation)), name, value), isAccess ? null : name, $"{name}: {value}");
    }

    private HttpRequestMessage Request(Described operation, string? body, (int Index, string Value)? variable = null, string query = "") =>
        Message(operation.Method, Filled(operation, variable) + query, body);

    private HttpRequestMessage Message(string method, string path, string? body)
    {
        // What is attacked must go out as it is written.
        var uri = new Uri(address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new(method), uri);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static HttpRequestMessage Set(HttpRequestMessage request, string name, string value)
    {
        HttpHeaders headers = name.StartsWith("Content-", StringComparison.Ordinal) ? request.Content!.Headers : request.Headers;
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private string Filled(Described operation, (int Index, string Value)? variable = null)
    {
        var values = operation.Variables.Select(one => Uri.EscapeDataString(_samples.Right(one.GetProperty("schema")).ToString())).ToList();
        if (variable is { } attacked)
        {
            values[attacked.Index] = attacked.Value;
        }

        var next = 0;
        return Regex.Replace(operation.Path, @"\{[a-z_]+\}", _ => values[next++]);
    }

    private string? BodyOf(Described operation) => operation.Body is { } schema ? _samples.Whole(schema).ToJsonString() : null;

    private string WrongText(JsonElement schema)
    {
        if (schema.GetProperty("type").ValueEquals("string"))
        {
            while (true)
            {
                var text = Pick(["", "a\nb", "\0", new string('x', 6_000), Word(), "\uFFFF\u0001"]);
                if (IsOutside(schema, text))
                {
                    return text;
                }
            }
        }

        return schema.GetProperty("type").GetString() switch
        {
            "array" => Pick(["a\nb", new string('x', 5_000), string.Join(',', Enumerable.Repeat("a", 201))]),
            "integer" => Pick(["", "x", "-1", "1.0", "+1", " 1", "99999999999999999999", "0x1", "1e3", "١", Word()]),
            _ => Pick(["", "x", "1", "yes", "TRUE", Word()]),
        };
    }

    private static bool IsOutside(JsonElement schema, string text) =>
        (schema.TryGetProperty("minLength", out var least) && text.Length < least.GetInt32())
        || (schema.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32())
        || (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.ECMAScript))
        || (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.ValueEquals(text)))
        || text.Contains('\0', StringComparison.Ordinal);

    private static bool Matches(Described operation, string path) => Regex.IsMatch(
        path, "^" + Regex.Replace(operation.Path.TrimEnd('/'), @"\{[a-z_]+\}", "[^/]+") + "/?$", RegexOptions.IgnoreCase);

    private static IEnumerable<JsonElement> CursorsOf(Described operation) => operation.Query.Where(one => Cursors.Contains(NameOf(one)));

    private static IEnumerable<string> Required(Described operation) =>
        operation.Body!.Value.GetProperty("required").EnumerateArray().Select(name => name.GetString()!);

    private static string With(JsonObject body, string field, string value)
    {
        var text = body.ToJsonString();
        return text[..^1] + (text.Length > 2 ? "," : "") + $"\"{field}\":{value}}}";
    }

    private static string NameOf(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

    private static string TextOf(JsonNode value) => value is JsonArray list ? string.Join(',', list) : value.ToString();

    private string Word() => "z" + random.Next().ToString("x", CultureInfo.InvariantCulture);

    private string Escaped(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "%" + random.Next(0x21, 0x7F).ToString("X2", CultureInfo.InvariantCulture)));

    private Described Pick(Func<Described, bool> where) => Pick(_all.Where(where).ToList());

    private T Pick<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
