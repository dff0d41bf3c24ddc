-- Which answers a voter was given, by code: an entry's id with the version that it had, or `tiket-12` (without a version) for
-- a moderator's words. Noted once Telegram has taken the message (milliseconds since 1970).
CREATE TABLE heard (
    bot_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    voter BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, code, version, voter),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX heard_voter ON heard (bot_id, voter);
CREATE INDEX heard_at ON heard (bot_id, at);

-- The code of the entry that a call tells, with its version.
ALTER TABLE outbox ADD COLUMN code TEXT;
