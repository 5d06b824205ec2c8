-- What is computed from the journal in the background, and how far it is. A projection whose fold changes is emptied here,
-- its mark too, and computed anew.

CREATE TABLE projection (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  version INTEGER,
  payload BLOB NOT NULL
){strict};

-- Found by a range of ids: a task's events lie side by side, in their order.
CREATE TABLE task_history (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  place_shard INTEGER,
  place_sequence INTEGER,
  payload BLOB NOT NULL
){keyed};

CREATE TABLE agent_statistics (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  payload BLOB NOT NULL
){strict};

CREATE TABLE open_claim (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  agent TEXT,
  since INTEGER,
  payload BLOB NOT NULL
){strict};
