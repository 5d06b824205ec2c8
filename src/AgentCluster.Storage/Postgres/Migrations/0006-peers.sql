-- Where other nodes send messages to. A node of an older version enters none: its callers are sent there.

ALTER TABLE member ADD COLUMN peer_address text COLLATE "C" NOT NULL DEFAULT '';
