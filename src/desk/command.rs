//! The voters' commands: one enum for parsing and for the help text.

/// A command, as a voter writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `/start`, `/mulai`: who the bot is.
    Start,
    /// `/bantuan`, `/help`: what can be done.
    Help,
    /// `/petugas`: the next message goes to a person.
    Person,
    /// `/status`: one's open tickets.
    Status,
    /// `/privasi`: what is kept.
    Privacy,
    /// `/hapus`: delete it.
    Erase,
    /// Any other word after a slash.
    Unknown(String),
}

impl Command {
    /// The command that `text` is, if it starts with a slash and a letter.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('/')?.split_whitespace().next()?;
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        // In groups Telegram appends the bot's name: /status@tanya_bot.
        let name = name.split('@').next().unwrap_or(name).to_lowercase();
        Some(match name.as_str() {
            "start" | "mulai" => Self::Start,
            "bantuan" | "help" => Self::Help,
            "petugas" => Self::Person,
            "status" => Self::Status,
            "privasi" => Self::Privacy,
            "hapus" => Self::Erase,
            _ => Self::Unknown(format!("/{name}")),
        })
    }
}
