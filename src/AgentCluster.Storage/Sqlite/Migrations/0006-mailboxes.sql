-- Mailboxes and delegations. A mailbox is found by a range of ids: its mails lie side by side, in their order.

CREATE TABLE mail (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  seq INTEGER,
  sent_at INTEGER,
  payload BLOB NOT NULL
){strict};

CREATE TABLE delegation (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  from_agent TEXT,
  to_agent TEXT,
  status TEXT,
  open INTEGER,
  created_at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX delegation_open ON delegation (to_agent) WHERE open = 1;
CREATE INDEX delegation_from ON delegation (from_agent, created_at, id);
CREATE INDEX delegation_to ON delegation (to_agent, created_at, id);

CREATE TABLE delegation_text (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  payload BLOB NOT NULL
){strict};
