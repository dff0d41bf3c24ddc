//! The commands: one enum each for voters and for moderators, from which parsing, the help text and Telegram's menus
//! come.

/// A command, as a voter writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `/start`, `/mulai`: who the bot is; with an entry's id behind it, as links have it, that entry.
    Start(Option<String>),
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

/// The voters' menu: the command and the key of its line in the wording.
pub const VOTER_MENU: [(&str, &str); 6] = [
    ("start", "menu_start"),
    ("bantuan", "menu_help"),
    ("petugas", "menu_person"),
    ("status", "menu_status"),
    ("privasi", "menu_privacy"),
    ("hapus", "menu_erase"),
];

/// The moderators' menu.
pub const MODERATOR_MENU: [(&str, &str); 3] =
    [("antrean", "menu_queue"), ("muat_ulang", "menu_reload"), ("bantuan", "menu_moderator_help")];

/// The command's name, in small letters, and what follows it.
fn split(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('/')?;
    let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    // In groups Telegram appends the bot's name: /status@tanya_bot.
    let name = name.split('@').next().unwrap_or(name).to_lowercase();
    Some((name, rest.trim()))
}

impl Command {
    /// The command that `text` is, if it starts with a slash and a letter.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = split(text)?;
        Some(match name.as_str() {
            "start" | "mulai" => Self::Start(Some(rest.to_owned()).filter(|r| !r.is_empty())),
            "bantuan" | "help" => Self::Help,
            "petugas" => Self::Person,
            "status" => Self::Status,
            "privasi" => Self::Privacy,
            "hapus" => Self::Erase,
            _ => Self::Unknown(format!("/{name}")),
        })
    }
}

/// A command, as a moderator writes it in the moderator chat. Others are left alone: they may be meant for other bots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ModeratorCommand {
    /// `/antrean`: the tickets that wait.
    Queue,
    /// `/muat_ulang`: load the FAQ anew.
    Reload,
    /// `/bantuan`: what can be done.
    Help,
}

impl ModeratorCommand {
    /// The command that `text` is.
    pub fn parse(text: &str) -> Option<Self> {
        match split(text)?.0.as_str() {
            "antrean" => Some(Self::Queue),
            "muat_ulang" => Some(Self::Reload),
            "bantuan" => Some(Self::Help),
            _ => None,
        }
    }
}
