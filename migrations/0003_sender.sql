-- What goes to the moderators is addressed when it is sent: chat 0 stands for wherever they are then.
ALTER TABLE outbox ADD COLUMN rank BIGINT NOT NULL DEFAULT 1;
-- The ticket that a call to the moderators is about.
ALTER TABLE outbox ADD COLUMN ticket BIGINT;
-- Rises with each call and each change of its turn, so that both are seen by whoever reads what is new.
ALTER TABLE outbox ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE outbox SET seq = id;
UPDATE outbox SET chat_id = 0 WHERE chat_id < 0;
DROP INDEX outbox_state;
CREATE INDEX outbox_seq ON outbox (bot_id, state, seq);

-- Until when Telegram wants silence (429), and how long it asked for, in milliseconds: in a chat, or in all of them (the
-- smallest number there is). What was written before is over in a moment.
DROP TABLE hold;
CREATE TABLE hold (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    until BIGINT NOT NULL,
    span BIGINT NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
);

-- What people must be told of while it lasts: since when (milliseconds since 1970), and why, in Telegram's words.
CREATE TABLE trouble (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (bot_id, name)
);
