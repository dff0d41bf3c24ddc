//! What fails is thrown away, and what was begun is kept whole or not at all.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::*;

on_both! {
    faults_at_random_lose_and_double_nothing, a_statement_that_fails_spoils_its_transaction_and_nothing_else, a_transaction_that_is_given_up_leaves_nothing, after_closing_nothing_is_done_and_the_file_is_free, the_newest_time_in_any_row,
}

/// Begin, statement, commit and what comes after it fail at random, while 20 updates a second and more come in and are
/// handled: each is handled once.
async fn faults_at_random_lose_and_double_nothing((store, _dir): Opened) {
    let injector = &store.keeper.target.injector;
    injector.set(60);
    let sender = {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0..200 {
                while store.receive(&[update(number, number % 7)], 5).await.is_err() {}
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    };
    let worker = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut done = 0;
            while done < 200 {
                let Ok(mut tx) = store.write().await else { continue };
                let Ok(updates) = tx.claim_updates(4).await else { continue };
                let mut failed = false;
                for update in &updates {
                    let call = call(update.chat, "sendMessage", &update.raw, None);
                    failed |= tx.push(&call, 5).await.is_err();
                    tx.handled(update.update);
                    failed |= tx.settle().await.is_err();
                }
                // Committed even though a statement failed: that must not keep the half of it.
                let committed = if updates.is_empty() { Ok(()) } else { tx.commit().await };
                assert!(!failed || committed.is_err(), "half of it was kept");
                if let Ok(count) = store.outbox_count().await {
                    done = count;
                }
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        })
    };
    tokio::time::timeout(Duration::from_secs(60), sender).await.expect("it comes to an end").expect("no panic");
    let end = tokio::time::timeout(Duration::from_secs(60), worker).await;
    injector.set(0);
    end.expect("it comes to an end").expect("no panic");
    let struck: Vec<u64> = injector.struck.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    assert!(struck.iter().all(|count| *count > 0), "every kind of fault came: {struck:?}");
    assert_eq!(store.outbox_count().await.expect("counted"), 200, "each was handled once");
    assert_eq!(store.inbox_counts().await.expect("counted"), (0, 0));
    let begun = Instant::now();
    while let Err(trouble) = store.health().await {
        assert!(begun.elapsed() < Duration::from_secs(8), "{trouble}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn a_statement_that_fails_spoils_its_transaction_and_nothing_else((store, _dir): Opened) {
    let mut tx = store.write().await.expect("a transaction");
    tx.push(&call(1, "sendMessage", "a", None), 5).await.expect("written");
    let error = sqlx::query("SELECT nonsense FROM nowhere").execute(&mut *tx.inner).await.expect_err("nonsense");
    tx.commit().await.expect_err("nothing half");
    assert_eq!(store.outbox_count().await.expect("counted"), 0);
    // Who writes nonsense is at fault, not the database; a table that is not there is the database's on a server.
    assert_eq!(store.is_outage(&error), store.kind == Kind::Postgres);
    store.health().await.ok();
    let mut tx = store.write().await.expect("a transaction");
    tx.push(&call(1, "sendMessage", "b", None), 5).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(store.outbox_count().await.expect("counted"), 1);
}

/// Given up in its midst at any point, a transaction leaves nothing behind, neither a row nor a lock.
async fn a_transaction_that_is_given_up_leaves_nothing((store, _dir): Opened) {
    for pause in 0..40_u64 {
        let work = async {
            let mut tx = store.write().await?;
            for number in 0..20 {
                tx.push(&call(number, "sendMessage", "a", None), 5).await?;
            }
            // Long enough that it never comes to its end.
            tokio::time::sleep(Duration::from_secs(60)).await;
            tx.commit().await
        };
        assert!(tokio::time::timeout(Duration::from_micros(pause * 150), work).await.is_err());
    }
    let begun = Instant::now();
    let mut tx = store.write().await.expect("a transaction");
    assert!(begun.elapsed() < Duration::from_secs(1), "no lock is left");
    tx.push(&call(1, "sendMessage", "a", None), 5).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(store.outbox_count().await.expect("counted"), 1);
}

#[tokio::test]
async fn nobody_waits_long_for_a_connection() {
    let (store, _dir) = on_sqlite().await;
    let held = store.write().await.expect("a transaction");
    let begun = Instant::now();
    let error = store.write().await.expect_err("there is one writer");
    assert!((2..5).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert!(store.is_outage(&error) && error.to_string().contains("bot.db"), "{error}");
    drop(held);
    store.write().await.expect("free again").commit().await.expect("committed");
}

async fn after_closing_nothing_is_done_and_the_file_is_free((store, dir): Opened) {
    store.receive(&[update(1, 10)], 5).await.expect("written");
    let begun = Instant::now();
    store.close().await;
    store.write().await.expect_err("closed");
    store.inbox_counts().await.expect_err("closed");
    if let Some(dir) = dir {
        let address = format!("sqlite://{}", dir.path().join("bot.db").display());
        let again = Store::open(&address, store.bot).await.expect("it is free");
        assert_eq!(again.inbox_counts().await.expect("counted"), (1, 0));
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

async fn the_newest_time_in_any_row((store, _dir): Opened) {
    let newest = async || {
        let mut tx = store.write().await.expect("a transaction");
        tx.newest().await.expect("read")
    };
    assert_eq!(newest().await, None);
    store.receive(&[update(1, 10)], 50).await.expect("written");
    assert_eq!(newest().await, Some(50));
    let mut tx = store.write().await.expect("a transaction");
    tx.seen(7, 70).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(newest().await, Some(70));
    let mut tx = store.write().await.expect("a transaction");
    tx.push(&call(0, "sendMessage", "a", None), 90).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(newest().await, Some(90));
    let waiting = store.call(store.waiting(0).await.expect("read")[0].id).await.expect("read").expect("it waits");
    let mut tx = store.write().await.expect("a transaction");
    tx.finish(&waiting, &End::Sent(Some(1)), 10, 110).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(newest().await, Some(110));
}
