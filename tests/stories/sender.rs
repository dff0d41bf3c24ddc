//! The sender by itself, in front of the small Telegram: what the moderator chat's share is used for, and by whose right.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::bot::{Database, MODERATORS as GROUP, Stage};
use crate::telegram::{Fault, GroupKind, Person, Rule, Telegram, When};
use serde_json::{Map, Value, json};
use tanya_pemilu::desk::{Knowledge, Live};
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::store::Store;
use tanya_pemilu::store::outbox::{Call, MODERATORS, Rank};
use tanya_pemilu::telegram::api::Api;
use tanya_pemilu::telegram::clock::Clock;
use tanya_pemilu::telegram::limit::Limits;
use tanya_pemilu::telegram::sender::Sender;
use tanya_pemilu::telegram::shared::Shared;
use tokio::sync::watch;

/// A small Telegram, a store, and a sender between them.
struct Post {
    tg: Telegram,
    group: crate::telegram::Group,
    shared: Arc<Shared>,
    may: Arc<AtomicBool>,
    stop: watch::Sender<bool>,
    _stage: Stage,
}

impl Post {
    async fn new(limits: Limits) -> Self {
        let stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
        let (tg, group) = (stage.tg.clone(), stage.group.clone());
        let source = Source::Folder(stage.faq());
        let knowledge = Knowledge::load(&source).0.expect("the FAQ of the tests is in order");
        let store = Store::open(stage.database(), tg.bot_id()).await.expect("SQLite opens");
        let api = Api::new(tg.url(), tg.token().to_owned().into()).expect("a client");
        let live = Live::new(source, Arc::new(knowledge));
        let shared =
            Shared::new(store, String::new(), api, std::sync::Arc::new(live), Clock::new(None), tg.bot_id(), GROUP);
        let shared = Arc::new(shared);
        let may = Arc::new(AtomicBool::new(true));
        let (stop, stopped) = watch::channel(false);
        let asked = Arc::clone(&may);
        let sender = Sender::new(Arc::clone(&shared), limits).guarded(move || asked.load(Ordering::Relaxed));
        tokio::spawn(sender.run(stopped));
        if limits == Limits::Telegram {
            tg.limit();
        }
        Self { tg, group, shared, may, stop, _stage: stage }
    }

    /// Writes calls, as the worker does.
    async fn push(&self, calls: &[Call]) {
        let mut tx = self.shared.store.write().await.expect("a transaction");
        for call in calls {
            if let Some(voter) = call.voter {
                tx.seen(voter, 1).await.expect("written");
            }
            tx.push(call, 1).await.expect("written");
        }
        tx.commit().await.expect("committed");
        self.shared.outbox.notify_one();
    }

    /// How many messages of the bot stand in the group that hold `text`.
    fn count(&self, text: &str) -> usize {
        self.tg.count(GROUP, text)
    }

    /// Waits until nothing waits.
    async fn done(&self) {
        while self.shared.store.outbox_count().await.expect("read") > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn until(&self, what: &str, ready: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !ready(self) {
            // What waits for the group's twenty a minute waits a minute at most.
            assert!(begun.elapsed() < Duration::from_secs(65), "never: {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

fn call(ticket: i64, voter: i64, method: &str, name: Option<String>, rank: Rank, text: String) -> Call {
    let mut body = Map::from_iter([("text".to_owned(), Value::from(text))]);
    if method.starts_with("edit") {
        body.insert("message_id".to_owned(), json!(format!("@card:{ticket}")));
    }
    Call { chat: MODERATORS, voter: Some(voter), method: method.to_owned(), body, name, reply: None, code: None, rank }
}

fn card(ticket: i64) -> Call {
    call(ticket, 1000 + ticket, "sendMessage", Some(format!("card:{ticket}")), Rank::Card, format!("kartu #{ticket}"))
}

fn follow(ticket: i64, number: i64) -> Call {
    let name = Some(format!("follow:{ticket}:{number}"));
    call(ticket, 1000 + ticket, "sendMessage", name, Rank::Further, format!("lanjutan {number} dari #{ticket}"))
}

fn edit(ticket: i64, number: i64, rank: Rank) -> Call {
    let name = Some(format!("card:{ticket}"));
    call(ticket, 1000 + ticket, "editMessageText", name, rank, format!("kartu #{ticket} keadaan {number}"))
}

fn says(voter: &Person, text: &str) -> Call {
    let body = Map::from_iter([("text".to_owned(), Value::from(text))]);
    let method = "sendMessage".to_owned();
    Call {
        chat: voter.chat(),
        voter: Some(voter.id()),
        method,
        body,
        name: None,
        reply: None,
        code: None,
        rank: Rank::default(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_voters_further_messages_delay_nobodys_card() {
    let post = Post::new(Limits::Telegram).await;
    post.push(&[card(1)]).await;
    post.push(&(0..60).map(|number| follow(1, number)).collect::<Vec<_>>()).await;
    post.until("the first of them", |post| post.count("lanjutan") >= 14).await;
    for ticket in 2..6 {
        let begun = Instant::now();
        post.push(&[card(ticket)]).await;
        post.until("the card", |post| post.count(&format!("kartu #{ticket}")) == 1).await;
        assert!(begun.elapsed() < Duration::from_secs(2), "{ticket}: {:?}", begun.elapsed());
    }
    assert!(post.count("lanjutan") < 20);
    assert!(post.tg.retries().is_empty(), "no 429");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_of_voters_delay_nobodys_card() {
    let post = Post::new(Limits::Telegram).await;
    let begun = Instant::now();
    for ticket in 1..=3 {
        post.push(&[card(ticket)]).await;
    }
    post.until("their cards", |post| post.count("kartu") == 3).await;
    for number in 0..40 {
        post.push(&(1..=3).map(|ticket| edit(ticket, number, Rank::Further)).collect::<Vec<_>>()).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let edits = || post.tg.calls_of("editMessageText").len();
    assert!((3..=9).contains(&edits()), "the first at once, then spaced: {}", edits());
    // What a moderator does shows at once, with all that was merged into it; and so does another voter's card.
    let did = Instant::now();
    post.push(&[edit(1, 41, Rank::Further), edit(1, 42, Rank::Moderator), card(6)]).await;
    post.until("what was done", |post| post.count("kartu #1 keadaan 42") == 1).await;
    post.until("the card", |post| post.count("kartu #6") == 1).await;
    assert!(did.elapsed() < Duration::from_secs(3), "{:?}", did.elapsed());
    // Nothing is lost by the merging.
    for ticket in 2..=3 {
        post.until("the last state", |post| post.count(&format!("kartu #{ticket} keadaan 39")) == 1).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(90) && post.tg.retries().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_limits_nothing_waits() {
    let post = Post::new(Limits::None).await;
    post.push(&[card(1)]).await;
    post.push(&(0..60).map(|number| follow(1, number)).collect::<Vec<_>>()).await;
    let begun = Instant::now();
    post.until("all of them", |post| post.count("lanjutan") == 60).await;
    for number in 0..30 {
        post.push(&[edit(1, number, Rank::Further)]).await;
        post.until("the edit", |post| post.count(&format!("keadaan {number}")) == 1).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    // In order, as replies to the card.
    let said: Vec<String> = post.group.member("Budi").messages().iter().skip(1).map(|m| m.text().to_owned()).collect();
    let wanted: Vec<String> = (0..60).map(|number| format!("lanjutan {number} dari #1")).collect();
    assert_eq!(said, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_a_card_never_comes_before_it() {
    let post = Post::new(Limits::None).await;
    post.tg.refuses(Rule::new(500, "Internal Server Error").with("kartu #1").times(3));
    let mut urgent = follow(1, 0);
    urgent.rank = Rank::Moderator;
    urgent.body.insert("reply_parameters".to_owned(), json!({"message_id": "@card:1"}));
    post.push(&[card(1), urgent]).await;
    post.until("both", |post| post.count("#1") == 2).await;
    let messages = post.group.member("Budi").messages();
    assert!(messages[0].text().starts_with("kartu"), "{}", messages[0].text());
    assert_eq!(messages[1].reply_to, Some(messages[0].id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_without_the_right_to() {
    let post = Post::new(Limits::None).await;
    let siti = post.tg.voter("Siti");
    siti.says("halo").await;
    post.may.store(false, Ordering::Relaxed);
    post.push(&[says(&siti, "satu"), card(1)]).await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert!(post.tg.sent().is_empty(), "no call is even tried");
    post.may.store(true, Ordering::Relaxed);
    assert_eq!(siti.hears().await.text(), "satu");
    post.until("the card", |post| post.count("kartu #1") == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_chat_that_fails_rests_no_longer_than_it_must() {
    let post = Post::new(Limits::None).await;
    let (siti, rina) = (post.tg.voter("Siti"), post.tg.voter("Rina"));
    siti.says("halo").await;
    rina.says("halo").await;
    post.tg.refuses(Rule::new(502, "Bad Gateway").to(siti.chat()));
    post.push(&[says(&siti, "satu")]).await;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(25) {
        post.push(&[says(&rina, "kabar")]).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let tries: Vec<Instant> =
        post.tg.sent().iter().filter(|call| call.chat() == Some(siti.chat())).map(|call| call.at).collect();
    let pauses = tries.windows(2).map(|two| two[1] - two[0]);
    assert!(pauses.max().is_some_and(|longest| longest < Duration::from_secs(12)), "{}", tries.len());
    post.tg.relents();
    siti.hears_within(Duration::from_secs(12)).await.expect("it comes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_outage_all_come_soon() {
    let post = Post::new(Limits::None).await;
    let voters: Vec<Person> = (0..20).map(|i| post.tg.voter(&format!("Pemilih {i}"))).collect();
    for voter in &voters {
        voter.says("halo").await;
    }
    post.tg.set_offline(true);
    post.push(&voters.iter().map(|voter| says(voter, "satu")).collect::<Vec<_>>()).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    post.tg.set_offline(false);
    // One of them comes by itself sooner or later; the others do not wait for their own time then.
    let begun = Instant::now();
    let first = post.tg.until_calls(Duration::from_secs(40), |calls| {
        calls.iter().any(crate::telegram::Call::took_effect).then_some(())
    });
    assert!(first.await.is_some());
    let back = Instant::now();
    for voter in &voters {
        voter.reads("satu").await;
    }
    assert!(back.elapsed() < Duration::from_secs(5), "{:?} after {:?}", back.elapsed(), back - begun);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_album_is_copied_as_one_answer() {
    let post = Post::new(Limits::None).await;
    let (siti, budi) = (post.tg.voter("Siti"), post.group.member("Budi"));
    siti.says("halo").await;
    let photos = [budi.sends_photo("satu").await, budi.sends_photo("").await, budi.sends_photo("").await];
    let ids: Vec<i64> = photos.iter().map(|photo| photo.id).collect();
    let album = |name: &str| {
        let body = json!({"from_chat_id": GROUP, "message_ids": ids, "caption": "Jawaban:\n\nsatu"});
        let mut call = says(&siti, "");
        call.method = "copyMessages".to_owned();
        call.body = body.as_object().cloned().unwrap_or_default();
        call.name = Some(name.to_owned());
        call
    };
    post.push(&[album("answer:1:5")]).await;
    for _ in 0..3 {
        assert!(siti.hears().await.media.is_some());
    }
    let links = async |name: &str| post.shared.store.link(name).await.expect("read").map(|(chat, _)| chat);
    post.done().await;
    for name in ["answer:1:5", "answer:1:5#1", "answer:1:5#2"] {
        let begun = Instant::now();
        while links(name).await != Some(siti.chat()) {
            assert!(begun.elapsed() < Duration::from_secs(5), "{name} is never noted");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    // One of them is gone: the others come. All are protected: the words come.
    budi.deletes(&photos[1]);
    post.push(&[album("answer:1:6")]).await;
    for _ in 0..2 {
        assert!(siti.hears().await.media.is_some());
    }
    post.group.protects(true);
    post.push(&[album("answer:1:7")]).await;
    assert_eq!(siti.hears().await.text(), "Jawaban:\n\nsatu");
    post.done().await;
    assert_eq!(links("answer:1:6#1").await, Some(siti.chat()));
    assert_eq!(links("answer:1:6#2").await, None);
    post.tg.assert_rules_kept();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_refused_is_said_and_taken_again() {
    let post = Post::new(Limits::None).await;
    let siti = post.tg.voter("Siti");
    siti.says("halo").await;
    post.tg.refuses(Rule::new(401, "Unauthorized").times(1));
    post.push(&[says(&siti, "satu")]).await;
    let refused = async || post.shared.store.trouble("token").await.expect("read").is_some();
    let begun = Instant::now();
    while !refused().await {
        assert!(begun.elapsed() < Duration::from_secs(5), "it is never said");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(siti.hears().await.text(), "satu");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!refused().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_after_it_took_effect_says_twice_but_loses_nothing() {
    let post = Post::new(Limits::None).await;
    post.tg.fault_next("sendMessage", Fault::Drop, When::After);
    post.push(&[card(1), follow(1, 0)]).await;
    post.until("the follow-up", |post| post.count("lanjutan 0") == 1).await;
    assert_eq!(post.count("kartu #1"), 2);
}
