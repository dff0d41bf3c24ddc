//! Two moderators at once, whose deeds exclude one another: whichever comes first, voters and cards agree on it in the end.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::telegram::{GroupKind, Message, Person};

stories! {
    one_edits_while_another_takes_back, one_edits_while_another_retracts, one_parts_while_another_replies,
    one_joins_while_another_replies,
}

const QUESTION: &str = "genset TPS 12 Sukarame mati, gantinya dari siapa";
const SAME: &str = "gantinya dari siapa min, gnset tps 12 sukarame mati nih";
/// So often each is tried: who is first is chance.
const TIMES: usize = 2;
/// So often it is looked whether all has arrived, each time after [`LOOK`]: the group takes one message a second.
const LOOKS: usize = 300;
/// See [`LOOKS`].
const LOOK: Duration = Duration::from_millis(100);
/// Nothing more is to come within this.
const QUIET: Duration = Duration::from_millis(500);

async fn stage(database: Database) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.start().await;
    stage
}

/// What tells one turn's question from another's.
fn place(turn: usize) -> String {
    format!("TPS {}", 20 + turn)
}

/// Waits until nothing is on its way.
async fn settled(stage: &Stage) {
    let quiet = "SELECT (SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait')
                     + (SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'new')";
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        if stage.number(quiet).await == 0 {
            return tokio::time::sleep(QUIET).await;
        }
    }
    panic!("it does not come to rest");
}

/// How many messages that `voter` sees say that.
fn seen(voter: &Person, text: &str) -> usize {
    voter.messages().iter().filter(|message| message.text().contains(text)).count()
}

/// The card of ticket `number` as it stands.
fn card(moderator: &Person, number: usize) -> Message {
    let head = format!("#{number} ");
    let mut cards =
        moderator.messages().into_iter().filter(|m| m.text().starts_with(&head) && !m.button_texts().is_empty());
    cards.next_back().unwrap_or_else(|| panic!("no card of #{number}:\n{}", moderator.screen()))
}

/// A question that Budi has answered with "Hari Senin.": the voter, the card, and the reply.
async fn answered(stage: &Stage, budi: &Person, number: usize) -> (Person, Message, Message) {
    let siti = stage.voter(&format!("Siti {number}"));
    siti.says(&QUESTION.replace("TPS 12", &place(number))).await;
    siti.hears().await;
    let card = budi.hears_of(&place(number)).await;
    stage.recorded().await;
    let reply = budi.replies(&card, "Hari Senin.").await;
    siti.reads("Hari Senin.").await;
    let card = budi.sees(&card, |m| m.text().contains("terkirim") && m.button("Tarik jawaban").is_some()).await;
    stage.recorded().await;
    (siti, card, reply)
}

async fn one_edits_while_another_takes_back(database: Database) {
    let stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    for number in 1..=TIMES {
        let (siti, asked, reply) = answered(&stage, &budi, number).await;
        let (press, _) = tokio::join!(ani.presses_late(&asked, "Tarik jawaban"), budi.edits(&reply, "Hari Selasa."));
        press.answer().await;
        settled(&stage).await;
        // Whoever was first: nothing of it stands, and the question waits.
        assert_eq!((seen(&siti, "Senin"), seen(&siti, "Selasa")), (0, 0), "{}", siti.screen());
        assert!(card(&budi, number).button("Ambil").is_some(), "{}", budi.screen());
        stage.recorded().await;
        budi.replies(&card(&budi, number), "Hari Rabu.").await;
        siti.reads("Hari Rabu.").await;
    }
    stage.tg.assert_rules_kept();
}

async fn one_edits_while_another_retracts(database: Database) {
    let stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    for number in 1..=TIMES {
        let (siti, _, reply) = answered(&stage, &budi, number).await;
        ani.says(&format!("/tarik tiket-{number} keliru hari")).await;
        let asks = ani.hears_of(&format!("Tarik jawaban tiket-{number}")).await;
        let (press, _) = tokio::join!(ani.presses(&asks, "Tarik"), budi.edits(&reply, "Hari Selasa."));
        press.answer().await;
        settled(&stage).await;
        // What was said stays where it stands, and the voter is told that it does not hold.
        assert_eq!(seen(&siti, "keliru hari"), 1, "{}", siti.screen());
        let last = siti.messages().into_iter().last().expect("a message");
        assert!(last.text().contains("keliru hari") || last.text().contains("Selasa"), "{}", siti.screen());
        assert!(card(&budi, number).button("Ambil").is_some(), "{}", budi.screen());
    }
    stage.tg.assert_rules_kept();
}

/// Two who ask the same, and the card of it.
async fn two(stage: &Stage, budi: &Person, number: usize) -> (Person, Person, Message) {
    let (siti, wati) = (stage.voter(&format!("Siti {number}")), stage.voter(&format!("Wati {number}")));
    siti.says(&QUESTION.replace("TPS 12", &place(number))).await;
    siti.hears().await;
    let card = budi.hears_of(&place(number)).await;
    wati.says(&SAME.replace("tps 12", &place(number).to_lowercase())).await;
    wati.hears().await;
    let card = budi.sees(&card, |m| m.text().contains("Ditanyakan 2 orang")).await;
    stage.recorded().await;
    (siti, wati, card)
}

async fn one_parts_while_another_replies(database: Database) {
    let stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let open = "SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND state = 'open'";
    for number in 1..=TIMES {
        let (siti, wati, asked) = two(&stage, &budi, number).await;
        budi.presses(&asked, "Pisahkan").await.answer().await;
        let which = budi.hears_of("yang dipisahkan").await;
        let before = stage.number(open).await;
        let (press, _) =
            tokio::join!(budi.presses(&which, "Pisahkan nomor 1"), ani.replies(&asked, "Dari kelurahan saja."));
        press.answer().await;
        settled(&stage).await;
        assert_eq!(seen(&siti, "Dari kelurahan saja."), 1, "{}", siti.screen());
        // Wati was answered with the first one, or waits by herself: one of the two.
        let (told, waits) = (seen(&wati, "Dari kelurahan saja."), stage.number(open).await - (before - 1));
        assert_eq!(told as i64 + waits, 1, "told {told}, waits {waits}\n{}", wati.screen());
        assert_eq!(seen(&wati, "sekarang bernomor"), waits as usize, "{}", wati.screen());
    }
    stage.tg.assert_rules_kept();
}

async fn one_joins_while_another_replies(database: Database) {
    let stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let open = "SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND state = 'open'";
    for turn in 0..TIMES {
        let (into, from) = (2 * turn + 1, 2 * turn + 2);
        let mut asked = Vec::new();
        for number in [into, from] {
            let siti = stage.voter(&format!("Siti {number}"));
            siti.says(&QUESTION.replace("TPS 12", &place(number))).await;
            siti.hears().await;
            asked.push((siti, budi.hears_of(&place(number)).await));
        }
        stage.recorded().await;
        budi.says(&format!("/gabung {into} {from}")).await;
        let asks = budi.hears_of(&format!("Gabungkan #{from} ke #{into}")).await;
        let before = stage.number(open).await;
        let (press, _) = tokio::join!(budi.presses(&asks, "Gabungkan"), ani.replies(&asked[1].1, "Dari panitia saja."));
        press.answer().await;
        settled(&stage).await;
        // The second was answered before they were joined, or waits with the first: never both, never neither.
        let told = seen(&asked[1].0, "Dari panitia saja.");
        assert_eq!(seen(&asked[1].0, "sekarang bernomor"), 1 - told, "{}", asked[1].0.screen());
        assert_eq!(seen(&asked[0].0, "Dari panitia saja."), 0);
        assert_eq!(stage.number(open).await, before - 1, "{}", budi.screen());
        stage.recorded().await;
        budi.replies(&card(&budi, into), "Dari kelurahan nanti.").await;
        settled(&stage).await;
        let got: Vec<usize> = asked.iter().map(|(voter, _)| seen(voter, "Dari kelurahan nanti.")).collect();
        assert_eq!(got, [1, 1 - told], "{}", budi.screen());
    }
    stage.tg.assert_rules_kept();
}
