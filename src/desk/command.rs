//! The commands: one enum each for voters and for moderators, from which parsing, the help text and Telegram's menus
//! come.

use super::recognition::Month;

/// A command, as a voter writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `/start`, `/mulai`: who the bot is; with an entry's id behind it, as links have it, that entry.
    Start(Option<String>),
    /// `/bantuan`, `/help`: what can be done.
    Help,
    /// `/jadwal`: the stages of the election; with "ics" behind it those to come, as a calendar file.
    Schedule {
        /// Whether as a calendar file.
        file: bool,
    },
    /// `/kandidat`: candidates, parties and ballots.
    Candidates,
    /// `/petugas`: the words behind it, or else the next message, go to a person.
    Person(Option<String>),
    /// `/asn`: may a civil servant do this?
    Asn,
    /// `/lapor`: where a breach is reported.
    Report,
    /// `/topik`: all entries by topic.
    Topics,
    /// `/pengingat`: one's reminders.
    Reminders,
    /// `/zona`: whose clock reminders keep; with a zone behind it, that one.
    Zone(String),
    /// `/bahasa`, `/language`: in which language the bot speaks; with a language behind it, that one.
    Language(String),
    /// `/resmi`: by which name the bot is the real one.
    Official,
    /// `/cek`: the words behind it, the message that it replies to, or else the next message is compared with known claims.
    Check(Option<String>),
    /// `/kode`: whether what stands under the code behind it still holds.
    Code(String),
    /// `/banding`, with the reason behind it: a blocked voter objects. In no menu: who is blocked is told of it.
    Object(Option<String>),
    /// `/ikut`: take part in the monthly recognition, or no more. In the menu only where there is a public channel.
    Join,
    /// `/status`: one's open tickets.
    Status,
    /// `/data`: what is kept about oneself, as a file.
    Data,
    /// `/privasi`: what is kept.
    Privacy,
    /// `/hapus`: delete it.
    Erase,
    /// Any other word after a slash.
    Unknown(String),
}

/// The voters' menu: the command and the key of its line in the wording.
pub const VOTER_MENU: [(&str, &str); 18] = [
    ("start", "menu_start"),
    ("bantuan", "menu_help"),
    ("jadwal", "menu_schedule"),
    ("kandidat", "menu_candidates"),
    ("cek", "menu_check"),
    ("asn", "menu_asn"),
    ("lapor", "menu_report"),
    ("topik", "menu_topics"),
    ("pengingat", "menu_reminders"),
    ("zona", "menu_zone"),
    ("bahasa", "menu_language"),
    ("petugas", "menu_person"),
    ("status", "menu_status"),
    ("kode", "menu_code"),
    ("resmi", "menu_official"),
    ("privasi", "menu_privacy"),
    ("data", "menu_data"),
    ("hapus", "menu_erase"),
];

/// The moderators' menu.
pub const MODERATOR_MENU: [(&str, &str); 11] = [
    ("antrean", "menu_queue"),
    ("statistik", "menu_statistics"),
    ("kartu", "menu_card"),
    ("kode", "menu_code"),
    ("tarik", "menu_retract"),
    ("gabung", "menu_merge"),
    ("riwayat", "menu_history"),
    ("blokir", "menu_blocked"),
    ("lupakan", "menu_forget"),
    ("muat_ulang", "menu_reload"),
    ("bantuan", "menu_moderator_help"),
];

/// What stands in the voters' menu besides, and in the moderators', where there is a public channel.
pub const PUBLIC_MENU: (&str, &str) = ("ikut", "menu_join");
/// The same in the moderators' menu.
pub const PUBLIC_MODERATOR_MENU: (&str, &str) = ("pemenang", "menu_winners");

/// Whether `text` looks like a command, of whatever bot.
pub fn is_command(text: &str) -> bool {
    split(text.trim()).is_some()
}

/// The command's name, in small letters, and what follows it. A name with an `@` in it is another bot's: the surface takes
/// the own one away.
fn split(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('/')?;
    let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    Some((name.to_lowercase(), rest.trim()))
}

impl Command {
    /// The command that `text` is, if it starts with a slash and a letter.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = split(text)?;
        Some(match name.as_str() {
            "start" | "mulai" => Self::Start(Some(rest.to_owned()).filter(|r| !r.is_empty())),
            "petugas" => Self::Person(Some(rest.to_owned()).filter(|r| !r.is_empty())),
            "jadwal" => Self::Schedule { file: rest.eq_ignore_ascii_case("ics") },
            "kandidat" => Self::Candidates,
            "cek" => Self::Check(Some(rest.to_owned()).filter(|r| !r.is_empty())),
            "banding" => Self::Object(Some(rest.to_owned()).filter(|r| !r.is_empty())),
            "bantuan" | "help" => Self::Help,
            "asn" => Self::Asn,
            "lapor" => Self::Report,
            "topik" => Self::Topics,
            "pengingat" => Self::Reminders,
            "zona" => Self::Zone(rest.to_owned()),
            "bahasa" | "language" => Self::Language(rest.to_owned()),
            "ikut" => Self::Join,
            "status" => Self::Status,
            "kode" | "code" => Self::Code(rest.to_owned()),
            "resmi" => Self::Official,
            "privasi" => Self::Privacy,
            "data" => Self::Data,
            "hapus" => Self::Erase,
            _ => Self::Unknown(format!("/{name}")),
        })
    }
}

/// A command, as a moderator writes it in the moderator chat. Others are left alone: they may be meant for other bots.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ModeratorCommand {
    /// `/antrean`: the tickets that wait.
    Queue,
    /// `/statistik`, with a number of days behind it: what happened in them.
    Statistics(Option<u16>),
    /// `/riwayat NUMBER`: what was done with that ticket.
    History(Option<u64>),
    /// `/blokir`: the blocked.
    Blocked,
    /// `/muat_ulang`: load the FAQ anew.
    Reload,
    /// `/kartu NUMBER`: that ticket's card, posted anew.
    Card(Option<u64>),
    /// `/tarik CODE REASON`: retract an entry, or a ticket's answer.
    Retract(String),
    /// `/kode CODE`: whether what stands under that code still holds.
    Code(String),
    /// `/pemenang YEAR-MONTH`: that month's good questions.
    Winners(Option<Month>),
    /// `/gabung NUMBER NUMBER`: join the second ticket to the first.
    Merge(Option<(u64, u64)>),
    /// `/lupakan NUMBER`: take back what moderators added to the FAQ; without a number what that is.
    Forget(Option<u64>),
    /// `/bantuan`: what can be done.
    Help,
}

impl ModeratorCommand {
    /// The command that `text` is.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = split(text)?;
        match name.as_str() {
            "antrean" => Some(Self::Queue),
            "statistik" => Some(Self::Statistics(rest.split_whitespace().next().and_then(|days| days.parse().ok()))),
            "kartu" => Some(Self::Card(rest.trim_start_matches('#').parse().ok())),
            "kode" => Some(Self::Code(rest.to_owned())),
            "tarik" => Some(Self::Retract(rest.to_owned())),
            "riwayat" => Some(Self::History(rest.trim_start_matches('#').parse().ok())),
            "blokir" => Some(Self::Blocked),
            "pemenang" => Some(Self::Winners(Month::read(rest))),
            "gabung" => {
                let mut numbers = rest.split_whitespace().map(|number| number.trim_start_matches('#').parse().ok());
                let both = numbers.next().flatten().zip(numbers.next().flatten());
                Some(Self::Merge(both))
            }
            "lupakan" => Some(Self::Forget(rest.trim_start_matches('#').parse().ok())),
            "muat_ulang" => Some(Self::Reload),
            "bantuan" => Some(Self::Help),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::event::Outcome;
    use super::super::tests::KNOWLEDGE;
    use super::super::{Action, Effect, Event, Known, Ticket, decide};
    use super::*;

    /// Whether a command is there to change something.
    fn changes(command: &ModeratorCommand) -> bool {
        match command {
            ModeratorCommand::Reload | ModeratorCommand::Retract(_) | ModeratorCommand::Merge(_) => true,
            ModeratorCommand::Queue
            | ModeratorCommand::Statistics(_)
            | ModeratorCommand::History(_)
            | ModeratorCommand::Blocked
            | ModeratorCommand::Card(_)
            | ModeratorCommand::Code(_)
            // Without what it could forget, or a list of whom to tell, it only shows; those presses have tests of their own.
            | ModeratorCommand::Forget(_)
            | ModeratorCommand::Winners(_)
            | ModeratorCommand::Help => false,
        }
    }

    fn commands() -> Vec<ModeratorCommand> {
        let texts = ["/antrean", "/statistik 7", "/riwayat 7", "/blokir", "/muat_ulang", "/kartu 7", "/kode tiket-7"];
        let more = ["/tarik uji-jam salah", "/tarik tiket-7 salah", "/gabung 7 8", "/bantuan"];
        texts.into_iter().chain(more).map(|text| ModeratorCommand::parse(text).expect("a command")).collect()
    }

    fn tickets() -> Vec<Ticket> {
        let ticket = |number: u64| {
            let (key, asked) = (format!("k{number}"), DateTime::UNIX_EPOCH.fixed_offset());
            Ticket { texts: vec![(1, format!("pertanyaan {number}"))], ..Ticket::new(number, key, 1, asked) }
        };
        let mut tickets = vec![ticket(7), ticket(8)];
        let known = Known { tickets: tickets.clone(), ..Known::default() };
        let reply = Event::Reply {
            to: super::super::Addressee::Ticket(7),
            message: 50,
            by: None,
            content: super::super::Content::plain("Senin."),
            album: None,
        };
        let kept = decide(&KNOWLEDGE, &reply, &known, tickets[0].asked).into_iter().find_map(|effect| match effect {
            Effect::KeepTicket(ticket) => Some(ticket),
            _ => None,
        });
        let mut answered = kept.expect("answered");
        answered.answers[0].outcome = Some(Outcome::Sent(0));
        answered.state = super::super::TicketState::Open;
        tickets[0] = answered;
        tickets
    }

    #[test]
    fn every_command_that_changes_something_asks_for_a_press() {
        let tickets = tickets();
        for command in commands() {
            let known = Known {
                tickets: tickets.clone(),
                coded: Some(tickets[0].clone()),
                key: "k".to_owned(),
                ..Known::default()
            };
            let effects = decide(&KNOWLEDGE, &Event::Ask(command.clone()), &known, tickets[0].asked);
            for effect in &effects {
                let nothing = match effect {
                    // Words, and what is asked of the moderators.
                    Effect::Notice { .. }
                    | Effect::Line { .. }
                    | Effect::List(_)
                    | Effect::Chart { .. }
                    | Effect::RecallLine { .. }
                    | Effect::ShowCard(_)
                    | Effect::IndexTicket { .. } => true,
                    // The ticket stays what it was.
                    Effect::KeepTicket(ticket) => tickets.contains(ticket),
                    // Offered, not begun.
                    Effect::KeepRecall(recall) => recall.state == super::super::recall::RecallState::Offered,
                    _ => false,
                };
                assert!(nothing, "{command:?}: {effect:?}");
            }
            let buttons: Vec<Action> = effects
                .iter()
                .flat_map(|effect| match effect {
                    Effect::Line { actions, .. } => actions.iter().map(|(_, _, action)| action.clone()).collect(),
                    Effect::RecallLine { actions, .. } => actions.iter().map(|(_, action)| action.clone()).collect(),
                    Effect::List(list) => list.rows.concat().into_iter().map(|(_, _, action)| action).collect(),
                    _ => Vec::new(),
                })
                .collect();
            let asks = |action: &Action| matches!(action, Action::Reload | Action::Merge(8) | Action::SendRecall);
            assert_eq!(buttons.iter().any(asks), changes(&command), "{command:?}: {effects:?}");
        }
    }

    #[test]
    fn the_press_loads_the_faq() {
        let press = Event::Tap { key: "k1".to_owned(), by: None, user: None, action: Action::Reload };
        let now = DateTime::UNIX_EPOCH.fixed_offset();
        let effects = decide(&KNOWLEDGE, &press, &Known::default(), now);
        assert!(effects.contains(&Effect::Reload));
        let line = |effect: &Effect| matches!(effect, Effect::List(list) if list.posted && list.key == "k1" && list.rows.is_empty());
        assert!(effects.iter().any(line), "{effects:?}");
    }
}
