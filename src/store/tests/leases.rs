//! One instance sends at a time; one that is frozen loses the right, and knows it.

use std::time::{Duration, Instant};

use super::*;

/// Two instances on one PostgreSQL database.
async fn two() -> (Store, Store) {
    let bot = bot();
    let open = async || Store::open(&server(), bot).await.expect("PostgreSQL opens");
    (open().await, open().await)
}

#[tokio::test]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn one_instance_holds_the_right_and_passes_it_on_when_it_ends() {
    let (one, two) = two().await;
    let held = one.lock_sender().await.expect("asked").expect("free");
    assert!(two.lock_sender().await.expect("asked").is_none());
    // It stays so for as long as it is renewed.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(9) {
        assert!(held.is_fresh());
        assert!(two.lock_sender().await.expect("asked").is_none());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    drop(held);
    let begun = Instant::now();
    let other = loop {
        if let Some(lease) = two.lock_sender().await.expect("asked") {
            break lease;
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "given up, it is free at once");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    two.close().await;
    assert!(one.lock_sender().await.expect("asked").is_some(), "an instance that ends gives it up");
    drop(other);
}

#[tokio::test]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_frozen_instance_loses_the_right_and_knows_it() {
    let (one, two) = two().await;
    let frozen = one.lock_sender().await.expect("asked").expect("free");
    // Frozen: it renews nothing any more.
    frozen.stop_beating();
    let begun = Instant::now();
    let mut over = None;
    let other = loop {
        if !frozen.is_fresh() {
            over.get_or_insert_with(|| begun.elapsed());
        }
        if let Some(lease) = two.lock_sender().await.expect("asked") {
            break lease;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let taken = begun.elapsed();
    assert!(taken < Duration::from_secs(10), "others take over after {taken:?}");
    let over = over.expect("it knew before");
    assert!(over + Duration::from_secs(1) < taken, "it knew {over:?}, others had it {taken:?}");
    assert!(other.is_fresh());
    // What it does when it wakes changes nothing for the one who has it now.
    drop(frozen);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(other.is_fresh());
    assert!(one.lock_sender().await.expect("asked").is_none());
}

#[tokio::test]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn one_of_many_gets_it() {
    let (one, two) = two().await;
    for _ in 0..20 {
        let asked = futures_util::future::join_all(
            (0..6).map(|n| if n % 2 == 0 { one.lock_sender() } else { two.lock_sender() }),
        );
        let got: Vec<_> = asked.await.into_iter().map(|lease| lease.expect("asked")).collect();
        let holders = [0, 1].map(|store| got.iter().enumerate().any(|(n, lease)| n % 2 == store && lease.is_some()));
        assert!(holders[0] != holders[1], "{holders:?}");
        drop(got);
        one.release_lease().await;
        two.release_lease().await;
    }
}

#[tokio::test]
async fn on_sqlite_it_always_holds() {
    let (store, _dir) = on_sqlite().await;
    let lease = store.lock_sender().await.expect("asked").expect("free");
    assert!(lease.is_fresh());
}
