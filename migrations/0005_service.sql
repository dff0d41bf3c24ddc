-- What the service remembers between two starts, by name: the moderator chat and the webhook that it used last, which
-- FAQ is kept, which faults of a FAQ the moderators were told of.
CREATE TABLE note (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (bot_id, name)
);

-- The files of the last FAQ that was in order, so that a start with a faulty one still serves.
CREATE TABLE kept_faq (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (bot_id, name)
);
