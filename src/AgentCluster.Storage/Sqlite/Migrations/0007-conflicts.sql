-- What conflict detectors know of repositories: which have something that ends by time, their worktrees, and their conflicts.

CREATE TABLE repository (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  awake INTEGER,
  payload BLOB NOT NULL
){strict};

CREATE TABLE worktree (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  repository TEXT,
  agent TEXT,
  path TEXT,
  payload BLOB NOT NULL
){strict};

CREATE TABLE conflict (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  repository TEXT,
  type TEXT,
  severity TEXT,
  status TEXT,
  agents TEXT,
  tasks TEXT,
  open INTEGER,
  detected_at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX conflict_open ON conflict (detected_at, id) WHERE open = 1;
CREATE INDEX conflict_at ON conflict (detected_at, id);
