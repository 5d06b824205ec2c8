using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.Agents.AgentCommand;
using static AgentCluster.Domain.Agents.AgentEvent;

namespace AgentCluster.Tests.Domain.Mailboxes;

public sealed class MailboxTests() : BehaviorSpec<AgentBehavior, AgentState, AgentCommand, AgentEvent>("ada")
{
    private static readonly AgentProfile Profile = new() { Name = "Ada" };
    private static readonly AgentId Grace = new("grace");
    private static readonly DelegationId Work = new("01KDWYX300000000000000000D");

    // Broken on purpose: a sequence that starts at 0 (the first mail is read by nobody who asks for what comes after 0).
    [Fact]
    public void Each_mail_gets_the_next_place_and_a_row()
    {
        Given(new AgentRegistered(Profile, Now));

        var (first, turn) = When(new PutMail(Message("Hello")));
        var (second, _) = When(new PutMail(Message("Again")));

        Assert.Equal((1L, 2L), (Assert.IsType<MailReply.Put>(first).Seq, Assert.IsType<MailReply.Put>(second).Seq));
        Assert.Equal([new MailReceived(1, ((MailReply.Put)first).Id, Message("Hello"), Now)], turn.Events);
        Assert.NotEqual(((MailReply.Put)first).Id, ((MailReply.Put)second).Id);
        Assert.Equal(2, Rows.Keys.Count(key => key.Table == AgentTables.Mail.Name));
        Assert.Equal((2L, 0L), Ends());
    }

    [Fact]
    public void Nobody_of_that_name_gets_no_mail()
    {
        var (reply, turn) = When(new PutMail(Message("Hello")));

        Assert.Equal(new MailReply.UnknownAgent(new("ada")), reply);
        Assert.Empty(turn.Events);
        Assert.Equal(new MailboxReply.UnknownAgent(new("ada")), When(new ReadMailbox()).Reply);
        Assert.Equal(new MailboxReply.UnknownAgent(new("ada")), When(new AcknowledgeMail(1)).Reply);
    }

    [Fact]
    public void What_was_read_is_acknowledged_once_and_never_unread_again()
    {
        Given(new AgentRegistered(Profile, Now), Mail(1), Mail(2), Mail(3));

        var (reply, turn) = When(new AcknowledgeMail(2));
        var again = When(new AcknowledgeMail(1));

        Assert.Equal(new MailboxReply.Found(3, 2, TimeSpan.FromSeconds(120)), reply);
        Assert.Equal([new MailAcknowledged(2, Now)], turn.Events);
        Assert.Equal(new MailboxReply.Found(3, 2, TimeSpan.FromSeconds(120)), again.Reply);
        Assert.Empty(again.Turn.Events);
        Assert.Equal(1, Assert.IsType<AgentReply.Found>(When(new ReadAgent()).Reply).Agent.Unread);
    }

    [Fact]
    public void What_cannot_have_been_read_is_not_acknowledged()
    {
        Given(new AgentRegistered(Profile, Now), Mail(1));

        var (reply, turn) = When(new AcknowledgeMail(2));

        Assert.Equal(new MailboxReply.NotThere(2, 1), reply);
        Assert.Empty(turn.Events);
    }

    // Broken on purpose: the bound looked at only for letters.
    [Fact]
    public void A_full_mailbox_takes_no_message_and_declines_a_delegation_until_something_was_read()
    {
        ComparesEachTurn = false;
        Given([new AgentRegistered(Profile, Now), .. Enumerable.Range(1, Mailbox.MostUnread).Select(seq => Mail(seq))]);

        Assert.Equal(new MailReply.Full(new("ada"), Mailbox.MostUnread), When(new PutMail(Message("More"))).Reply);
        var declined = WhenTold(new TakeMail(Delegated()));
        Assert.Empty(declined.Events);
        Assert.Equal([new Message(Kinds.AgentOf(Grace), new RefuseDelegation(Work, "The mailbox of 'ada' is full."))], declined.Messages);

        When(new AcknowledgeMail(1));
        Assert.IsType<MailReply.Put>(When(new PutMail(Message("More"))).Reply);
    }

    [Fact]
    public void A_mailbox_is_full_by_what_was_said_too()
    {
        var large = new string('x', Bounds.TextLength);
        Given([new AgentRegistered(Profile, Now), .. Enumerable.Range(1, (int)(Mailbox.MostCharacters / Bounds.TextLength)).Select(seq => Mail(seq, large))]);

        Assert.IsType<MailReply.Full>(When(new PutMail(Message("x"))).Reply);
        When(new AcknowledgeMail(1));
        Assert.IsType<MailReply.Put>(When(new PutMail(Message("x"))).Reply);
    }

    [Fact]
    public void A_mailbox_keeps_its_last_mails_and_lets_go_of_one_for_each_that_comes()
    {
        ComparesEachTurn = false;
        Given([new AgentRegistered(Profile, Now), .. Enumerable.Range(1, Mailbox.Kept).Select(seq => Mail(seq))]);
        Given(new MailAcknowledged(Mailbox.Kept, Now));
        Assert.Contains(MailRowKey(1), Rows.Keys);

        When(new PutMail(Message("One more")));

        Assert.DoesNotContain(MailRowKey(1), Rows.Keys);
        Assert.Contains(MailRowKey(2), Rows.Keys);
        Assert.Equal(Mailbox.Kept, Rows.Keys.Count(key => key.Table == AgentTables.Mail.Name));
    }

    [Fact]
    public void Mail_is_no_sign_of_life_and_brings_nobody_back()
    {
        Given(new AgentRegistered(Profile, Now), new AgentWentOffline(Now, Promised: false));

        var (reply, turn) = When(new PutMail(Message("Are you there?")));

        Assert.IsType<MailReply.Put>(reply);
        Assert.Empty(turn.Soft);
        Assert.False(Assert.IsType<AgentReply.Found>(When(new ReadAgent()).Reply).Agent.Online);
    }

    [Fact]
    public void A_mailbox_outlives_a_registration_so_that_no_place_is_given_twice()
    {
        Given(new AgentRegistered(Profile, Now), Mail(1), new AgentDeregistered(Now));

        Given(new AgentRegistered(Profile, Now));

        Assert.Equal(2, Assert.IsType<MailReply.Put>(When(new PutMail(Message("Back?"))).Reply).Seq);
    }

    [Fact]
    public void What_is_sent_to_a_role_goes_to_each_holder_once_and_not_to_its_sender()
    {
        Given(new AgentRegistered(Profile, Now));

        var (reply, turn) = When(new SendMail("QA", ["grace", "ada", "grace", "alan"], Message("Red.")));

        Assert.Equal(new SendReply.Sent(["grace", "alan"]), reply);
        Assert.Equal(
            [new Message(Kinds.AgentOf(Grace), new TakeMail(Message("Red."))), new Message(Kinds.AgentOf(new("alan")), new TakeMail(Message("Red.")))],
            turn.Messages);
    }

    [Fact]
    public void A_role_that_nobody_else_has_gets_nothing()
    {
        Given(new AgentRegistered(Profile, Now));

        Assert.Equal(new SendReply.Nobody(), When(new SendMail("QA", ["ada"], Message("Red."))).Reply);
    }

    [Fact]
    public void Who_is_not_registered_sends_nothing_to_a_role() =>
        Assert.Equal(new SendReply.UnknownAgent(new("ada")), When(new SendMail("QA", ["grace"], Message("Red."))).Reply);

    [Fact]
    public void What_a_text_refers_to_is_kept_beside_it()
    {
        Given(new AgentRegistered(Profile, Now));

        var (_, turn) = When(new PutMail(Message("See group/project#12 and !34.")));

        Assert.Equal(["group/project#12", "!34"], Assert.IsType<MailReceived>(turn.Events[0]).Mail.Content.References);
    }

    [Fact]
    public void A_mailbox_comes_back_from_its_snapshot_as_it_was()
    {
        Given(new AgentRegistered(Profile, Now), Mail(1), Mail(2), new MailAcknowledged(1, Now));

        var written = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(State, AgentBehavior.Json.Snapshot!());
        State = (AgentState)System.Text.Json.JsonSerializer.Deserialize(written, AgentBehavior.Json.Snapshot!())!;

        Assert.Equal((2L, 1L), Ends());
        Assert.Equal(1, Assert.IsType<AgentReply.Found>(When(new ReadAgent()).Reply).Agent.Unread);
        Assert.Equal(3, Assert.IsType<MailReply.Put>(When(new PutMail(Message("Next"))).Reply).Seq);
    }

    [Theory]
    [InlineData("\u001b[31mred", "text")]
    [InlineData("a\0b", "text")]
    [InlineData("\u0085", "text")]
    public void Control_characters_are_refused(string text, string field) =>
        Assert.Contains(AgentCluster.Domain.Mailboxes.Mail.Validate(new(text), null), error => error.Field == field);

    [Fact]
    public void Line_breaks_and_tabs_are_fine() => Assert.Empty(AgentCluster.Domain.Mailboxes.Mail.Validate(new("a\r\n\tb") { Subject = "s" }, "thread"));

    private static Mail Message(string text) => new(MailKind.Message, new(text)) { From = Grace };

    private static Mail Delegated() => new(MailKind.Delegation, new("Test it")) { From = Grace, Delegation = Work };

    private MailReceived Mail(long seq, string text = "Hello") => new(seq, "01KDWYX300000000000000000M", Message(text), Now);

    private static RowKey MailRowKey(long seq) => new(AgentTables.Mail.Name, $"ada\n{seq:D19}");

    private (long Last, long Acknowledged) Ends() => When(new ReadMailbox()).Reply is MailboxReply.Found found ? (found.Last, found.Acknowledged) : default;
}
