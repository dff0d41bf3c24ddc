//! Marks: signs in what people write by which it is told whose words they are, wherever they turn up. They are no words: the
//! program compares words, and takes two texts for the same that differ in marks alone.

/// What a mark begins with.
const HEAD: char = '\u{2630}';
/// Its digits.
const DIGITS: [char; 16] = ['♠', '♣', '♥', '♦', '♪', '♫', '♩', '♬', '♔', '♕', '♖', '♗', '♘', '♙', '♚', '♛'];

/// Whose words carry a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A voter's, by place.
    Voter(usize),
    /// A moderator's reply to a message that names these tickets, and what that message says.
    Reply(Vec<u64>, String),
    /// A moderator's reason why what goes by that code holds no more.
    Reason(String),
}

/// All marks.
#[derive(Debug, Default)]
pub struct Marks(Vec<(Owner, String)>);

impl Marks {
    /// `text` with a mark that nobody had where `{m}` stands.
    pub fn give(&mut self, owner: Owner, text: &str) -> String {
        let number = self.0.len();
        self.0.push((owner, words(text)));
        text.replace("{m}", &written(number))
    }

    pub fn owner(&self, mark: usize) -> &Owner {
        &self.0[mark].0
    }

    /// Whether somebody else wrote the very same words: then they are that one's too, and one of both stands for them.
    pub fn is_anothers_too(&self, mark: usize, who: impl Fn(usize) -> bool) -> bool {
        let (_, own) = &self.0[mark];
        self.0.iter().any(|(owner, words)| matches!(owner, Owner::Voter(other) if who(*other)) && words == own)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

fn words(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// A mark as it is written.
pub fn written(mark: usize) -> String {
    let digits = (0..4).rev().map(|place| DIGITS[mark >> (4 * place) & 15]);
    std::iter::once(HEAD).chain(digits).collect()
}

/// The marks in a text.
pub fn marks_in(text: &str) -> Vec<usize> {
    let read = |rest: &str| {
        let digits = rest.chars().take(4).map(|c| DIGITS.iter().position(|digit| *digit == c));
        let digits: Option<Vec<usize>> = digits.collect();
        digits.filter(|digits| digits.len() == 4).map(|digits| digits.iter().fold(0, |sum, digit| sum * 16 + digit))
    };
    text.split(HEAD).skip(1).filter_map(read).collect()
}
