using System.CommandLine;
using AgentCluster.Cli.Certificates;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm cluster init</c>: what nodes on several machines show each other.</summary>
internal static class ClusterInit
{
    private const int MostDays = 3_650;

    public static Command Of(Verbs verbs)
    {
        var nodes = new Argument<string[]>("NODE") { Description = "The names or addresses that nodes reach each other by.", Arity = ArgumentArity.OneOrMore };
        nodes.Validators.Add(given =>
        {
            foreach (var token in given.Tokens.Where(token => Uri.CheckHostName(token.Value) is UriHostNameType.Unknown or UriHostNameType.Basic))
            {
                given.AddError($"Expected a host's name or address, such as node1.example.org or 10.0.0.7; found '{token.Value}'.");
            }
        });
        var folder = new Option<string>("--directory") { Description = "Where the files are; made when it is missing.", HelpName = "DIR", DefaultValueFactory = _ => "certificates" };
        var days = new Option<int>("--days") { Description = $"How long the nodes' certificates are valid, 1 to {MostDays}.", HelpName = "N", DefaultValueFactory = _ => 825 };
        days.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > MostDays)
            {
                given.AddError($"--days: expected 1 to {MostDays}.");
            }
        });
        var command = new Command(
            "init", "Makes the cluster's own authority, once, and a certificate for each node, anew each time. It talks to no node.") { nodes, folder, days };
        return verbs.Does(command, (parsed, session, _) =>
        {
            var authority = new ClusterAuthority(parsed.GetValue(folder)!);
            try
            {
                var now = DateTimeOffset.UtcNow;
                session.Screen.Say(authority.Prepare(now)
                    ? $"Made the authority: {authority.CertificateFile} goes to every node, {authority.KeyFile} to none. Keep it where no node is."
                    : $"Took the authority that is there: {authority.CertificateFile}.");
                foreach (var node in parsed.GetValue(nodes)!)
                {
                    authority.Certify(node, now, TimeSpan.FromDays(parsed.GetValue(days)));
                    session.Screen.Write(authority.NodeFile(node));
                }

                session.Screen.Say(
                    "On each node: agentcluster.cluster.tls-authority and agentcluster.cluster.tls-certificate, and agentcluster.cluster.peer-address = NODE:PORT.");
                return Task.FromResult(ExitCodes.Done);
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
            {
                session.Screen.Say(unusable.Message);
                return Task.FromResult(ExitCodes.Failed);
            }
        });
    }
}
