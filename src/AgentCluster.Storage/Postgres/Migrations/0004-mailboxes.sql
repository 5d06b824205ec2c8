-- Mailboxes and delegations. A mailbox is found by a range of ids: its mails lie side by side, in their order.

CREATE TABLE mail (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  seq bigint,
  sent_at bigint,
  payload bytea NOT NULL
);

CREATE TABLE delegation (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  from_agent text COLLATE "C",
  to_agent text COLLATE "C",
  status text COLLATE "C",
  open bigint,
  created_at bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX delegation_open ON delegation (to_agent) WHERE open = 1;
CREATE INDEX delegation_from ON delegation (from_agent, created_at NULLS FIRST, id);
CREATE INDEX delegation_to ON delegation (to_agent, created_at NULLS FIRST, id);

CREATE TABLE delegation_text (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  payload bytea NOT NULL
);
