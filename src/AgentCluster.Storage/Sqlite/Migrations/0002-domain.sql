-- What agents coordinate about. An index that an update touches costs on every claim, so there are few: the open tasks of
-- a registry (its recovery), the tasks that are held (who must be awake, what an agent holds), and the lists.

CREATE TABLE task (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  project TEXT,
  epic_id TEXT,
  title TEXT,
  status TEXT,
  priority INTEGER,
  type TEXT,
  tags TEXT,
  assignee TEXT,
  claim_token INTEGER,
  open INTEGER,
  source TEXT,
  ordinal INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX task_open ON task (owner) WHERE open = 1;
CREATE INDEX task_held ON task (assignee) WHERE claim_token IS NOT NULL;
CREATE INDEX task_epic ON task (epic_id) WHERE epic_id IS NOT NULL;
CREATE INDEX task_project ON task (project, created_at, id);

CREATE TABLE task_detail (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  project TEXT,
  payload BLOB NOT NULL
){strict};

CREATE TABLE epic (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  project TEXT,
  title TEXT,
  status TEXT,
  open INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX epic_open ON epic (owner) WHERE open = 1;

CREATE TABLE registry (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  token_ceiling INTEGER,
  ordinal_ceiling INTEGER,
  payload BLOB NOT NULL
){keyed};

CREATE TABLE agent (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  name TEXT,
  roles TEXT,
  capabilities TEXT,
  online INTEGER,
  awake INTEGER,
  created_at INTEGER,
  payload BLOB NOT NULL
){strict};
CREATE INDEX agent_awake ON agent (owner) WHERE awake = 1;
