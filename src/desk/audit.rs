//! What moderators did with tickets, for the record: told from an event and what the desk made of it. What came to nothing is
//! no deed. `/riwayat` lists the deeds of a ticket; nothing in them names the voter.

use chrono::{DateTime, FixedOffset};

use super::event::{Action, Addressee, Content};
use super::learning::Proposal;
use super::queue::List;
use super::reply::is_note;
use super::ticket::{Reply, Ticket};
use super::{Desk, Effect, Event, Known};
use crate::faq::home_offset;
use crate::text::cut::{cut, shortened};
use crate::text::indonesian::date;

/// So many deeds are listed, the last ones.
pub const LISTED: usize = 30;
/// How much of a text the list shows, in characters.
const SHOWN: usize = 300;
/// How much the list holds, in UTF-16 code units.
const LONGEST: usize = 3500;

/// The kinds of deeds: the name in the store, and the key of its words.
const KINDS: [(&str, &str); 24] = [
    ("take", "deed_take"),
    ("release", "deed_release"),
    ("spam", "deed_spam"),
    ("block", "deed_block"),
    ("unblock", "deed_unblock"),
    ("give", "deed_give"),
    ("answer", "deed_answer"),
    ("edit", "deed_edit"),
    ("take_back", "deed_take_back"),
    ("send_again", "deed_send_again"),
    ("split", "deed_split"),
    ("merge", "deed_merge"),
    ("propose", "deed_propose"),
    ("approve", "deed_approve"),
    ("drop_proposal", "deed_drop_proposal"),
    ("forget", "deed_forget"),
    ("publish", "deed_publish"),
    ("ask_voter", "deed_ask_voter"),
    ("star", "deed_star"),
    ("unstar", "deed_unstar"),
    ("award", "deed_award"),
    ("reuse", "deed_reuse"),
    ("stop_reuse", "deed_stop_reuse"),
    ("drop_held", "deed_drop_held"),
];
/// The key for a kind that this version does not know.
const OTHER: &str = "deed_other";

/// Something that a moderator did with a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The ticket.
    pub ticket: u64,
    /// Who, by the name shown; empty where the surface tells none.
    pub by: String,
    /// What: the name of its kind.
    pub kind: &'static str,
    /// The moderator's message that it was done with.
    pub message: Option<i64>,
    /// What was said by it, or what it says now. What it said before is known from the record.
    pub text: Option<String>,
}

/// A deed as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Who, by the name shown; empty where the surface told none.
    pub by: String,
    /// The name of its kind.
    pub kind: String,
    /// What was said before.
    pub old: Option<String>,
    /// What was said by it.
    pub new: Option<String>,
}

/// The tickets that were kept, as they are now.
fn kept(effects: &[Effect]) -> impl Iterator<Item = &Ticket> {
    effects.iter().filter_map(|effect| match effect {
        Effect::KeepTicket(ticket) => Some(ticket),
        _ => None,
    })
}

fn said(content: &Content) -> Option<String> {
    Some(content.text.trim().to_owned())
}

/// Whether the answer of that message is suggested to others now.
fn is_reused(effects: &[Effect], message: i64) -> bool {
    kept(effects).flat_map(|ticket| &ticket.answers).any(|reply| reply.message == message && reply.reusable)
}

/// What the reply of that message says, which was kept back.
fn held_text(known: &Known, message: i64) -> Option<String> {
    let held = known.tickets.iter().flat_map(|ticket| &ticket.held).find(|held| held.message == message);
    held.and_then(|held| said(&held.content))
}

/// Whether there is an answer to `ticket` that was not there before.
fn has_answered(ticket: &Ticket, known: &Known) -> bool {
    let before = known.tickets.iter().find(|own| own.number == ticket.number);
    before.is_none_or(|own| own.answers.len() < ticket.answers.len())
}

/// What moderators did by `event`, of which the desk made `effects`.
pub fn deeds(event: &Event, known: &Known, effects: &[Effect]) -> Vec<Deed> {
    let by = |by: &Option<String>| by.clone().unwrap_or_default();
    match event {
        Event::Tap { by: who, action, .. } if action.is_of_proposal() || *action == Action::Learn => {
            let proposals = effects.iter().filter_map(|effect| match effect {
                Effect::KeepProposal(proposal) => Some(proposal),
                _ => None,
            });
            let kind = match action {
                Action::Learn => "propose",
                Action::Approve => "approve",
                Action::DropProposal => "drop_proposal",
                Action::Forget => "forget",
                // What is being drafted is told by what comes of it.
                _ => return Vec::new(),
            };
            let deed = |proposal: &Proposal| {
                let text = Some(proposal.text.clone());
                Some(Deed { ticket: proposal.ticket?, by: by(who), kind, message: None, text })
            };
            proposals.filter_map(deed).collect()
        }
        Event::Tap { by: who, action, .. } if action.is_of_post() || action.is_of_draw() || *action == Action::Star => {
            let who = by(who);
            let deed = |ticket, kind, text| Deed { ticket, by: who.clone(), kind, message: None, text };
            let of_effect = |effect: &Effect| match effect {
                Effect::ToChannel { words, .. } => {
                    let post = known.channel.post.as_ref()?;
                    Some(vec![deed(post.ticket, "publish", Some(words.plain()))])
                }
                Effect::AskConsent { .. } => Some(vec![deed(known.channel.post.as_ref()?.ticket, "ask_voter", None)]),
                Effect::Star { ticket, given, .. } => {
                    Some(vec![deed(*ticket, if *given { "star" } else { "unstar" }, None)])
                }
                Effect::KeepDraw(draw) if draw.told.is_some() => {
                    Some(draw.listed.iter().map(|ticket| deed(*ticket, "award", None)).collect())
                }
                _ => None,
            };
            effects.iter().filter_map(of_effect).flatten().collect()
        }
        Event::Tap { by: who, action, key, .. } => {
            let (kind, message, text) = match action {
                Action::Page(_) | Action::Preview(_) | Action::Reload | Action::DropRecall | Action::StopRecall => {
                    return Vec::new();
                }
                Action::DropHeld(message) => ("drop_held", Some(*message), held_text(known, *message)),
                Action::Learn
                | Action::TeachAs(_)
                | Action::TeachNew
                | Action::TeachInto(_)
                | Action::Approve
                | Action::DropProposal
                | Action::Forget => return Vec::new(),
                // What is retracted of a ticket is its answers.
                Action::SendRecall => {
                    ("take_back", None, known.recall.as_ref().and_then(|recall| recall.reason.clone()))
                }
                Action::Split | Action::Publish => return Vec::new(),
                Action::Post { .. } | Action::DropPost | Action::AskVoter => return Vec::new(),
                Action::Star | Action::TellWinners | Action::DropWinners => return Vec::new(),
                // The first press asks, where it does not suffice.
                Action::Reuse(message) | Action::ReuseSurely(message) if is_reused(effects, *message) => {
                    ("reuse", Some(*message), None)
                }
                Action::Reuse(_) | Action::ReuseSurely(_) => return Vec::new(),
                Action::StopReuse(message) => ("stop_reuse", Some(*message), None),
                Action::SplitOff(id) => {
                    let mut wordings = known.tickets.iter().filter(|own| own.key == *key).flat_map(|own| &own.wordings);
                    ("split", None, wordings.find(|own| own.id == *id).map(|own| own.text.clone()))
                }
                Action::Merge(from) => {
                    let into = kept(effects).find_map(|ticket| ticket.into.filter(|_| ticket.number == *from));
                    let other = |ticket: &Ticket| if ticket.number == *from { into } else { Some(*from) };
                    let deed = |ticket: &Ticket| {
                        let text = Some(format!("#{}", other(ticket)?));
                        Some(Deed { ticket: ticket.number, by: by(who), kind: "merge", message: None, text })
                    };
                    return kept(effects).filter_map(deed).collect();
                }
                Action::SendHeld(message) => {
                    let mut answers = known.tickets.iter().flat_map(|ticket| &ticket.answers);
                    let kind = if answers.any(|own| own.message == *message) { "edit" } else { "answer" };
                    (kind, Some(*message), held_text(known, *message))
                }
                Action::SendToLate(message) => ("send_again", Some(*message), None),
                Action::Take => ("take", None, None),
                Action::Release => ("release", None, None),
                Action::Spam => ("spam", None, None),
                Action::Block => return Vec::new(),
                Action::BlockFor(reason) => ("block", None, Some(reason.id().to_owned())),
                Action::Unblock | Action::Admit => ("unblock", None, None),
                // One that is kept back was not given yet.
                Action::Give(_) if !kept(effects).any(|ticket| has_answered(ticket, known)) => return Vec::new(),
                Action::Give(entry) => {
                    let given = kept(effects).find_map(|ticket| ticket.answers.last());
                    ("give", given.map(|reply| reply.message), Some(entry.clone()))
                }
                Action::TakeBack(message) => ("take_back", Some(*message), None),
                Action::SendAgain(message) => {
                    let replies = known.tickets.iter().flat_map(|ticket| &ticket.answers);
                    let draft = replies.filter(|r| r.message == *message).find_map(|r| r.draft.as_ref());
                    ("send_again", Some(*message), draft.and_then(said))
                }
            };
            let deed = |ticket: &Ticket| Deed { ticket: ticket.number, by: by(who), kind, message, text: text.clone() };
            // Who is blocked leaves what others ask too: nothing is done with those.
            let meant = |ticket: &&Ticket| kind != "block" || ticket.blocked_for.is_some();
            kept(effects).filter(meant).map(deed).collect()
        }
        Event::Reply { to: Addressee::Ticket(number), message, by: who, content, .. } => {
            let answers = kept(effects).flat_map(|ticket| &ticket.answers);
            let answered = answers.into_iter().any(|reply| reply.message == *message);
            let deed =
                || Deed { ticket: *number, by: by(who), kind: "answer", message: Some(*message), text: said(content) };
            Vec::from_iter(answered.then(deed))
        }
        Event::ReplyAlbumEnded { ticket: number, album } => {
            let albums = known.tickets.iter().filter(|own| own.number == *number).flat_map(|own| &own.albums);
            let answered = |own: &&super::ticket::TicketAlbum| {
                let first = own.messages.iter().min();
                kept(effects).flat_map(|ticket| &ticket.answers).any(|reply| Some(&reply.message) == first)
            };
            let album = albums.into_iter().find(|own| own.id == *album).filter(answered);
            let deed = |album: &super::ticket::TicketAlbum| Deed {
                ticket: *number,
                by: by(&album.by),
                kind: "answer",
                message: album.messages.iter().min().copied(),
                text: said(&album.content),
            };
            Vec::from_iter(album.map(deed))
        }
        Event::ReplyEdited { to: Addressee::Ticket(number), message, by: who, content } => {
            let own = known.tickets.iter().filter(|own| own.number == *number).flat_map(|own| &own.answers);
            let before = own.into_iter().find(|r| r.message == *message || r.album.contains(message));
            let own = before.map_or(*message, |reply| reply.message);
            // What is kept back was not done yet.
            let after = kept(effects).filter(|ticket| ticket.number == *number).last();
            let after = after.and_then(|ticket| ticket.answers.iter().find(|reply| reply.message == own));
            let says = |reply: &Reply| (reply.content.clone(), reply.entry.clone(), reply.at);
            let (kind, done) = match before {
                // What was taken back says something else: it is sent again by a press, or not at all.
                Some(reply) if reply.withdrawn => return Vec::new(),
                Some(_) if is_note(content) => ("take_back", after.is_some_and(|reply| reply.withdrawn)),
                Some(reply) => ("edit", after.is_some_and(|now| says(now) != says(reply))),
                None => ("answer", after.is_some()),
            };
            let deed = || Deed {
                ticket: *number,
                by: by(who),
                kind,
                message: Some(own),
                text: said(content).filter(|_| kind != "take_back"),
            };
            Vec::from_iter(done.then(deed))
        }
        _ => Vec::new(),
    }
}

impl Desk<'_> {
    /// Lists what was done with a ticket.
    pub(super) fn show_history(&mut self, number: u64) {
        if self.ticket_of_moderators(number).is_none() {
            return self.no_such_ticket(number);
        }
        let shown = number.to_string();
        let lines: Vec<String> = self.known.history.iter().map(|record| self.record_line(record)).collect();
        if lines.is_empty() {
            return self.notice("history_none", &[("number", &shown)]);
        }
        // The last ones are those that matter, if there is no room for all.
        let mut room = LONGEST;
        let mut fitting: Vec<String> = Vec::new();
        for line in lines.into_iter().rev() {
            let length = line.encode_utf16().count() + 1;
            if length > room {
                break;
            }
            room -= length;
            fitting.push(line);
        }
        fitting.reverse();
        self.effects.push(Effect::List(List {
            key: self.known.key.clone(),
            above: false,
            posted: false,
            head: self.say("history", &[("number", &shown)]),
            quote: fitting.join("\n"),
            tickets: vec![number],
            rows: Vec::new(),
        }));
    }

    fn record_line(&self, record: &Record) -> String {
        let at = record.at.with_timezone(&home_offset());
        let kind = KINDS.iter().find(|(kind, _)| *kind == record.kind).map_or(OTHER, |(_, key)| key);
        let (who, what) = (self.someone(Some(&record.by)), self.say(kind, &[]));
        let text = |text: &Option<String>| {
            text.as_ref().map(|text| match text.as_str() {
                "" => self.say("deed_attached", &[]),
                text => shortened(&text.replace('\n', " "), SHOWN),
            })
        };
        let said = match (text(&record.old), text(&record.new)) {
            (Some(old), Some(new)) => format!(": {old} → {new}"),
            (Some(said), None) | (None, Some(said)) => format!(": {said}"),
            (None, None) => String::new(),
        };
        let line = format!("{} {} {who}: {what}{said}", date(at.date_naive()), at.format("%H.%M"));
        cut(&line, LONGEST - 1).0.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::ReplyKey;
    use super::super::tests::{KNOWLEDGE, Table};
    use super::super::{Outcome, decide};
    use super::*;

    fn now() -> DateTime<FixedOffset> {
        "2026-11-24T09:00:00+07:00".parse().expect("a time")
    }

    /// What is done by `event` at a table where one question waits, and what the table knows afterwards.
    fn done(table: &mut Table, event: &Event) -> Vec<Deed> {
        let known = Known { tickets: table.tickets.clone(), key: "k9".to_owned(), ..Known::default() };
        let effects = decide(&KNOWLEDGE, event, &known, now());
        for ticket in kept(&effects) {
            table.tickets.retain(|own| own.number != ticket.number);
            table.tickets.push(ticket.clone());
        }
        deeds(event, &known, &effects)
    }

    fn told(deeds: &[Deed]) -> Vec<(&str, &str, Option<&str>)> {
        deeds.iter().map(|deed| (deed.by.as_str(), deed.kind, deed.text.as_deref())).collect()
    }

    #[test]
    fn what_is_done_is_recorded_and_what_comes_to_nothing_is_not() {
        let mut table = Table::default();
        table.says(1, "siapa yang urus banjir di kampung saya", 0);
        let key = table.tickets[0].key.clone();
        let tap = |by: &str, action| Event::Tap { key: key.clone(), by: Some(by.to_owned()), user: None, action };
        assert_eq!(told(&done(&mut table, &tap("Budi", Action::Take))), [("Budi", "take", None)]);
        assert_eq!(done(&mut table, &tap("Ani", Action::Take)), [], "taken already");
        assert_eq!(told(&done(&mut table, &tap("Ani", Action::Release))), [("Ani", "release", None)]);
        assert_eq!(done(&mut table, &tap("Ani", Action::Release)), [], "nobody has it");
        let reply = |text: &str| Event::Reply {
            to: Addressee::Ticket(1),
            message: 50,
            by: Some("Budi".to_owned()),
            content: Content::plain(text),
            album: None,
        };
        assert_eq!(done(&mut table, &reply("// siapa tahu?")), []);
        assert_eq!(told(&done(&mut table, &reply("Senin."))), [("Budi", "answer", Some("Senin."))]);
        let arrived = Event::Delivered { reply: ReplyKey::of(1, 50), outcome: Outcome::Sent(1) };
        assert_eq!(done(&mut table, &arrived), [], "nobody did that");
        let edit = |text: &str| Event::ReplyEdited {
            to: Addressee::Ticket(1),
            message: 50,
            by: None,
            content: Content::plain(text),
        };
        let edited = done(&mut table, &edit("Selasa."));
        assert_eq!(told(&edited), [("", "edit", Some("Selasa."))]);
        assert_eq!((edited[0].ticket, edited[0].message), (1, Some(50)));
        assert_eq!(told(&done(&mut table, &tap("Ani", Action::TakeBack(50)))), [("Ani", "take_back", None)]);
        assert_eq!(done(&mut table, &edit("Rabu.")), [], "not sent");
        let again = done(&mut table, &tap("Budi", Action::SendAgain(50)));
        assert_eq!(told(&again), [("Budi", "send_again", Some("Rabu."))]);
        assert_eq!(told(&done(&mut table, &edit("// salah"))), [("", "take_back", None)]);
        assert_eq!(done(&mut table, &tap("Budi", Action::Page(1))), []);
    }

    #[test]
    fn the_list_shows_old_and_new_and_fits_into_one_message() {
        let mut table = Table::default();
        table.says(1, "siapa yang urus banjir di kampung saya", 0);
        let record = |kind: &str, old: Option<&str>, new: Option<&str>| Record {
            at: now(),
            by: "Budi".to_owned(),
            kind: kind.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        };
        let list = |history: Vec<Record>| {
            let known = Known { tickets: table.tickets.clone(), history, ..Known::default() };
            let event = Event::Ask(super::super::command::ModeratorCommand::History(Some(1)));
            match decide(&KNOWLEDGE, &event, &known, now()).as_slice() {
                [Effect::List(list)] => list.quote.clone(),
                effects => panic!("{effects:?}"),
            }
        };
        let few = list(vec![
            record("take", None, None),
            record("answer", None, Some("Senin.\nPagi.")),
            record("edit", Some("Senin."), Some("Selasa.")),
            record("answer", None, Some("")),
            record("tomorrow", None, None),
        ]);
        insta::assert_snapshot!(few, @"
        24 November 2026 09.00 Budi: mengambil
        24 November 2026 09.00 Budi: menjawab: Senin. Pagi.
        24 November 2026 09.00 Budi: mengubah jawaban: Senin. → Selasa.
        24 November 2026 09.00 Budi: menjawab: (gambar atau berkas)
        24 November 2026 09.00 Budi: tindakan lain
        ");
        let long = "panjang ".repeat(100);
        let many = list((0..LISTED).map(|_| record("edit", Some(&long), Some(&long))).collect());
        assert!((1000..=LONGEST).contains(&many.encode_utf16().count()), "{}", many.len());
    }
}
