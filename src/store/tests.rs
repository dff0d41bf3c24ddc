//! The store on both databases: SQLite always, PostgreSQL when TEST_DATABASE_URL is set.

pub(super) mod injected;

mod failing;
mod leases;
mod turns;

use serde_json::{Map, Value, json};

use super::inbox::Received;
use super::outbox::{Call, End};
use super::*;
use crate::desk::VoterState;
use sqlx::{Connection as _, Row as _};

/// A bot's number that no other test has.
fn bot() -> i64 {
    static COUNT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(1);
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
    (nanos % 1_000_000_000_000) as i64 * 1000 + COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

async fn stores() -> Vec<(Store, Option<tempfile::TempDir>)> {
    let dir = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite://{}", dir.path().join("bot.db").display());
    let mut stores = vec![(Store::open(&address, bot()).await.expect("SQLite opens"), Some(dir))];
    if let Ok(address) = std::env::var("TEST_DATABASE_URL") {
        stores.push((Store::open(&address, bot()).await.expect("PostgreSQL opens"), None));
    }
    stores
}

fn update(update: i64, chat: i64) -> Received {
    Received { update, chat, raw: format!("{{\"update_id\":{update}}}") }
}

fn call(chat: i64, method: &str, text: &str, name: Option<&str>) -> Call {
    let mut body = Map::from_iter([("text".to_owned(), Value::from(text))]);
    if method.starts_with("edit") {
        body.insert("message_id".to_owned(), json!(format!("@{}", name.unwrap_or_default())));
    }
    Call { chat, voter: None, method: method.to_owned(), body, name: name.map(str::to_owned), reply: None }
}

/// Claims, handles and commits; gives the updates' numbers.
async fn handle(store: &Store, limit: i64) -> Vec<i64> {
    let mut tx = store.write().await.expect("a transaction");
    let ids: Vec<i64> = tx.claim_updates(limit).await.expect("claimed").iter().map(|r| r.update).collect();
    for id in &ids {
        tx.handled(*id).await.expect("written");
    }
    tx.commit().await.expect("committed");
    ids
}

#[tokio::test]
async fn an_update_comes_in_once_and_in_order() {
    for (store, _dir) in stores().await {
        // By arrival: neither Telegram's numbers nor the clock count.
        assert_eq!(store.receive(&[update(9, 10), update(8, 10)], 5).await.expect("written"), 2);
        assert_eq!(store.receive(&[update(9, 10), update(3, 11)], 2).await.expect("written"), 1, "a repeat");
        assert_eq!(store.receive(&[update(1, 10)], 1).await.expect("written"), 1);
        assert_eq!(handle(&store, 10).await, [9, 3], "one of each chat");
        assert_eq!(store.inbox_counts().await.expect("counted"), (2, 0));
        assert_eq!(handle(&store, 10).await, [8]);
        assert_eq!(handle(&store, 10).await, [1]);
        assert_eq!(handle(&store, 10).await, [0; 0]);
        // A repeat of what was handled gives its chat no turn that would never end.
        assert_eq!(store.receive(&[update(9, 10)], 7).await.expect("written"), 0);
        assert_eq!(handle(&store, 1).await, [0; 0]);
        assert_eq!(rows(&store, "SELECT COUNT(*) FROM turn WHERE bot_id = $1").await, 0);
    }
}

/// A number from the database.
async fn rows(store: &Store, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).bind(store.bot).fetch_one(&store.read).await.expect("counted")
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    for (store, _dir) in stores().await {
        store.receive(&[update(1, 10)], 5).await.expect("written");
        let mut tx = store.write().await.expect("a transaction");
        tx.handled(1).await.expect("written");
        tx.push(&call(10, "sendMessage", "a", None), 5).await.expect("written");
        drop(tx);
        assert_eq!(store.inbox_counts().await.expect("counted").0, 1);
        assert_eq!(store.outbox_count().await.expect("counted"), 0);
    }
}

#[tokio::test]
async fn instances_on_postgresql_share_the_work_and_keep_the_order() {
    for (store, dir) in stores().await {
        if dir.is_some() {
            continue;
        }
        store.receive(&[update(1, 10), update(2, 10), update(3, 11)], 5).await.expect("written");
        let mut one = store.write().await.expect("a transaction");
        let mut two = store.write().await.expect("a transaction");
        let claimed: Vec<i64> = one.claim_updates(1).await.expect("claimed").iter().map(|r| r.update).collect();
        assert_eq!(claimed, [1]);
        let other: Vec<i64> = two.claim_updates(10).await.expect("claimed").iter().map(|r| r.update).collect();
        assert_eq!(other, [3], "neither the claimed one nor the one behind it");
    }
}

#[tokio::test]
async fn only_the_newest_state_of_a_message_waits() {
    for (store, _dir) in stores().await {
        let mut tx = store.write().await.expect("a transaction");
        tx.push(&call(-1, "sendMessage", "one", Some("card:1")), 5).await.expect("written");
        tx.push(&call(-1, "editMessageText", "two", Some("card:1")), 6).await.expect("written");
        tx.push(&call(-1, "editMessageText", "three", Some("card:1")), 7).await.expect("written");
        tx.commit().await.expect("committed");
        let ids = store.waiting(0).await.expect("read");
        assert_eq!(ids.len(), 1);
        let waiting = store.call(ids[0].0).await.expect("read").expect("it waits");
        assert_eq!((waiting.call.method.as_str(), &waiting.call.body["text"]), ("sendMessage", &json!("three")));
        assert!(!waiting.call.body.contains_key("message_id"));

        // While it is on its way a newer state comes: that waits on as an edit.
        let mut tx = store.write().await.expect("a transaction");
        tx.push(&call(-1, "editMessageText", "four", Some("card:1")), 8).await.expect("written");
        tx.commit().await.expect("committed");
        let mut tx = store.write().await.expect("a transaction");
        assert!(tx.finish(&waiting, &End::Sent(Some(77)), true, 9).await.expect("written"), "it waits on");
        tx.commit().await.expect("committed");
        assert_eq!(store.link("card:1").await.expect("read"), Some(77));
        let edit = store.call(waiting.id).await.expect("read").expect("it waits");
        assert_eq!((edit.call.method.as_str(), &edit.call.body["text"]), ("editMessageText", &json!("four")));
        assert_eq!(edit.call.body["message_id"], json!("@card:1"));
        let mut tx = store.write().await.expect("a transaction");
        assert!(!tx.finish(&edit, &End::Sent(None), true, 10).await.expect("written"));
        tx.commit().await.expect("committed");
        assert_eq!(store.outbox_count().await.expect("counted"), 0);
    }
}

/// While one transaction writes that a message was sent, another brings a newer state: that must wait as a call of its own,
/// not vanish into the row that is done.
#[tokio::test]
async fn a_newer_state_is_not_lost_to_a_call_that_ends_meanwhile() {
    for (store, _dir) in stores().await {
        let mut tx = store.write().await.expect("a transaction");
        tx.push(&call(-1, "editMessageText", "one", Some("card:1")), 5).await.expect("written");
        tx.commit().await.expect("committed");
        let waiting = store.call(store.waiting(0).await.expect("read")[0].0).await.expect("read").expect("it waits");

        let mut sender = store.write().await.expect("a transaction");
        sender.finish(&waiting, &End::Sent(None), true, 6).await.expect("written");
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
        let newer = store.call(ids[0].0).await.expect("read").expect("it waits");
        assert_eq!(newer.call.body["text"], json!("two"));
    }
}

#[tokio::test]
async fn everything_personal_hangs_on_the_voter() {
    for (store, _dir) in stores().await {
        let mut tx = store.write().await.expect("a transaction");
        tx.seen(7, 5).await.expect("written");
        let state = VoterState { blocked: true, ..VoterState::default() };
        tx.remember(7, &state).await.expect("written");
        assert_eq!(tx.voter(7).await.expect("read"), state);
        let own = Call { voter: Some(7), ..call(7, "sendMessage", "a", Some("answer:1:2")) };
        tx.push(&own, 5).await.expect("written");
        tx.commit().await.expect("committed");
        let id = store.waiting(0).await.expect("read")[0].0;
        let waiting = store.call(id).await.expect("read").expect("it waits");
        let mut tx = store.write().await.expect("a transaction");
        tx.forget(7).await.expect("written");
        // The call was on its way when the voter's data were deleted: nothing of it is kept.
        tx.finish(&waiting, &End::Sent(Some(3)), false, 9).await.expect("written");
        tx.commit().await.expect("committed");
        assert_eq!(store.outbox_count().await.expect("counted"), 0);
        assert_eq!(store.link("answer:1:2").await.expect("read"), None);
        let mut tx = store.write().await.expect("a transaction");
        assert_eq!(tx.voter(7).await.expect("read"), VoterState::default());
    }
}

#[tokio::test]
async fn wrong_addresses_are_told() {
    for address in ["mysql://x", "sqlite:", "sqlite::memory:", "sqlite:///no/such/folder/bot.db"] {
        let error = Store::open(address, 1).await.expect_err("it can't be opened");
        assert!(!error.to_string().is_empty());
    }
}
