-- What an event is about besides its actor, a line each: who follows an epic, a task or an agent reads it without opening
-- the event.

ALTER TABLE event ADD COLUMN channels TEXT NOT NULL DEFAULT '';
