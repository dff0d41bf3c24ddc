-- Updates of a chat are handled in the order in which they came in, counted by ourselves: the clock may be set back, and
-- Telegram's numbers start anew after a quiet week.
ALTER TABLE inbox ADD COLUMN arrival BIGINT NOT NULL DEFAULT 0;
UPDATE inbox SET arrival = own.place
FROM (
    SELECT bot_id, update_id,
        ROW_NUMBER() OVER (PARTITION BY bot_id, chat_id ORDER BY received, update_id) AS place
    FROM inbox WHERE state = 'new'
) AS own
WHERE own.bot_id = inbox.bot_id AND own.update_id = inbox.update_id;
CREATE INDEX inbox_wait ON inbox (bot_id, chat_id, arrival, update_id) WHERE state = 'new';

-- Of a handled update only the key is kept, which catches repeats.
UPDATE inbox SET chat_id = 0 WHERE state = 'done';

-- Chats with updates that wait. Each has its turn, one update at a time, so that nobody waits behind all that another
-- wrote.
CREATE TABLE turn (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    -- The smallest is next; a chat that had its turn gets the largest.
    place BIGINT NOT NULL,
    -- The number of the update that came in last.
    arrived BIGINT NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
);
CREATE INDEX turn_place ON turn (bot_id, place, chat_id);
INSERT INTO turn (bot_id, chat_id, place, arrived)
SELECT bot_id, chat_id, ROW_NUMBER() OVER (PARTITION BY bot_id ORDER BY MIN(received), chat_id), MAX(arrival)
FROM inbox WHERE state = 'new' GROUP BY bot_id, chat_id;

-- The right to send. One instance has it, until it is over by the database's clock.
CREATE TABLE lease (
    bot_id BIGINT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    -- Rises each time that it is taken.
    epoch BIGINT NOT NULL,
    PRIMARY KEY (bot_id)
);
