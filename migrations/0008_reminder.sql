-- What is due of one voter is looked up, for the list of reminders and for deleting a voter.
CREATE INDEX due_voter ON due (bot_id, voter);
