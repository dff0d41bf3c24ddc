-- What moderators look at first: somebody in need, then what most ask. Since when a ticket waits (milliseconds since 1970,
-- anew when it is opened again), when it was answered (NULL while it waits), and when it was last called to the mind of the
-- moderators and of the chat above them.
ALTER TABLE ticket ADD COLUMN weight BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN opened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN answered BIGINT;
ALTER TABLE ticket ADD COLUMN reminded BIGINT;
ALTER TABLE ticket ADD COLUMN escalated BIGINT;
UPDATE ticket SET opened = asked;
CREATE INDEX ticket_queue ON ticket (bot_id, state, weight DESC, opened, number);
CREATE INDEX ticket_opened ON ticket (bot_id, state, opened);
CREATE INDEX ticket_answered ON ticket (bot_id, answered);

-- Which tickets a list in the moderator chat quotes: when a voter's data are deleted, it is emptied.
CREATE TABLE listed (
    bot_id BIGINT NOT NULL,
    list TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, list, ticket)
);
CREATE INDEX listed_ticket ON listed (bot_id, ticket);

-- How often something happened on a day (days since 1970, in Jakarta). Numbers alone: nothing of it is anybody's.
CREATE TABLE tally (
    bot_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (bot_id, day, name)
);

-- What moderators did with a ticket: who by the name shown, what, with which of their messages, and its text before and
-- after. Goes with the ticket.
CREATE TABLE audit (
    bot_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    deed TEXT NOT NULL,
    message BIGINT,
    old TEXT,
    new TEXT,
    PRIMARY KEY (bot_id, id),
    FOREIGN KEY (bot_id, ticket) REFERENCES ticket (bot_id, number) ON DELETE CASCADE
);
CREATE INDEX audit_ticket ON audit (bot_id, ticket, id);
