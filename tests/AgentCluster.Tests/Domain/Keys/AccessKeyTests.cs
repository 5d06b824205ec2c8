using System.Text.Json;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Tests.Domain.Keys;

/// <summary>What a key may be, how one is found, and that a secret shows nothing.</summary>
public sealed class AccessKeyTests
{
    private static readonly AccessKey Key = new()
    {
        Id = new("01KDWYX3000000000000000001"),
        Name = "CI",
        Hash = KeyHash.Of(new Secret("acl_one")),
        Scopes = [Scope.TasksRead],
    };

    [Fact]
    public void A_key_of_one_project_and_agent_is_fine() =>
        Assert.True(AccessKey.Validate(Key with { Project = "apollo", Agent = new("ada") }).IsEmpty);

    [Fact]
    public void What_is_wrong_with_a_key_is_named_field_by_field() => Assert.Equal(
        ["agent", "name", "project", "scopes"],
        AccessKey.Validate(Key with { Name = "", Scopes = [], Project = "a\nb", Agent = new("") }).Select(error => error.Field).Distinct().Order());

    [Theory]
    [InlineData(Scope.Ops)]
    [InlineData(Scope.Admin)]
    public void A_bound_key_cannot_have_a_scope_that_reaches_beyond_its_bounds(Scope scope)
    {
        Assert.True(AccessKey.Validate(Key with { Scopes = [scope] }).IsEmpty);
        Assert.Equal("scopes", Assert.Single(AccessKey.Validate(Key with { Scopes = [scope], Project = "apollo" })).Field);
        Assert.Equal("scopes", Assert.Single(AccessKey.Validate(Key with { Scopes = [scope], Agent = new("ada") })).Field);
    }

    // Broken on purpose: the ring comparing only the beginning of the hash.
    [Fact]
    public void A_key_is_found_by_its_whole_secret_only()
    {
        var almost = Key with { Id = new("01KDWYX3000000000000000002"), Hash = new(Key.Hash.Value[..^1] + (Key.Hash.Value[^1] == '0' ? '1' : '0')) };
        var ring = new KeyRing(1, [almost, Key]);

        Assert.Equal(Key, ring.Find(new("acl_one")));
        Assert.Null(ring.Find(new("acl_two")));
        Assert.Null(new KeyRing(1, [almost]).Find(new("acl_one")));
    }

    [Fact]
    public void A_secret_shows_nothing_unless_it_is_asked_to()
    {
        Secret secret = new("canary");

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(secret), StringComparison.Ordinal);
        Assert.Equal("canary", secret.Reveal());
        Assert.Equal(new Secret("canary"), secret);
    }
}
