namespace AgentCluster.Domain.Import;

/// <summary>Finds where a JSON value ends, a byte at a time, without looking at what it says.</summary>
/// <param name="first">The value's first byte.</param>
internal struct JsonValueEnd(byte first)
{
    private bool _isText = first == '"';
    private bool _isEscaped;
    private int _depth = first is (byte)'{' or (byte)'[' ? 1 : 0;

    /// <summary>Whether the value ends at this byte.</summary>
    /// <param name="next">The byte after the last one.</param>
    /// <param name="isPartOfIt">Whether it still belongs to the value; what ends a bare value does not.</param>
    public bool IsAt(byte next, out bool isPartOfIt)
    {
        isPartOfIt = true;
        if (_isText)
        {
            if (_isEscaped || next == '\\')
            {
                _isEscaped = !_isEscaped;
                return false;
            }

            _isText = next != '"';
            return !_isText && _depth == 0;
        }

        if (_depth == 0)
        {
            isPartOfIt = next is not ((byte)',' or (byte)']' or (byte)'}' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
            return !isPartOfIt;
        }

        _isText = next == '"';
        _depth += next is (byte)'{' or (byte)'[' ? 1 : next is (byte)'}' or (byte)']' ? -1 : 0;
        return _depth == 0;
    }
}
