-- Which answers a voter was given, by code: an entry's id with the version that it had, or `tiket-12` (without a version) for
-- a moderator's words. Noted once Telegram has taken the message (milliseconds since 1970).
CREATE TABLE heard (
    bot_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    voter BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, code, voter, version),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX heard_voter ON heard (bot_id, voter);
CREATE INDEX heard_at ON heard (bot_id, at);

-- The code of the entry that a call tells, with its version.
ALTER TABLE outbox ADD COLUMN code TEXT;

-- The version that each entry had when the FAQ was loaded last.
CREATE TABLE seen_version (
    bot_id BIGINT NOT NULL,
    entry TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (bot_id, entry)
);

-- Entries that moderators retracted: not given as long as they have that version.
CREATE TABLE retraction (
    bot_id BIGINT NOT NULL,
    entry TEXT NOT NULL,
    version TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (bot_id, entry, version)
);

-- Recalls: an entry or a ticket's answer that holds no more, as JSON, and how far telling so came.
CREATE TABLE recall (
    bot_id BIGINT NOT NULL,
    recall_key TEXT NOT NULL,
    changed BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bot_id, recall_key)
);

-- Whose message of a recall was put on its way. state: wait, sent, blocked, failed, dropped.
CREATE TABLE recalled (
    bot_id BIGINT NOT NULL,
    recall_key TEXT NOT NULL,
    voter BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (bot_id, recall_key, voter),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX recalled_voter ON recalled (bot_id, voter);
