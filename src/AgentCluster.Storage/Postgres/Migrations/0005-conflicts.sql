-- What conflict detectors know of repositories: which have something that ends by time, their worktrees, and their conflicts.

CREATE TABLE repository (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  awake bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE worktree (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  repository text COLLATE "C",
  agent text COLLATE "C",
  path text COLLATE "C",
  payload bytea NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE conflict (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  repository text COLLATE "C",
  type text COLLATE "C",
  severity text COLLATE "C",
  status text COLLATE "C",
  agents text COLLATE "C",
  tasks text COLLATE "C",
  open bigint,
  detected_at bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX conflict_open ON conflict (detected_at NULLS FIRST, id) WHERE open = 1;
CREATE INDEX conflict_at ON conflict (detected_at NULLS FIRST, id);
