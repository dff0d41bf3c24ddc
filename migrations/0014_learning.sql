-- What moderators propose to add to the FAQ: a phrasing or an entry, as JSON. state: choosing, asking, trying, proposed,
-- approved (in force until the files have it), filed (the files had it at a load), unfit, dropped, forgotten. ticket: the one
-- that it comes from, as long as that is kept. What is approved holds nothing of a person and outlives it.
CREATE TABLE proposal (
    bot_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    proposal_key TEXT NOT NULL,
    ticket BIGINT,
    state TEXT NOT NULL,
    changed BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bot_id, number)
);
CREATE UNIQUE INDEX proposal_by_key ON proposal (bot_id, proposal_key);
CREATE INDEX proposal_state ON proposal (bot_id, state, number);
CREATE INDEX proposal_ticket ON proposal (bot_id, ticket);
