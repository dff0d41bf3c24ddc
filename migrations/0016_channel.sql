-- The public channel. What a moderator prepared for it, or what stands there, as JSON; `code` is that of the answer, by which a
-- correction finds it, and `voter` whose own words it carries, if anybody's: who is deleted only by `/hapus` then, which takes
-- the words out of the channel.
CREATE TABLE post (
    bot_id BIGINT NOT NULL,
    post_key TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    code TEXT NOT NULL,
    voter BIGINT,
    public BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bot_id, post_key)
);
CREATE INDEX post_ticket ON post (bot_id, ticket);
CREATE INDEX post_code ON post (bot_id, code);
CREATE INDEX post_voter ON post (bot_id, voter);

-- Which moderator, by Telegram's number, called which ticket a good question.
CREATE TABLE star (
    bot_id BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    moderator BIGINT NOT NULL,
    PRIMARY KEY (bot_id, ticket, moderator),
    FOREIGN KEY (bot_id, ticket) REFERENCES ticket (bot_id, number) ON DELETE CASCADE
);

-- One row a month (`2026-11`): the seed of its draw, whether its hash was announced, and whether winners were told, as JSON.
CREATE TABLE draw (
    bot_id BIGINT NOT NULL,
    month TEXT NOT NULL,
    draw_key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bot_id, month)
);
CREATE INDEX ticket_asked ON ticket (bot_id, asked);
