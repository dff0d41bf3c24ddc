//! Floor 6: Telegram.
