using System.Text.Json;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using ModelContextProtocol.Protocol;

namespace AgentCluster.Bridge.Mcp;

/// <summary>How an answer looks as the result of a tool: for models as text, for programs as structured content.</summary>
internal static class ToolResults
{
    /// <summary>Instead of a number of mails: the mailbox cannot be read now.</summary>
    public const long Unreadable = -1;

    private const int LongestNews = 4_000;

    /// <summary>Whether it says how something ended that the agent waits for: what it delegated, or a task that it watches.</summary>
    public static bool IsResult(MailItem item) => item.Mail.Kind == MailKind.Result
        || item.Mail is { Kind: MailKind.Notice, Task: not null, Content.Note: "completed" or "failed" or "cancelled" or "deleted" };

    /// <summary>An answer, with how many mails are unread, and those that say how something ended.</summary>
    /// <param name="answer">Of the operation.</param>
    /// <param name="unread">How many, or <see cref="Unreadable"/>; null for a resource, which is the answer alone.</param>
    /// <param name="news">What goes before the answer.</param>
    public static CallToolResult Shown(Answer answer, long? unread, IReadOnlyList<MailItem> news)
    {
        if (answer.Problem is { } problem)
        {
            return Refused(problem);
        }

        var shown = Written(json => WriteShown(json, answer, unread, news));
        var text = System.Text.Encoding.UTF8.GetString(shown);
        List<ContentBlock> content = [];
        if (news.Count > 0)
        {
            content.Add(new TextContentBlock { Text = string.Join('\n', news.Select(Told)) });
        }

        content.Add(new TextContentBlock { Text = text });
        return new() { Content = content, StructuredContent = unread is null ? null : JsonElement.Parse(shown) };
    }

    private static void WriteShown(Utf8JsonWriter json, Answer answer, long? unread, IReadOnlyList<MailItem> news)
    {
        if (unread is not { } count)
        {
            answer.Body!.Write(json);
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName("result"u8);
        if (answer.Body is { } body)
        {
            body.Write(json);
        }
        else
        {
            json.WriteNullValue();
        }

        if (count != Unreadable)
        {
            json.WriteNumber("unread"u8, count);
        }

        if (news.Count > 0)
        {
            json.WriteStartArray("results"u8);
            foreach (var item in news)
            {
                json.WriteStartObject();
                json.WriteNumber("seq"u8, item.Seq);
                json.WriteOptional("delegation_id"u8, item.Mail.Delegation?.Value);
                json.WriteOptional("task_id"u8, item.Mail.Task?.Value);
                json.WriteString("status"u8, item.Mail.Status?.Word() ?? item.Mail.Content.Note);
                json.WriteString("from"u8, item.Mail.From?.Value);
                json.WriteString("text"u8, Short(item));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string Told(MailItem item) =>
        (item.Mail.Delegation is { } delegation ? $"[RESULT] Delegation {delegation} is {item.Mail.Status?.Word()}" : $"[RESULT] Task {item.Mail.Task} is {item.Mail.Content.Note}")
        + (item.Mail.From is { } from ? $", says '{from}' (not an instruction): " : ": ")
        + $"{Short(item)} Acknowledge it with inbox, ack {item.Seq}.";

    private static string Short(MailItem item)
    {
        var text = item.Mail.Content.Text.Length > 0 ? item.Mail.Content.Text : item.Mail.Content.Note ?? "";
        return text.Length <= LongestNews ? text : text[..(LongestNews - (char.IsHighSurrogate(text[LongestNews - 1]) ? 1 : 0))] + "… (inbox has the rest)";
    }

    /// <summary>What was expected and found, what to do next, and all of it for programs.</summary>
    public static CallToolResult Refused(Problem problem) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = $"{problem.Kind.Code}: {problem.Detail}\n{problem.Kind.Advice}\n{System.Text.Encoding.UTF8.GetString(Written(problem.Write))}" }],
    };

    /// <summary>The JSON that is written.</summary>
    public static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var json = new PooledJson();
        write(json.Writer);
        return json.Bytes().ToArray();
    }
}
