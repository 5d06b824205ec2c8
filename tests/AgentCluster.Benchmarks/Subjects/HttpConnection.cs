using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>
/// One keep-alive connection that costs as little as a client can: a request is bytes, and of an answer only its status and
/// where its body lies is looked at. One request at a time.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request = new byte[64 * 1024];
    private byte[] _answer = new byte[64 * 1024];
    private int _headEnd;
    private int _end;

    private HttpConnection(Uri address) => Address = address;

    public Uri Address { get; }

    /// <summary>The last answer's.</summary>
    public int Status { get; private set; }

    /// <summary>The last answer's headers.</summary>
    public ReadOnlySpan<byte> Head => _answer.AsSpan(0, _headEnd);

    /// <summary>The last answer's.</summary>
    public ReadOnlySpan<byte> Body => _answer.AsSpan(_headEnd, _end - _headEnd);

    public static async Task<HttpConnection> OpenAsync(Uri address)
    {
        var connection = new HttpConnection(address);
        await connection._socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        return connection;
    }

    /// <summary>Sends a request with a JSON body and waits for the whole answer.</summary>
    /// <param name="path">Of the request.</param>
    /// <param name="json">ASCII.</param>
    /// <param name="headers">More of them, each with its line break.</param>
    /// <returns>The status.</returns>
    public ValueTask<int> PostAsync(string path, string json, string headers = "") => SendAsync(
        $"POST {path} HTTP/1.1\r\nHost: {Address.Authority}\r\n{headers}Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>Asks, and waits for the whole answer.</summary>
    /// <returns>The status.</returns>
    public ValueTask<int> GetAsync(string path) => SendAsync($"GET {path} HTTP/1.1\r\nHost: {Address.Authority}\r\n\r\n");

    /// <summary>A member of the last body, by its first occurrence: up to the next quote or comma.</summary>
    /// <param name="name">With its quotes and colon, and the opening quote of a text.</param>
    public string Member(ReadOnlySpan<byte> name)
    {
        var rest = Body[(Body.IndexOf(name) + name.Length)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOfAny("\",}"u8)]);
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int> SendAsync(string request)
    {
        var length = Encoding.UTF8.GetBytes(request, _request);
        await _socket.SendAsync(_request.AsMemory(0, length));
        (_headEnd, _end) = (0, 0);
        while (!IsWhole())
        {
            if (_end == _answer.Length)
            {
                Array.Resize(ref _answer, _answer.Length * 2);
            }

            var read = await _socket.ReceiveAsync(_answer.AsMemory(_end));
            _end += read > 0 ? read : throw new IOException("The node closed the connection in the middle of an answer.");
        }

        return Status;
    }

    private bool IsWhole()
    {
        var seen = _answer.AsSpan(0, _end);
        if (_headEnd == 0)
        {
            var head = seen.IndexOf("\r\n\r\n"u8);
            if (head < 0)
            {
                return false;
            }

            _headEnd = head + 4;
            _ = Utf8Parser.TryParse(seen[9..12], out int status, out _);
            Status = status;
        }

        if (Head.IndexOf("Transfer-Encoding: chunked"u8) >= 0)
        {
            return seen.EndsWith("\r\n0\r\n\r\n"u8);
        }

        var length = Head.IndexOf("Content-Length: "u8);
        var body = 0;
        _ = length < 0 || Utf8Parser.TryParse(Head[(length + 16)..], out body, out _);
        return _end >= _headEnd + body;
    }
}
