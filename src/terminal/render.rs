//! Effects as lines of text, with colours where they are wanted.

use crate::desk::Card;
use crate::faq::Answer;
use crate::faq::markup::{Document, Style};

/// How lines look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether to use colours (ANSI escape codes).
    pub colour: bool,
}

impl Look {
    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A text with its markup.
    pub fn document(self, document: &Document) -> String {
        document
            .0
            .iter()
            .map(|piece| match &piece.style {
                Style::Plain => piece.text.clone(),
                Style::Bold => self.paint("1", &piece.text),
                Style::Italic => self.paint("3", &piece.text),
                Style::Link(address) => format!("{} ({address})", piece.text),
            })
            .collect()
    }

    /// An answer with source, review date and code.
    pub fn answer(self, answer: &Answer) -> String {
        self.with_footer(&answer.body, &answer.footer)
    }

    /// The rest of an answer, if there is one, with the same.
    pub fn more(self, answer: &Answer) -> Option<String> {
        answer.more.as_ref().map(|more| self.with_footer(more, &answer.footer))
    }

    fn with_footer(self, text: &Document, footer: &str) -> String {
        let (body, footer) = (self.document(text), self.paint("2", footer));
        if body.is_empty() { footer } else { format!("{body}\n\n{footer}") }
    }

    /// What a terminal can't show, and the words under it.
    pub fn attached(self, what: &str, caption: &str) -> String {
        self.paint("2", &format!("[{what}: {caption}]"))
    }

    /// Numbered choices.
    pub fn numbered(self, labels: &[String]) -> String {
        let lines: Vec<String> = labels.iter().enumerate().map(|(i, label)| format!("  {}. {label}", i + 1)).collect();
        lines.join("\n")
    }

    /// A card, framed so that it is told apart from what the voter sees.
    pub fn card(self, card: &Card) -> String {
        let mut lines = vec![self.paint("1", &card.head)];
        lines.extend(card.question.lines().map(|line| format!("> {}", inert(line))));
        lines.extend(card.notes.clone());
        if !card.nearest.is_empty() {
            lines.push(card.nearest_head.clone());
            lines.extend(card.nearest.iter().map(|o| format!("- {} ({})", o.title, o.id)));
        }
        self.framed(&lines)
    }

    /// A line for moderators.
    pub fn notice(self, text: &str) -> String {
        self.framed(&[text.to_owned()])
    }

    fn framed(self, lines: &[String]) -> String {
        lines.iter().map(|line| format!("{} {line}", self.paint("33", "petugas |"))).collect::<Vec<_>>().join("\n")
    }
}

/// Control and direction characters made visible, so that a question can't draw on the screen.
fn inert(line: &str) -> String {
    line.chars()
        .map(|c| if crate::text::normalize::is_invisible(c) || c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
