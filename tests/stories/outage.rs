//! The real program while its database fails, again and again at random, under 20 questions a second: nothing is lost, and
//! it recovers each time without a restart.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::faults::{HeldLock, OwnPostgres, Proxy, SmallDisk};
use crate::telegram::{GroupKind, Person};

/// How many questions are asked, at 20 a second.
const QUESTIONS: u64 = 240;
/// Every so manieth goes to a person.
const FOREIGN: u64 = 10;

/// Numbers as at random, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// Asks 20 questions a second; each is a new voter's.
async fn ask(stage: &Stage) -> Vec<Person> {
    let mut voters = Vec::new();
    for number in 0..QUESTIONS {
        let voter = stage.voter(&format!("Pemilih {number}"));
        let foreign = number.is_multiple_of(FOREIGN);
        // Each its own question: the same one from several would be one ticket.
        let question = format!("siapa yang urus banjir di kampung {number}");
        voter.says(if foreign { &question } else { "tps buka jam brp" }).await;
        voters.push(voter);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    voters
}

/// All were answered, and each question that goes to a person has one card at least.
async fn nothing_is_lost(stage: &Stage, voters: &[Person]) {
    for (number, voter) in voters.iter().enumerate() {
        voter.reads(if (number as u64).is_multiple_of(FOREIGN) { "saya teruskan ke petugas" } else { "07.00" }).await;
    }
    stage.tg.settled().await;
    let wanted = (QUESTIONS / FOREIGN) as usize;
    for _ in 0..200 {
        if stage.tg.count(stage.group.id(), "Pertanyaan baru") >= wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(stage.tg.count(stage.group.id(), "Pertanyaan baru") >= wanted);
    // It was said once each time, not every second.
    let (gone, back) = (stage.log().matches("can't be").count(), stage.log().matches("works again").count());
    assert!((1..=40).contains(&gone) && back > 0, "said {gone} and {back} times:\n{}", stage.log());
    stage.tg.assert_rules_kept();
}

async fn stage_on(database: &str) -> Stage {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    stage.small_numbers = false;
    stage.set("DATABASE_URL", database);
    stage.set("SEND_LIMITS", "none");
    stage.tg.set_patience(Duration::from_secs(60));
    stage.start().await;
    stage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fails_at_random() {
    let Some(disk) = SmallDisk::new(24_576) else { return };
    let path = disk.path().join("bot.db");
    let stage = stage_on(&format!("sqlite://{}", path.display())).await;
    let faults = async {
        let mut dice = Dice(7);
        for _ in 0..6 {
            tokio::time::sleep(Duration::from_millis(300 + dice.below(900))).await;
            match dice.below(3) {
                0 => {
                    disk.fill();
                    tokio::time::sleep(Duration::from_millis(200 + dice.below(1200))).await;
                    disk.free();
                }
                1 => {
                    let held = HeldLock::take(&path).await;
                    tokio::time::sleep(Duration::from_millis(200 + dice.below(2500))).await;
                    held.release().await;
                }
                _ => std::fs::remove_file(&path).expect("it is there"),
            }
        }
        // One of each at least.
        disk.fill();
        tokio::time::sleep(Duration::from_millis(800)).await;
        disk.free();
    };
    let (voters, ()) = tokio::join!(ask(&stage), faults);
    nothing_is_lost(&stage, &voters).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_server_that_fails_at_random() {
    let (own, proxy) = (OwnPostgres::new().await, Proxy::new().await);
    let mut stage = stage_on(&own.address_by(&proxy)).await;
    let faults = async {
        let mut dice = Dice(11);
        for _ in 0..7 {
            tokio::time::sleep(Duration::from_millis(300 + dice.below(900))).await;
            match dice.below(4) {
                0 => proxy.cut().await,
                1 => own.end_sessions().await,
                2 => {
                    proxy.down();
                    tokio::time::sleep(Duration::from_millis(500 + dice.below(2000))).await;
                    proxy.up();
                }
                _ => {
                    proxy.silence();
                    tokio::time::sleep(Duration::from_millis(500 + dice.below(2500))).await;
                    proxy.up();
                }
            }
        }
        proxy.down();
        tokio::time::sleep(Duration::from_millis(3000)).await;
        proxy.up();
    };
    let (voters, ()) = tokio::join!(ask(&stage), faults);
    nothing_is_lost(&stage, &voters).await;
    stage.stop().await;
    own.remove().await;
}
