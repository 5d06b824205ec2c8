-- The runs of nodes that share this database. Rewritten several times a lease.

CREATE TABLE member (
  incarnation uuid NOT NULL PRIMARY KEY,
  address text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  counter bigint NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('up', 'leaving', 'down')),
  joined_at bigint NOT NULL
) WITH (fillfactor = 25);
