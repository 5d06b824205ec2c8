-- What agents coordinate about. A row whose indexed columns change is entered in every index again, so there are few.

CREATE TABLE task (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  project text COLLATE "C",
  epic_id text COLLATE "C",
  title text COLLATE "C",
  status text COLLATE "C",
  priority bigint,
  type text COLLATE "C",
  tags text COLLATE "C",
  assignee text COLLATE "C",
  claim_token bigint,
  open bigint,
  source text COLLATE "C",
  ordinal bigint,
  created_at bigint,
  updated_at bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX task_open ON task (owner) WHERE open = 1;
CREATE INDEX task_held ON task (assignee) WHERE claim_token IS NOT NULL;
CREATE INDEX task_epic ON task (epic_id) WHERE epic_id IS NOT NULL;
CREATE INDEX task_project ON task (project, created_at NULLS FIRST, id);

CREATE TABLE task_detail (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  project text COLLATE "C",
  payload bytea NOT NULL
);

CREATE TABLE epic (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  project text COLLATE "C",
  title text COLLATE "C",
  words text COLLATE "C",
  tags text COLLATE "C",
  status text COLLATE "C",
  open bigint,
  total bigint,
  completed bigint,
  failed bigint,
  cancelled bigint,
  created_at bigint,
  updated_at bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX epic_open ON epic (owner) WHERE open = 1;
CREATE INDEX epic_project ON epic (project, created_at NULLS FIRST, id);

CREATE TABLE registry (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  token_ceiling bigint,
  ordinal_ceiling bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE agent (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  roles text COLLATE "C",
  capabilities text COLLATE "C",
  online bigint,
  awake bigint,
  created_at bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX agent_awake ON agent (owner) WHERE awake = 1;

CREATE TABLE task_history (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  place_shard bigint,
  place_sequence bigint,
  payload bytea NOT NULL
);

CREATE TABLE agent_statistics (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  payload bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE open_claim (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  agent text COLLATE "C",
  since bigint,
  payload bytea NOT NULL
);
