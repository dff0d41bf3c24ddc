//! Five hundred ask the same within a minute, within Telegram's real limits (30 messages a second in all, 20 a minute in the
//! group). It takes about 35 s, which is what 1,000 messages need at that rate; on SQLite alone, since what it measures is the
//! wire.

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::time::{Duration, Instant};

use crate::bot::{Database, Stage};
use crate::telegram::{GroupKind, Message, Person};

/// How many ask.
const MANY: usize = 500;
/// At most so many cards may come of it.
const CARDS: usize = 3;
/// What the moderators' chat takes in a minute.
const GROUP_MINUTE: usize = 20;

/// Twenty wordings: each body with each head.
const HEADS: [&str; 5] = ["", "min ", "halo kak ", "permisi, ", "maaf, "];
const BODIES: [&str; 4] = [
    "genset TPS 12 Sukarame mati, gantinya dari siapa",
    "gantinya dari siapa min, gnset tps 12 sukarame mati nih",
    "genset tps 12 sukarame mati, gantinya dr siapa ya",
    "TPS 12 Sukarame gensetnya mati. Gantinya dari siapa?",
];

/// The button that sends the answer to those who asked after it.
fn late(card: &Message) -> Option<String> {
    card.button_texts().into_iter().find(|text| text.starts_with("Kirim juga ke"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_askers_are_few_cards_and_each_is_answered_once() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    stage.tg.limit();
    stage.tg.set_patience(Duration::from_secs(240));
    stage.start().await;
    let budi = stage.group.member("Budi");
    let voters: Vec<Person> = (0..MANY).map(|n| stage.voter(&format!("Penanya {n}"))).collect();
    let begun = Instant::now();
    for (n, voter) in voters.iter().enumerate() {
        let wording = n % (HEADS.len() * BODIES.len());
        voter.says(&format!("{}{}", HEADS[wording % HEADS.len()], BODIES[wording / HEADS.len()])).await;
    }
    let asked = begun.elapsed();
    assert!(asked < Duration::from_secs(60), "they ask within a minute: {asked:?}");
    // Budi replies to the first state of the card that he sees.
    let card = budi.hears().await;
    budi.replies(&card, "Dari kelurahan, sore ini.").await;
    let all = format!("Ditanyakan {MANY} orang");
    let card = budi.sees(&card, |m| m.text().contains(&all)).await;
    // Who joined after the reply gets it by one press; if all had joined by then, there is no such button.
    let card = budi.sees(&card, |m| late(m).is_some() || m.text().contains("500 dari 500 penanya")).await;
    if let Some(button) = late(&card) {
        budi.presses(&card, &button).await;
    }
    let answered = |voter: &Person| voter.messages().iter().filter(|m| m.text().contains("sore ini")).count();
    for voter in &voters {
        while answered(voter) == 0 {
            voter.hears().await;
        }
    }
    let took = begun.elapsed();
    let waiting = "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait'";
    while stage.number(waiting).await > 0 && begun.elapsed() < Duration::from_secs(240) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let times: BTreeMap<usize, usize> = voters.iter().fold(BTreeMap::new(), |mut times, voter| {
        *times.entry(answered(voter)).or_default() += 1;
        times
    });
    assert_eq!(times, BTreeMap::from([(1, MANY)]), "how many were answered how often");
    let cards = stage.number("SELECT COUNT(*) FROM ticket WHERE bot_id = $1").await;
    let to_group: Vec<Instant> =
        stage.tg.sent().iter().filter(|call| call.chat() == Some(stage.group.id())).map(|call| call.at).collect();
    let busiest = (0..to_group.len()).map(|n| {
        to_group[n..].iter().take_while(|at| at.duration_since(to_group[n]) < Duration::from_secs(60)).count()
    });
    let busiest = busiest.max().unwrap_or_default();
    let group = to_group.len();
    let _ =
        writeln!(stderr(), "{MANY} askers, {cards} cards, {group} calls to the group ({busiest} a minute), {took:?}");
    assert!(cards as usize <= CARDS, "{cards} cards");
    assert!(busiest <= GROUP_MINUTE, "{busiest} messages to the group in a minute");
    stage.tg.assert_rules_kept();
}
