namespace AgentCluster.Domain;

/// <summary>Collects what is wrong with a request, field by field, so that its sender hears everything at once.</summary>
internal sealed class Validation
{
    private readonly List<FieldError> _errors = [];

    public ValueList<FieldError> Errors => _errors.ToValueList();

    public Validation Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            _errors.Add(new(field, message));
        }

        return this;
    }

    public Validation Range(string field, long value, long least, long most) =>
        Require(value >= least && value <= most, field, $"Expected {least} to {most}, found {value}.");

    /// <summary>A name or a line: no control characters.</summary>
    public Validation Line(string field, string? value, int least, int most)
    {
        Text(field, value, least, most);
        return Require(value is null || !value.Any(char.IsControl), field, "Expected no control characters.");
    }

    /// <summary>Free text: line breaks are fine; NUL and lone surrogates cannot be stored everywhere.</summary>
    public Validation Text(string field, string? value, int least, int most) =>
        value is null
            ? this
            : Require(
                value.Length >= least && value.Length <= most,
                field,
                $"Expected {least} to {most} characters, found {value.Length}.")
            .Require(Storable.IsText(value), field, "Expected valid Unicode text without NUL.");

    /// <summary>Free text that is shown to people and to models: of control characters only line breaks and tabs.</summary>
    public Validation Prose(string field, string? value, int least, int most)
    {
        Text(field, value, least, most);
        return Require(value is null || Storable.IsProse(value), field, "Expected no control characters but line breaks and tabs.");
    }

    public Validation Json(string field, RawJson? value) => Text(field, value?.Text, 1, Bounds.JsonLength);

    public Validation Lines(string field, ValueList<string> values, int most)
    {
        List(field, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            Line($"{field}[{i}]", values[i], 1, most);
        }

        return this;
    }

    public Validation Texts(string field, ValueList<string> values)
    {
        List(field, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            Text($"{field}[{i}]", values[i], 1, Bounds.NoteLength);
        }

        return this;
    }

    public Validation List(string field, int count) =>
        Require(count <= Bounds.ListLength, field, $"Expected at most {Bounds.ListLength} items, found {count}.");
}
