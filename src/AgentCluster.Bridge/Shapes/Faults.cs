using System.Globalization;
using AgentCluster.Bridge.Problems;

namespace AgentCluster.Bridge.Shapes;

/// <summary>What is wrong with one request, by field. Bounded: after 50 it only counts as wrong.</summary>
internal sealed class Faults
{
    private const int Limit = 50;

    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);
    private readonly List<(string Name, int Index)> _path = [];
    private string? _unknown;
    private int _count;

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _count > 0;

    /// <summary>Goes into a field that holds an object, or into one element of a list.</summary>
    /// <param name="name">The field.</param>
    /// <param name="index">The element, from 0; −1 for an object.</param>
    public void Enter(string name, int index = -1) => _path.Add((name, index));

    /// <summary>Leaves what was entered last.</summary>
    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Notes a fault.</summary>
    /// <param name="field">The field, within what was entered.</param>
    /// <param name="expected">What was expected, and what was found.</param>
    public void Add(string field, string expected)
    {
        if (++_count > Limit)
        {
            return;
        }

        var path = Path(field);
        if (_errors.TryGetValue(path, out var list))
        {
            list.Add(expected);
        }
        else
        {
            _errors.Add(path, [expected]);
        }
    }

    /// <summary>Notes a field that is not known.</summary>
    /// <param name="field">As the caller wrote it.</param>
    /// <param name="known">The fields that are known there.</param>
    public void Unknown(string field, IEnumerable<string> known)
    {
        _unknown ??= Path(Shown(field));
        Add(Shown(field), $"is not known here; known are {string.Join(", ", known)}.");
    }

    /// <summary>Forgets everything noted.</summary>
    public void Clear()
    {
        _errors.Clear();
        _path.Clear();
        _unknown = null;
        _count = 0;
    }

    /// <summary>The refusal that says all of it.</summary>
    public Problem ToProblem()
    {
        var (field, messages) = _errors.First();
        return _unknown is { } unknown
            ? new(ProblemKind.UnknownField, $"{unknown} {_errors[unknown][0]}", ("field", unknown), ("errors", _errors))
            : new(ProblemKind.Invalid, $"{field} {messages[0]}", ("errors", _errors));
    }

    /// <summary>A value of the caller as it may stand in a message: short, and no control characters.</summary>
    /// <param name="text">Any.</param>
    public static string Shown(string text)
    {
        var cut = text.Length > 60 ? text[..(char.IsHighSurrogate(text[59]) ? 59 : 60)] + "…" : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '�' : source[i];
            }
        });
    }

    private string Path(string field)
    {
        var path = string.Empty;
        foreach (var (name, index) in _path)
        {
            path += index < 0 ? name + "." : string.Create(CultureInfo.InvariantCulture, $"{name}[{index}].");
        }

        return path + field;
    }
}
