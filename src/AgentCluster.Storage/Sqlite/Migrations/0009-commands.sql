-- Remembered commands in order of arrival, so that remembering one touches the last page only. An id is found through runs:
-- some thousands of commands each, sorted by the first digits of their ids, written once and dropped when all of them are
-- forgotten. What came after the last run is few, and is looked through. See Sqlite/Commands.

ALTER TABLE command RENAME TO command_by_id;

-- A number is never given twice: an entry of a run whose command is forgotten must not lead to another one.
CREATE TABLE command (
  number INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  payload_hash TEXT,
  reply_name TEXT,
  at INTEGER,
  payload BLOB NOT NULL
){strict};

INSERT INTO command (number, id, shard, owner, payload_hash, reply_name, at, payload)
  SELECT rowid, id, shard, owner, payload_hash, reply_name, at, payload FROM command_by_id ORDER BY rowid;

DROP TABLE command_by_id;

-- A run covers the numbers after one and up to another, by which it is named. The oldest of its commands says when some of
-- them are to be forgotten; it is null when none is left.
CREATE TABLE command_sorted (
  run INTEGER NOT NULL PRIMARY KEY,
  after INTEGER NOT NULL,
  oldest INTEGER
){strict};

CREATE TABLE command_run (
  run INTEGER NOT NULL,
  start TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (run, start, number)
){keyed};

INSERT INTO meta (name, value) VALUES ('last_command', 0);
