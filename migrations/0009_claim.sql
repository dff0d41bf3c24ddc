-- Whether a ticket asks about something that was sent on: the same message from many voters is one ticket, so those are
-- looked through.
ALTER TABLE ticket ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ticket_claim ON ticket (bot_id, claim, state, number);
