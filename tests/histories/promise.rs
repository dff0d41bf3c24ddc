//! What holds whatever happens. What people see is looked at as it is put before them (`play.rs`); this looks at what is kept.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};
use tanya_pemilu::desk::{Asked, Became, Ticket, TicketState};

use crate::mark::{Owner, marks_in, written};
use crate::play::{GROUP, Play, voter};
use crate::step::VOTERS;

/// The most that one ticket's row holds, in bytes.
const LONGEST_TICKET: usize = 200_000;
/// The most that is remembered of one voter, in bytes.
const LONGEST_STATE: i64 = 6_000;
/// The most events that wait for one voter: for each ticket that it is still open, reminders, albums.
const MOST_DUE: i64 = 150;
/// What is due whatever anybody does.
const ALWAYS_DUE: [&str; 6] = ["sweep", "care", "digest", "review", "review-entries", "reloaded"];

type Kept = Result<(), String>;

fn lost(error: impl std::fmt::Display) -> String {
    format!("the database can't be read: {error}")
}

/// Looks into the database, beside the program.
pub struct Witness(AnyConnection);

impl Witness {
    pub async fn of(play: &Play) -> Result<Self, String> {
        let address = format!("sqlite://{}", play.path.display());
        Ok(Self(AnyConnection::connect(&address).await.map_err(lost)?))
    }

    async fn tickets(&mut self) -> Result<BTreeMap<u64, Ticket>, String> {
        let rows: Vec<String> =
            sqlx::query_scalar("SELECT body FROM ticket ORDER BY number").fetch_all(&mut self.0).await.map_err(lost)?;
        let mut tickets = BTreeMap::new();
        for body in rows {
            if body.len() > LONGEST_TICKET {
                return Err(format!("a ticket's row holds {} bytes", body.len()));
            }
            let ticket: Ticket = serde_json::from_str(&body).map_err(lost)?;
            tickets.insert(ticket.number, ticket);
        }
        Ok(tickets)
    }

    async fn number(&mut self, statement: String) -> Result<i64, String> {
        sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut self.0).await.map_err(lost)
    }

    /// The tables and their columns.
    async fn tables(&mut self) -> Result<Vec<(String, Vec<String>)>, String> {
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut self.0)
            .await
            .map_err(lost)?;
        let mut tables = Vec::new();
        for table in names.into_iter().filter(|table| !table.starts_with('_') && !table.starts_with("sqlite")) {
            let statement = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut self.0).await.map_err(lost)?;
            tables.push((table, columns));
        }
        Ok(tables)
    }

    /// All texts and numbers of all rows, with their tables.
    async fn everything(&mut self) -> Result<Vec<(String, String)>, String> {
        let mut all = Vec::new();
        for (table, columns) in self.tables().await? {
            let columns = columns.iter().map(|name| format!("COALESCE(CAST({name} AS TEXT), '')")).collect::<Vec<_>>();
            let statement = format!("SELECT {} FROM {table}", columns.join(" || ' ' || "));
            let rows: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut self.0).await.map_err(lost)?;
            all.extend(rows.into_iter().map(|row| (table.clone(), row)));
        }
        Ok(all)
    }

    /// After each few steps: each message has one fate; what is kept is bounded.
    pub async fn looks(&mut self, play: &mut Play) -> Kept {
        self.notes_erasures(play).await?;
        if self.number("SELECT COUNT(*) FROM inbox WHERE state <> 'done'".to_owned()).await? > 0 {
            let waits = self.number("SELECT COUNT(*) FROM inbox WHERE state = 'unread'".to_owned()).await?;
            return if waits > 0 { Err("an update could not be handled".to_owned()) } else { Ok(()) };
        }
        let tickets = self.tickets().await?;
        let asked = self.asked().await?;
        for question in std::mem::take(&mut play.questions) {
            let of_message = asked.get(&(voter(question.who), question.message));
            match of_message.map(Vec::as_slice).unwrap_or_default() {
                [] if question.too_fast || play.voters[question.who].erased.is_some() => {}
                [] => return Err(format!("nothing became of message {} of voter {}", question.message, question.who)),
                [one] => fate(one, &tickets)?,
                more => return Err(format!("message {} has {} fates", question.message, more.len())),
            }
        }
        if let Some(twice) = asked.values().find(|rows| rows.len() > 1) {
            return Err(format!("one message has {} fates: {twice:?}", twice.len()));
        }
        one_open_ticket_each(&tickets)?;
        let state = "SELECT COALESCE(MAX(LENGTH(state)), 0) FROM voter".to_owned();
        let due =
            "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM due WHERE voter IS NOT NULL GROUP BY voter)";
        for (what, statement, most) in [("memory", state, LONGEST_STATE), ("due", due.to_owned(), MOST_DUE)] {
            let number = self.number(statement).await?;
            if number > most {
                return Err(format!("{what} of one voter: {number}"));
            }
        }
        Ok(())
    }

    /// Whose data are gone since the last look.
    async fn notes_erasures(&mut self, play: &mut Play) -> Kept {
        let marks = play.marks.count();
        for who in 0..VOTERS {
            play.voters[who].erased = None;
            if !std::mem::take(&mut play.voters[who].erasing) {
                continue;
            }
            let rows = self.number(format!("SELECT COUNT(*) FROM voter WHERE id = {}", voter(who))).await?;
            if rows == 0 {
                play.voters[who].erased = Some(marks);
                // Replies for somebody who is gone may be gone too.
                play.replies.clear();
            } else {
                // Not yet: more was written, or it waits for the second word.
                play.voters[who].erasing = true;
            }
        }
        Ok(())
    }

    async fn asked(&mut self) -> Result<BTreeMap<(i64, i64), Vec<Asked>>, String> {
        let rows = sqlx::query("SELECT voter, message_id, body FROM asked WHERE message_id > 0")
            .fetch_all(&mut self.0)
            .await
            .map_err(lost)?;
        let mut asked: BTreeMap<(i64, i64), Vec<Asked>> = BTreeMap::new();
        for row in rows {
            let body: String = row.try_get(2).map_err(lost)?;
            let key = (row.try_get(0).map_err(lost)?, row.try_get(1).map_err(lost)?);
            asked.entry(key).or_default().push(serde_json::from_str(&body).map_err(lost)?);
        }
        Ok(asked)
    }

    /// Nothing of a voter whose data are gone is anywhere, once what waited was sent.
    pub async fn looks_for_traces(&mut self, play: &Play) -> Kept {
        let erased: Vec<(usize, usize)> = (0..VOTERS).filter_map(|who| Some((who, play.voters[who].erased?))).collect();
        if erased.is_empty() {
            return Ok(());
        }
        let everything = self.everything().await?;
        let world = play.world.look();
        // What the bot does not know to have arrived it can't empty.
        let unknown: BTreeSet<usize> = world.in_flight.iter().flat_map(|(_, body)| marks_in(body)).collect();
        for (who, before) in erased {
            let is_own = |mark: usize| {
                let own = mark < before && *play.marks.owner(mark) == Owner::Voter(who);
                own && !play.marks.is_anothers_too(mark, |other| other != who)
            };
            let id = voter(who).to_string();
            for (table, row) in &everything {
                if let Some(mark) = marks_in(row).into_iter().find(|mark| is_own(*mark)) {
                    return Err(format!("{} of voter {who} is left in {table}: {row}", written(mark)));
                }
                if row.contains(&id) {
                    return Err(format!("the number of voter {who} is left in {table}: {row}"));
                }
            }
            let left = world
                .messages
                .values()
                .filter(|m| m.chat < 0 && m.own && !m.gone)
                .find(|m| marks_in(&m.text).into_iter().any(|mark| is_own(mark) && !unknown.contains(&mark)));
            if let Some(left) = left {
                return Err(format!("words of voter {who} are left with the moderators: {}", left.text));
            }
        }
        Ok(())
    }

    /// When all that waited is done: every reply has come to its end, every question is where it should be.
    pub async fn looks_at_the_end(&mut self, play: &mut Play) -> Kept {
        let waiting = self.number("SELECT COUNT(*) FROM outbox WHERE state = 'wait'".to_owned()).await?;
        if waiting > 0 {
            return Err(format!("{waiting} calls wait for ever"));
        }
        let tickets = self.tickets().await?;
        for ticket in tickets.values() {
            for reply in ticket.answers.iter().filter(|reply| !reply.withdrawn) {
                if reply.outcomes().any(Option::is_none) {
                    return Err(format!("reply {} of #{} has no delivery state", reply.message, ticket.number));
                }
            }
            self.is_on_a_card(play, ticket).await?;
            // Who writes in need is told that people know, and no number.
            let told = ticket.state == TicketState::Open && !ticket.urgent;
            for asker in ticket.askers().filter(|_| told) {
                let Some(who) = (0..VOTERS).find(|who| voter(*who) == asker) else { continue };
                let own = &play.voters[who];
                if !own.lossy
                    && !own.told.contains(&ticket.number)
                    && !play.world.look().refused.iter().any(|(to, _)| *to == asker)
                {
                    return Err(format!("voter {who} asked #{} and was never told so", ticket.number));
                }
            }
        }
        self.replies_came_to_something(play, &tickets)
    }

    async fn is_on_a_card(&mut self, play: &Play, ticket: &Ticket) -> Kept {
        if ticket.state != TicketState::Open {
            return Ok(());
        }
        let row = sqlx::query("SELECT chat_id, message_id FROM link WHERE name = $1")
            .bind(format!("card:{}", ticket.number))
            .fetch_optional(&mut self.0)
            .await
            .map_err(lost)?;
        let world = play.world.look();
        let named = format!("card:{}", ticket.number);
        let refused = world.refused.iter().any(|(chat, body)| *chat == GROUP && body.contains(&ticket.key));
        let message: Option<i64> = row.map(|row| row.try_get(1)).transpose().map_err(lost)?;
        let shown = message.and_then(|id| world.messages.get(&id)).filter(|m| m.chat == GROUP && !m.gone);
        let Some(shown) = shown else {
            return if refused { Ok(()) } else { Err(format!("{named} is nowhere")) };
        };
        let first = ticket.texts.first().map(|(_, text)| marks_in(text)).unwrap_or_default();
        let on_card = marks_in(&shown.text);
        let long = ticket.question().chars().count() > 2000;
        let carded =
            shown.text.contains(&format!("#{}", ticket.number)) && first.iter().all(|mark| on_card.contains(mark));
        if carded || long || refused {
            return Ok(());
        }
        Err(format!("{named} shows something else than {:?}: {}", ticket.texts, shown.text))
    }

    fn replies_came_to_something(&self, play: &mut Play, tickets: &BTreeMap<u64, Ticket>) -> Kept {
        let world = play.world.look();
        for reply in &play.replies {
            let kept = |ticket: &Ticket| {
                let is_own = |message: i64| message == reply.message;
                ticket.answers.iter().any(|own| is_own(own.message) || own.album.contains(&reply.message))
                    || ticket.held.iter().any(|held| is_own(held.message))
                    || ticket.albums.iter().any(|album| album.messages.contains(&reply.message))
            };
            let is_told = world.messages.values().any(|m| m.own && m.chat == GROUP && m.about == Some(reply.message));
            let to = world.messages.get(&reply.to);
            // Who replies to the same message that stands for nothing is told so once.
            let told_before = to.is_none_or(|to| {
                world.messages.values().any(|m| !m.own && m.about == Some(to.id) && m.id < reply.message)
            });
            let named = to.map(|to| crate::play::numbers_in(&to.text)).unwrap_or_default();
            let gone = named.iter().any(|number| !tickets.contains_key(number));
            let refused = world.refused.iter().any(|(_, body)| body.contains(&reply.message.to_string()));
            let dropped = play.dropped.contains(&reply.message);
            if !(refused
                || dropped
                || reply.note
                || reply.album.is_some()
                || is_told
                || told_before
                || gone
                || tickets.values().any(kept))
            {
                let text = world.messages.get(&reply.message).map(|m| m.text.clone()).unwrap_or_default();
                return Err(format!("nothing became of a moderator's reply to {named:?}: {text}"));
            }
        }
        drop(world);
        play.replies.clear();
        Ok(())
    }

    /// Long after everybody has gone nothing of anybody is left.
    pub async fn looks_long_after(&mut self) -> Kept {
        let empty = [
            "voter",
            "asked",
            "ticket",
            "ticket_word",
            "ticket_asker",
            "audit",
            "heard",
            "recalled",
            "recall",
            "inbox",
            "turn",
            "outbox",
            "link",
            "listed",
            "told",
            "remains",
            "hold",
            "upload",
            "trouble",
        ];
        for table in empty {
            let rows = self.number(format!("SELECT COUNT(*) FROM {table}")).await?;
            // What is told day by day, or was told just now, goes by itself later.
            let rows = match table {
                "outbox" => {
                    self.number("SELECT COUNT(*) FROM outbox WHERE voter IS NOT NULL OR chat_id > 0".to_owned()).await?
                }
                _ => rows,
            };
            if rows > 0 {
                let left = self.everything().await?;
                let left: Vec<String> = left.into_iter().filter(|(own, _)| own == table).map(|(_, row)| row).collect();
                return Err(format!("{rows} rows are left in {table}: {:?}", left.first()));
            }
        }
        let names: Vec<String> =
            sqlx::query_scalar("SELECT name FROM due").fetch_all(&mut self.0).await.map_err(lost)?;
        match names.iter().find(|name| !ALWAYS_DUE.iter().any(|own| name.starts_with(own))) {
            Some(name) => Err(format!("{name} is due for ever")),
            None => Ok(()),
        }
    }

    pub async fn goes(self) {
        // It is only read from.
        let _ = self.0.close().await;
    }
}

/// What became of a message agrees with the tickets.
fn fate(asked: &Asked, tickets: &BTreeMap<u64, Ticket>) -> Kept {
    let Became::Forwarded { ticket: number } = asked.became else { return Ok(()) };
    let Some(ticket) = tickets.get(&number) else {
        return Err(format!("message {} went to #{number}, which is nowhere", asked.message));
    };
    let holds = |ticket: &Ticket| {
        ticket.voter == asked.voter && ticket.texts.iter().any(|(message, _)| *message == asked.message)
            || ticket
                .wordings
                .iter()
                .flat_map(|w| &w.askers)
                .any(|a| a.voter == asked.voter && a.message == asked.message)
    };
    let mut last = ticket;
    while let Some(next) = last.into.and_then(|into| tickets.get(&into)) {
        last = next;
    }
    // Who had asked the same once more, and went on alone with it, is answered there.
    let goes_on = |own: &Ticket| own.voter == asked.voter && own.continues == Some(number);
    let asks = ticket.is_asked_by(asked.voter) || last.is_asked_by(asked.voter);
    if asks || tickets.values().any(|own| holds(own) || goes_on(own)) {
        return Ok(());
    }
    Err(format!("message {} went to #{number}, which the voter does not ask: {ticket:?}", asked.message))
}

/// A message is in one open ticket at most. Words of danger have a ticket of their own: what the message said before may be
/// reopened beside it.
fn one_open_ticket_each(tickets: &BTreeMap<u64, Ticket>) -> Kept {
    let mut open: BTreeMap<(i64, i64, bool), u64> = BTreeMap::new();
    for ticket in tickets.values().filter(|ticket| ticket.state == TicketState::Open) {
        let own = ticket.texts.iter().map(|(message, _)| (ticket.voter, *message));
        let others = ticket.wordings.iter().flat_map(|w| &w.askers).map(|asker| (asker.voter, asker.message));
        let all: BTreeSet<(i64, i64)> = own.chain(others).filter(|(_, message)| *message > 0).collect();
        for (voter, message) in all {
            if let Some(other) = open.insert((voter, message, ticket.urgent), ticket.number) {
                return Err(format!(
                    "message {message} of {voter} waits in two tickets: {:?}\n{ticket:?}",
                    tickets[&other]
                ));
            }
        }
    }
    Ok(())
}

/// All rows of that bot in the database in `folder`, each with its table.
pub fn rows_of(bot: i64, folder: &std::path::Path) -> BTreeSet<(String, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let address = format!("sqlite://{}", folder.join("bot.db").display());
        let mut witness = Witness(AnyConnection::connect(&address).await.expect("the database"));
        let mut rows = BTreeSet::new();
        for (table, columns) in witness.tables().await.expect("its tables") {
            // What belongs to the database itself has no bot.
            if !columns.iter().any(|name| name == "bot_id") {
                continue;
            }
            let own = columns.iter().map(|name| format!("COALESCE(quote({name}), '')")).collect::<Vec<_>>();
            let statement = format!("SELECT {} FROM {table} WHERE bot_id = {bot}", own.join(" || ' ' || "));
            let found: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut witness.0).await.expect("its rows");
            rows.extend(found.into_iter().map(|row| (table.clone(), row)));
        }
        witness.goes().await;
        rows
    })
}
