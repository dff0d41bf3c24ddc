-- Of which update a call came, by Telegram's number of it: what the log tells of a question can be joined. received: when that
-- update came in (milliseconds since 1970), with the first call that goes back to its chat: once Telegram takes that, the wait is over.
ALTER TABLE outbox ADD COLUMN update_id BIGINT;
ALTER TABLE outbox ADD COLUMN received BIGINT;
