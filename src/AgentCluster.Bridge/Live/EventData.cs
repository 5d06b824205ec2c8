using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Live;

/// <summary>
/// Shows an event's payload in the words of the API: the task and the epic by <c>task_id</c> and <c>epic_id</c>, what they
/// are or become (the specification, its detail, a change, a profile) as fields of the event itself. What was said between
/// agents is not shown: it is theirs.
/// </summary>
internal static class EventData
{
    /// <summary>Writes the fields that an event has wherever it is shown.</summary>
    /// <param name="json">In an object.</param>
    /// <param name="stored">Of the journal.</param>
    /// <param name="name">Its name outside.</param>
    /// <param name="channels">All of its channels.</param>
    public static void WriteBody(Utf8JsonWriter json, StoredEvent stored, string name, string[] channels)
    {
        json.WriteString("name"u8, name);
        json.WriteString("channel"u8, EventChannels.First(channels));
        json.WriteString("at"u8, stored.At.UtcDateTime);
        json.WritePropertyName("data"u8);
        Write(json, stored);
    }

    /// <summary>Writes the object <c>data</c>.</summary>
    /// <param name="json">Expects a value.</param>
    /// <param name="stored">Of the journal.</param>
    private static void Write(Utf8JsonWriter json, StoredEvent stored)
    {
        json.WriteStartObject();
        if (stored.Actor.Kind == Kinds.Registry)
        {
            json.WriteString("project"u8, stored.Actor.Name);
        }
        else if (stored.Actor.Kind == Kinds.Agent)
        {
            json.WriteString("agent"u8, stored.Actor.Name);
        }
        else if (stored.Actor.Kind == Kinds.Detector)
        {
            json.WriteString("repository"u8, stored.Actor.Name);
        }

        if (IsReadable(stored.Payload.Span))
        {
            var payload = new Utf8JsonReader(stored.Payload.Span);
            payload.Read();
            CopyFields(json, ref payload);
        }
        else
        {
            // A disk that loses bits holds up the actor that the event is of, and not who listens to all the others.
            json.WriteBoolean("unreadable"u8, true);
        }

        json.WriteEndObject();
    }

    private static bool IsReadable(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Copies the fields of the object that the reader stands at the start of.</summary>
    private static void CopyFields(Utf8JsonWriter json, ref Utf8JsonReader payload)
    {
        while (payload.Read() && payload.TokenType == JsonTokenType.PropertyName)
        {
            if (payload.ValueTextEquals("at"u8) || payload.ValueTextEquals("content"u8))
            {
                // The one is shown by the event itself; the other is between those who talk.
                payload.Skip();
            }
            else if (payload.ValueTextEquals("spec"u8) || payload.ValueTextEquals("detail"u8)
                || payload.ValueTextEquals("patch"u8) || payload.ValueTextEquals("profile"u8)
                || payload.ValueTextEquals("mail"u8))
            {
                payload.Read();
                CopyFields(json, ref payload);
            }
            else
            {
                WriteName(json, ref payload);
                payload.Read();
                CopyValue(json, ref payload);
            }
        }
    }

    private static void WriteName(Utf8JsonWriter json, ref Utf8JsonReader payload)
    {
        if (payload.ValueTextEquals("task"u8))
        {
            json.WritePropertyName("task_id"u8);
        }
        else if (payload.ValueTextEquals("epic"u8))
        {
            json.WritePropertyName("epic_id"u8);
        }
        else if (payload.ValueTextEquals("delegation"u8))
        {
            json.WritePropertyName("delegation_id"u8);
        }
        else
        {
            json.WritePropertyName(payload.GetString()!);
        }
    }

    private static void CopyValue(Utf8JsonWriter json, ref Utf8JsonReader payload)
    {
        switch (payload.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                using (var value = JsonDocument.ParseValue(ref payload))
                {
                    value.RootElement.WriteTo(json);
                }

                break;
            case JsonTokenType.String:
                json.WriteStringValue(payload.GetString());
                break;
            default:
                json.WriteRawValue(payload.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
