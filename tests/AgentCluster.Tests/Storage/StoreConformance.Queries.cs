using AgentCluster.Actors;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    /// <summary>Each condition, and the rows of <see cref="Sampled"/> that meet it.</summary>
    public static TheoryData<string, string> Questions => new()
    {
        { "everything", "A B E a b é ￿ 𐀀" },
        { "id equal", "b" },
        { "owner equal", "A B" },
        { "text equal", "a" },
        { "text equal other case", "" },
        { "number equal 0", "B" },
        { "number equal 1", "A" },
        { "number equal -5", "E" },
        { "text in", "A b" },
        { "text in nothing", "" },
        { "number in", "A E" },
        { "number in many", "A B a" },
        { "null", "E" },
        { "not null", "A B a b é ￿ 𐀀" },
        { "number null", "é" },
        { "text less", "A B" },
        { "text greater", "é ￿ 𐀀" },
        { "text greater than the last of two bytes", "𐀀" },
        { "number less", "B E" },
        { "number greater", "a b ￿ 𐀀" },
        { "contains", "A a" },
        { "contains upper case", "A a" },
        { "contains accent", "é" },
        { "contains other accent", "" },
        { "contains percent", "b" },
        { "contains underscore", "" },
        { "contains nothing", "A B a b é ￿ 𐀀" },
        { "contains beyond the basic plane", "𐀀" },
        { "two conditions", "A" },
        { "NUL", "" },
        { "less than a lone surrogate", "" },
        { "equal to nothing", "" },
        { "greater than nothing", "" },
    };

    private static Row[] Sampled { get; } =
    [
        Parked("a", Grace, name: "alpha", reason: "One thing", at: 7),
        Parked("b", Grace, name: "beta", reason: "100% two", at: 9),
        Parked("A", Ada, name: "Alpha", reason: "oNE", at: 1),
        Parked("B", Ada, name: "Beta", reason: "", at: 0),
        Parked("é", Grace, name: "é", reason: "Été", at: null),
        Parked("𐀀", Grace, name: "𐀀", reason: "x𐀀y", at: long.MaxValue),
        Parked("￿", Grace, name: "￿", reason: "z", at: 5),
        Parked("E", Grace, name: null, reason: null, at: -5),
    ];

    // Broken on purpose: order by UTF-16 units in memory, NOCASE in SQLite, LIKE instead of instr.
    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_query_answers_with_the_rows_that_meet_every_condition(string question, string expected)
    {
        await WriteAsync(Rows(await AcquireAsync(0, Old), Sampled));

        var page = await Store.QueryAsync(Parkings(Condition(question)) with { WithTotal = true }, Token);

        Assert.Equal(expected, string.Join(' ', page.Rows.Select(row => row.Key.Id)));
        Assert.Equal(page.Rows.Count, page.Total);
    }

    [Theory]
    [InlineData("name", false, "E A B a b é ￿ 𐀀")]
    [InlineData("name", true, "𐀀 ￿ é b a B A E")]
    [InlineData("at", false, "é E B A ￿ a b 𐀀")]
    [InlineData("at", true, "𐀀 b a ￿ A B E é")]
    [InlineData("id", true, "𐀀 ￿ é b a E B A")]
    [InlineData("sender", true, "A B E a b é ￿ 𐀀")]
    public async Task Rows_come_in_the_order_asked_for_and_then_by_id(string column, bool descending, string expected)
    {
        await WriteAsync(Rows(await AcquireAsync(0, Old), Sampled));

        var page = await Store.QueryAsync(Parkings() with { OrderBy = [new(column, descending)] }, Token);

        Assert.Equal(expected, string.Join(' ', page.Rows.Select(row => row.Key.Id)));
        Assert.Null(page.Total);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_the_total_is_of_all()
    {
        await WriteAsync(Rows(await AcquireAsync(0, Old), [.. Enumerable.Range(10, 25).Select(i => Parked($"{i}", Ada, at: i % 3))]));
        var query = Parkings(new RowCondition("at", RowTest.Greater, RowValue.Of(0))) with
        {
            OrderBy = [new("at", true), new("id", true)],
            WithTotal = true,
            Limit = 7,
        };

        var ids = new List<string>();
        for (var offset = 0; offset <= 21; offset += 7)
        {
            var page = await Store.QueryAsync(query with { Offset = offset }, Token);
            Assert.Equal(17, page.Total);
            ids.AddRange(page.Rows.Select(row => row.Key.Id));
        }

        var expected = Enumerable.Range(10, 25).Where(i => i % 3 > 0).OrderByDescending(i => i % 3).ThenByDescending(i => i).Select(i => $"{i}");
        Assert.Equal(expected, ids);
        Assert.Empty((await Store.QueryAsync(query with { Limit = 0 }, Token)).Rows);
    }

    [Fact]
    public async Task Owners_are_those_of_the_rows_in_the_shards_asked_for()
    {
        ActorId zoe = new("agent", "zoe"), task = new("a", "b/c");
        var leases = await Store.AcquireAsync([0, 1, 2], Old, Token);
        await CommitAsync(
            [],
            Rows(leases[0], Parked("1", zoe, at: 1), Parked("2", Ada, at: 1), Parked("3", zoe, at: 1), Parked("4", Grace, at: 2)),
            Rows(leases[1], Parked("5", task, at: 1)),
            Rows(leases[2], Parked("6", new("agent", "elsewhere"), at: 1)));

        var query = Parkings(new RowCondition("at", RowTest.Equal, RowValue.Of(1))) with { Limit = 1, OrderBy = [new("at")] };

        Assert.Equal([task, Ada, zoe], await Store.OwnersAsync(query, [0, 1], Token));
        Assert.Empty(await Store.OwnersAsync(query, [], Token));
    }

    [Fact]
    public async Task A_question_that_databases_would_answer_differently_is_refused()
    {
        RowQuery[] questions =
        [
            Parkings(new RowCondition("nothing", RowTest.Null)),
            Parkings(new RowCondition("at", RowTest.Equal, RowValue.Of("1"))),
            Parkings(new RowCondition("name", RowTest.Less, RowValue.Of(1))),
            Parkings(new RowCondition("at", RowTest.Contains, RowValue.Of("1"))),
            Parkings(new RowCondition("name", RowTest.Equal)),
            Parkings(new RowCondition("name", RowTest.Null, RowValue.Of("x"))),
            Parkings() with { OrderBy = [new("nothing; DROP TABLE lease")] },
            Parkings() with { Offset = -1 },
            Parkings() with { Limit = -1 },
            new(new RowTable("nowhere", [])),
        ];

        foreach (var question in questions)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.QueryAsync(question, Token));
        }
    }

    private static RowQuery Parkings(params IReadOnlyList<RowCondition> conditions) =>
        new(AgentCluster.Runtime.Store.RuntimeTables.Parked) { Where = conditions };

    private static RowCondition[] Condition(string question) => question switch
    {
        "everything" => [],
        "id equal" => [new("id", RowTest.Equal, RowValue.Of("b"))],
        "owner equal" => [new("owner", RowTest.Equal, RowValue.Of("agent/ada"))],
        "text equal" => [new("name", RowTest.Equal, RowValue.Of("alpha"))],
        "text equal other case" => [new("name", RowTest.Equal, RowValue.Of("ALPHA"))],
        "number equal 0" => [new("at", RowTest.Equal, RowValue.Of(0))],
        "number equal 1" => [new("at", RowTest.Equal, RowValue.Of(1))],
        "number equal -5" => [new("at", RowTest.Equal, RowValue.Of(-5))],
        "text in" => [new("name", RowTest.In, RowValue.Of("Alpha"), RowValue.Of("beta"), RowValue.Of("\"[]"), RowValue.Of("\0"), RowValue.Null)],
        "text in nothing" => [new("name", RowTest.In)],
        "number in" => [new("at", RowTest.In, RowValue.Of(1), RowValue.Of(-5), RowValue.Null)],
        "number in many" => [new("at", RowTest.In, [.. Enumerable.Range(0, 50_000).Where(i => i is not (5 or 9)).Select(i => RowValue.Of(i))])],
        "null" => [new("name", RowTest.Null)],
        "not null" => [new("name", RowTest.NotNull)],
        "number null" => [new("at", RowTest.Null)],
        "text less" => [new("name", RowTest.Less, RowValue.Of("a"))],
        "text greater" => [new("name", RowTest.Greater, RowValue.Of("zzz"))],
        "text greater than the last of two bytes" => [new("name", RowTest.Greater, RowValue.Of("￿"))],
        "number less" => [new("at", RowTest.Less, RowValue.Of(1))],
        "number greater" => [new("at", RowTest.Greater, RowValue.Of(1))],
        "contains" => [new("reason", RowTest.Contains, RowValue.Of("one"))],
        "contains upper case" => [new("reason", RowTest.Contains, RowValue.Of("ONE"))],
        "contains accent" => [new("reason", RowTest.Contains, RowValue.Of("Té"))],
        "contains other accent" => [new("reason", RowTest.Contains, RowValue.Of("ÉTÉ"))],
        "contains percent" => [new("reason", RowTest.Contains, RowValue.Of("0%"))],
        "contains underscore" => [new("reason", RowTest.Contains, RowValue.Of("_"))],
        "contains nothing" => [new("reason", RowTest.Contains, RowValue.Of(""))],
        "contains beyond the basic plane" => [new("reason", RowTest.Contains, RowValue.Of("X𐀀"))],
        "two conditions" => [new("owner", RowTest.Equal, RowValue.Of("agent/ada")), new("at", RowTest.Greater, RowValue.Of(0))],
        "NUL" => [new("reason", RowTest.Contains, RowValue.Of("\0"))],
        "less than a lone surrogate" => [new("name", RowTest.Less, RowValue.Of("\uDC00"))],
        "equal to nothing" => [new("name", RowTest.Equal, RowValue.Null)],
        "greater than nothing" => [new("at", RowTest.Greater, RowValue.Null)],
        _ => throw new ArgumentException(question),
    };
}
