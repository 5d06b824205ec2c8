using System.Collections.Immutable;

namespace AgentCluster.Node.Hocon;

/// <summary>
/// Puts values in the place of substitutions, once everything is merged. A substitution that leads back to the field
/// whose value it is part of sees what was said of that field before (look-back): the layers below its own. Where nothing
/// was said before it leads nowhere, so that a circle is an error unless the substitution is optional. Objects do not
/// begin a look-back, for a field inside an object may well refer to its neighbour. A path is followed layer by layer,
/// so that no more is resolved than it leads to.
/// </summary>
internal sealed class Resolver
{
    private readonly HoconObject _root;
    private readonly Func<string, string?> _variable;
    private readonly Dictionary<HoconField, (int Position, int Layer)> _active = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<HoconField, HoconValue?> _done = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Substitution> _followed = new(ReferenceEqualityComparer.Instance);
    private readonly Sizes _sizes = new();

    // The outermost active field that was looked back at: what depends on one is no result for others.
    private int _lookedBack = int.MaxValue;
    private bool _circled;
    private int _depth;
    private int _steps;

    private Resolver(HoconObject root, Func<string, string?> variable) => (_root, _variable) = (root, variable);

    /// <summary>Resolves all.</summary>
    /// <param name="root">Everything that was read, merged.</param>
    /// <param name="variable">The value of an environment variable, for paths that lead nowhere; null when it is not set.</param>
    /// <returns>Settled values only.</returns>
    /// <exception cref="HoconException">A substitution leads nowhere, into a circle or too deep, or parts do not fit together.</exception>
    public static HoconObject Resolve(HoconObject root, Func<string, string?> variable) => new Resolver(root, variable).Object(root);

    private HoconValue? Value(HoconValue value)
    {
        Step(value.Origin);
        _depth++;
        var settled = value switch
        {
            HoconObject fields => Object(fields),
            HoconArray array => Array(array),
            Substitution substitution => Substitute(substitution),
            Concatenation parts => _sizes.Checked(Joining.Join(parts, [.. parts.Parts.Select(Value)])),
            _ => value,
        };
        _depth--;
        return settled;
    }

    private HoconObject Object(HoconObject from)
    {
        var settled = new HoconObject(from.Origin);
        foreach (var (name, field) in from.Fields)
        {
            if (Field(field) is { } value)
            {
                settled.Set(name, value);
            }
            else if (_active.TryGetValue(field, out var active) && active.Layer == 0 && field.Layers[0] is not Substitution { IsOptional: true })
            {
                var itself = field.Layers[0];
                throw new HoconException(itself.Origin, $"expected a value for {itself.Kind}, found a circle: it leads to an object that holds it.");
            }
        }

        _sizes.Checked(settled);
        return settled;
    }

    private HoconArray Array(HoconArray from)
    {
        var settled = new HoconArray([.. from.Items.Select(Value).OfType<HoconValue>()], from.Origin);
        _sizes.Checked(settled);
        return settled;
    }

    private HoconValue? Field(HoconField field)
    {
        if (_done.TryGetValue(field, out var known))
        {
            return known;
        }

        var position = _active.Count;
        var outer = _lookedBack;
        _lookedBack = int.MaxValue;
        var overlay = default(Overlay);
        for (var layer = Visible(field) - 1; layer >= 0; layer--)
        {
            if (!overlay.Lay(Within(field, layer, Value)))
            {
                break;
            }
        }

        if (_lookedBack >= position)
        {
            _done[field] = overlay.Seen;
        }

        _lookedBack = Math.Min(_lookedBack, outer);
        return overlay.Seen;
    }

    private HoconValue? Substitute(Substitution substitution)
    {
        var outer = _circled;
        _circled = false;
        var value = Find(_root, substitution.Path, 0).Value
            ?? (substitution.Path.Length == substitution.Written.Length ? null : Find(_root, substitution.Written, 0).Value)
            ?? FromEnvironment(substitution);
        if (value is null && !substitution.IsOptional)
        {
            throw new HoconException(substitution.Origin, _circled
                ? $"expected a value for {substitution.Kind}, found a circle: it leads back to itself."
                : $"expected a value for {substitution.Kind}, found neither such a key nor such an environment variable; ${{?…}} may lead nowhere.");
        }

        _circled = outer;
        return value;
    }

    private HoconScalar? FromEnvironment(Substitution substitution)
    {
        var name = string.Join('.', substitution.Written);
        return _variable(name) is { } text
            ? new(ScalarKind.Text, text, new($"{name} in the environment, by {substitution.Origin}"))
            : null;
    }

    private Found Find(HoconObject within, ImmutableArray<string> path, int at)
    {
        Step(within.Origin);
        if (!within.Fields.TryGetValue(path[at], out var field))
        {
            return default;
        }

        return at == path.Length - 1 ? new(Field(field)) : FindBelow(field, path, at + 1);
    }

    private Found FindBelow(HoconField field, ImmutableArray<string> path, int at)
    {
        var visible = Visible(field);
        if (visible == 0 && field.Layers[0] is Substitution said)
        {
            // Nothing was said before, but what the substitution itself leads to may hold the rest of the path.
            return Follow(said, path, at);
        }

        var overlay = default(Overlay);
        for (var layer = visible - 1; layer >= 0; layer--)
        {
            var found = Within(field, layer, value => FindIn(value, path, at));
            if (found.IsBlocked)
            {
                return overlay.Seen is null ? found : new(overlay.Seen);
            }

            if (!overlay.Lay(found.Value))
            {
                break;
            }
        }

        return new(overlay.Seen);
    }

    private Found FindIn(HoconValue value, ImmutableArray<string> path, int at)
    {
        Step(value.Origin);
        _depth++;
        var found = value switch
        {
            HoconObject fields => Find(fields, path, at),
            Substitution substitution => Follow(substitution, path, at),
            Concatenation parts => FindInParts(parts, path, at),
            _ => new(null, IsBlocked: true),
        };
        _depth--;
        return found;
    }

    private Found FindInParts(Concatenation parts, ImmutableArray<string> path, int at)
    {
        var overlay = default(Overlay);
        foreach (var part in parts.Parts.Reverse().Where(part => !Joining.IsSpace(part)))
        {
            var found = FindIn(part, path, at);
            if (found.IsBlocked || !overlay.Lay(found.Value))
            {
                return overlay.Seen is null ? found : new(overlay.Seen);
            }
        }

        return new(overlay.Seen);
    }

    private Found Follow(Substitution substitution, ImmutableArray<string> path, int at)
    {
        if (!_followed.Add(substitution))
        {
            _circled = true;
            _lookedBack = -1;
            return default;
        }

        var rest = path.AsSpan()[at..];
        var found = Find(_root, [.. substitution.Path, .. rest], 0);
        if (found is { Value: null, IsBlocked: false } && substitution.Path.Length > substitution.Written.Length)
        {
            found = Find(_root, [.. substitution.Written, .. rest], 0);
        }

        _followed.Remove(substitution);
        return found;
    }

    /// <summary>How many layers of a field may be seen now.</summary>
    private int Visible(HoconField field)
    {
        if (!_active.TryGetValue(field, out var active))
        {
            return field.Layers.Count;
        }

        _lookedBack = Math.Min(_lookedBack, active.Position);
        _circled |= active.Layer == 0;
        return active.Layer;
    }

    private T Within<T>(HoconField field, int layer, Func<HoconValue, T> look)
    {
        var value = field.Layers[layer];
        if (value is HoconObject or HoconScalar)
        {
            return look(value);
        }

        var wasActive = _active.TryGetValue(field, out var before);
        _active[field] = (wasActive ? before.Position : _active.Count, layer);
        var seen = look(value);
        if (wasActive)
        {
            _active[field] = before;
        }
        else
        {
            _active.Remove(field);
        }

        return seen;
    }

    private void Step(Origin origin)
    {
        if (_depth > HoconBounds.Resolving || ++_steps > HoconBounds.Steps)
        {
            throw new HoconException(origin, "expected substitutions that come to an end, found some that lead to each other too deep or too often.");
        }
    }
}
