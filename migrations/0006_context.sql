-- When an entry was last given for what a message asked (milliseconds, by the clock that can't go back): what the voter
-- writes right after it may go on from it.
ALTER TABLE asked ADD COLUMN answered BIGINT;
