//! The store on both databases: SQLite always, PostgreSQL when it is asked for (`cargo test -- --include-ignored`).

/// Makes two tests of each: on SQLite, and on PostgreSQL where one asks for those.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::store::tests::on_sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
            async fn $name() {
                super::$name($crate::store::tests::on_postgres().await).await;
            })+
        }
    };
}

pub(super) mod injected;

mod failing;
mod leases;
mod turns;

use serde_json::{Map, Value, json};

use super::inbox::Received;
use super::outbox::{Call, End, Fate, MODERATORS, Oldest, Rank};
use super::trouble::{ALL_CHATS, MODERATOR_CHAT};
use super::*;
use crate::desk::VoterState;
use sqlx::{Connection as _, Row as _};

on_both! {
    an_update_comes_in_once_and_in_order, what_is_not_committed_never_was, only_the_newest_state_of_a_message_waits, a_newer_state_is_not_lost_to_a_call_that_ends_meanwhile, everything_personal_hangs_on_the_voter, a_better_rank_is_seen_as_new, what_belongs_to_a_ticket_is_known_by_its_name, a_card_posted_anew_takes_the_place_of_what_waits, the_look_of_an_older_state_does_not_outlive_it, an_album_leaves_a_name_for_each_of_its_messages, what_goes_as_words_only_is_told_so, outcomes_come_in_the_order_of_the_calls, the_last_words_leave_no_number_behind, what_empties_a_message_outlives_the_voter_and_so_does_what_is_anothers_by_now, what_moderators_were_shown_is_not_kept_in_the_outbox_after_hapus, what_vanished_on_its_way_to_the_moderators_is_emptied, silence_is_kept_no_longer_than_it_was_asked_for, a_trouble_keeps_the_time_since_when_it_is, the_oldest_and_the_newest_are_known, whoever_took_a_number_waits_for_nobody,
}

/// A bot's number that no other test has.
fn bot() -> i64 {
    static COUNT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(1);
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
    (nanos % 1_000_000_000_000) as i64 * 1000 + COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// A store, and the folder in which it lies.
type Opened = (Store, Option<tempfile::TempDir>);

async fn on_sqlite() -> Opened {
    let dir = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite://{}", dir.path().join("bot.db").display());
    (Store::open(&address, bot()).await.expect("SQLite opens"), Some(dir))
}

/// The server that the tests may use.
fn server() -> String {
    std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL database")
}

async fn on_postgres() -> Opened {
    (Store::open(&server(), bot()).await.expect("PostgreSQL opens"), None)
}

fn read_event(event: &str) -> crate::desk::Event {
    serde_json::from_str(event).expect("an event")
}

fn update(update: i64, chat: i64) -> Received {
    Received { update, chat, raw: format!("{{\"update_id\":{update}}}") }
}

fn call(chat: i64, method: &str, text: &str, name: Option<&str>) -> Call {
    let mut body = Map::from_iter([("text".to_owned(), Value::from(text))]);
    if method.starts_with("edit") {
        body.insert("message_id".to_owned(), json!(format!("@{}", name.unwrap_or_default())));
    }
    let name = name.map(str::to_owned);
    Call { chat, voter: None, method: method.to_owned(), body, name, reply: None, code: None, rank: Rank::Card }
}

/// Claims, handles and commits; gives the updates' numbers.
async fn handle(store: &Store, limit: i64) -> Vec<i64> {
    let mut tx = store.write().await.expect("a transaction");
    let ids: Vec<i64> = tx.claim_updates(limit).await.expect("claimed").iter().map(|r| r.update).collect();
    for id in &ids {
        tx.handled(*id);
    }
    tx.commit().await.expect("committed");
    ids
}

async fn an_update_comes_in_once_and_in_order((store, _dir): Opened) {
    // By arrival: neither Telegram's numbers nor the clock count.
    assert_eq!(store.receive(&[update(9, 10), update(8, 10)], 5).await.expect("written").len(), 2);
    assert_eq!(store.receive(&[update(9, 10), update(3, 11)], 2).await.expect("written").len(), 1, "a repeat");
    assert_eq!(store.receive(&[update(1, 10)], 1).await.expect("written").len(), 1);
    assert_eq!(handle(&store, 10).await, [9, 3], "one of each chat");
    assert_eq!(store.inbox_counts().await.expect("counted"), (2, 0));
    assert_eq!(handle(&store, 10).await, [8]);
    assert_eq!(handle(&store, 10).await, [1]);
    assert_eq!(handle(&store, 10).await, [0; 0]);
    // A repeat of what was handled gives its chat no turn that would never end.
    assert_eq!(store.receive(&[update(9, 10)], 7).await.expect("written").len(), 0);
    assert_eq!(handle(&store, 1).await, [0; 0]);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM turn WHERE bot_id = $1").await, 0);
}

/// A number from the database.
async fn rows(store: &Store, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).bind(store.bot).fetch_one(&store.read).await.expect("counted")
}

async fn what_is_not_committed_never_was((store, _dir): Opened) {
    store.receive(&[update(1, 10)], 5).await.expect("written");
    let mut tx = store.write().await.expect("a transaction");
    tx.handled(1);
    tx.push(&call(10, "sendMessage", "a", None), 5).await.expect("written");
    drop(tx);
    assert_eq!(store.inbox_counts().await.expect("counted").0, 1);
    assert_eq!(store.outbox_count().await.expect("counted"), 0);
}

#[tokio::test]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn instances_on_postgresql_share_the_work_and_keep_the_order() {
    let (store, _) = on_postgres().await;
    store.receive(&[update(1, 10), update(2, 10), update(3, 11)], 5).await.expect("written");
    let mut one = store.write().await.expect("a transaction");
    let mut two = store.write().await.expect("a transaction");
    let claimed: Vec<i64> = one.claim_updates(1).await.expect("claimed").iter().map(|r| r.update).collect();
    assert_eq!(claimed, [1]);
    let other: Vec<i64> = two.claim_updates(10).await.expect("claimed").iter().map(|r| r.update).collect();
    assert_eq!(other, [3], "neither the claimed one nor the one behind it");
}

async fn only_the_newest_state_of_a_message_waits((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.push(&call(-1, "sendMessage", "one", Some("card:1")), 5).await.expect("written");
    tx.push(&call(-1, "editMessageText", "two", Some("card:1")), 6).await.expect("written");
    tx.push(&call(-1, "editMessageText", "three", Some("card:1")), 7).await.expect("written");
    tx.commit().await.expect("committed");
    let ids = store.waiting(0).await.expect("read");
    assert_eq!(ids.len(), 1);
    let waiting = store.call(ids[0].id).await.expect("read").expect("it waits");
    assert_eq!((waiting.call.method.as_str(), &waiting.call.body["text"]), ("sendMessage", &json!("three")));
    assert!(!waiting.call.body.contains_key("message_id"));

    // While it is on its way a newer state comes: that waits on as an edit.
    let mut tx = store.write().await.expect("a transaction");
    tx.push(&call(-1, "editMessageText", "four", Some("card:1")), 8).await.expect("written");
    tx.commit().await.expect("committed");
    let mut tx = store.write().await.expect("a transaction");
    let fate = tx.finish(&waiting, &End::Sent(Some(77)), -1, 9).await.expect("written");
    assert_eq!(fate, Fate::Waits { sends: false }, "it waits on");
    tx.commit().await.expect("committed");
    assert_eq!(store.link("card:1").await.expect("read"), Some((-1, 77)));
    let edit = store.call(waiting.id).await.expect("read").expect("it waits");
    assert_eq!((edit.call.method.as_str(), &edit.call.body["text"]), ("editMessageText", &json!("four")));
    assert_eq!(edit.call.body["message_id"], json!("@card:1"));
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.finish(&edit, &End::Sent(None), -1, 10).await.expect("written"), Fate::Done);
    tx.commit().await.expect("committed");
    assert_eq!(store.outbox_count().await.expect("counted"), 0);
}

/// While one transaction writes that a message was sent, another brings a newer state: that must wait as a call of its own,
/// not vanish into the row that is done.
async fn a_newer_state_is_not_lost_to_a_call_that_ends_meanwhile((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.push(&call(-1, "editMessageText", "one", Some("card:1")), 5).await.expect("written");
    tx.commit().await.expect("committed");
    let waiting = store.call(store.waiting(0).await.expect("read")[0].id).await.expect("read").expect("it waits");

    let mut sender = store.write().await.expect("a transaction");
    sender.finish(&waiting, &End::Sent(None), -1, 6).await.expect("written");
    let worker = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.write().await.expect("a transaction");
            tx.push(&call(-1, "editMessageText", "two", Some("card:1")), 7).await.expect("written");
            tx.commit().await.expect("committed");
        })
    };
    // Long enough for the worker to come to the row that the sender holds.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    sender.commit().await.expect("committed");
    worker.await.expect("the worker does not panic");

    let ids = store.waiting(0).await.expect("read");
    assert_eq!(ids.len(), 1, "the newer state waits");
    let newer = store.call(ids[0].id).await.expect("read").expect("it waits");
    assert_eq!(newer.call.body["text"], json!("two"));
}

async fn everything_personal_hangs_on_the_voter((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.seen(7, 5).await.expect("written");
    let state = VoterState { blocked: true, ..VoterState::default() };
    tx.remember(7, &state).await.expect("written");
    assert_eq!(tx.voter(7).await.expect("read"), state);
    let own = Call { voter: Some(7), ..call(7, "sendMessage", "a", Some("answer:1:2")) };
    tx.push(&own, 5).await.expect("written");
    tx.commit().await.expect("committed");
    let id = store.waiting(0).await.expect("read")[0].id;
    let waiting = store.call(id).await.expect("read").expect("it waits");
    let mut tx = store.write().await.expect("a transaction");
    tx.forget(7).await.expect("written");
    // The call was on its way when the voter's data were deleted: nothing of it is kept.
    let fate = tx.finish(&waiting, &End::Sent(Some(3)), 7, 9).await.expect("written");
    assert_eq!(fate, Fate::Vanished);
    tx.commit().await.expect("committed");
    assert_eq!(store.outbox_count().await.expect("counted"), 0);
    assert_eq!(store.link("answer:1:2").await.expect("read"), None);
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.voter(7).await.expect("read"), VoterState::default());
}

/// The call that waits, alone.
async fn only(store: &Store) -> super::outbox::Waiting {
    let rows = store.waiting(0).await.expect("read");
    assert_eq!(rows.len(), 1, "{rows:?}");
    store.call(rows[0].id).await.expect("read").expect("it waits")
}

async fn push(store: &Store, calls: &[Call], now: i64) {
    let mut tx = store.write().await.expect("a transaction");
    for call in calls {
        tx.push(call, now).await.expect("written");
    }
    tx.commit().await.expect("committed");
}

async fn finish(store: &Store, waiting: &super::outbox::Waiting, end: End, to: i64) -> Fate {
    let mut tx = store.write().await.expect("a transaction");
    let fate = tx.finish(waiting, &end, to, 9).await.expect("written");
    tx.commit().await.expect("committed");
    fate
}

async fn a_better_rank_is_seen_as_new((store, _dir): Opened) {
    let edit = |rank| Call { rank, ..call(MODERATORS, "editMessageText", "x", Some("card:7")) };
    push(&store, &[edit(Rank::Further)], 5).await;
    let rows = store.waiting(0).await.expect("read");
    let (first, seen) = (rows[0], rows[0].seq);
    assert_eq!((first.rank, first.ticket, first.card, first.sends), (Rank::Further, Some(7), true, false));
    push(&store, &[edit(Rank::Further)], 6).await;
    assert!(store.waiting(seen).await.expect("read").is_empty(), "a newer state in the same rank is the same call");
    push(&store, &[edit(Rank::Moderator)], 7).await;
    let rows = store.waiting(seen).await.expect("read");
    assert_eq!((rows.len(), rows[0].id, rows[0].rank), (1, first.id, Rank::Moderator));
    push(&store, &[edit(Rank::Further)], 8).await;
    assert_eq!(store.waiting(0).await.expect("read")[0].rank, Rank::Moderator, "never a worse one");
}

async fn what_belongs_to_a_ticket_is_known_by_its_name((store, _dir): Opened) {
    let reply = json!({"message_id": "@card:3"});
    let mut unnamed = call(MODERATORS, "sendMessage", "x", None);
    unnamed.body.insert("reply_parameters".to_owned(), reply);
    let named = |name| call(MODERATORS, "sendMessage", "x", Some(name));
    let voters = call(7, "sendMessage", "x", Some("answer:5:1"));
    push(&store, &[named("card:1"), named("more:2:0"), unnamed, named("follow:4:77:0"), named("other"), voters], 5)
        .await;
    let tickets: Vec<_> = store.waiting(0).await.expect("read").iter().map(|row| row.ticket).collect();
    assert_eq!(tickets, [Some(1), Some(2), Some(3), Some(4), None, None]);
}

async fn a_card_posted_anew_takes_the_place_of_what_waits((store, _dir): Opened) {
    let card = |method, text| call(MODERATORS, method, text, Some("card:1"));
    push(&store, &[card("editMessageText", "one")], 5).await;
    let edit = store.waiting(0).await.expect("read")[0];
    push(&store, &[card("sendMessage", "two")], 5).await;
    let anew = store.waiting(edit.seq).await.expect("read");
    assert!(anew.len() == 1 && anew[0].id == edit.id && anew[0].sends && !edit.sends, "{anew:?}");
    let waiting = only(&store).await;
    assert_eq!((waiting.call.method.as_str(), &waiting.call.body["text"]), ("sendMessage", &json!("two")));
    // While it is on its way in the old chat, it is to be posted anew: the message that came of it is edited, or replaced
    // where that is another chat.
    push(&store, &[card("sendMessage", "three")], 6).await;
    assert_eq!(finish(&store, &waiting, End::Sent(Some(5)), -1).await, Fate::Waits { sends: false });
    let edit = only(&store).await;
    assert_eq!((edit.call.method.as_str(), &edit.call.body["text"]), ("editMessageText", &json!("three")));
    // While an edit is on its way, a new card stays a new card.
    push(&store, &[card("sendMessage", "four")], 7).await;
    assert_eq!(finish(&store, &edit, End::Sent(Some(5)), -1).await, Fate::Waits { sends: true });
    assert_eq!(only(&store).await.call.method, "sendMessage");
    assert_eq!(store.link("card:1").await.expect("read"), Some((-1, 5)));
}

async fn the_look_of_an_older_state_does_not_outlive_it((store, _dir): Opened) {
    let with = |method, field: &str, value| {
        let mut call = call(7, method, "x", Some("answer:1:2"));
        call.body.insert(field.to_owned(), value);
        call
    };
    push(
        &store,
        &[with("sendMessage", "entities", json!([1])), with("editMessageText", "parse_mode", json!("HTML"))],
        5,
    )
    .await;
    let body = only(&store).await.call.body;
    assert!(body.contains_key("parse_mode") && !body.contains_key("entities"), "{body:?}");
}

async fn an_album_leaves_a_name_for_each_of_its_messages((store, _dir): Opened) {
    let reply = crate::desk::ReplyKey::of(1, 2);
    let album = || Call { reply: Some(reply), ..call(7, "copyMessages", "", Some("answer:1:2")) };
    push(&store, &[album()], 5).await;
    let copied = End::Copied(vec![11, 12, 13], Some("3 dari 4".to_owned()));
    assert_eq!(finish(&store, &only(&store).await, copied, 7).await, Fate::Done);
    for (name, message) in [("answer:1:2", 11), ("answer:1:2#1", 12), ("answer:1:2#2", 13)] {
        assert_eq!(store.link(name).await.expect("read"), Some((7, message)));
    }
    let mut tx = store.write().await.expect("a transaction");
    let events = tx.take_due(0, 9).await.expect("read");
    let outcome = crate::desk::Outcome::Partly { at: 9, reason: "3 dari 4".to_owned() };
    let told = crate::desk::Event::Delivered { reply, outcome };
    assert_eq!(events.iter().map(|(_, event)| read_event(event)).collect::<Vec<_>>(), [told]);
}

async fn what_goes_as_words_only_is_told_so((store, _dir): Opened) {
    let reply = crate::desk::ReplyKey::of(1, 2);
    push(&store, &[Call { reply: Some(reply), ..call(7, "copyMessage", "", Some("answer:1:2")) }], 5).await;
    let waiting = only(&store).await;
    let mut tx = store.write().await.expect("a transaction");
    let body = Map::from_iter([("text".to_owned(), json!("kata"))]);
    let fate = tx.turn_into(&waiting, "sendMessage", &body, Some("can't be copied")).await.expect("written");
    assert_eq!(fate, Fate::Waits { sends: true });
    tx.commit().await.expect("committed");
    finish(&store, &only(&store).await, End::Sent(Some(5)), 7).await;
    let mut tx = store.write().await.expect("a transaction");
    let events = tx.take_due(0, 9).await.expect("read");
    let outcome = crate::desk::Outcome::Partly { at: 9, reason: "can't be copied".to_owned() };
    let told = crate::desk::Event::Delivered { reply, outcome };
    assert_eq!(events.iter().map(|(_, event)| read_event(event)).collect::<Vec<_>>(), [told]);
}

async fn outcomes_come_in_the_order_of_the_calls((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    for _ in 0..9 {
        tx.next("outbox").await.expect("written");
    }
    tx.commit().await.expect("committed");
    let reply = |message| Some(crate::desk::ReplyKey::of(1, message));
    let answers: Vec<Call> = (0..3).map(|n| Call { reply: reply(n), ..call(7, "sendMessage", "x", None) }).collect();
    push(&store, &answers, 5).await;
    for row in store.waiting(0).await.expect("read") {
        let waiting = store.call(row.id).await.expect("read").expect("it waits");
        finish(&store, &waiting, End::Sent(Some(row.id)), 7).await;
    }
    let mut tx = store.write().await.expect("a transaction");
    // Due whatever the clock says.
    let events = tx.take_due(0, 9).await.expect("read");
    let told = events.iter().filter_map(|(_, event)| match read_event(event) {
        crate::desk::Event::Delivered { reply, .. } => Some(reply.message),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [0, 1, 2]);
}

async fn the_last_words_leave_no_number_behind((store, _dir): Opened) {
    push(&store, &[call(7, "sendMessage", "Sudah dihapus.", None)], 5).await;
    let mut tx = store.write().await.expect("a transaction");
    tx.hold(7, 5, 1000).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(store.holds(5).await.expect("read"), [(7, 1000)]);
    finish(&store, &only(&store).await, End::Sent(Some(5)), 7).await;
    assert!(store.sent_since(7, 0).await.expect("read").is_empty());
    assert!(store.holds(5).await.expect("read").is_empty());
    // What goes to the moderators stays until it is swept.
    push(&store, &[call(MODERATORS, "sendMessage", "x", None)], 5).await;
    finish(&store, &only(&store).await, End::Sent(Some(6)), -1).await;
    assert_eq!(store.sent_since(MODERATORS, 0).await.expect("read"), [9]);
}

async fn what_empties_a_message_outlives_the_voter_and_so_does_what_is_anothers_by_now((store, _folder): Opened) {
    let of = |voter, method: &str, text: &str, name: &str| Call { voter, ..call(MODERATORS, method, text, Some(name)) };
    let mut tx = store.write().await.expect("it begins");
    for voter in [7, 8] {
        tx.seen(voter, 5).await.expect("written");
    }
    // A change of a card that stands waits; then the card is emptied.
    tx.push(&of(Some(7), "editMessageText", "words", "card:1"), 5).await.expect("written");
    tx.push(&of(None, "editMessageText", "empty", "card:1"), 6).await.expect("written");
    // One that stands nowhere yet need not be.
    tx.push(&of(Some(7), "sendMessage", "words", "card:2"), 5).await.expect("written");
    tx.push(&of(None, "editMessageText", "empty", "card:2"), 6).await.expect("written");
    // One whose ticket is somebody else's by now.
    tx.push(&of(Some(7), "sendMessage", "words", "card:3"), 5).await.expect("written");
    tx.push(&of(Some(8), "editMessageText", "others", "card:3"), 6).await.expect("written");
    tx.forget(7).await.expect("written");
    tx.commit().await.expect("it stands");
    let mut left = Vec::new();
    for queued in store.waiting(0).await.expect("read") {
        let waiting = store.call(queued.id).await.expect("read").expect("it waits");
        left.push((waiting.call.name.unwrap_or_default(), waiting.call.body["text"].clone()));
    }
    assert_eq!(left, [("card:1".to_owned(), json!("empty")), ("card:3".to_owned(), json!("others"))]);
}

async fn what_moderators_were_shown_is_not_kept_in_the_outbox_after_hapus((store, _folder): Opened) {
    // Another voter's card, which shows the wording of voter 7 too.
    push(&store, &[Call { voter: None, ..call(MODERATORS, "sendMessage", "words of 7", Some("card:1")) }], 5).await;
    let waiting = only(&store).await;
    finish(&store, &waiting, End::Sent(Some(3)), -1).await;
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND body <> '{}'").await, 1);
    let mut tx = store.write().await.expect("it begins");
    tx.forget(7).await.expect("written");
    tx.commit().await.expect("it stands");
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND body <> '{}'").await, 0);
}

async fn what_vanished_on_its_way_to_the_moderators_is_emptied((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.seen(7, 5).await.expect("written");
    tx.commit().await.expect("committed");
    let follow = Call { voter: Some(7), ..call(MODERATORS, "sendMessage", "rahasia", Some("follow:1:2")) };
    push(&store, &[follow], 5).await;
    let waiting = only(&store).await;
    let mut tx = store.write().await.expect("a transaction");
    tx.forget(7).await.expect("written");
    let end = End::Sent(Some(55));
    assert_eq!(tx.finish(&waiting, &end, -1, 9).await.expect("written"), Fate::Vanished);
    tx.empty(&waiting, -1, 55, "Dihapus.", 9).await.expect("written");
    tx.commit().await.expect("committed");
    let empty = only(&store).await.call;
    assert_eq!((empty.chat, empty.method.as_str(), empty.voter), (-1, "editMessageText", None));
    assert_eq!((&empty.body["message_id"], &empty.body["text"]), (&json!(55), &json!("Dihapus.")));
    // A card that is to be closed anyway is left to that; a voter's own chat is the voter's.
    let mut tx = store.write().await.expect("a transaction");
    let card = || call(MODERATORS, "editMessageText", "ditutup", Some("card:1"));
    tx.push(&card(), 9).await.expect("written");
    let mut own = waiting.clone();
    own.call = Call { voter: Some(7), ..card() };
    tx.empty(&own, -1, 56, "Dihapus.", 9).await.expect("written");
    own.call = Call { voter: Some(7), ..call(7, "sendMessage", "x", None) };
    tx.empty(&own, 7, 57, "Dihapus.", 9).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(store.outbox_count().await.expect("counted"), 2);
}

async fn silence_is_kept_no_longer_than_it_was_asked_for((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.hold(7, 1_000_000, 30_000).await.expect("written");
    tx.hold(ALL_CHATS, 1_000_000, 5000).await.expect("written");
    tx.commit().await.expect("committed");
    let holds = async |now| {
        let mut holds = store.holds(now).await.expect("read");
        holds.sort_unstable();
        holds
    };
    assert_eq!(holds(1_004_000).await, [(ALL_CHATS, 1000), (7, 26_000)]);
    // The clock was set back by ten minutes.
    assert_eq!(holds(400_000).await, [(ALL_CHATS, 5000), (7, 30_000)]);
    assert!(holds(1_030_000).await.is_empty());
}

async fn a_trouble_keeps_the_time_since_when_it_is((store, _dir): Opened) {
    assert_eq!(store.trouble(MODERATOR_CHAT).await.expect("read"), None);
    let mut tx = store.write().await.expect("a transaction");
    tx.set_trouble(MODERATOR_CHAT, "TOPIC_CLOSED", 5).await.expect("written");
    tx.set_trouble(MODERATOR_CHAT, "chat not found", 9).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(store.trouble(MODERATOR_CHAT).await.expect("read"), Some((5, "chat not found".to_owned())));
    let mut tx = store.write().await.expect("a transaction");
    tx.clear_trouble(MODERATOR_CHAT).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(store.trouble(MODERATOR_CHAT).await.expect("read"), None);
}

async fn newest(store: &Store) -> Option<i64> {
    let mut tx = store.write().await.expect("a transaction");
    let newest = tx.newest().await.expect("read");
    tx.commit().await.expect("committed");
    newest
}

async fn the_oldest_and_the_newest_are_known((store, _dir): Opened) {
    assert_eq!(store.oldest_waiting().await.expect("read"), Oldest::default());
    assert_eq!(newest(&store).await, None);
    for (chat, at) in [(MODERATORS, 5), (8, 6), (9, 7)] {
        push(&store, &[call(chat, "sendMessage", "x", None)], at).await;
    }
    let oldest = Oldest { voters: Some((2, 6)), moderators: Some((1, 5)) };
    assert_eq!(store.oldest_waiting().await.expect("read"), oldest);
    assert_eq!(newest(&store).await, Some(7));
    store.receive(&[update(1, 10)], 50).await.expect("written");
    assert_eq!(newest(&store).await, Some(50));
}

/// Rows of the first version: what waits for a group waits for the moderators, wherever they are.
#[tokio::test]
async fn what_waited_in_an_older_version_goes_to_the_moderators() {
    sqlx::any::install_default_drivers();
    let dir = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite://{}?mode=rwc", dir.path().join("bot.db").display());
    let old = sqlx::AnyPool::connect(&address).await.expect("SQLite opens");
    let mut first = sqlx::migrate!();
    first.migrations = first.migrations.iter().filter(|migration| migration.version == 1).cloned().collect();
    first.run(&old).await.expect("the first version");
    for statement in [
        "INSERT INTO outbox (bot_id, id, chat_id, method, body, version, state, created)
         VALUES (1, 3, -100, 'sendMessage', '{}', 0, 'wait', 5), (1, 4, 77, 'sendMessage', '{}', 0, 'wait', 5),
                (2, 1, -200, 'sendMessage', '{}', 0, 'wait', 5)",
        "INSERT INTO hold (bot_id, chat_id, until) VALUES (1, 0, 9999999999999)",
    ] {
        sqlx::query(statement).execute(&old).await.expect("written");
    }
    old.close().await;
    // As the earlier version made it.
    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(dir.path().join("bot.db"), own).expect("it is ours");
    let store = Store::open(&address, 1).await.expect("it is brought up to date");
    let rows = store.waiting(0).await.expect("read");
    let shown: Vec<_> = rows.iter().map(|row| (row.id, row.seq, row.chat, row.rank)).collect();
    assert_eq!(shown, [(3, 3, MODERATORS, Rank::Card), (4, 4, 77, Rank::Card)]);
    assert!(store.holds(5).await.expect("read").is_empty());
    push(&store, &[call(MODERATORS, "sendMessage", "x", None)], 5).await;
}

#[tokio::test]
async fn wrong_addresses_are_told() {
    for address in ["mysql://x", "sqlite:", "sqlite::memory:", "sqlite:///no/such/folder/bot.db"] {
        let error = Store::open(address, 1).await.expect_err("it can't be opened");
        assert!(!error.to_string().is_empty());
    }
}

async fn whoever_took_a_number_waits_for_nobody((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.likely_ticket(0).await.expect("read");
    assert!(!tx.holds_numbers(), "it only looked");
    tx.next_ticket(0).await.expect("written");
    // On SQLite nobody else writes meanwhile.
    assert_eq!(tx.holds_numbers(), store.kind == super::Kind::Postgres);
    tx.commit().await.expect("committed");
    push(&store, &[call(7, "sendMessage", "a", None)], 5).await;
    let tx = store.write().await.expect("a transaction");
    assert!(!tx.holds_numbers(), "each begins anew");
}
