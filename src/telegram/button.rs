//! What buttons carry: at most 64 bytes (<https://core.telegram.org/bots/api#inlinekeyboardbutton>). An entry's id has
//! at most 40, a key at most 16. Anyone can send any callback data, so what comes back is read strictly.

use crate::desk::block::Reason;
use crate::desk::{Action, Choice};
use crate::faq::election::Zone;
use crate::faq::entry::LONGEST_ID;
use crate::text::language::Language;

/// The longest key.
const LONGEST_KEY: usize = 16;

/// A voter's button. Beside what it does it carries the key of its own question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoterButton {
    /// Show this entry.
    Entry(String),
    /// Show the rest of this entry's answer.
    More(String),
    /// Ask a person.
    Person,
    /// Let a picture be shown to the moderators.
    Picture,
    /// This entry helped, or did not.
    Rated(String, bool),
    /// Delete all that is kept, or do not.
    Erase(bool),
    /// The own words may stand in the public channel, or not. It carries the post's key.
    Consent(bool),
    /// What leads on in a menu. It carries no question's key.
    Menu(Choice),
}

fn is_id(id: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(letter)
}

fn is_key(key: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    !key.is_empty() && key.len() <= LONGEST_KEY && key.bytes().all(letter)
}

/// What leads on in a menu as callback data; none of what has a button of its own.
fn menu_data(choice: &Choice) -> String {
    match choice {
        Choice::AsnWho => "w".to_owned(),
        Choice::AsnWhat { who } => format!("w:{who}"),
        Choice::AsnCell { who, what } => format!("c:{who}:{what}"),
        Choice::Topics => "k".to_owned(),
        Choice::Topic { topic, page } => format!("k:{topic}:{page}"),
        Choice::Remind(entry) => format!("i:{entry}"),
        Choice::DropReminder(stage) => format!("d:{stage}"),
        Choice::Zone(zone) => format!("z:{}", zone.label().to_lowercase()),
        Choice::Language(language) => format!("l:{}", language.code()),
        Choice::Entry(id) => VoterButton::Entry(id.clone()).data(""),
        Choice::Person => VoterButton::Person.data(""),
    }
}

/// What leads on in a menu from callback data.
fn read_menu(kind: &str, rest: &[&str]) -> Option<Choice> {
    let whole = rest.iter().all(|part| is_id(part));
    Some(match (kind, rest) {
        ("w", []) => Choice::AsnWho,
        ("w", [who]) if whole => Choice::AsnWhat { who: (*who).to_owned() },
        ("c", [who, what]) if whole => Choice::AsnCell { who: (*who).to_owned(), what: (*what).to_owned() },
        ("k", []) => Choice::Topics,
        ("k", [topic, page]) if whole => {
            Choice::Topic { topic: (*topic).to_owned(), page: page.parse::<u16>().ok()?.into() }
        }
        ("i", [entry]) if whole => Choice::Remind((*entry).to_owned()),
        ("d", [stage]) if is_key(stage) => Choice::DropReminder((*stage).to_owned()),
        ("z", [zone]) if whole => Choice::Zone(Zone::clock(zone)?),
        ("l", [code]) => Choice::Language(Language::of_code(code)?),
        _ => return None,
    })
}

impl VoterButton {
    /// As callback data. `key` is that of the question, empty if there is none.
    pub fn data(&self, key: &str) -> String {
        let end = if key.is_empty() { String::new() } else { format!(":{key}") };
        match self {
            Self::Entry(id) => format!("e:{id}{end}"),
            Self::More(id) => format!("m:{id}{end}"),
            Self::Person => format!("p{end}"),
            Self::Picture => format!("g{end}"),
            Self::Rated(id, true) => format!("y:{id}{end}"),
            Self::Rated(id, false) => format!("n:{id}{end}"),
            Self::Erase(sure) => format!("x:{}", u8::from(*sure)),
            Self::Consent(yes) => format!("v:{}{end}", u8::from(*yes)),
            Self::Menu(choice) => menu_data(choice),
        }
    }

    /// From callback data: the button, and the key of its question.
    pub fn read(data: &str) -> Option<(Self, Option<String>)> {
        let mut parts = data.split(':');
        let kind = parts.next()?;
        let rest: Vec<&str> = parts.collect();
        if let Some(choice) = read_menu(kind, &rest) {
            return Some((Self::Menu(choice), None));
        }
        let (button, key) = match (kind, rest.as_slice()) {
            ("p", []) => (Self::Person, None),
            ("p", [key]) => (Self::Person, Some(*key)),
            ("g", [key]) => (Self::Picture, Some(*key)),
            ("v", ["1", key]) => (Self::Consent(true), Some(*key)),
            ("v", ["0", key]) => (Self::Consent(false), Some(*key)),
            ("x", ["1"]) => (Self::Erase(true), None),
            ("x", ["0"]) => (Self::Erase(false), None),
            (_, [id, key @ ..]) if is_id(id) && key.len() <= 1 => {
                let button = match kind {
                    "e" => Self::Entry((*id).to_owned()),
                    "m" => Self::More((*id).to_owned()),
                    "y" => Self::Rated((*id).to_owned(), true),
                    "n" => Self::Rated((*id).to_owned(), false),
                    _ => return None,
                };
                (button, key.first().copied())
            }
            _ => return None,
        };
        key.is_none_or(is_key).then(|| (button, key.map(str::to_owned)))
    }
}

/// A moderator's button as callback data. `key` is the ticket's.
pub fn action_data(key: &str, action: &Action) -> String {
    match action {
        Action::Split => format!("g:{key}"),
        Action::SplitOff(id) => format!("o:{key}:{id}"),
        Action::Merge(from) => format!("j:{key}:{from}"),
        Action::SendHeld(message) => format!("h:{key}:{message}"),
        Action::DropHeld(message) => format!("d:{key}:{message}"),
        Action::SendToLate(message) => format!("rl:{key}:{message}"),
        Action::Take => format!("t:{key}"),
        Action::Release => format!("l:{key}"),
        Action::Page(page) => format!("q:{key}:{page}"),
        Action::Spam => format!("s:{key}"),
        Action::Block => format!("b:{key}"),
        Action::BlockFor(reason) => format!("b:{key}:{}", reason.id()),
        Action::Unblock => format!("u:{key}"),
        Action::Admit => format!("f:{key}"),
        Action::Give(id) => format!("a:{key}:{id}"),
        Action::TakeBack(message) => format!("w:{key}:{message}"),
        Action::SendAgain(message) => format!("r:{key}:{message}"),
        Action::Preview(id) => format!("v:{key}:{id}"),
        Action::Learn => format!("n:{key}"),
        Action::TeachAs(id) => format!("na:{key}:{id}"),
        Action::TeachNew => format!("nn:{key}"),
        Action::TeachInto(file) => format!("nc:{key}:{file}"),
        Action::Approve => format!("ny:{key}"),
        Action::DropProposal => format!("nx:{key}"),
        Action::Forget => format!("nf:{key}"),
        Action::Reuse(message) => format!("y:{key}:{message}"),
        Action::StopReuse(message) => format!("yx:{key}:{message}"),
        Action::ReuseSurely(message) => format!("ex:{key}:{message}"),
        Action::Reload => format!("e:{key}"),
        Action::SendRecall => format!("rs:{key}"),
        Action::DropRecall => format!("rd:{key}"),
        Action::StopRecall => format!("rx:{key}"),
        Action::Publish => format!("p:{key}"),
        Action::Post { draft, own } => format!("{}:{key}:{draft}", if *own { "po" } else { "pd" }),
        Action::DropPost => format!("px:{key}"),
        Action::AskVoter => format!("pe:{key}"),
        Action::Star => format!("k:{key}"),
        Action::TellWinners => format!("kw:{key}"),
        Action::DropWinners => format!("kx:{key}"),
    }
}

/// A moderator's button from callback data: the ticket's key, and what for.
pub fn read_action(data: &str) -> Option<(String, Action)> {
    let mut parts = data.split(':');
    let (kind, key) = (parts.next()?, parts.next().filter(|key| is_key(key))?);
    let (value, end) = (parts.next(), parts.next());
    let action = match (kind, value, end) {
        ("g", None, None) => Action::Split,
        ("o", Some(id), None) => Action::SplitOff(id.parse().ok()?),
        ("j", Some(from), None) => Action::Merge(from.parse().ok()?),
        ("h", Some(message), None) => Action::SendHeld(message.parse().ok()?),
        ("d", Some(message), None) => Action::DropHeld(message.parse().ok()?),
        ("rl", Some(message), None) => Action::SendToLate(message.parse().ok()?),
        ("t", None, None) => Action::Take,
        ("l", None, None) => Action::Release,
        ("q", Some(page), None) => Action::Page(page.parse::<u16>().ok()?.into()),
        ("s", None, None) => Action::Spam,
        ("b", None, None) => Action::Block,
        ("b", Some(reason), None) => Action::BlockFor(Reason::of_id(reason)?),
        ("u", None, None) => Action::Unblock,
        ("f", None, None) => Action::Admit,
        ("a", Some(id), None) if is_id(id) => Action::Give(id.to_owned()),
        ("w", Some(message), None) => Action::TakeBack(message.parse().ok()?),
        ("r", Some(message), None) => Action::SendAgain(message.parse().ok()?),
        ("v", Some(id), None) if is_id(id) => Action::Preview(id.to_owned()),
        ("n", None, None) => Action::Learn,
        ("na", Some(id), None) if is_id(id) => Action::TeachAs(id.to_owned()),
        ("nn", None, None) => Action::TeachNew,
        ("nc", Some(file), None) if is_id(file) => Action::TeachInto(file.to_owned()),
        ("ny", None, None) => Action::Approve,
        ("nx", None, None) => Action::DropProposal,
        ("nf", None, None) => Action::Forget,
        ("y", Some(message), None) => Action::Reuse(message.parse().ok()?),
        ("yx", Some(message), None) => Action::StopReuse(message.parse().ok()?),
        ("ex", Some(message), None) => Action::ReuseSurely(message.parse().ok()?),
        ("e", None, None) => Action::Reload,
        ("rs", None, None) => Action::SendRecall,
        ("rd", None, None) => Action::DropRecall,
        ("rx", None, None) => Action::StopRecall,
        ("p", None, None) => Action::Publish,
        ("pd", Some(draft), None) => Action::Post { draft: draft.parse().ok()?, own: false },
        ("po", Some(draft), None) => Action::Post { draft: draft.parse().ok()?, own: true },
        ("px", None, None) => Action::DropPost,
        ("pe", None, None) => Action::AskVoter,
        ("k", None, None) => Action::Star,
        ("kw", None, None) => Action::TellWinners,
        ("kx", None, None) => Action::DropWinners,
        _ => return None,
    };
    Some((key.to_owned(), action))
}

/// The key of the ticket, recall or proposal in a moderator's button; none in that of a list or a
/// question of the bot's, which stand for no ticket.
pub fn action_key(data: &str) -> Option<&str> {
    let of_list =
        |action: &Action| matches!(action, Action::Page(_) | Action::Admit | Action::Reload) || action.is_of_draw();
    read_action(data).filter(|(_, action)| !of_list(action))?;
    data.split(':').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_fits() {
        let (id, key) = ("a".repeat(LONGEST_ID), "k".repeat(10));
        for action in [
            Action::Preview(id.clone()),
            Action::Learn,
            Action::TeachAs(id.clone()),
            Action::TeachNew,
            Action::TeachInto("hoaks-klaim".to_owned()),
            Action::Approve,
            Action::DropProposal,
            Action::Forget,
            Action::Take,
            Action::Release,
            Action::Spam,
            Action::Block,
            Action::BlockFor(Reason::Advertising),
            Action::Unblock,
            Action::Give(id.clone()),
            Action::TakeBack(i64::MIN),
            Action::SendAgain(i64::MAX),
            Action::Reuse(i64::MIN),
            Action::ReuseSurely(i64::MIN),
            Action::StopReuse(i64::MIN),
            Action::SendRecall,
            Action::DropRecall,
            Action::StopRecall,
            Action::Publish,
            Action::Post { draft: u32::MAX, own: false },
            Action::Post { draft: 0, own: true },
            Action::DropPost,
            Action::AskVoter,
            Action::Star,
        ] {
            let data = action_data(&key, &action);
            assert!(data.len() <= 64, "{data}");
            assert_eq!(read_action(&data), Some((key.clone(), action)));
            assert_eq!(action_key(&data), Some(key.as_str()));
        }
        let turn = action_data(&key, &Action::Page(usize::from(u16::MAX)));
        assert_eq!(read_action(&turn), Some((key.clone(), Action::Page(usize::from(u16::MAX)))));
        let reload = action_data(&key, &Action::Reload);
        assert_eq!((read_action(&reload), action_key(&reload)), (Some((key.clone(), Action::Reload)), None));
        let admit = action_data(&key, &Action::Admit);
        assert_eq!(read_action(&admit), Some((key.clone(), Action::Admit)));
        assert_eq!([action_key(&turn), action_key(&admit)], [None, None], "a list stands for no ticket");
        for button in [
            VoterButton::Entry(id.clone()),
            VoterButton::More(id.clone()),
            VoterButton::Person,
            VoterButton::Rated(id, false),
        ] {
            assert!(button.data(&key).len() <= 64);
            assert_eq!(VoterButton::read(&button.data(&key)), Some((button.clone(), Some(key.clone()))));
            assert_eq!(VoterButton::read(&button.data("")), Some((button, None)));
        }
        for sure in [true, false] {
            let button = VoterButton::Erase(sure);
            assert_eq!(VoterButton::read(&button.data(&key)), Some((button, None)));
            let button = VoterButton::Consent(sure);
            assert_eq!(VoterButton::read(&button.data(&key)), Some((button, Some(key.clone()))));
        }
    }

    #[test]
    fn what_leads_on_in_a_menu_fits_and_is_read_back() {
        let (longest, topic) = ("a".repeat(crate::faq::asn_check::LONGEST_ID), "k".repeat(LONGEST_ID));
        for choice in [
            Choice::AsnWho,
            Choice::AsnWhat { who: longest.clone() },
            Choice::AsnCell { who: longest.clone(), what: longest },
            Choice::Remind(topic.clone()),
            Choice::DropReminder("0123456789abcdef".to_owned()),
            Choice::Zone(Zone::Wita),
            Choice::Topics,
            Choice::Topic { topic, page: usize::from(u16::MAX) },
        ] {
            let data = VoterButton::Menu(choice.clone()).data("");
            assert!(data.len() <= 64, "{data}");
            assert_eq!(VoterButton::read(&data), Some((VoterButton::Menu(choice), None)));
        }
        let entry = VoterButton::Menu(Choice::Entry("a-b".to_owned())).data("");
        assert_eq!(VoterButton::read(&entry), Some((VoterButton::Entry("a-b".to_owned()), None)));
    }

    #[test]
    fn forged_data_is_no_button() {
        // A moderator's star is no voter's topic.
        assert!(VoterButton::read("k:a").is_none());
        for data in [
            "",
            "a",
            "e:",
            "e:../x",
            "t:-1",
            "t:",
            "a:1:",
            "a:1:x:y",
            "w:1:abc",
            "t:1:2",
            "e:A",
            "x:1:2",
            "x:2",
            "p:",
            "p:A",
            "e:a:",
            "e:a:b:c",
            "t:../",
            "l:1:2",
            "q:1",
            "q:1:-1",
            "q:1:99999",
            "b:1:x",
            "y",
            "n:a:K",
            "m",
            "m:",
            "w:",
            "w:a:b",
            "c:a",
            "c:a:B",
            "k:A",
            "k:a:-1",
            "k:a:99999",
            "k::1",
            "i:",
            "i:A",
            "d:",
            "d:../",
            "z:utc",
            "z",
        ] {
            assert!(VoterButton::read(data).is_none(), "{data}");
            assert!(read_action(data).is_none(), "{data}");
        }
    }
}
