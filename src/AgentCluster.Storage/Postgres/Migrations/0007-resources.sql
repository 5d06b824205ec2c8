-- Who has, and had, how much of what there is to share.

CREATE TABLE allocation (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  shard integer NOT NULL,
  owner text COLLATE "C" NOT NULL,
  agent text COLLATE "C",
  task text COLLATE "C",
  active bigint,
  allocated_at bigint,
  payload bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX allocation_awake ON allocation (owner) WHERE active = 1;
CREATE INDEX allocation_agent ON allocation (agent, allocated_at NULLS FIRST, id);
CREATE INDEX allocation_at ON allocation (allocated_at NULLS FIRST, id);
