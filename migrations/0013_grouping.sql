-- One ticket for all who ask the same. The words by which an open ticket is found when somebody else asks; who waits for it
-- besides the one who asked first; and how many askers its card showed when Telegram last took it: a reply is for those.
CREATE TABLE ticket_word (
    bot_id BIGINT NOT NULL,
    word TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    PRIMARY KEY (bot_id, word, ticket),
    FOREIGN KEY (bot_id, ticket) REFERENCES ticket (bot_id, number) ON DELETE CASCADE
);
CREATE INDEX ticket_word_ticket ON ticket_word (bot_id, ticket);
CREATE TABLE ticket_asker (
    bot_id BIGINT NOT NULL,
    voter BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    PRIMARY KEY (bot_id, voter, ticket),
    FOREIGN KEY (bot_id, ticket) REFERENCES ticket (bot_id, number) ON DELETE CASCADE,
    FOREIGN KEY (bot_id, voter) REFERENCES voter (bot_id, id) ON DELETE CASCADE
);
CREATE INDEX ticket_asker_ticket ON ticket_asker (bot_id, ticket);
ALTER TABLE link ADD COLUMN askers BIGINT;
