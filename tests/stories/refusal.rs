//! What Telegram refuses, and what becomes of it: the real program from outside, on both databases.

use std::time::{Duration, Instant};

use crate::bot::{Database, MODERATORS, Stage};
use crate::telegram::{GroupKind, Message, Person, Rule};

/// What the FAQ does not know.
const FOREIGN: &str = "siapa yang urus banjir di kampung saya";
/// What the FAQ does not know either.
const OTHER: &str = "cara bikin paspor gimana";
/// Refusals of a chat, as they are known.
const OF_A_CHAT: [&str; 14] = [
    "Bad Request: TOPIC_CLOSED",
    "Bad Request: TOPIC_DELETED",
    "Bad Request: message thread not found",
    "Bad Request: CHAT_WRITE_FORBIDDEN",
    "Bad Request: not enough rights to send text messages to the chat",
    "Bad Request: need administrator rights in the channel chat",
    "Bad Request: have no rights to send a message",
    "Bad Request: CHAT_RESTRICTED",
    "Bad Request: group chat was deactivated",
    "Bad Request: PEER_ID_INVALID",
    "Bad Request: USER_BANNED_IN_CHANNEL",
    "Bad Request: CHANNEL_PRIVATE",
    "Bad Request: CHAT_ADMIN_REQUIRED",
    "Bad Request: chat not found",
];

stories! {
    a_closed_topic_delays_cards_and_loses_none, every_refusal_of_the_chat_waits, a_bot_that_is_let_in_again_posts_at_once,
    one_message_that_nobody_knows_why_steps_aside, a_message_alone_is_told_apart_by_a_probe,
    what_is_refused_for_ever_is_told, a_refusal_of_all_is_the_chats, a_call_that_fails_for_ever_keeps_nobody_waiting,
    a_voters_chat_is_no_different, what_cannot_be_copied_goes_as_words, a_moved_group_is_no_place_for_answers,
    after_a_move_no_other_card_is_touched, in_another_chat_no_other_card_is_touched,
    what_is_deleted_is_emptied_where_it_stands, not_modified_is_done,
    a_storm_rests_all_for_the_shortest, what_was_on_its_way_is_emptied, a_clock_that_was_set_back_silences_nobody,
}

async fn asks(stage: &Stage, name: &str, text: &str) -> Person {
    let voter = stage.voter(name);
    voter.says("/petugas").await;
    voter.hears().await;
    voter.says(text).await;
    voter.hears().await;
    voter
}

/// A voter asks; the voter and the card.
async fn asked(stage: &Stage, budi: &Person, name: &str, text: &str) -> (Person, Message) {
    let voter = asks(stage, name, text).await;
    // What is posted anew, or told of another ticket, may come before it.
    loop {
        let card = budi.hears().await;
        if card.text().contains("Pertanyaan baru") && card.text().contains(text) {
            return (voter, card);
        }
    }
}

/// Waits until this many calls to the moderators were refused in these words.
async fn refused(stage: &Stage, words: &str, count: usize) {
    let holds = |outcome: &crate::telegram::Outcome| matches!(outcome, crate::telegram::Outcome::Refused(_, said) if said.contains(words));
    let seen = stage.tg.until_calls(Duration::from_secs(90), |calls| {
        (calls.iter().filter(|call| holds(&call.outcome)).count() >= count).then_some(())
    });
    assert!(seen.await.is_some(), "{words} was never said {count} times:\n{}", stage.log());
}

const TROUBLES: &str = "SELECT COUNT(*) FROM trouble WHERE bot_id = $1 AND name = 'moderators'";
const WAITING: &str = "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait'";

/// Waits until the database gives this number.
async fn counts(stage: &Stage, statement: &'static str, wanted: i64) {
    for _ in 0..200 {
        if stage.number(statement).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{statement} never gave {wanted}:\n{}", stage.log());
}

async fn a_closed_topic_delays_cards_and_loses_none(database: Database) {
    let mut stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.group.closes_topic(true);
    asks(&stage, "Siti", FOREIGN).await;
    refused(&stage, "TOPIC_CLOSED", 2).await;
    asks(&stage, "Rina", OTHER).await;
    counts(&stage, TROUBLES, 1).await;
    // A restart does not make it forget.
    stage.kill();
    stage.start().await;
    refused(&stage, "TOPIC_CLOSED", 4).await;
    stage.group.closes_topic(false);
    let cards = [budi.hears().await, budi.hears().await];
    assert!(cards[0].text().contains(FOREIGN) && cards[1].text().contains(OTHER), "{}", cards[0].text());
    assert!(cards.iter().all(|card| card.button("Ambil").is_some()));
    counts(&stage, TROUBLES, 0).await;
    let log = stage.log();
    assert_eq!(log.matches("does not let the bot write to the moderators").count(), 1, "said once");
    assert_eq!(log.matches("lets the bot write to the moderators again").count(), 1, "said once");
    assert!(log.contains("TOPIC_CLOSED"), "in Telegram's words");
    stage.tg.assert_rules_kept();
}

async fn every_refusal_of_the_chat_waits(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    for (number, words) in OF_A_CHAT.into_iter().enumerate() {
        let code = if number % 3 == 2 { 403 } else { 400 };
        stage.tg.refuses(Rule::new(code, words).to(MODERATORS).times(1));
        let begun = Instant::now();
        let text = format!("{FOREIGN} nomor {number}");
        let (_, card) = asked(&stage, &budi, &format!("Pemilih {number}"), &text).await;
        assert!(card.button("Ambil").is_some(), "{words}");
        assert!(begun.elapsed() < Duration::from_secs(8), "{words}: {:?}", begun.elapsed());
    }
    budi.hears_nothing(Duration::from_millis(300)).await;
    assert!(!stage.log().contains("set aside"), "{}", stage.log());
    stage.tg.assert_rules_kept();
}

async fn a_bot_that_is_let_in_again_posts_at_once(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.group.removes_bot();
    asks(&stage, "Siti", FOREIGN).await;
    // The next try would come 16 seconds later.
    refused(&stage, "kicked", 4).await;
    stage.group.adds_bot();
    // Whoever hears of it takes the trouble away.
    stage.change("DELETE FROM trouble WHERE bot_id = $1").await;
    let card = budi.hears_within(Duration::from_secs(3)).await.expect("the card comes at once");
    assert!(card.text().contains(FOREIGN));
    stage.tg.assert_rules_kept();
}

async fn one_message_that_nobody_knows_why_steps_aside(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.tg.refuses(Rule::new(400, "Bad Request: SOMETHING_NEW").with("banjir").rich());
    stage.tg.refuses(Rule::late(Duration::from_millis(400)).to(MODERATORS).times(1));
    let (siti, rina) = (stage.voter("Siti"), stage.voter("Rina"));
    siti.says(FOREIGN).await;
    rina.says(OTHER).await;
    let first = budi.hears().await;
    assert!(first.text().contains(OTHER), "the other one goes: {}", first.text());
    let second = budi.hears().await;
    assert!(second.text().contains("banjir") && second.buttons.is_empty(), "as words alone: {}", second.text());
    budi.hears_nothing(Duration::from_millis(500)).await;
    // It is known as the card all the same, and is a whole one again when it changes.
    stage.tg.relents();
    siti.says("/petugas").await;
    siti.says(FOREIGN).await;
    counts(&stage, WAITING, 0).await;
    assert!(budi.screen().contains("banjir"));
    assert_eq!(stage.number(TROUBLES).await, 0);
    stage.tg.assert_rules_kept();
}

async fn a_message_alone_is_told_apart_by_a_probe(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.tg.refuses(Rule::new(400, "Bad Request: SOMETHING_NEW").to(MODERATORS).with("banjir").rich());
    let siti = asks(&stage, "Siti", FOREIGN).await;
    assert!(budi.hears().await.text().contains("hanya memeriksa"), "a short plain line");
    let card = budi.hears().await;
    assert!(card.text().contains("banjir") && card.active().is_empty(), "{}", card.text());
    // Without buttons it is known by its place alone.
    counts(&stage, WAITING, 0).await;
    budi.replies(&card, "Hubungi BPBD.").await;
    assert!(siti.hears().await.text().contains("Hubungi BPBD."));
    stage.tg.assert_rules_kept();
}

async fn what_is_refused_for_ever_is_told(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.tg.refuses(Rule::new(400, "Bad Request: SOMETHING_NEW").to(MODERATORS).with("banjir"));
    asks(&stage, "Siti", FOREIGN).await;
    asks(&stage, "Rina", OTHER).await;
    // Between the two stands a short plain line, if the other card came too late to tell.
    let (mut card, mut told) = (false, false);
    while !(card && told) {
        let heard = budi.hears().await;
        card |= heard.text().contains(OTHER);
        told |= heard.text().contains("tidak dapat dikirim") && heard.text().contains("SOMETHING_NEW");
    }
    refused(&stage, "SOMETHING_NEW", 3).await;
    counts(&stage, WAITING, 0).await;
    assert_eq!(stage.number(TROUBLES).await, 0);
    assert!(stage.log().contains("set aside"));
    stage.tg.assert_rules_kept();
}

async fn a_refusal_of_all_is_the_chats(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.tg.refuses(Rule::new(400, "Bad Request: SOMETHING_NEW").to(MODERATORS));
    asks(&stage, "Siti", FOREIGN).await;
    asks(&stage, "Rina", OTHER).await;
    refused(&stage, "SOMETHING_NEW", 4).await;
    counts(&stage, TROUBLES, 1).await;
    stage.tg.relents();
    let mut heard = vec![budi.hears().await, budi.hears().await];
    heard.retain(|m| m.text().contains(FOREIGN) || m.text().contains(OTHER));
    if heard.len() < 2 {
        heard.push(budi.hears().await);
    }
    assert!(heard.iter().all(|card| card.button("Ambil").is_some()), "whole cards");
    counts(&stage, TROUBLES, 0).await;
    assert!(!stage.log().contains("set aside"));
    stage.tg.assert_rules_kept();
}

async fn a_call_that_fails_for_ever_keeps_nobody_waiting(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    stage.tg.refuses(Rule::new(500, "Internal Server Error").with("banjir"));
    asks(&stage, "Siti", FOREIGN).await;
    asks(&stage, "Rina", OTHER).await;
    let begun = Instant::now();
    assert!(budi.hears().await.text().contains(OTHER));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    // From now on nobody waits for it.
    let begun = Instant::now();
    asked(&stage, &budi, "Sari", "kapan pendaftaran pengawas").await;
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    stage.tg.relents();
    assert!(budi.hears().await.text().contains("banjir"), "and it comes when it can");
    stage.tg.assert_rules_kept();
}

async fn a_voters_chat_is_no_different(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "Siti", FOREIGN).await;
    // Nobody knows why: again, then as words alone.
    stage.tg.refuses(Rule::new(400, "Bad Request: SOMETHING_NEW").to(siti.chat()).rich());
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    assert!(answer.text().contains("07.00") && answer.buttons.is_empty() && !answer.html().contains("<b>"));
    stage.tg.relents();
    // The chat can't be written to for a moment.
    stage.tg.refuses(Rule::new(400, "Bad Request: CHAT_WRITE_FORBIDDEN").to(siti.chat()).times(2));
    budi.replies(&card, "Hubungi BPBD.").await;
    assert!(siti.hears().await.text().contains("Hubungi BPBD."));
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    // Refused for ever: told.
    stage.tg.refuses(Rule::new(400, "Bad Request: SOMETHING_NEW").to(siti.chat()));
    budi.replies(&card, "Satu lagi.").await;
    budi.sees(&card, |m| m.text().contains("gagal dikirim (Bad Request: SOMETHING_NEW)")).await;
    stage.tg.relents();
    // The account is gone.
    stage.tg.refuses(Rule::new(400, "Bad Request: chat not found").to(siti.chat()));
    budi.replies(&card, "Masih di sana?").await;
    budi.sees(&card, |m| m.text().contains("blokir")).await;
    stage.tg.assert_rules_kept();
}

async fn what_cannot_be_copied_goes_as_words(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "Siti", FOREIGN).await;
    stage.group.protects(true);
    budi.replies_with(&card, "photo", "Ini jadwalnya: Senin.").await;
    let words = siti.hears().await;
    assert!(
        words.text().contains("Senin.") && words.text().contains("#1") && words.media.is_none(),
        "{}",
        words.text()
    );
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    // Without words there is nothing left, and a heading is no answer.
    budi.replies_with(&card, "photo", "").await;
    budi.sees(&card, |m| m.text().contains("gagal dikirim")).await;
    siti.hears_nothing(Duration::from_millis(300)).await;
    let (sari, card) = asked(&stage, &budi, "Sari", OTHER).await;
    budi.replies_with(&card, "voice", "").await;
    budi.sees(&card, |m| m.text().contains("gagal dikirim")).await;
    sari.hears_nothing(Duration::from_millis(300)).await;
    // What is refused for other reasons than the copy's own is no different: a voter who takes no voice messages.
    stage.group.protects(false);
    stage.tg.refuses(Rule::new(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN").to(sari.chat()).of("copyMessage"));
    budi.replies_with(&card, "document", "Lihat halaman dua.").await;
    assert!(sari.hears().await.text().contains("halaman dua"));
    stage.tg.assert_rules_kept();
}

async fn a_moved_group_is_no_place_for_answers(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Group).await;
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "Siti", FOREIGN).await;
    stage.tg.set_offline(true);
    budi.replies_with(&card, "photo", "Ini jadwalnya: Senin.").await;
    let moved = stage.group.migrates_to(MODERATORS - 1);
    let ani = moved.member("Ani");
    stage.tg.set_offline(false);
    // The picture can't be copied out of a group that is no more; the words go to the voter, and nowhere else.
    assert!(siti.hears().await.text().contains("Senin."));
    counts(&stage, WAITING, 0).await;
    assert!(!ani.screen().contains("Jawaban petugas untuk"), "{}", ani.screen());
    asks(&stage, "Rina", OTHER).await;
    assert!(ani.sees_card(2).await.text().contains(OTHER));
    stage.tg.assert_rules_kept();
}

/// Two cards in the first chat; in the second one the numbers of their messages belong to something else.
async fn no_other_card_is_touched(stage: &Stage, ani: &Person, voter: &Person) {
    let (_, other) = asked(stage, ani, "Rina", "kapan pendaftaran saksi").await;
    voter.says("airnya setinggi lutut").await;
    ani.reads("lutut").await;
    let anew = ani.sees_card(1).await;
    assert!(anew.text().contains("banjir") && anew.text().contains("lutut"), "{}", anew.text());
    assert!(anew.id != other.id);
    let unchanged = ani.messages().into_iter().find(|m| m.id == other.id).expect("it stands");
    assert_eq!((unchanged.edits, unchanged.text()), (other.edits, other.text()));
    // From now on it is edited where it stands.
    ani.presses(&anew, "Ambil").await.answer().await;
    ani.sees(&anew, |m| m.text().contains("Diambil")).await;
    stage.tg.assert_rules_kept();
}

impl Person {
    /// The newest card of that number.
    async fn sees_card(&self, number: u32) -> Message {
        let head = format!("#{number} ");
        for _ in 0..200 {
            let card = self.messages().into_iter().rev().find(|m| m.text().starts_with(&head));
            if let Some(card) = card {
                return card;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no card #{number}:\n{}", self.screen());
    }
}

async fn after_a_move_no_other_card_is_touched(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Group).await;
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, _) = asked(&stage, &budi, "Siti", FOREIGN).await;
    let moved = stage.group.migrates_to(MODERATORS - 1);
    let ani = moved.member("Ani");
    no_other_card_is_touched(&stage, &ani, &siti).await;
}

async fn in_another_chat_no_other_card_is_touched(database: Database) {
    let mut stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, _) = asked(&stage, &budi, "Siti", FOREIGN).await;
    counts(&stage, WAITING, 0).await;
    stage.kill();
    let old = stage.group.clone();
    stage.group = stage.tg.group(MODERATORS - 2, GroupKind::Supergroup);
    stage.start().await;
    let ani = stage.group.member("Ani");
    no_other_card_is_touched(&stage, &ani, &siti).await;
    let left = old.screen();
    assert!(left.contains("banjir") && !left.contains("lutut"), "the old card is left alone: {left}");
}

async fn what_is_deleted_is_emptied_where_it_stands(database: Database) {
    let mut stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "Siti", FOREIGN).await;
    counts(&stage, WAITING, 0).await;
    stage.kill();
    stage.group = stage.tg.group(MODERATORS - 2, GroupKind::Supergroup);
    stage.start().await;
    let ani = stage.group.member("Ani");
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    budi.sees(&card, |m| m.text().contains("dihapus") && !m.text().contains("banjir")).await;
    counts(&stage, WAITING, 0).await;
    // Nor does what was posted anew in the other chat show it.
    assert!(!ani.screen().contains("banjir"), "{}", ani.screen());
    stage.tg.assert_rules_kept();
}

async fn not_modified_is_done(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "Siti", FOREIGN).await;
    let reply = budi.replies(&card, "Hubungi BPBD.").await;
    siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    // The same again, to the voter and on the card.
    let said =
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
    stage.tg.refuses(Rule::new(400, said).to(siti.chat()).of("editMessageText"));
    stage.tg.refuses(Rule::new(400, "Bad Request: MESSAGE_NOT_MODIFIED").to(MODERATORS).of("editMessageText").times(1));
    budi.edits(&reply, "Hubungi BPBD kota.").await;
    refused(&stage, "not modified", 1).await;
    budi.presses(&card, "Tarik").await.answer().await;
    refused(&stage, "NOT_MODIFIED", 1).await;
    counts(&stage, WAITING, 0).await;
    assert!(!stage.log().contains("set aside") && !budi.screen().contains("gagal"), "{}", budi.screen());
    stage.tg.assert_rules_kept();
}

async fn a_storm_rests_all_for_the_shortest(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let voters: Vec<Person> = (0..3).map(|i| stage.voter(&format!("Pemilih {i}"))).collect();
    let rina = stage.voter("Rina");
    for (voter, seconds) in voters.iter().zip([300, 2, 4]) {
        stage.tg.flood(voter.chat(), seconds);
    }
    let begun = Instant::now();
    for voter in &voters {
        voter.says("tps buka jam brp").await;
    }
    refused(&stage, "Too Many Requests", 3).await;
    rina.says("kpn nyoblos").await;
    rina.reads("Rabu").await;
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(1900) && took < Duration::from_secs(5), "{took:?}");
    voters[2].reads("07.00").await;
    assert!(voters[0].hears_within(Duration::from_millis(200)).await.is_none());
    stage.tg.assert_rules_kept();
}

async fn what_was_on_its_way_is_emptied(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "Siti", FOREIGN).await;
    budi.replies(&card, "Hubungi BPBD.").await;
    siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    counts(&stage, WAITING, 0).await;
    stage.tg.refuses(Rule::late(Duration::from_secs(4)).to(MODERATORS).with("rahasia"));
    siti.says("rahasia tetangga saya soal air").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    assert!(siti.hears().await.text().contains("sudah dihapus"));
    assert!(!budi.screen().contains("rahasia"), "it is on its way still");
    stage.tg.relents();
    budi.reads("dihapus oleh penanya").await;
    counts(&stage, WAITING, 0).await;
    assert!(!budi.screen().contains("rahasia"), "{}", budi.screen());
    assert_eq!(stage.number("SELECT COUNT(*) FROM voter WHERE bot_id = $1").await, 0);
    for number in [
        "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND (voter IS NOT NULL OR chat_id > 0)",
        "SELECT COUNT(*) FROM link WHERE bot_id = $1 AND voter IS NOT NULL",
        "SELECT COUNT(*) FROM hold WHERE bot_id = $1",
    ] {
        assert_eq!(stage.number(number).await, 0, "{number}");
    }
    stage.tg.assert_rules_kept();
}

async fn a_clock_that_was_set_back_silences_nobody(database: Database) {
    let mut stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, _) = asked(&stage, &budi, "Siti", FOREIGN).await;
    for _ in 0..2 {
        siti.says("tps buka jam brp").await;
        siti.hears().await;
    }
    counts(&stage, WAITING, 0).await;
    stage.kill();
    // What was written seems to be of later: so it looks when the clock was set back by ten minutes.
    stage.change("UPDATE outbox SET sent = sent + 600000, created = created + 600000 WHERE bot_id = $1").await;
    stage
        .change("INSERT INTO hold (bot_id, chat_id, until, span) SELECT bot_id, id, seen + 900000, 1500 FROM voter WHERE bot_id = $1")
        .await;
    stage.start().await;
    let begun = Instant::now();
    siti.says("kpn nyoblos").await;
    siti.reads("Rabu").await;
    asked(&stage, &budi, "Rina", OTHER).await;
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    stage.tg.assert_rules_kept();
}
