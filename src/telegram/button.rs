//! What buttons carry: at most 64 bytes (<https://core.telegram.org/bots/api#inlinekeyboardbutton>). An entry's id has
//! at most 40. Anyone can send any callback data, so what comes back is read strictly.

use crate::desk::Action;
use crate::faq::entry::LONGEST_ID;

/// A voter's button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoterButton {
    /// Show this entry.
    Entry(String),
    /// Ask a person.
    Person,
    /// This entry helped, or did not.
    Rated(String, bool),
}

fn is_id(id: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(letter)
}

impl VoterButton {
    /// As callback data.
    pub fn data(&self) -> String {
        match self {
            Self::Entry(id) => format!("e:{id}"),
            Self::Person => "p".to_owned(),
            Self::Rated(id, true) => format!("y:{id}"),
            Self::Rated(id, false) => format!("n:{id}"),
        }
    }

    /// From callback data.
    pub fn read(data: &str) -> Option<Self> {
        if data == "p" {
            return Some(Self::Person);
        }
        let (kind, id) = data.split_once(':').filter(|(_, id)| is_id(id))?;
        match kind {
            "e" => Some(Self::Entry(id.to_owned())),
            "y" => Some(Self::Rated(id.to_owned(), true)),
            "n" => Some(Self::Rated(id.to_owned(), false)),
            _ => None,
        }
    }
}

/// A moderator's button as callback data.
pub fn action_data(ticket: u64, action: &Action) -> String {
    match action {
        Action::Take => format!("t:{ticket}"),
        Action::Spam => format!("s:{ticket}"),
        Action::Block => format!("b:{ticket}"),
        Action::Unblock => format!("u:{ticket}"),
        Action::Give(id) => format!("a:{ticket}:{id}"),
        Action::TakeBack(message) => format!("w:{ticket}:{message}"),
    }
}

/// A moderator's button from callback data.
pub fn read_action(data: &str) -> Option<(u64, Action)> {
    let mut parts = data.split(':');
    let (kind, ticket) = (parts.next()?, parts.next()?.parse().ok()?);
    let (value, end) = (parts.next(), parts.next());
    let action = match (kind, value, end) {
        ("t", None, None) => Action::Take,
        ("s", None, None) => Action::Spam,
        ("b", None, None) => Action::Block,
        ("u", None, None) => Action::Unblock,
        ("a", Some(id), None) if is_id(id) => Action::Give(id.to_owned()),
        ("w", Some(message), None) => Action::TakeBack(message.parse().ok()?),
        _ => return None,
    };
    Some((ticket, action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_fits() {
        let id = "a".repeat(LONGEST_ID);
        for action in [
            Action::Take,
            Action::Spam,
            Action::Block,
            Action::Unblock,
            Action::Give(id.clone()),
            Action::TakeBack(i64::from(i32::MIN)),
        ] {
            let data = action_data(u64::from(u32::MAX), &action);
            assert!(data.len() <= 64, "{data}");
            assert_eq!(read_action(&data), Some((u64::from(u32::MAX), action)));
        }
        for button in [VoterButton::Entry(id.clone()), VoterButton::Person, VoterButton::Rated(id, false)] {
            assert!(button.data().len() <= 64);
            assert_eq!(VoterButton::read(&button.data()), Some(button));
        }
    }

    #[test]
    fn forged_data_is_no_button() {
        for data in ["", "a", "e:", "e:../x", "t:1", "t:-1", "a:1:", "a:1:x:y", "w:1:abc", "t:1:2", "e:A", "x:1"] {
            let voter = VoterButton::read(data);
            assert!(voter.is_none(), "{data}");
            assert!(data == "t:1" || read_action(data).is_none(), "{data}");
        }
    }
}
