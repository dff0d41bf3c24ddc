//! The bot's own wording within Telegram's limits: what is too long there is cut or refused when a voter waits for it.

use super::candidate::{banned, praised};
use super::person::{Certainty, People};
use super::style;
use crate::faq::Faq;
use crate::faq::fault::Fault;
use crate::faq::markup;
use crate::faq::wording::file;
use crate::text::language::Language;

/// Where a text is shown, and how long it may be there.
struct Place {
    /// What it is, for messages.
    what: &'static str,
    /// Most UTF-16 units, with room for what is filled in.
    most: usize,
    /// Whether it stands on one line.
    one_line: bool,
    /// What happens beyond.
    beyond: &'static str,
}

/// Buttons of a phone show about this much; the same bound as for titles with room for more.
const BUTTON: Place = Place { what: "teks tombol", most: 64, one_line: true, beyond: "tombol memotongnya" };
/// The description of a command (<https://core.telegram.org/bots/api#botcommand>).
const MENU: Place = Place { what: "teks menu", most: 256, one_line: true, beyond: "Telegram menolak seluruh menu" };
/// The line shown on a press (<https://core.telegram.org/bots/api#answercallbackquery>), at most 200.
const TOAST: Place = Place { what: "pemberitahuan tombol", most: 160, one_line: true, beyond: "Telegram menolaknya" };
/// A line of a card or under an answer, which needs the room for the question or the answer.
const LINE: Place =
    Place { what: "baris ini", most: 400, one_line: false, beyond: "pertanyaan atau jawabannya tidak muat lagi" };
/// A message by itself (<https://core.telegram.org/bots/api#sendmessage>), at most 4,096 with what is filled in.
const MESSAGE: Place = Place { what: "pesan ini", most: 3500, one_line: false, beyond: "Telegram menolaknya" };

/// Shown when a button is pressed.
const TOASTS: [&str; 15] = [
    "thanks",
    "already_forwarded",
    "card_unknown_toast",
    "card_spam",
    "card_blocked",
    "no_such_entry",
    "no_such_ticket",
    "already_taken",
    "taken",
    "unblocked",
    "sent_again",
    "taken_back_toast",
    "too_fast",
    "not_allowed",
    "not_checked",
];
/// Parts of a longer message.
const LINES: [&str; 12] = [
    "answer_sources",
    "answer_reviewed",
    "answer_code",
    "related",
    "someone",
    "now_between",
    "now_none",
    "now_running",
    "now_next",
    "now_unknown",
    "asn_question",
    "topics_other",
];

fn place(key: &str) -> &'static Place {
    if key.starts_with("button_") || key == "ask_person" {
        &BUTTON
    } else if key.starts_with("menu_") {
        &MENU
    } else if TOASTS.contains(&key) {
        &TOAST
    } else if LINES.contains(&key) || key.starts_with("card_") || key.starts_with("delivery_") {
        &LINE
    } else {
        &MESSAGE
    }
}

/// Faults and warnings on `teks.id.toml` and `teks.en.toml`.
pub(super) fn check(faq: &Faq, people: &People, faults: &mut Vec<Fault>) {
    // Single words are ordinary ones here: a delivery may be "gagal".
    let banned: Vec<_> = banned(faq).into_iter().filter(|(_, words)| words.len() > 1).collect();
    let texts = Language::ALL
        .into_iter()
        .flat_map(|language| faq.wordings.of(language).texts().map(move |(key, text)| (file(language), key, text)));
    for (file, key, text) in texts {
        let place = place(key);
        let said = text.value.trim();
        let length = said.encode_utf16().count();
        let fault = |message: String| Fault::new(file, text.span.clone(), message);
        if length > place.most {
            let message = format!("{} `{key}` {length} huruf; paling banyak {}", place.what, place.most);
            faults.push(fault(message).hint(format!("pendekkan: kalau lebih panjang, {}", place.beyond)));
        }
        if place.one_line && said.contains('\n') {
            let message = format!("{} `{key}` lebih dari satu baris", place.what);
            faults.push(fault(message).hint("tulis dalam satu baris"));
        }
        // What says which stages run stands in an answer; all else is sent without a look.
        if !key.starts_with("now_") {
            // "#{number}" at the head of a line is a ticket, no heading.
            let said = said.replace("#{", "{");
            let plain = markup::parse(&said).map(|document| document.plain()).unwrap_or_default();
            if plain.replace('•', "-") != said {
                let message = format!("teks `{key}` memuat tanda tebal, tautan, daftar, atau HTML");
                faults.push(
                    fault(message).warning().hint("pemilih akan melihat tandanya apa adanya; tulis kalimat biasa"),
                );
            }
        }
        for mention in people.mentions(said).into_iter().filter(|m| m.certainty == Certainty::Sure).take(1) {
            let message = format!("teks `{key}` menyebut calon {}", mention.person.name);
            faults.push(fault(message).hint("kata-kata bot tidak menyebut calon: bot tidak memihak"));
        }
        for (written, range) in praised(said, &banned) {
            let message = format!("\"{written}\" di teks `{key}` memihak");
            let place = text.find(&said[range]);
            faults.push(Fault::new(file, place, message).warning().hint("pakai kata yang netral"));
        }
        for (range, message, hint) in style::manners(said) {
            faults.push(Fault::new(file, text.find(&said[range]), message).warning().hint(hint));
        }
    }
}
