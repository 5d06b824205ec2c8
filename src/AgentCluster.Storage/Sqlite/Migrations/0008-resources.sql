-- Who has, and had, how much of what there is to share.

CREATE TABLE allocation (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  agent TEXT,
  task TEXT,
  active INTEGER,
  allocated_at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX allocation_awake ON allocation (owner) WHERE active = 1;
CREATE INDEX allocation_agent ON allocation (agent, allocated_at, id);
CREATE INDEX allocation_at ON allocation (allocated_at, id);
