//! Chats take turns, and the order within a chat is kept.

use super::*;

on_both! {
    nobody_waits_behind_all_that_another_wrote, the_oldest_and_the_newest_are_served_in_turn, who_was_claimed_and_not_served_is_first_again, what_comes_at_once_is_written_at_once, nothing_is_overtaken_forgotten_or_done_twice, nothing_of_a_chat_is_left_in_the_inbox,
}

async fn nobody_waits_behind_all_that_another_wrote((store, _dir): Opened) {
    let flood: Vec<Received> = (0..1000).map(|number| update(number, 66)).collect();
    store.receive(&flood, 5).await.expect("written");
    assert_eq!(handle(&store, 32).await, [0], "one of a chat at a time");
    let others: Vec<Received> = (1..=40).map(|chat| update(1000 + chat, chat)).collect();
    store.receive(&others, 6).await.expect("written");
    let mut rounds = 0;
    let mut of_flood = 0;
    while rows(&store, "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'new' AND chat_id < 66").await > 0 {
        let ids = handle(&store, 8).await;
        assert!(ids.len() <= 8);
        of_flood += ids.iter().filter(|id| **id < 1000).count();
        rounds += 1;
    }
    // 40 chats and the one that wrote so much, 8 a round.
    assert!(rounds <= 6, "{rounds} rounds");
    assert!((1..=6).contains(&of_flood), "{of_flood} of the flood meanwhile");
    // And that one's come in their order.
    let first = of_flood as i64 + 1;
    for next in first..first + 20 {
        assert_eq!(handle(&store, 8).await, [next]);
    }
}

/// After an outage whoever writes now is not behind all that piled up, and what piled up goes on.
async fn the_oldest_and_the_newest_are_served_in_turn((store, _dir): Opened) {
    for begin in (0..1000).step_by(100) {
        let pile: Vec<Received> = (begin..begin + 100).map(|number| update(number, number)).collect();
        store.receive(&pile, 5).await.expect("written");
    }
    // Twice by one of those who come late: the second has no such right.
    let late = [update(2000, 2000), update(2001, 2001), update(2002, 2000)];
    store.receive(&late, 6).await.expect("written");
    let mut first = handle(&store, 8).await;
    first.sort_unstable();
    assert_eq!(first, [0, 1, 2, 3, 998, 999, 2000, 2001]);
    store.receive(&[update(2003, 2003)], 7).await.expect("written");
    let mut second = handle(&store, 8).await;
    second.sort_unstable();
    assert_eq!(second, [4, 5, 6, 7, 995, 996, 997, 2003]);
    let mut all = 16;
    loop {
        let more = handle(&store, 50).await;
        if more.is_empty() {
            break;
        }
        all += more.len();
    }
    assert_eq!(all, 1004);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM turn WHERE bot_id = $1").await, 0);
}

/// What was claimed and not handled keeps its turn.
async fn who_was_claimed_and_not_served_is_first_again((store, _dir): Opened) {
    store.receive(&[1, 2, 3].map(|number| update(number, number)), 5).await.expect("written");
    store.receive(&[update(4, 1), update(5, 4)], 6).await.expect("written");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.claim_updates(10).await.expect("claimed").len(), 4);
    tx.handled(1);
    tx.commit().await.expect("committed");
    assert_eq!(handle(&store, 10).await, [2, 3, 5, 4]);
}

/// What many bring at once is written in few transactions, and each hears of its own.
async fn what_comes_at_once_is_written_at_once((store, _dir): Opened) {
    let hold = store.write().await.expect("a transaction");
    let mut brought = Vec::new();
    for number in 0..150 {
        let store = store.clone();
        // Every third comes twice.
        let known = if number % 3 == 2 { number - 1 } else { number };
        brought.push(tokio::spawn(async move { store.receive(&[update(known, number)], 5).await }));
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    // On SQLite one at a time writes; who does is told that many wait.
    assert!(store.kind == Kind::Postgres || store.many_come_in());
    drop(hold);
    let mut fresh = 0;
    for brought in brought {
        fresh += brought.await.expect("no panic").expect("written").len();
    }
    assert!((100..=150).contains(&fresh), "{fresh}");
    assert!(!store.many_come_in());
    assert_eq!(store.inbox_counts().await.expect("counted"), (100, 0));
}

/// Two instances on PostgreSQL, one on SQLite; everybody writes and handles at once.
async fn nothing_is_overtaken_forgotten_or_done_twice((store, dir): Opened) {
    let workers = if dir.is_some() { 1 } else { 3 };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut writers = Vec::new();
    for writer in 0..4_i64 {
        let store = store.clone();
        writers.push(tokio::spawn(async move {
            for number in 0..60_i64 {
                // Each writer has chats of its own and one that all share; some updates come twice.
                let id = writer * 1000 + number;
                let batch = [update(id, writer), update(id + 500, 9), update(id, writer)];
                store.receive(&batch, 5).await.expect("written");
            }
        }));
    }
    let mut hands = Vec::new();
    for _ in 0..workers {
        let (store, stopped) = (store.clone(), stopped.clone());
        hands.push(tokio::spawn(async move {
            let mut done: Vec<(i64, i64, std::time::Instant)> = Vec::new();
            loop {
                let mut tx = store.write().await.expect("a transaction");
                let claimed = tx.claim_updates(3).await.expect("claimed");
                if claimed.is_empty() {
                    drop(tx);
                    if *stopped.borrow() {
                        return done;
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                    continue;
                }
                for update in &claimed {
                    tx.handled(update.update);
                    done.push((update.chat, update.update, std::time::Instant::now()));
                }
                tx.commit().await.expect("committed");
            }
        }));
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
    stop.send_replace(true);
    let mut done = Vec::new();
    for hand in hands {
        done.extend(hand.await.expect("no panic"));
    }
    done.sort_by_key(|(_, _, at)| *at);
    assert_eq!(done.len(), 480, "each once");
    for chat in 0..4 {
        let ids: Vec<i64> = done.iter().filter(|d| d.0 == chat).map(|d| d.1).collect();
        assert!(ids.is_sorted() && ids.len() == 60, "chat {chat}: {ids:?}");
    }
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM turn WHERE bot_id = $1").await, 0);
}

/// What waited before the turns were made, or was written by an instance that does not know them, is handled too.
#[tokio::test]
async fn what_waits_without_a_turn_gets_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bot.db");
    let address = format!("sqlite://{}", path.display());
    let old = "INSERT INTO inbox (bot_id, update_id, chat_id, received, state, raw) VALUES ";
    {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&format!("{address}?mode=rwc")).await.expect("it opens");
        sqlx::migrate!().run_to(1, &mut connection).await.expect("the first tables");
        let rows = "(7, 5, 10, 100, 'new', 'a'), (7, 3, 10, 90, 'new', 'b'), (7, 4, 10, 90, 'new', 'c'),
                    (7, 6, 11, 80, 'new', 'd'), (7, 1, 12, 70, 'done', ''), (7, 2, 12, 70, 'unread', 'e')";
        let statement = sqlx::AssertSqlSafe(format!("{old}{rows}"));
        sqlx::query(statement).execute(&mut connection).await.expect("written");
        connection.close().await.expect("closed");
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&path, private).expect("rights");
    }
    let store = Store::open(&address, 7).await.expect("it opens");
    assert_eq!(handle(&store, 10).await, [6, 3], "whoever waited longest is first");
    assert_eq!(handle(&store, 10).await, [4]);
    store.receive(&[update(9, 10)], 5).await.expect("written");
    assert_eq!(handle(&store, 10).await, [5]);
    assert_eq!(handle(&store, 10).await, [9]);
    assert_eq!(rows(&store, "SELECT SUM(chat_id) FROM inbox WHERE bot_id = $1").await, 12, "whose it was is not kept");

    let mut tx = store.write().await.expect("a transaction");
    let statement = sqlx::AssertSqlSafe(format!("{old}(7, 20, 13, 60, 'new', 'f')"));
    sqlx::query(statement).execute(&mut *tx.inner).await.expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(handle(&store, 10).await, [0; 0]);
    store.keeper.mend_turns().await.expect("mended");
    assert_eq!(handle(&store, 10).await, [20]);
}

/// However much waits, the next update is found by an index.
#[tokio::test]
async fn a_turn_is_found_by_an_index() {
    let (store, _dir) = on_sqlite().await;
    let mut tx = store.write().await.expect("a transaction");
    for statement in [
        "EXPLAIN QUERY PLAN SELECT chat_id FROM turn WHERE bot_id = $1 ORDER BY place, chat_id LIMIT $2",
        "EXPLAIN QUERY PLAN SELECT chat_id FROM turn WHERE bot_id = $1 AND fresh = 1
         ORDER BY place DESC, chat_id DESC LIMIT $2",
        "EXPLAIN QUERY PLAN SELECT first.update_id FROM inbox AS first WHERE first.bot_id = $1 AND first.chat_id = $2
         AND first.state = 'new' ORDER BY first.arrival, first.update_id LIMIT 1",
    ] {
        let plan = sqlx::query(statement).bind(1_i64).bind(1_i64).fetch_all(&mut *tx.inner).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|row| row.try_get(3).expect("text")).collect();
        assert!(plan.iter().all(|step| step.contains("COVERING INDEX") && !step.contains("TEMP B-TREE")), "{plan:?}");
    }
}

/// What is looked up with each question is found by what it is looked up by, not by going through all of a bot's rows.
#[tokio::test]
async fn what_each_question_needs_is_found_by_an_index() {
    let (store, _dir) = on_sqlite().await;
    let mut tx = store.write().await.expect("a transaction");
    for (statement, index) in [
        ("SELECT id FROM outbox WHERE bot_id = $1 AND name = $2 AND state = 'wait' ORDER BY id DESC LIMIT 1", "name=?"),
        (
            "SELECT body FROM ticket WHERE bot_id = $1 AND voter = $2 AND state IN ('open', 'unreached') ORDER BY number",
            "voter=?",
        ),
        (
            "SELECT ticket, COUNT(*) FROM ticket_word WHERE bot_id = $1 AND word IN (SELECT value FROM json_each($2)) GROUP BY ticket",
            "word=?",
        ),
        (
            "UPDATE outbox SET sent = 1 WHERE bot_id = $1 AND state = 'wait' AND id IN (SELECT value FROM json_each($2))",
            "id=?",
        ),
        (
            "SELECT body FROM asked WHERE bot_id = $1 AND voter = $2 AND answered IS NOT NULL ORDER BY answered DESC LIMIT 1",
            "voter=?",
        ),
    ] {
        let statement = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let plan = sqlx::query(statement).bind(1_i64).bind("[]").fetch_all(&mut *tx.inner).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|row| row.try_get(3).expect("text")).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:?}");
    }
}

async fn nothing_of_a_chat_is_left_in_the_inbox((store, _dir): Opened) {
    let all = [update(1, 10), update(2, 10), update(3, 10), update(4, 11)];
    store.receive(&all, 5).await.expect("written");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.claim_updates(1).await.expect("claimed")[0].update, 1);
    tx.unread(1).await.expect("written");
    tx.commit().await.expect("committed");
    let of_chat = "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND chat_id = 10";
    let readable = "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND raw <> ''";
    let mut tx = store.write().await.expect("a transaction");
    let claimed = tx.claim_updates(5).await.expect("claimed");
    assert_eq!(claimed.iter().map(|u| u.update).collect::<Vec<_>>(), [4, 2]);
    tx.forget_chat(10).await.expect("written");
    tx.handled(2);
    tx.commit().await.expect("committed");
    assert_eq!(rows(&store, of_chat).await, 1, "what waits still");
    assert_eq!(rows(&store, readable).await, 2, "that, and what another wrote");
    assert_eq!(store.receive(&all, 6).await.expect("written").len(), 0, "repeats are known");
    while !handle(&store, 5).await.is_empty() {}
    assert_eq!(rows(&store, of_chat).await, 0);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM turn WHERE bot_id = $1").await, 0);
}
