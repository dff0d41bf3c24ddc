//! Topics of the moderators' forum: conversations over real HTTP, on both databases.

use crate::bot::{Database, MODERATORS, Stage};
use crate::telegram::{GroupKind, Message, Person};

stories! {
    each_kind_has_its_topic, a_lost_topic_is_made_anew_once, without_the_right_all_goes_to_general, no_forum_no_topics,
    a_name_is_changed,
}

const ASKS: &str = "kapan pendaftaran pengawas";
const NAMES: &str = "topic_questions = \"Pertanyaan\"\ntopic_urgent = \"Mendesak\"\n";

fn name(stage: &Stage, names: &str) {
    let file = stage.faq().join("bot.toml");
    let text = std::fs::read_to_string(&file).expect("settings");
    std::fs::write(&file, format!("{names}{text}")).expect("written");
}

/// A stage whose group is a forum in which the bot may make topics, or not.
async fn forum(database: Database, arranges: bool) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.group.is_forum(arranges);
    name(&stage, NAMES);
    stage.start().await;
    stage
}

/// The card of what somebody asks.
async fn asks(stage: &Stage, budi: &Person, who: &str, text: &str) -> (Person, Message) {
    let voter = stage.voter(who);
    voter.says(&format!("/petugas {text}")).await;
    voter.hears().await;
    (voter, budi.hears().await)
}

async fn each_kind_has_its_topic(database: Database) {
    let mut stage = forum(database, true).await;
    let budi = stage.group.member("Budi");
    assert_eq!(stage.group.topics(), ["Pertanyaan", "Mendesak"]);
    let (siti, card) = asks(&stage, &budi, "Siti", ASKS).await;
    assert_eq!(stage.group.topic_of(&card).as_deref(), Some("Pertanyaan"));
    budi.replies(&card, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    // What belongs to the card stands beside it, and a reply to that finds the ticket too.
    siti.replies(&siti.messages().pop().expect("the answer"), "tahun berapa itu").await;
    let more = budi.hears().await;
    assert!(more.text().contains("tahun berapa"), "{}", more.text());
    assert_eq!(stage.group.topic_of(&more).as_deref(), Some("Pertanyaan"));
    siti.hears().await;
    // It has no button that tells its ticket: where it stands must be written down before it is replied to.
    stage.recorded().await;
    budi.replies(&more, "Tahun depan.").await;
    assert!(siti.hears().await.text().contains("Tahun depan."));
    // What is said about a moderator's message stands beside it.
    budi.replies(&more, "/entah").await;
    let notice = budi.hears().await;
    assert_eq!(stage.group.topic_of(&notice).as_deref(), Some("Pertanyaan"), "{}", notice.text());
    // Lists stay in General.
    budi.says("/antrean").await;
    let list = budi.hears().await;
    assert_eq!(stage.group.topic_of(&list), None);
    // After a new start nothing is made twice.
    stage.stop().await;
    stage.start().await;
    let (_, card) = asks(&stage, &budi, "Wati", "kapan pendaftaran saksi").await;
    assert_eq!(stage.group.topic_of(&card).as_deref(), Some("Pertanyaan"));
    assert_eq!(stage.group.topics().len(), 2);
    stage.tg.assert_rules_kept();
}

async fn a_lost_topic_is_made_anew_once(database: Database) {
    let stage = forum(database, true).await;
    let budi = stage.group.member("Budi");
    let (siti, first) = asks(&stage, &budi, "Siti", ASKS).await;
    stage.recorded().await;
    stage.group.deletes_topics("Pertanyaan");
    let (_, card) = asks(&stage, &budi, "Wati", "kapan pendaftaran saksi").await;
    assert_eq!(stage.group.topic_of(&card).as_deref(), Some("Pertanyaan"));
    assert_ne!(card.topic, first.topic);
    // The first card is gone; posted again, it stands in the new one.
    budi.says("/kartu 1").await;
    let again = budi.hears().await;
    assert_eq!(again.topic, card.topic);
    budi.replies(&again, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    // Once more within the hour: General takes it.
    stage.group.closes_topics("Pertanyaan");
    let (rina, card) = asks(&stage, &budi, "Rina", "kapan pendaftaran relawan").await;
    assert_eq!(stage.group.topic_of(&card), None);
    budi.replies(&card, "Hari Rabu.").await;
    assert!(rina.hears().await.text().contains("Hari Rabu."));
    stage.tg.assert_rules_kept();
}

async fn without_the_right_all_goes_to_general(database: Database) {
    let stage = forum(database, false).await;
    let budi = stage.group.member("Budi");
    assert!(stage.group.topics().is_empty());
    let (siti, card) = asks(&stage, &budi, "Siti", ASKS).await;
    assert_eq!(stage.group.topic_of(&card), None);
    budi.replies(&card, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    assert_eq!(stage.log().matches("topics of the moderator chat").count(), 1, "said once");
    assert!(stage.log().contains("not enough rights"));
    stage.tg.assert_rules_kept();
}

async fn no_forum_no_topics(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    name(&stage, NAMES);
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (_, card) = asks(&stage, &budi, "Siti", ASKS).await;
    assert_eq!((card.topic, card.chat), (None, MODERATORS));
    assert!(stage.log().contains("is no forum"));
    stage.tg.assert_rules_kept();
}

async fn a_name_is_changed(database: Database) {
    let mut stage = forum(database, true).await;
    stage.stop().await;
    let file = stage.faq().join("bot.toml");
    let text = std::fs::read_to_string(&file).expect("settings");
    std::fs::write(&file, text.replace("\"Pertanyaan\"", "\"Tanya jawab\"")).expect("written");
    stage.start().await;
    assert_eq!(stage.group.topics(), ["Tanya jawab", "Mendesak"]);
    stage.tg.assert_rules_kept();
}
