// One process of an agent behind an official client: a request a line on stdin, what came of it a line on stdout.
//   node client.mjs <sdk|client> <revision> <url>
// {"tool": name, "arguments": {…}} calls a tool; {"list": true} lists them; {"watch": uri} tells of each change as {"updated": uri}.
import readline from 'node:readline';

const [library, revision, url] = process.argv.slice(2);
const say = line => process.stdout.write(`${JSON.stringify(line)}\n`);
const told = notification => say({ updated: notification.params.uri });
const info = { name: 'agentcluster-test', version: '1' };

async function older() {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const { ResourceUpdatedNotificationSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const client = new Client(info);
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, told);
  const transport = new StreamableHTTPClientTransport(new URL(url));
  await client.connect(transport);
  return { client, spoken: transport.protocolVersion, watch: uri => client.subscribeResource({ uri }) };
}

async function newer() {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const isModern = revision >= '2026';
  const client = new Client(info, { versionNegotiation: { mode: isModern ? { pin: revision } : 'legacy' } });
  client.setNotificationHandler('notifications/resources/updated', told);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return {
    client,
    spoken: client.getNegotiatedProtocolVersion(),
    watch: uri => isModern ? client.listen({ resourceSubscriptions: [uri] }) : client.subscribeResource({ uri }),
  };
}

const { client, spoken, watch } = await (library === 'sdk' ? older() : newer());
say({ spoken, instructions: client.getInstructions() });

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { tool, arguments: given, list, watch: uri } = JSON.parse(line);
  try {
    if (list) {
      say({ tools: (await client.listTools()).tools.map(each => each.name) });
    } else if (uri) {
      await watch(uri);
      say({ watching: uri });
    } else {
      const { isError, structuredContent, content } = await client.callTool({ name: tool, arguments: given });
      say({ isError: isError === true, structured: structuredContent ?? null, texts: content.map(each => each.text) });
    }
  } catch (error) {
    say({ thrown: String(error) });
  }
}

await client.close();
