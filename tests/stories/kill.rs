//! SIGKILL: at each step between receiving and sending, and at random moments under load. Nothing is lost; at most
//! what was on its way is said twice.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::telegram::{Fate, Fault, GroupKind, When};

stories! {
    killed_before_the_update_is_acknowledged, killed_before_the_answer_is_sent, killed_while_the_answer_is_on_its_way,
    killed_before_the_delivery_is_noted, killed_before_the_card_is_posted, killed_while_a_reply_is_on_its_way,
    killed_at_random_moments,
}

/// Long enough that only a kill ends it.
const FOREVER: Duration = Duration::from_secs(60);

async fn killed_before_the_update_is_acknowledged(database: Database) {
    let mut stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    let asked = siti.says("tps buka jam brp").await.update.expect("told");
    while stage.tg.fate(asked) == Fate::Waiting {
        tokio::task::yield_now().await;
    }
    // Handed out, perhaps written, surely not confirmed for long.
    stage.kill();
    stage.start().await;
    siti.reads("07.00").await;
    stage.tg.settled().await;
    assert!(stage.tg.count(siti.chat(), "07.00") <= 2);
}

async fn killed_before_the_answer_is_sent(database: Database) {
    let mut stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    stage.tg.fault_next("sendMessage", Fault::Hang(FOREVER), When::Before);
    siti.says("tps buka jam brp").await;
    called(&stage, "sendmessage").await;
    stage.tg.settled().await;
    stage.kill();
    assert_eq!(stage.tg.count(siti.chat(), "07.00"), 0);
    stage.start().await;
    siti.reads("07.00").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(stage.tg.count(siti.chat(), "07.00"), 1);
    stage.tg.assert_rules_kept();
}

async fn called(stage: &Stage, method: &str) {
    let made = |calls: &[crate::telegram::Call]| calls.iter().any(|c| c.method == method).then_some(());
    assert!(stage.tg.until_calls(Duration::from_secs(10), made).await.is_some(), "{method} was never called");
}

async fn killed_while_the_answer_is_on_its_way(database: Database) {
    let mut stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    // It arrives, but the program never hears so.
    stage.tg.fault_next("sendMessage", Fault::Hang(FOREVER), When::After);
    siti.says("tps buka jam brp").await;
    siti.reads("07.00").await;
    stage.kill();
    stage.start().await;
    siti.says("kpn nyoblos").await;
    siti.reads("Rabu").await;
    let count = stage.tg.count(siti.chat(), "07.00");
    assert_eq!(count, 2, "what was on its way is said again, once");
    stage.tg.assert_rules_kept();
}

async fn killed_before_the_delivery_is_noted(database: Database) {
    let mut stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    // At once: perhaps before it was written down that it was sent.
    stage.kill();
    stage.start().await;
    siti.says("kpn nyoblos").await;
    siti.reads("Rabu").await;
    assert!((1..=2).contains(&stage.tg.count(siti.chat(), "07.00")));
    stage.tg.assert_rules_kept();
}

async fn killed_before_the_card_is_posted(database: Database) {
    let mut stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    stage.tg.set_offline(true);
    siti.says("siapa yang urus banjir di kampung saya").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    stage.tg.set_offline(false);
    // Kills all the way: wherever the question is by now, it arrives.
    for _ in 0..4 {
        stage.kill();
        stage.launch();
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let card = budi.hears().await;
    budi.replies(&card, "Kelurahan.").await;
    siti.reads("Kelurahan").await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM ticket WHERE bot_id = $1").await, 1, "one ticket");
}

async fn killed_while_a_reply_is_on_its_way(database: Database) {
    let mut stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("siapa yang urus banjir di kampung saya").await;
    siti.hears().await;
    let card = budi.hears().await;
    stage.tg.fault_next("sendMessage", Fault::Hang(FOREVER), When::Before);
    budi.replies(&card, "Kelurahan.").await;
    stage.tg.settled().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!budi.screen().contains("terkirim"), "not said before Telegram said so");
    stage.kill();
    stage.start().await;
    siti.reads("Kelurahan").await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    assert_eq!(stage.tg.count(siti.chat(), "Kelurahan"), 1);
    stage.tg.assert_rules_kept();
}

async fn killed_at_random_moments(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    stage.tg.set_patience(Duration::from_secs(30));
    let mut voters = Vec::new();
    let mut kills = 0_usize;
    // 30 questions a second for 7 seconds, with a kill after every 25th, in the midst of the work.
    for number in 0..210_u64 {
        let voter = stage.voter(&format!("Pemilih {number}"));
        // Each its own question: the same one from several would be one ticket.
        let foreign = format!("siapa yang urus banjir di kampung {number}");
        voter.says(if number % 5 == 0 { &foreign } else { "tps buka jam brp" }).await;
        voters.push(voter);
        tokio::time::sleep(Duration::from_millis(33)).await;
        if number % 25 == 24 {
            tokio::time::sleep(Duration::from_millis(number * 7 % 31)).await;
            stage.kill();
            stage.launch();
            kills += 1;
        }
    }
    let mut repeats = 0;
    for (number, voter) in voters.iter().enumerate() {
        let words = if number % 5 == 0 { "saya teruskan ke petugas" } else { "07.00" };
        voter.reads(words).await;
        repeats += stage.tg.count(voter.chat(), words) - 1;
    }
    stage.tg.settled().await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM ticket WHERE bot_id = $1").await, 42, "one ticket a question");
    let all_cards = async {
        while stage.tg.count(stage.group.id(), "Pertanyaan baru") < 42 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all_cards).await.expect("every card is posted");
    // On its way at a kill: a handful of calls.
    assert!(repeats <= 8 * kills, "{repeats} repeats after {kills} kills");
    replies_reach_their_own(&stage, &voters).await;
    stage.tg.assert_rules_kept();
}

/// Every card is replied to, doubled ones too: each reply reaches the voter who asked, and nobody else.
async fn replies_reach_their_own(stage: &Stage, voters: &[crate::telegram::Person]) {
    let budi = stage.group.member("Budi");
    let cards: Vec<_> = budi.messages().into_iter().filter(|m| m.text().contains("Pertanyaan baru")).collect();
    for card in &cards {
        let number = card.text().split(' ').next().expect("it begins with its number");
        budi.replies(card, &format!("jawaban khusus untuk {number} dari kartu {}.", card.id)).await;
    }
    stage.tg.settled().await;
    let asker = |number: &str| {
        let mut told = voters.iter().filter(|v| v.screen().contains(&format!("(nomor {number}).")));
        (told.next().expect("someone was told that number"), told.count())
    };
    for card in &cards {
        let number = card.text().split(' ').next().expect("it begins with its number");
        let (voter, others) = asker(number);
        assert_eq!(others, 0, "{number} is one voter's");
        voter.reads(&format!("jawaban khusus untuk {number} dari kartu {}.", card.id)).await;
    }
    let answered: usize = voters.iter().map(|v| stage.tg.count(v.chat(), "jawaban khusus")).sum();
    assert_eq!(answered, cards.len(), "and reached nobody else");
}
