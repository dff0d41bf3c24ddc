-- Topics of the moderator chat (a forum) that the bot made, by what goes there: questions, claims, urgent. thread: Telegram's
-- number of it, 0 while there is none. anew: when it was last made anew, or is about to be (milliseconds since 1970).
CREATE TABLE topic (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    thread BIGINT NOT NULL,
    anew BIGINT,
    PRIMARY KEY (bot_id, chat_id, kind)
);
-- In which topic a message stands; NULL for General.
ALTER TABLE link ADD COLUMN topic BIGINT;
