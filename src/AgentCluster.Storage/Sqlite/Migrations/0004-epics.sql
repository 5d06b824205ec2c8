-- What lists and searches of epics need: the words and tags, and how their tasks ended. Columns stand before the payload in
-- every table, so the table is made anew. What the tasks have cost so far is in their payloads only and counts from here on.

CREATE TABLE epic_new (
  id TEXT NOT NULL PRIMARY KEY,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  project TEXT,
  title TEXT,
  words TEXT,
  tags TEXT,
  status TEXT,
  open INTEGER,
  total INTEGER,
  completed INTEGER,
  failed INTEGER,
  cancelled INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  payload BLOB NOT NULL
){strict};

INSERT INTO epic_new
SELECT id, shard, owner, project, title, title, NULL, status, open,
  (SELECT count(*) FROM task WHERE task.epic_id = epic.id AND task.status <> 'deleted'),
  (SELECT count(*) FROM task WHERE task.epic_id = epic.id AND task.status = 'completed'),
  (SELECT count(*) FROM task WHERE task.epic_id = epic.id AND task.status = 'failed'),
  (SELECT count(*) FROM task WHERE task.epic_id = epic.id AND task.status = 'cancelled'),
  created_at, updated_at, payload
FROM epic;

DROP TABLE epic;
ALTER TABLE epic_new RENAME TO epic;

-- An epic that was imported as ended and has open tasks is read at recovery: its tasks are counted in it.
UPDATE epic SET open = 1 WHERE total > completed + failed + cancelled;

CREATE INDEX epic_open ON epic (owner) WHERE open = 1;
CREATE INDEX epic_project ON epic (project, created_at, id);
