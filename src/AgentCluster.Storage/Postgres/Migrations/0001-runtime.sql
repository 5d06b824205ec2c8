-- What the runtime itself needs. Text compares by code point ("C") whatever the database was made with.

CREATE TABLE meta (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  value bigint NOT NULL
);

INSERT INTO meta (name, value) VALUES ('generation', 1);

-- Rewritten with every commit: room on each page keeps the new versions beside the old ones and the index untouched.
CREATE TABLE lease (
  shard integer NOT NULL PRIMARY KEY,
  generation integer NOT NULL,
  epoch bigint NOT NULL,
  owner uuid NOT NULL,
  sequence bigint NOT NULL,
  last_batch uuid NOT NULL
) WITH (fillfactor = 25, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The primary key is the second fence: one event for each place in a shard, whatever the lease row says.
CREATE TABLE event (
  shard integer NOT NULL,
  sequence bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  payload bytea NOT NULL,
  replayed boolean NOT NULL,
  channels text COLLATE "C" NOT NULL,
  PRIMARY KEY (shard, sequence)
);
CREATE INDEX event_replayed ON event (actor, sequence) WHERE replayed;

CREATE TABLE command (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  payload_hash text COLLATE "C",
  reply_name text COLLATE "C",
  at bigint,
  payload bytea NOT NULL
);
CREATE INDEX command_at ON command (at);

CREATE TABLE outbox (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  receiver text COLLATE "C",
  number bigint,
  name text COLLATE "C",
  payload bytea NOT NULL
);
CREATE INDEX outbox_owner ON outbox (owner);

CREATE TABLE sent (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  receiver text COLLATE "C",
  number bigint,
  payload bytea NOT NULL
);
CREATE INDEX sent_owner ON sent (owner);

CREATE TABLE received (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  sender text COLLATE "C",
  number bigint,
  payload bytea NOT NULL
);
CREATE INDEX received_owner ON received (owner);

CREATE TABLE timer (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  timer_kind text COLLATE "C",
  timer_subject text COLLATE "C",
  name text COLLATE "C",
  due bigint,
  payload bytea NOT NULL
);
CREATE INDEX timer_owner ON timer (owner);

CREATE TABLE snapshot (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  sequence bigint,
  schema text COLLATE "C",
  checksum bigint,
  payload bytea NOT NULL
);

CREATE TABLE parked (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  sender text COLLATE "C",
  name text COLLATE "C",
  reason text COLLATE "C",
  at bigint,
  payload bytea NOT NULL
);

CREATE TABLE projection (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  version bigint,
  payload bytea NOT NULL
);

-- Called by a commit that meets a row of another actor: 23514 is a data error, so the commit's sender looks for the culprit.
CREATE FUNCTION refuse_row(relation text, id text, writer text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Row ''%'' of table ''%'' is not %''s to write: another actor owns it.', id, relation, writer USING ERRCODE = '23514';
END $$;
