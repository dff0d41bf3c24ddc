//! Plays a history: each step becomes what Telegram would bring or do, and the program goes as far as the step lets it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use tanya_pemilu::desk::{Action, Knowledge};
use tanya_pemilu::faq::source::{File, Source};
use tanya_pemilu::telegram::api::StandIn;
use tanya_pemilu::telegram::button::{VoterButton, read_action};
use tanya_pemilu::telegram::limit::Limits;
use tanya_pemilu::telegram::rehearsal::{Cast, Made, Rehearsal};
use tanya_pemilu::text::language::Language;

use crate::mark::{Marks, Owner, marks_in};
use crate::small_faq;
use crate::step::{ANSWERS, CLAIMS, COMMANDS, Doing, MODERATORS, ORDERS, QUESTIONS, Step, Then, VOTERS};
use crate::world::{Hands, Meets, Message, Shared};

/// The bot's number.
pub const BOT: i64 = 700_000_001;
/// The moderator chat.
pub const GROUP: i64 = -1_001_000_000_001;
/// The chat above it.
pub const ABOVE: i64 = -1_001_000_000_002;
/// So many calls are made at most before a step is over: what rests is tried again when time passes.
const MOST_CALLS: usize = 400;
/// How many of the last updates may come again.
const REMEMBERED: usize = 40;
/// How much one may write in a minute.
const PACE: usize = 30;
/// In milliseconds: what waits with Telegram is handled before more than this passes.
const HANDLED_WITHIN: i64 = 3_600_000;

/// A voter's number, which is nowhere else by chance.
pub fn voter(who: usize) -> i64 {
    5_551_000_101 + who as i64 * 1_000_003
}

/// A voter's name.
pub fn name(who: usize) -> String {
    format!("Wxqvoter{who}")
}

/// The FAQ, and the same with one entry changed.
static FAQS: LazyLock<[Arc<Knowledge>; 2]> = LazyLock::new(|| {
    let mut all = small_faq::files();
    all.push(("uji-klaim.toml", small_faq::own("uji-klaim.toml")));
    all.push(("teks.en.toml", small_faq::project("faq/teks.en.toml")));
    let load = |changed: bool| {
        let file = |(name, text): &(&str, String)| {
            let mut text = text.clone();
            if *name == "bot.toml" {
                text.push_str("\n# Pukul: ringkasan harian dikirim.\ndigest_hour = 7\n");
            }
            let text = if changed { text.replace("**pukul 07.00**", "**pukul 08.00**") } else { text };
            File { name: (*name).to_owned(), bytes: text.into_bytes() }
        };
        let files: Vec<File> = all.iter().map(file).collect();
        let (knowledge, report) = Knowledge::load(&Source::Kept(files.into()));
        Arc::new(knowledge.unwrap_or_else(|| panic!("the FAQ is at fault:\n{}", report.render(false))))
    };
    [load(false), load(true)]
});

/// A question that a voter asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub who: usize,
    pub message: i64,
    /// Whether it may be left alone: too much was written in a minute.
    pub too_fast: bool,
}

/// What is known of a voter from outside.
#[derive(Debug, Default, Clone)]
pub struct Voter {
    /// The voter's messages, with whether words stand in them.
    messages: Vec<i64>,
    /// When the voter wrote and pressed lately.
    times: VecDeque<i64>,
    /// Tickets of which the bot told the voter that they are the voter's.
    pub told: BTreeSet<u64>,
    /// Codes of entries that the voter was given.
    pub given: BTreeSet<String>,
    /// Whether a message to the voter may have been lost for good.
    pub lossy: bool,
    /// Whether the voter wrote of being in need: such a ticket's number is not told.
    urgent: bool,
    /// Something was done since the last look that may delete all that is kept.
    pub erasing: bool,
    /// Up to which mark the voter's words were deleted, and are to be nowhere.
    pub erased: Option<usize>,
}

/// A moderator's reply, which must become something.
#[derive(Debug, Clone)]
pub struct Reply {
    pub message: i64,
    /// The message that it replies to.
    pub to: i64,
    /// Whether it is a note among moderators by now, or was once.
    pub note: bool,
    pub album: Option<String>,
}

/// A history in progress.
pub struct Play {
    /// The bot's number.
    bot: i64,
    pub hands: Hands,
    pub world: Shared,
    pub marks: Marks,
    pub voters: Vec<Voter>,
    pub questions: Vec<Question>,
    pub replies: Vec<Reply>,
    pub path: PathBuf,
    program: Option<Rehearsal>,
    faq: usize,
    /// Updates that wait with Telegram.
    queue: Vec<String>,
    past: VecDeque<(i64, String)>,
    updates: i64,
    albums: u32,
    /// Numbers of tickets that were named anywhere.
    pub tickets: Vec<u64>,
    /// Tickets that moderators see before all others.
    urgent: BTreeSet<u64>,
    /// Replies that were kept back and that a moderator said not to send.
    pub dropped: BTreeSet<i64>,
    /// Tickets of which moderators said that an answer may be suggested to whoever asks the same.
    reusable: BTreeSet<u64>,
    /// How often a mark was put before a voter as a new message.
    pub heard: BTreeMap<(i64, usize, bool), usize>,
    /// What was seen, in short: the same for the same steps.
    pub print: u64,
}

type Outcome = Result<(), String>;

/// Prints what happens, if somebody wants to look.
fn tell(what: &dyn std::fmt::Display) {
    #![allow(clippy::print_stderr)]
    if std::env::var_os("TELL").is_some() {
        eprintln!("{what}");
    }
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> String {
    format!("{what}: {error}")
}

impl Play {
    /// A new world, a new database.
    pub async fn begin(folder: &Path) -> Result<Self, String> {
        Self::begin_as(BOT, folder).await
    }

    /// A new world; `bot` works over the database in that folder, in which others may have worked before.
    pub async fn begin_as(bot: i64, folder: &Path) -> Result<Self, String> {
        let mut play = Self {
            bot,
            hands: Hands::default(),
            world: Shared::default(),
            marks: Marks::default(),
            voters: vec![Voter::default(); VOTERS],
            questions: Vec::new(),
            replies: Vec::new(),
            path: folder.join("bot.db"),
            program: None,
            faq: 0,
            queue: Vec::new(),
            past: VecDeque::new(),
            updates: 1000,
            albums: 0,
            tickets: Vec::new(),
            urgent: BTreeSet::new(),
            dropped: BTreeSet::new(),
            reusable: BTreeSet::new(),
            heard: BTreeMap::new(),
            print: 0,
        };
        play.open().await?;
        Ok(play)
    }

    /// What the bot says.
    pub fn says(&self, language: Language, key: &str, values: &[(&str, &str)]) -> String {
        FAQS[self.faq].faq.wordings.say(language, key, values)
    }

    async fn open(&mut self) -> Outcome {
        let cast = Cast { bot: self.bot, name: "tanya_bot", moderators: GROUP, above: Some(ABOVE) };
        let address = format!("sqlite://{}", self.path.display());
        let (faq, world) = (Arc::clone(&FAQS[self.faq]), Arc::new(self.world.clone()) as Arc<dyn StandIn>);
        let time = Box::new(self.hands.clone());
        let opened = Rehearsal::open(&address, cast, faq, world, time, Limits::None).await;
        self.program = Some(opened.map_err(|error| failed("it did not start", &error))?);
        Ok(())
    }

    fn program(&mut self) -> Result<&mut Rehearsal, String> {
        self.program.as_mut().ok_or_else(|| "it does not run".to_owned())
    }

    /// One step; then what came of it is looked at.
    pub async fn step(&mut self, step: Step) -> Outcome {
        self.doing(step.doing).await?;
        match step.then {
            Then::Settles => self.settle().await?,
            Then::Sends(calls) => {
                self.work().await?;
                for _ in 0..calls {
                    self.program()?.send().await;
                }
            }
            Then::Works => self.work().await?,
            Then::Nothing => {}
        }
        self.look()
    }

    /// What came in is handled.
    pub async fn work(&mut self) -> Outcome {
        let updates = std::mem::take(&mut self.queue);
        let program = self.program()?;
        if !updates.is_empty() {
            program.take_in(&updates).await.map_err(|error| failed("updates were not written down", &error))?;
        }
        program.work().await.map_err(|error| failed("an event was not handled", &error))
    }

    /// All that can be done now is done.
    pub async fn settle(&mut self) -> Outcome {
        for _ in 0..20 {
            self.work().await?;
            let mut made = 0;
            while made < MOST_CALLS && self.program()?.send().await == Made::Call {
                made += 1;
            }
            if made == 0 {
                return Ok(());
            }
        }
        Ok(())
    }

    /// All that waits is done, however long it rests; nobody hinders it any more.
    pub async fn drain(&mut self) -> Outcome {
        {
            let mut world = self.world.look();
            world.meets.clear();
            world.shut = false;
        }
        for _ in 0..60 {
            self.settle().await?;
            self.look()?;
            self.hands.pass(2_000);
            if let Made::NotBefore(i64::MAX) = self.program()?.send().await {
                self.work().await?;
                if let Made::NotBefore(i64::MAX) = self.program()?.send().await {
                    return Ok(());
                }
            }
        }
        Err("what waits is never sent".to_owned())
    }

    /// Time passes.
    pub fn pass(&self, seconds: i64) {
        self.hands.pass(seconds * 1000);
    }

    fn update(&mut self, kind: &str, body: &Value) {
        self.updates += 1;
        let raw = json!({"update_id": self.updates, kind: body}).to_string();
        tell(&raw);
        self.queue.push(raw.clone());
        self.past.push_back((self.hands.now(), raw));
        if self.past.len() > REMEMBERED {
            self.past.pop_front();
        }
    }

    fn from(who: usize) -> Value {
        json!({"id": voter(who), "is_bot": false, "first_name": name(who)})
    }

    fn moderator(by: u8) -> Value {
        let by = usize::from(by) % MODERATORS;
        let name = ["Budi", "Ani", "Tono"][by];
        json!({"id": 810_001 + by as i64, "is_bot": false, "first_name": name})
    }

    fn date(&self) -> i64 {
        self.hands.now() / 1000
    }

    /// Notes that a voter does something that counts; says whether it is too much.
    fn paced(&mut self, who: usize) -> bool {
        let now = self.hands.now();
        let times = &mut self.voters[who].times;
        times.push_back(now);
        // What waits with Telegram is counted when it is handled, which may be later.
        while times.front().is_some_and(|at| *at < now - HANDLED_WITHIN) {
            times.pop_front();
        }
        times.len() > PACE
    }

    /// A message of a voter's, with more fields.
    fn says_it(&mut self, who: usize, text: &str, more: &Value) -> i64 {
        let chat = voter(who);
        let about = more["reply_to_message"]["message_id"].as_i64();
        let message = self.world.look().write(chat, text, about);
        let mut body = json!({
            "message_id": message, "date": self.date(), "chat": {"id": chat, "type": "private", "first_name": name(who)},
            "from": Self::from(who),
        });
        let field = if more.get("photo").is_some() { "caption" } else { "text" };
        if !text.is_empty() {
            body[field] = json!(text);
        }
        for (field, value) in more.as_object().into_iter().flatten() {
            body[field] = value.clone();
        }
        let too_fast = self.paced(who);
        self.update("message", &body);
        let own = &mut self.voters[who];
        own.messages.push(message);
        if text.trim().eq_ignore_ascii_case("/hapus") {
            own.erasing = true;
        }
        if !text.is_empty() {
            self.questions.push(Question { who, message, too_fast });
        }
        message
    }

    fn fill(&mut self, who: usize, text: &str) -> String {
        filled(&if text.contains("{m}") { self.marks.give(Owner::Voter(who), text) } else { text.to_owned() })
    }

    fn question(&mut self, who: usize, what: u8, how: u8) -> String {
        let wordings = QUESTIONS[usize::from(what) % QUESTIONS.len()];
        self.voters[who].urgent |= wordings.iter().any(|text| text.contains("bunuh diri"));
        self.fill(who, wordings[usize::from(how) % wordings.len()])
    }

    fn ticket(&self, about: u8) -> u64 {
        let last = self.tickets.len().checked_sub(1 + usize::from(about) % 12);
        last.or(self.tickets.len().checked_sub(1)).map_or(1, |place| self.tickets[place])
    }

    fn press(&mut self, from: &Value, chat: &Value, message: i64, data: &str) {
        self.updates += 1;
        let id = format!("press{}", self.updates);
        let body = json!({
            "id": id, "from": from, "chat_instance": "1", "data": data,
            "message": {"message_id": message, "date": self.date(), "chat": chat, "text": "x"},
        });
        self.update("callback_query", &body);
    }

    fn voter_presses(&mut self, who: usize, message: i64, data: &str) {
        self.paced(who);
        if matches!(VoterButton::read(data), Some((VoterButton::Erase(true), _))) {
            self.voters[who].erasing = true;
        }
        let chat = json!({"id": voter(who), "type": "private"});
        self.press(&Self::from(who), &chat, message, data);
    }

    fn taps(&mut self, by: u8, message: i64, data: &str) {
        if let Some((_, Action::DropHeld(message))) = read_action(data) {
            self.dropped.insert(message);
        }
        if let Some((_, Action::Reuse(_) | Action::ReuseSurely(_))) = read_action(data) {
            let card = self.world.look().messages.get(&message).map(|card| numbers_in(&card.text));
            self.reusable.extend(card.into_iter().flatten());
        }
        let chat = json!({"id": GROUP, "type": "supergroup", "title": "Petugas"});
        self.press(&Self::moderator(by), &chat, message, data);
    }

    /// What a reply to that message carries of it.
    fn replied(&self, chat: i64, message: i64) -> Value {
        let world = self.world.look();
        let Some(to) = world.messages.get(&message) else { return json!(null) };
        let from = if to.own { json!({"id": self.bot, "is_bot": true, "first_name": "Tanya"}) } else { json!(null) };
        let rows: Vec<Value> = to.buttons.iter().map(|data| json!([{"text": "x", "callback_data": data}])).collect();
        let kind = if chat == GROUP { "supergroup" } else { "private" };
        let mut about = json!({
            "message_id": message, "date": self.date(), "chat": {"id": chat, "type": kind}, "text": plain(&to.text),
        });
        if !from.is_null() {
            about["from"] = from;
        }
        if !rows.is_empty() {
            about["reply_markup"] = json!({"inline_keyboard": rows});
        }
        about
    }

    fn moderator_writes(&mut self, by: u8, text: &str, to: Option<i64>, more: &Value) -> i64 {
        let message = self.world.look().write(GROUP, text, to);
        self.moderator_message("message", by, message, text, to, more);
        message
    }

    fn moderator_message(&mut self, kind: &str, by: u8, message: i64, text: &str, to: Option<i64>, more: &Value) {
        let mut body = json!({
            "message_id": message, "date": self.date(), "chat": {"id": GROUP, "type": "supergroup", "title": "Petugas"},
            "from": Self::moderator(by),
        });
        body[if more.get("photo").is_some() { "caption" } else { "text" }] = json!(text);
        if let Some(to) = to {
            body["reply_to_message"] = self.replied(GROUP, to);
        }
        for (field, value) in more.as_object().into_iter().flatten() {
            body[field] = value.clone();
        }
        self.update(kind, &body);
    }

    /// What a moderator writes to that message.
    fn answer_text(&mut self, how: u8, to: i64) -> String {
        let said = |m: &Message| format!("{}{}", m.before, m.text);
        let said = self.world.look().messages.get(&to).map(said).unwrap_or_default();
        filled(&self.marks.give(Owner::Reply(numbers_in(&said), said), ANSWERS[usize::from(how) % ANSWERS.len()]))
    }

    #[allow(clippy::too_many_lines)]
    async fn doing(&mut self, doing: Doing) -> Outcome {
        let photo = || json!([{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]);
        match doing {
            Doing::Asks { who, what, how } => {
                let text = self.question(who.into(), what, how);
                self.says_it(who.into(), &text, &json!({}));
            }
            Doing::SendsOn { who, claim, picture } => {
                let text = self.fill(who.into(), CLAIMS[usize::from(claim) % CLAIMS.len()]);
                let mut more = json!({"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}});
                if picture {
                    more["photo"] = photo();
                }
                self.says_it(who.into(), &text, &more);
            }
            Doing::Commands { who, command, about } => {
                let number = self.ticket(about).to_string();
                let text = COMMANDS[usize::from(command) % COMMANDS.len()].replace("{t}", &number);
                let text = self.fill(who.into(), &text);
                self.says_it(who.into(), &text, &json!({}));
            }
            Doing::Edits { who, which, what, how } => {
                let own = usize::from(who);
                let messages = &self.voters[own].messages;
                let Some(place) = messages.len().checked_sub(1 + usize::from(which)) else { return Ok(()) };
                let message = messages[place];
                let text = self.question(own, what, how);
                self.paced(own);
                let body = json!({
                    "message_id": message, "date": self.date(), "edit_date": self.date(), "text": text,
                    "chat": {"id": voter(own), "type": "private"}, "from": Self::from(own),
                });
                self.update("edited_message", &body);
            }
            Doing::Replies { who, which, what } => {
                let own = usize::from(who);
                let of_bot = self.world.look().of_bot(voter(own));
                let Some(to) = pick(&of_bot, which) else { return Ok(()) };
                let text = self.question(own, what, 0);
                let more = json!({"reply_to_message": self.replied(voter(own), to)});
                self.says_it(own, &text, &more);
            }
            Doing::Shows { who, album, worded } => {
                self.albums += u32::from(album);
                for place in 0..if album { 3 } else { 1 } {
                    let text = if worded && place == 0 { self.question(who.into(), who, place) } else { String::new() };
                    let mut more = json!({"photo": photo()});
                    if album {
                        more["media_group_id"] = json!(format!("a{}", self.albums));
                    }
                    self.says_it(who.into(), &text, &more);
                }
            }
            Doing::Presses { who, which } => {
                let own = usize::from(who);
                let Some((message, data)) = self.shown(voter(own), true, which) else { return Ok(()) };
                self.voter_presses(own, message, &data);
            }
            Doing::Forges { who, which } => {
                let own = usize::from(who);
                let Some((message, data)) = self.shown(voter(own), false, which) else { return Ok(()) };
                self.voter_presses(own, message, &data);
            }
            Doing::Floods { who } => {
                for n in 0..PACE + 4 {
                    let text = self.question(who.into(), (n % 2) as u8, 0);
                    self.says_it(who.into(), &text, &json!({}));
                }
            }
            Doing::Blocks { who, back } => {
                let own = usize::from(who);
                self.voters[own].lossy = true;
                let status = if back { "member" } else { "kicked" };
                {
                    let mut world = self.world.look();
                    if back {
                        world.blocked.remove(&voter(own))
                    } else {
                        world.blocked.insert(voter(own))
                    };
                }
                let body = json!({
                    "chat": {"id": voter(own), "type": "private"}, "from": Self::from(own), "date": self.date(),
                    "old_chat_member": {"user": {"id": self.bot, "is_bot": true, "first_name": "T"}, "status": "member"},
                    "new_chat_member": {"user": {"id": self.bot, "is_bot": true, "first_name": "T"}, "status": status},
                });
                self.update("my_chat_member", &body);
            }
            Doing::Answers { by, which, how } => {
                let of_bot = self.world.look().of_bot(GROUP);
                // Mostly to what was posted last.
                let last = of_bot.len().saturating_sub(if which.is_multiple_of(4) { of_bot.len() } else { 6 });
                let Some(to) = pick(&of_bot[last..], which) else { return Ok(()) };
                let pictures = usize::from(how).checked_sub(ANSWERS.len());
                let mut album = None;
                if pictures == Some(1) {
                    self.albums += 1;
                    album = Some(format!("m{}", self.albums));
                }
                for place in 0..if album.is_some() { 2 } else { 1 } {
                    let text = if place == 0 { self.answer_text(how, to) } else { String::new() };
                    let more = match (pictures, &album) {
                        (None, _) => json!({}),
                        (Some(_), None) => json!({"photo": photo()}),
                        (Some(_), Some(album)) => json!({"photo": photo(), "media_group_id": album}),
                    };
                    let message = self.moderator_writes(by, &text, Some(to), &more);
                    let note = text.starts_with("//");
                    self.replies.push(Reply { message, to, note, album: album.clone() });
                }
            }
            Doing::Retells { by, which, how } => {
                let Some(place) = self.replies.len().checked_sub(1 + usize::from(which)) else { return Ok(()) };
                let (message, to, album) = {
                    let reply = &self.replies[place];
                    (reply.message, reply.to, reply.album.clone())
                };
                let text = self.answer_text(how, to);
                self.replies[place].note = true;
                if let Some(own) = self.world.look().messages.get_mut(&message) {
                    own.text.clone_from(&text);
                }
                let mut more = json!({"edit_date": self.date()});
                if let Some(album) = album {
                    more["photo"] = photo();
                    more["media_group_id"] = json!(album);
                }
                self.moderator_message("edited_message", by, message, &text, Some(to), &more);
            }
            Doing::Taps { by, which } => {
                let Some((message, data)) = self.shown(GROUP, true, which) else { return Ok(()) };
                self.taps(by, message, &data);
            }
            Doing::TapsLast { by, which } => {
                let found = {
                    let world = self.world.look();
                    let buttons = |m: &crate::world::Message| m.chat == GROUP && m.own && !m.buttons.is_empty();
                    world.messages.values().rev().find(|m| buttons(m)).map(|m| (m.id, m.buttons.clone()))
                };
                let Some((message, buttons)) = found else { return Ok(()) };
                let data = buttons[usize::from(which) % buttons.len()].clone();
                self.taps(by, message, &data);
            }
            Doing::Orders { by, order, about, other } => {
                let (number, second) = (self.ticket(about), self.ticket(other));
                let text = ORDERS[usize::from(order) % ORDERS.len()];
                let text = text.replace("{t}", &number.to_string()).replace("{u}", &second.to_string());
                let code = text.split_whitespace().nth(1).unwrap_or_default().to_owned();
                let text = if text.contains("{m}") { self.marks.give(Owner::Reason(code), &text) } else { text };
                self.moderator_writes(by, &text, None, &json!({}));
            }
            Doing::Meets { what } => {
                let meets = [Meets::Fault, Meets::Lost, Meets::TooMany, Meets::Refusal][usize::from(what) % 4];
                self.world.look().meets.push_back(meets);
            }
            Doing::Shuts { open } => self.world.look().shut = !open,
            Doing::Dies { sending } => {
                let program = self.program.take().ok_or("it does not run")?;
                if sending {
                    let before = self.world.look().seen.len();
                    program.send_and_die().await;
                    let mut world = self.world.look();
                    let unrecorded: Vec<_> = world.seen[before..].iter().map(|s| (s.chat, s.call.clone())).collect();
                    world.in_flight.extend(unrecorded);
                } else {
                    program.close().await;
                }
                self.open().await?;
            }
            Doing::Waits { how_long } => {
                let spans = [1, 3, 25, 70, 700, 4 * 3600, 26 * 3600, 5 * 86_400];
                self.pass(spans[usize::from(how_long) % spans.len()]);
            }
            Doing::Again { which } => {
                // It does so for a day at most.
                let now = self.hands.now();
                let past: Vec<&String> =
                    self.past.iter().filter(|(at, _)| now - at < 86_400_000).map(|(_, raw)| raw).collect();
                let place = usize::from(which).checked_rem(past.len());
                let raw = place.map(|place| past[place].clone());
                self.queue.extend(raw);
            }
            Doing::Reloads => {
                self.faq = 1 - self.faq;
                let faq = Arc::clone(&FAQS[self.faq]);
                self.program()?.serve(faq).await;
            }
        }
        Ok(())
    }

    /// A button that was shown in that chat, or anywhere else.
    fn shown(&self, chat: i64, own: bool, which: u16) -> Option<(i64, String)> {
        let world = self.world.look();
        let shown: Vec<&(i64, i64, String)> = world.shown.iter().filter(|(at, _, _)| (*at == chat) == own).collect();
        // Mostly one of the last.
        let last = shown.len().saturating_sub(if which.is_multiple_of(3) { shown.len() } else { 12 });
        let place = usize::from(which).checked_rem(shown.len() - last)?;
        let (_, message, data) = shown[last + place];
        Some((*message, data.clone()))
    }

    /// What was put before people since the last look.
    fn look(&mut self) -> Outcome {
        let (seen, unseen) = {
            let mut world = self.world.look();
            (std::mem::take(&mut world.seen), std::mem::take(&mut world.unseen))
        };
        // Who could not be told the number of a ticket asked it all the same.
        for (chat, text) in unseen {
            if let Some(who) = (0..VOTERS).find(|who| voter(*who) == chat).filter(|_| !self.is_answer(&text)) {
                self.voters[who].told.extend(numbers_in(&text));
            }
        }
        for seen in seen {
            tell(&format_args!("  seen {seen:?}"));
            self.print = fold(self.print, &seen);
            self.tickets
                .extend(numbers_in(&seen.text).into_iter().filter(|n| !self.tickets.contains(n)).collect::<Vec<_>>());
            match (0..VOTERS).find(|who| voter(*who) == seen.chat) {
                Some(who) => self.look_at_voter(who, &seen)?,
                None => self.look_at_group(&seen)?,
            }
        }
        Ok(())
    }

    /// No voter ever sees what belongs to another.
    fn look_at_voter(&mut self, who: usize, seen: &crate::world::Seen) -> Outcome {
        let marks = marks_in(&seen.text);
        let mut replied = false;
        for mark in marks {
            match self.marks.owner(mark) {
                Owner::Voter(owner) if *owner == who || self.marks.is_anothers_too(mark, |other| other == who) => {}
                Owner::Voter(owner) => {
                    return Err(format!("voter {who} sees what voter {owner} wrote:\n{}", seen.text));
                }
                Owner::Reply(numbers, said) => {
                    replied = true;
                    // It is suggested, as often as the same is asked, and corrected from then on.
                    if numbers.iter().any(|number| self.reusable.contains(number)) && self.is_suggested(&seen.text) {
                        self.voters[who].told.extend(numbers.iter().copied());
                        continue;
                    }
                    let own = &self.voters[who];
                    let is_told =
                        |number: &u64| own.told.contains(number) || own.urgent && self.urgent.contains(number);
                    if !numbers.iter().any(is_told) {
                        return Err(format!(
                            "voter {who} sees a reply to {numbers:?} ({said:?}), and never asked that:\n{}",
                            seen.text
                        ));
                    }
                    if seen.new {
                        // An album is copied as it stands by then: it may say what its correction says again.
                        let is_copy = seen.call.contains("message_ids");
                        *self.heard.entry((seen.chat, mark, is_copy)).or_default() += 1;
                        self.is_heard_once(seen.chat, mark, is_copy, &seen.text)?;
                    }
                }
                Owner::Reason(code) => {
                    replied = true;
                    let number = code.strip_prefix("tiket-").and_then(|number| number.parse().ok());
                    let told = match number {
                        Some(number) => self.voters[who].told.contains(&number),
                        None => self.voters[who].given.contains(code),
                    };
                    // Of a code that is asked about everybody is told.
                    let validity = |language| self.says(language, "code_retracted", &[("reason", "")]);
                    let is_asked = Language::ALL.iter().any(|language| seen.text.contains(validity(*language).trim()));
                    if !(told || is_asked) {
                        return Err(format!("voter {who} hears that {code} holds no more, and was never told it"));
                    }
                }
            }
        }
        for other in (0..VOTERS).filter(|other| *other != who) {
            if seen.text.contains(&voter(other).to_string()) || seen.text.contains(&name(other)) {
                return Err(format!("voter {who} sees who voter {other} is:\n{}", seen.text));
            }
        }
        if !replied && !self.is_answer(&seen.text) {
            self.voters[who].told.extend(numbers_in(&seen.text));
        }
        for id in ["uji-jam", "uji-hari"].iter().filter(|id| seen.text.contains(*id)) {
            self.voters[who].given.insert((*id).to_owned());
        }
        Ok(())
    }

    /// Whether that is said above or in the place of an answer.
    fn is_answer(&self, text: &str) -> bool {
        let keys = ["ticket_answer", "ticket_addition", "ticket_correction", "taken_back"];
        keys.iter().any(|key| self.begins_as(text, key, "number"))
    }

    /// Whether it suggests what a moderator answered somebody else.
    fn is_suggested(&self, text: &str) -> bool {
        self.begins_as(text, "reused", "date")
    }

    /// Whether `text` begins as that wording does, up to the value of that name.
    fn begins_as(&self, text: &str, key: &str, value: &str) -> bool {
        Language::ALL.iter().any(|language| {
            let words = self.says(*language, key, &[(value, "\u{1}")]);
            words.split('\u{1}').next().is_some_and(|begin| text.starts_with(begin))
        })
    }

    /// Each asker gets each reply once, unless nobody knows whether it arrived.
    fn is_heard_once(&self, chat: i64, mark: usize, is_copy: bool, text: &str) -> Outcome {
        let world = self.world.look();
        let again = world.in_flight.iter().filter(|(at, body)| *at == chat && marks_in(body).contains(&mark)).count();
        let copied = world.in_flight.iter().filter(|(at, body)| *at == chat && body.contains("message_id")).count();
        let heard = self.heard.get(&(chat, mark, is_copy)).copied().unwrap_or_default();
        if heard > 1 + again + copied {
            return Err(format!("{chat} gets the same reply {heard} times:\n{text}"));
        }
        Ok(())
    }

    /// Moderators see the question, never the person.
    fn look_at_group(&mut self, seen: &crate::world::Seen) -> Outcome {
        if seen.text.contains(&self.says(Language::Indonesian, "card_urgent", &[])) {
            self.urgent.extend(numbers_in(&seen.text));
        }
        let call = serde_json::from_str::<Value>(&seen.call).unwrap_or_default();
        let shown = format!("{} {}", seen.text, call["reply_markup"]);
        for who in 0..VOTERS {
            if shown.contains(&voter(who).to_string()) || shown.contains(&name(who)) {
                return Err(format!("moderators see who voter {who} is:\n{shown}"));
            }
        }
        Ok(())
    }

    /// Ends it in order.
    pub async fn end(mut self) {
        if let Some(program) = self.program.take() {
            program.close().await;
        }
    }
}

fn pick(all: &[i64], which: u16) -> Option<i64> {
    all.get(usize::from(which).checked_rem(all.len())?).copied()
}

/// Long texts.
fn filled(text: &str) -> String {
    let story = "di kampung kami jalan ke tempat itu rusak sejak hujan minggu lalu dan warga tua susah lewat ";
    text.replace("{too long}", &story.repeat(50)).replace("{long}", &story.repeat(12))
}

/// HTML as people read it, as far as tests need.
pub fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut within = false;
    for c in html.chars() {
        match c {
            '<' => within = true,
            '>' if within => within = false,
            c if !within => text.push(c),
            _ => {}
        }
    }
    text
}

/// The tickets that a text names.
pub fn numbers_in(text: &str) -> Vec<u64> {
    let digits = |rest: &str| -> String { rest.chars().take_while(char::is_ascii_digit).collect() };
    text.split('#').skip(1).filter_map(|rest| digits(rest).parse().ok()).collect()
}

/// What was seen, without what differs from run to run: keys.
fn fold(print: u64, seen: &crate::world::Seen) -> u64 {
    let bytes = seen.text.bytes().chain(seen.chat.to_le_bytes());
    bytes.fold(print, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
}
