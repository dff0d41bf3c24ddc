//! A small Telegram in memory, spoken to over real HTTP on 127.0.0.1.
//!
//! ```ignore
//! let tg = Telegram::start().await;             // give `tg.url()` and `tg.token()` to the bot
//! let group = tg.group(-1_001_234, GroupKind::Supergroup);
//! let (siti, budi) = (tg.voter("Siti"), group.member("Budi"));
//! siti.says("apakah hujan membatalkan pemilu").await;
//! let card = budi.hears().await;                // the bot's next message in the group
//! budi.replies(&card, "Tidak.").await;
//! insta::assert_snapshot!(siti.screen());       // what stands on her phone now
//! tg.assert_rules_kept();                       // no call broke the rules of the Bot API
//! ```
//!
//! In reading order: `mod` (the handle that a test holds), `person` (what people do and see), `screen`, `server` (HTTP),
//! `schema` and `rules` (what a call must look like), `method` (what it does), `update` (queue and webhook), `limit`
//! (limits, 429, faults), `world` and `chat` (what there is), `text` and `html`.
//!
//! Nothing here needs a test around it, so a load script may include this file by `#[path]` too.

// Each test file includes the whole and uses a part.
#![allow(dead_code, unused_imports)]

mod chat;
mod html;
mod limit;
mod method;
mod person;
mod refusal;
mod rules;
mod schema;
mod screen;
mod server;
mod text;
mod update;
mod world;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use self::chat::{Author, Button, GroupKind, Media, Message, Standing};
pub use self::limit::{Fault, Patience, RetryRecord, When};
pub use self::person::{Person, Press};
pub use self::refusal::{Refusal, Rule};
pub use self::text::Styled;
pub use self::update::{Fate, UpdateRecord, Webhook};
pub use self::world::{Call, Outcome};

use self::chat::{Chat, User};
use self::world::{Shared, World};

/// A token of the real shape.
pub const TOKEN: &str = "7123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFk";

/// The whole Telegram; it stops when the last handle is dropped.
#[derive(Debug, Clone)]
pub struct Telegram {
    shared: Arc<Shared>,
    url: String,
    tasks: Arc<Tasks>,
}

#[derive(Debug)]
struct Tasks(Vec<JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl Telegram {
    /// Starts on a free port.
    pub async fn start() -> Self {
        Self::start_on(0, TOKEN).await
    }

    /// Starts on `port` (0: a free one) for the bot with `token`.
    pub async fn start_on(port: u16, token: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port on 127.0.0.1");
        let address = listener.local_addr().expect("a listener has an address");
        let id = token.split(':').next().and_then(|id| id.parse().ok()).expect("a token begins with the bot's id");
        let bot = User { id, name: "Tanya Pemilu".to_owned(), bot: true };
        let shared = Arc::new(Shared::new(World::new(bot), token));
        let server = tokio::spawn(server::serve(listener, shared.clone()));
        let pusher = tokio::spawn(update::push_to_webhook(shared.clone()));
        Self { shared, url: format!("http://{address}"), tasks: Arc::new(Tasks(vec![server, pusher])) }
    }

    /// The address for `--api-url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The bot's token.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// The bot's user id.
    pub fn bot_id(&self) -> i64 {
        self.shared.look(|world| world.bot.id)
    }

    /// A person with a private chat, who has not written yet.
    pub fn voter(&self, name: &str) -> Person {
        let id = self.user(name);
        self.shared.change(|world| world.chats.insert(id, Chat::new(id, None, name)));
        Person::new(self.shared.clone(), Author::User(id), id, id)
    }

    /// A group or channel in which the bot is an administrator.
    pub fn group(&self, id: i64, kind: GroupKind) -> Group {
        let title = if kind == GroupKind::Channel { "Kanal Petugas" } else { "Petugas" };
        self.shared.change(|world| world.chats.insert(id, Chat::new(id, Some(kind), title)));
        Group { shared: self.shared.clone(), id, kind }
    }

    fn user(&self, name: &str) -> i64 {
        add_user(&self.shared, name)
    }

    /// How long people wait for the bot before the test fails; 10 seconds unless changed.
    pub fn set_patience(&self, patience: Duration) {
        self.shared.change(|world| world.patience = patience);
    }

    /// Moves this Telegram's clock (dates of messages, the 48 hours for deleting) ahead. Limits run on real time.
    pub fn advance(&self, by: Duration) {
        self.shared.change(|world| world.ahead += by);
    }

    /// Unix seconds by this Telegram's clock.
    pub fn now(&self) -> i64 {
        self.shared.look(World::now)
    }

    /// Every call that the bot made, in order of arrival, also polls.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.look(|world| world.calls.clone())
    }

    /// The calls of one method (any case).
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        let named = |c: &&Call| c.method.eq_ignore_ascii_case(method);
        self.shared.look(|world| world.calls.iter().filter(named).cloned().collect())
    }

    /// The calls that put something into a chat or change it.
    pub fn sent(&self) -> Vec<Call> {
        let sent = |c: &&Call| method::is_limited(&c.method);
        self.shared.look(|world| world.calls.iter().filter(sent).cloned().collect())
    }

    /// What was uploaded under that name, in order.
    pub fn uploads(&self, name: &str) -> Vec<Vec<u8>> {
        let named = |(own, _): &&(String, Vec<u8>)| own == name;
        self.shared.look(|world| world.uploads.iter().filter(named).map(|(_, bytes)| bytes.clone()).collect())
    }

    /// Telegram does not know the files any more that it has: their ids are refused from now on.
    pub fn loses_files(&self) {
        self.shared.change(|world| world.files.values_mut().for_each(|kind| method::LOST.clone_into(kind)));
    }

    /// Every update, with its fate: waiting, handed out, confirmed, dropped, unwanted.
    pub fn updates(&self) -> Vec<UpdateRecord> {
        self.shared.look(|world| world.queue.records.clone())
    }

    /// The fate of the last update about `message`, by its `update` index.
    pub fn fate(&self, update: usize) -> Fate {
        self.shared.look(|world| world.queue.records[update].fate)
    }

    /// How many updates the bot has not confirmed.
    pub fn unconfirmed_count(&self) -> usize {
        self.shared.look(|world| world.queue.pending.len())
    }

    /// Waits until the bot has confirmed every update; fails when it does not within the patience.
    pub async fn settled(&self) {
        let patience = self.shared.look(|world| world.patience);
        let done = self.shared.until(patience, |world| world.queue.pending.is_empty().then_some(())).await;
        assert!(done.is_some(), "the bot left updates unconfirmed: {:?}", self.unconfirmed());
    }

    /// The updates that the bot has not confirmed.
    pub fn unconfirmed(&self) -> Vec<UpdateRecord> {
        let open = |r: &UpdateRecord| matches!(r.fate, Fate::Waiting | Fate::Handed);
        self.updates().into_iter().filter(open).collect()
    }

    /// Waits until `ready` gives something, looking at the calls after each change; `None` when `patience` is over.
    pub async fn until_calls<T>(&self, patience: Duration, mut ready: impl FnMut(&[Call]) -> Option<T>) -> Option<T> {
        self.shared.until(patience, |world| ready(&world.calls)).await
    }

    /// Rules of the Bot API that calls broke.
    pub fn violations(&self) -> Vec<String> {
        self.shared.look(|world| world.violations.clone())
    }

    /// Fails if any call broke a rule of the Bot API or came before a `retry_after` was over.
    pub fn assert_rules_kept(&self) {
        let broken = self.violations();
        assert!(broken.is_empty(), "calls broke the rules of the Bot API: {broken:#?}");
        let ignored: Vec<_> =
            self.retries().into_iter().filter(|r| matches!(r.patience, Patience::Ignored(_))).collect();
        assert!(ignored.is_empty(), "retry_after was ignored: {ignored:#?}");
    }

    /// Every 429 and whether the bot heeded it.
    pub fn retries(&self) -> Vec<RetryRecord> {
        self.shared.look(|world| world.traffic.retries.clone())
    }

    /// Switches Telegram's real limits on: 30 a second in all, 1 a second a private chat (3 at once), 20 a minute a group.
    pub fn limit(&self) {
        self.shared.change(|world| world.traffic.limited = true);
    }

    /// The next message to `chat` is answered with 429, and so is each until `seconds` are over. May be called more than once.
    pub fn flood(&self, chat: i64, seconds: u64) {
        self.shared.change(|world| world.traffic.flood(chat, seconds));
    }

    /// From now on every message to anyone is answered with 429 until `seconds` are over.
    pub fn flood_all(&self, seconds: u64) {
        self.shared.change(|world| world.traffic.flood_all(seconds));
    }

    /// This share of messages (0 to 1) is answered with 429 and a `retry_after` of 1 second.
    pub fn storm(&self, share: f64, seed: u64) {
        self.shared.change(|world| world.traffic.storm(share, seed));
    }

    /// The next call of `method` (any, if empty) meets `fault`. Called more than once, faults queue up.
    pub fn fault_next(&self, method: &str, fault: Fault, when: When) {
        self.shared.change(|world| world.traffic.plan(method, fault, when));
    }

    /// This share of all calls (0 to 1) but those of the `spared` methods meets one of `kinds`.
    pub fn random_faults(&self, share: f64, kinds: &[Fault], spared: &[&str], seed: u64) {
        self.shared.change(|world| world.traffic.random_faults(share, kinds, spared, seed));
    }

    /// Refuses what meets `rule`; the first rule that a call meets counts.
    pub fn refuses(&self, rule: Rule) {
        self.shared.change(|world| world.rules.add(rule));
    }

    /// Refuses nothing more by such rules.
    pub fn relents(&self) {
        self.shared.change(|world| world.rules.clear());
    }

    /// Whether Telegram is out of reach: every connection breaks.
    pub fn set_offline(&self, offline: bool) {
        self.shared.change(|world| world.traffic.offline = offline);
    }

    /// Whether the bot's token was taken back: every call is answered with 401.
    pub fn set_revoked(&self, revoked: bool) {
        self.shared.change(|world| world.traffic.revoked = revoked);
    }

    /// From now on `method` is answered with this text and status 200, whatever is asked; none: as usual again.
    pub fn script(&self, method: &str, text: Option<&str>) {
        self.shared.change(|world| {
            let scripted = &mut world.traffic.scripted;
            match text {
                Some(text) => scripted.insert(method.to_lowercase(), text.to_owned()),
                None => scripted.remove(&method.to_lowercase()),
            };
        });
    }

    /// Queues an update as it is given, of any kind or form; an `update_id` is added to an object without one. Gives its index.
    pub fn inject(&self, update: Value) -> usize {
        self.shared.change(|world| world.queue.push_raw(update))
    }

    /// Goes on numbering updates at `id`, as Telegram does at random after a week without updates.
    pub fn restart_update_ids(&self, id: i64) {
        self.shared.change(|world| world.queue.restart_ids(id));
    }

    /// The webhook, if one is set.
    pub fn webhook(&self) -> Option<Webhook> {
        self.shared.look(|world| world.queue.webhook.clone())
    }

    /// Sets a webhook as another program might have done before.
    pub fn set_webhook(&self, url: &str, secret: Option<&str>) {
        let secret = secret.map(str::to_owned);
        let hook = Webhook { url: url.to_owned(), secret, last_error: None };
        self.shared.change(|world| world.queue.webhook = Some(hook));
    }

    /// Posts to the webhook over so many connections at once, updates of one chat one after another. One unless changed.
    pub fn set_connections(&self, count: usize) {
        self.shared.change(|world| world.queue.connections = count.max(1));
    }

    /// Posts to these addresses (`http://host:port`) in turn, under the webhook's path: as by what stands before several
    /// instances.
    pub fn set_backends(&self, addresses: &[String]) {
        self.shared.change(|world| world.queue.backends = addresses.to_vec());
    }

    /// Takes the webhook away, as another program might do.
    pub fn clear_webhook(&self) {
        self.shared.change(|world| world.queue.webhook = None);
    }

    /// The menus that the bot set: by scope (`all_private_chats`, `chat -100123`, ...), command and description.
    pub fn menus(&self) -> std::collections::BTreeMap<String, Vec<(String, String)>> {
        self.shared.look(|world| world.commands.clone())
    }

    /// A message as it stands now.
    pub fn message(&self, chat: i64, id: i64) -> Option<Message> {
        self.shared.look(|world| world.message(chat, id).cloned())
    }

    /// The ids of all chats.
    pub fn chats(&self) -> Vec<i64> {
        self.shared.look(|world| world.chats.keys().copied().collect())
    }

    /// How many messages the bot sent to `chat` that hold `text`, deleted ones too.
    pub fn count(&self, chat: i64, text: &str) -> usize {
        let ours = |m: &&Message| m.author == Author::Bot && m.text().contains(text);
        self.shared.look(|world| world.chats.get(&chat).map_or(0, |c| c.messages.values().filter(ours).count()))
    }
}

fn add_user(shared: &Shared, name: &str) -> i64 {
    shared.change(|world| {
        let id = world.next_user();
        world.users.insert(id, User { id, name: name.to_owned(), bot: false });
        id
    })
}

/// A group or channel.
#[derive(Debug, Clone)]
pub struct Group {
    shared: Arc<Shared>,
    id: i64,
    kind: GroupKind,
}

impl Group {
    /// Telegram's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    fn person(&self, name: &str, standing: Standing) -> Person {
        let user = add_user(&self.shared, name);
        self.join(user, standing);
        // What a channel's administrators write carries no author.
        let author = if self.kind == GroupKind::Channel { Author::Chat } else { Author::User(user) };
        Person::new(self.shared.clone(), author, user, self.id)
    }

    fn join(&self, user: i64, standing: Standing) {
        self.shared.change(|world| {
            if let Some(chat) = world.chats.get_mut(&self.id) {
                chat.members.insert(user, standing);
            }
        });
    }

    /// A member, who in a channel may press but not write.
    pub fn member(&self, name: &str) -> Person {
        self.person(name, Standing::Member)
    }

    /// An administrator; in a channel the one who may post.
    pub fn administrator(&self, name: &str) -> Person {
        self.person(name, Standing::Administrator)
    }

    /// Someone who is not (or no longer) in it, and yet presses or writes.
    pub fn stranger(&self, name: &str) -> Person {
        self.person(name, Standing::Left)
    }

    /// An administrator who writes anonymously.
    pub fn anonymous(&self, name: &str) -> Person {
        let person = self.person(name, Standing::Administrator);
        Person::new(self.shared.clone(), Author::Chat, person.id(), self.id)
    }

    /// Someone who already exists, here as a member; for example a voter who is a moderator too.
    pub fn adds(&self, person: &Person) -> Person {
        self.join(person.id(), Standing::Member);
        Person::new(self.shared.clone(), Author::User(person.id()), person.id(), self.id)
    }

    /// Changes someone's standing.
    pub fn sets(&self, person: &Person, standing: Standing) {
        self.join(person.id(), standing);
    }

    /// Throws the bot out: calls are answered with 403.
    pub fn removes_bot(&self) {
        self.shared.change(|world| {
            // Told first: the update shows the rights that the bot had until then.
            person::my_member(world, self.id, self.id, "administrator", "kicked");
            if let Some(chat) = world.chats.get_mut(&self.id) {
                chat.shut = true;
            }
        });
    }

    /// Lets the bot in again, as an administrator.
    pub fn adds_bot(&self) {
        self.shared.change(|world| {
            if let Some(chat) = world.chats.get_mut(&self.id) {
                chat.shut = false;
            }
            person::my_member(world, self.id, self.id, "kicked", "administrator");
        });
    }

    fn change(&self, change: impl FnOnce(&mut Chat)) {
        self.shared.change(|world| {
            if let Some(chat) = world.chats.get_mut(&self.id) {
                change(chat);
            }
        });
    }

    /// Whether what is in it can't be copied elsewhere.
    pub fn protects(&self, protected: bool) {
        self.change(|chat| chat.protected = protected);
    }

    /// Whether its General topic is closed: nothing new may be written, what is there may be edited.
    pub fn closes_topic(&self, closed: bool) {
        self.change(|chat| chat.closed = closed);
    }

    /// Whether it is a forum, and whether the bot may make topics in it.
    pub fn is_forum(&self, arranges: bool) {
        self.change(|chat| (chat.forum, chat.arranges) = (true, arranges));
    }

    /// The name of the topic that a message stands in; none for General.
    pub fn topic_of(&self, message: &Message) -> Option<String> {
        let named = |world: &World| Some(world.chats.get(&self.id)?.topics.get(&message.topic?)?.name.clone());
        self.shared.look(named)
    }

    /// The names of its topics, in order of their numbers, those that are gone left out.
    pub fn topics(&self) -> Vec<String> {
        let of = |chat: &Chat| chat.topics.values().filter(|t| !t.deleted).map(|t| t.name.clone()).collect();
        self.shared.look(|world| world.chats.get(&self.id).map(of).unwrap_or_default())
    }

    /// Deletes the topics of that name with all that stands in them.
    pub fn deletes_topics(&self, name: &str) {
        self.change(|chat| {
            for (thread, topic) in chat.topics.iter_mut().filter(|(_, topic)| topic.name == name) {
                topic.deleted = true;
                let within = chat.messages.values_mut().filter(|message| message.topic == Some(*thread));
                within.for_each(|message| message.deleted = true);
            }
        });
    }

    /// Closes the topics of that name: nothing new may be written.
    pub fn closes_topics(&self, name: &str) {
        self.change(|chat| {
            let named = chat.topics.values_mut().filter(|topic| topic.name == name);
            named.for_each(|topic| topic.closed = true);
        });
    }

    /// Upgrades a basic group to the supergroup `id`: the bot is told by service messages and by calls to the old id.
    pub fn migrates_to(&self, id: i64) -> Self {
        self.shared.change(|world| {
            let Some(old) = world.chats.get_mut(&self.id) else { return };
            old.migrated_to = Some(id);
            let mut new = Chat::new(id, Some(GroupKind::Supergroup), &old.title);
            new.members = old.members.clone();
            world.chats.insert(id, new);
            for (place, name, other) in [(self.id, "migrate_to_chat_id", id), (id, "migrate_from_chat_id", self.id)] {
                let message = world.draft(place, Author::Chat);
                let number = message.id;
                // A service message holds no text; it takes its number all the same.
                world.keep(Message { deleted: true, ..message });
                let mut json = world.message_json(place, number);
                if let Some(fields) = json.as_object_mut() {
                    fields.remove("text");
                    fields.insert(name.to_owned(), json!(other));
                }
                world.queue.push("message", &json);
            }
        });
        Self { shared: self.shared.clone(), id, kind: GroupKind::Supergroup }
    }

    /// The group as its members see it.
    pub fn screen(&self) -> String {
        self.shared.look(|world| screen::of(world, self.id))
    }
}
