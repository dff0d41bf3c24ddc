-- Since when a ticket has an answer that is suggested to those who ask the same (milliseconds since 1970); NULL if it has none.
-- Such a ticket keeps its rows in ticket_word when it is closed.
ALTER TABLE ticket ADD COLUMN reusable BIGINT;
