-- Of what waits, the oldest and the newest are served in turn, so that after an outage whoever asks now is not behind all that
-- piled up. 1: the chat has had no turn since it lined up; after its first turn it waits with the oldest.
ALTER TABLE turn ADD COLUMN fresh BIGINT NOT NULL DEFAULT 0;
CREATE INDEX turn_fresh ON turn (bot_id, place, chat_id) WHERE fresh = 1;
