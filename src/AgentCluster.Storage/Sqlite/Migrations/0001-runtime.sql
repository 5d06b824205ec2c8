-- What the runtime itself needs. {strict} and {keyed} are filled in when a migration is applied: STRICT where the
-- library knows it (3.37), and the same WITHOUT ROWID, for tables whose rows are small and found by id alone.

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
){keyed};

INSERT INTO meta (name, value) VALUES ('generation', 1), ('opened', 0);

CREATE TABLE lease (
  shard INTEGER NOT NULL PRIMARY KEY,
  generation INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  owner BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  last_batch BLOB NOT NULL
){strict};

-- In order of arrival, so that appending touches the last page only. The unique index is the second fence: one event for
-- each place in a shard, whatever the lease row says.
CREATE TABLE event (
  position INTEGER NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  actor TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  payload BLOB NOT NULL,
  replayed INTEGER NOT NULL
){strict};
CREATE UNIQUE INDEX event_place ON event (shard, sequence);
CREATE INDEX event_replayed ON event (actor, sequence) WHERE replayed = 1;

CREATE TABLE command (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  payload_hash TEXT,
  reply_name TEXT,
  at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX command_at ON command (at);

CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  receiver TEXT,
  number INTEGER,
  name TEXT,
  payload BLOB NOT NULL
){keyed};
CREATE INDEX outbox_owner ON outbox (owner);

CREATE TABLE sent (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  receiver TEXT,
  number INTEGER,
  payload BLOB NOT NULL
){keyed};
CREATE INDEX sent_owner ON sent (owner);

CREATE TABLE received (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  sender TEXT,
  number INTEGER,
  payload BLOB NOT NULL
){keyed};
CREATE INDEX received_owner ON received (owner);

CREATE TABLE timer (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  timer_kind TEXT,
  timer_subject TEXT,
  name TEXT,
  due INTEGER,
  payload BLOB NOT NULL
){keyed};
CREATE INDEX timer_owner ON timer (owner);

CREATE TABLE snapshot (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  sequence INTEGER,
  schema TEXT,
  checksum INTEGER,
  payload BLOB NOT NULL
){strict};

CREATE TABLE parked (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  sender TEXT,
  name TEXT,
  reason TEXT,
  at INTEGER,
  payload BLOB NOT NULL
){strict};
