-- Pictures that Telegram has: by a name for how each looks (a hash), the number by which it is sent again, and since when
-- (milliseconds since 1970). They are nobody's data.
CREATE TABLE upload (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    file_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, name)
);
