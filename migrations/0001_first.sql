-- Every table begins with the bot's id: several bots may share one database. Times are milliseconds since 1970 (UTC).
-- Only BIGINT and TEXT are used, so that the same statements run on SQLite and PostgreSQL.

-- One row a voter: all that is personal hangs on it and goes with it.
CREATE TABLE voter (
    bot_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    -- The desk's memory of the voter, as JSON.
    state TEXT NOT NULL,
    seen BIGINT NOT NULL,
    -- Since when Telegram refuses to deliver (403); NULL while it does deliver.
    unreachable BIGINT,
    PRIMARY KEY (bot_id, id)
);

-- Updates as they came. state: new, done, unread (could not be parsed), failed.
CREATE TABLE inbox (
    bot_id BIGINT NOT NULL,
    update_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    received BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Blanked once handled.
    raw TEXT NOT NULL,
    PRIMARY KEY (bot_id, update_id)
);
CREATE INDEX inbox_state ON inbox (bot_id, state, received, update_id);
CREATE INDEX inbox_chat ON inbox (bot_id, chat_id);

-- Bot API calls to make, in order of id within a chat. state: wait, sent, failed, dropped.
CREATE TABLE outbox (
    bot_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    -- Whose data it holds, if a voter's.
    voter BIGINT,
    method TEXT NOT NULL,
    -- The call without its chat_id, as JSON. "@name" stands for the number of the message of that name.
    body TEXT NOT NULL,
    -- The name of the message that it sends or edits; one row of a name waits at most.
    name TEXT,
    -- Rises with each change of the body, so that a change during sending is seen.
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    created BIGINT NOT NULL,
    sent BIGINT,
    -- Why it failed.
    reason TEXT,
    -- Which moderator's answer it carries, as JSON.
    reply TEXT,
    PRIMARY KEY (bot_id, id),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX outbox_state ON outbox (bot_id, state, id);
CREATE INDEX outbox_name ON outbox (bot_id, name, state);
CREATE INDEX outbox_chat_sent ON outbox (bot_id, chat_id, sent);
CREATE INDEX outbox_voter ON outbox (bot_id, voter);

-- Where a named message stands in Telegram.
CREATE TABLE link (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    chat_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    voter BIGINT,
    sent BIGINT NOT NULL,
    PRIMARY KEY (bot_id, name),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX link_message ON link (bot_id, chat_id, message_id);
CREATE INDEX link_voter ON link (bot_id, voter);

-- Questions that wait, or waited, for a moderator.
CREATE TABLE ticket (
    bot_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    voter BIGINT NOT NULL,
    state TEXT NOT NULL,
    asked BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    -- The desk's ticket, as JSON.
    body TEXT NOT NULL,
    PRIMARY KEY (bot_id, number),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX ticket_voter ON ticket (bot_id, voter, state);
CREATE INDEX ticket_state ON ticket (bot_id, state, number);

-- What must happen later: at its time the event enters the desk like an update.
CREATE TABLE due (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    voter BIGINT,
    -- The desk's event, as JSON.
    event TEXT NOT NULL,
    PRIMARY KEY (bot_id, name),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX due_at ON due (bot_id, at);

-- The last number given out, by name.
CREATE TABLE counter (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (bot_id, name)
);

-- Groups that became supergroups.
CREATE TABLE moved (
    bot_id BIGINT NOT NULL,
    old_id BIGINT NOT NULL,
    new_id BIGINT NOT NULL,
    PRIMARY KEY (bot_id, old_id)
);

-- Until when Telegram wants silence (429): in a chat, or in all of them (chat 0).
CREATE TABLE hold (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
);
