-- What a ticket's buttons carry: a card means the ticket with its key, or none.
ALTER TABLE ticket ADD COLUMN card_key TEXT NOT NULL DEFAULT '';
CREATE INDEX ticket_card_key ON ticket (bot_id, card_key);

-- What a voter's message asked and what became of it, as JSON, by the key that buttons carry.
CREATE TABLE asked (
    bot_id BIGINT NOT NULL,
    asked_key TEXT NOT NULL,
    voter BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    -- By the clock that can't go back.
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bot_id, asked_key),
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX asked_message ON asked (bot_id, voter, message_id);
CREATE INDEX asked_at ON asked (bot_id, voter, at);

-- What outlives a voter's data: whether moderators want no more, and how much was written lately. `who` is a keyed hash.
CREATE TABLE remains (
    bot_id BIGINT NOT NULL,
    who TEXT NOT NULL,
    blocked BIGINT NOT NULL,
    pace TEXT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (bot_id, who)
);

-- The key of that hash, made once.
CREATE TABLE secret (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (bot_id, name)
);

-- Messages of the bot's that stand for no ticket, and to which someone replied and was told so.
CREATE TABLE told (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, chat_id, message_id)
);
