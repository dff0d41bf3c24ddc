//! What a run came to: how fast, how late, at what cost.

use std::time::{Duration, Instant};

use crate::bed::{Bed, Database, Setup};
use crate::crowd::{Crowd, percentile, spread};
use crate::gauge::{Taken, load_average, own};
use crate::say;

/// How many questions wait at once where it is measured how many can be answered.
pub const WIDTH: usize = 200;
/// How long is waited for the last answers. Who goes on about a question that waits for a person hears nothing new.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Counts from a moment on.
pub struct Span {
    begun: Instant,
    asked: usize,
    bot: Taken,
    server: Taken,
    own: Taken,
}

/// What came of it.
pub struct Figures {
    /// How long it took, in seconds.
    pub time: f64,
    /// How many questions were asked.
    pub asked: usize,
    /// How long each answer took, sorted, in milliseconds.
    pub times: Vec<f64>,
    /// How many processors the bot kept busy.
    pub cpu: f64,
    /// How many the database server did.
    pub server: f64,
    /// How many this program did, the small Telegram in it.
    pub own: f64,
    /// The bot's memory, in MB.
    pub memory: Taken,
}

impl Span {
    /// From now on.
    pub fn begin(bed: &Bed, crowd: &mut Crowd) -> Self {
        crowd.take_times();
        let (bot, server) = (bed.taken(), bed.taken_by_server());
        Self { begun: Instant::now(), asked: crowd.asked(), bot, server, own: own() }
    }

    /// Up to now.
    pub fn end(self, bed: &Bed, crowd: &mut Crowd) -> Figures {
        let time = self.begun.elapsed().as_secs_f64();
        let busy = |now: Taken, then: Taken| (now.cpu - then.cpu) / time;
        Figures {
            time,
            asked: crowd.asked() - self.asked,
            times: crowd.take_times(),
            cpu: busy(bed.taken(), self.bot),
            server: busy(bed.taken_by_server(), self.server),
            own: busy(own(), self.own),
            memory: bed.taken(),
        }
    }
}

impl Figures {
    /// Questions answered a second.
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.time
    }

    /// Processor time for an answer, that of the database server included, in milliseconds.
    pub fn cost(&self) -> f64 {
        (self.cpu + self.server) * self.time * 1e3 / self.times.len().max(1) as f64
    }

    /// In words.
    pub fn told(&self) -> String {
        format!(
            "{} asked, {} answered, {:.0} a second; {}; processors: bot {:.2}, database server {:.2}, generator {:.2} \
             ({:.2} ms an answer); memory {:.0} MB, at most {:.0} MB",
            self.asked,
            self.times.len(),
            self.rate(),
            spread(&self.times),
            self.cpu,
            self.server,
            self.own,
            self.cost(),
            self.memory.memory,
            self.memory.peak
        )
    }
}

/// How many a second can be answered, and at what cost.
pub async fn saturate(bed: &Bed, crowd: &mut Crowd, count: usize, time: Duration) -> Figures {
    let span = Span::begin(bed, crowd);
    crowd.at_most(WIDTH, count, time, PATIENCE).await;
    span.end(bed, crowd)
}

/// How late answers are at `rate` questions a second.
pub async fn steady(bed: &Bed, crowd: &mut Crowd, rate: f64, time: Duration) -> Figures {
    let span = Span::begin(bed, crowd);
    crowd.at_rate(rate, time, PATIENCE).await;
    span.end(bed, crowd)
}

/// `rate` questions a second for 30 seconds.
pub async fn rate(setup: Setup, voters: usize, rate: f64, time: Duration) {
    let bed = Bed::new(setup).await;
    let mut crowd = Crowd::new(&bed.tg, voters);
    crowd.at_rate(rate / 4.0, Duration::from_secs(2), PATIENCE).await;
    let figures = steady(&bed, &mut crowd, rate, time).await;
    say(&format!("{} at {rate:.0} a second: {} (load average {})", name(setup), figures.told(), load_average()));
    complain(&bed);
}

/// As many as can be answered.
pub async fn most(setup: Setup, voters: usize, time: Duration) {
    let bed = Bed::new(setup).await;
    let mut crowd = Crowd::new(&bed.tg, voters);
    let figures = saturate(&bed, &mut crowd, 0, time).await;
    say(&format!("{}, {WIDTH} waiting: {} (load average {})", name(setup), figures.told(), load_average()));
    complain(&bed);
}

/// What the program or the small Telegram found wrong.
pub fn complain(bed: &Bed) {
    let (log, broken) = (bed.log(), bed.tg.violations());
    if !log.is_empty() || !broken.is_empty() {
        say(&format!("log: {}\nbroken rules: {}", log.chars().take(2000).collect::<String>(), broken.len()));
    }
}

/// A setup in words.
pub fn name(setup: Setup) -> String {
    match setup.instances {
        1 => setup.database.name().to_owned(),
        count => format!("{}, {count} instances", setup.database.name()),
    }
}

/// The table of docs/performance.md.
pub async fn table(databases: &[(Database, usize)], voters: &[usize], rate: f64) {
    say(
        "| database | voters | answered a second | p50 | p99 | p99.9 | memory | processors: bot, server, generator | database |",
    );
    say("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for &(database, instances) in databases {
        let setup = Setup { database, instances, ..Setup::SQLITE };
        for count in voters {
            let bed = Bed::new(setup).await;
            let mut crowd = Crowd::new(&bed.tg, *count);
            // All of them ask once, so that the database holds them.
            let most = saturate(&bed, &mut crowd, *count, Duration::from_secs(10)).await;
            let even = steady(&bed, &mut crowd, rate, Duration::from_secs(10)).await;
            let at = |share| percentile(&even.times, share);
            say(&format!(
                "| {} | {count} | {:.0} | {:.0} ms | {:.0} ms | {:.0} ms | {:.0} MB | {:.2}, {:.2}, {:.2} | {:.0} MB |",
                name(setup),
                most.rate(),
                at(0.5),
                at(0.99),
                at(0.999),
                even.memory.peak,
                most.cpu,
                most.server,
                most.own,
                bed.size().await
            ));
            let lost = crowd.open();
            if lost > 0 {
                say(&format!("{lost} were not answered"));
            }
            complain(&bed);
        }
    }
    say(&format!("(p50, p99, p99.9 at {rate:.0} a second; load average {})", load_average()));
}

/// So many updates waited while the program was away. What is asked meanwhile must not wait for all of them.
pub async fn backlog(setup: Setup, count: usize) {
    let mut bed = Bed::still(setup).await;
    let mut crowd = Crowd::new(&bed.tg, count);
    for _ in 0..count {
        crowd.ask().await;
    }
    // Those who come after the outage.
    let mut late = Crowd::new(&bed.tg, 2000);
    bed.launch(0);
    bed.served(0).await;
    let begun = Instant::now();
    let span = Span::begin(&bed, &mut crowd);
    let (mut taken_in, mut fresh, mut next) = (None, Vec::new(), 0.0);
    let mut memory = Vec::new();
    while crowd.open() > 0 && begun.elapsed() < Duration::from_secs(600) {
        tokio::time::sleep(Duration::from_millis(2)).await;
        crowd.look().await;
        late.look().await;
        if begun.elapsed().as_secs_f64() > next {
            next += 1.0;
            memory.push(bed.taken().memory);
            if taken_in.is_none() {
                let waits = bed.tg.unconfirmed_count();
                if waits < 100 {
                    taken_in = Some(begun.elapsed().as_secs_f64());
                }
            } else {
                // Once all are taken in, a newcomer a second.
                late.ask().await;
            }
        }
    }
    late.drain(Duration::from_secs(10)).await;
    fresh.extend(late.take_times());
    let figures = span.end(&bed, &mut crowd);
    let taken_in = taken_in.unwrap_or(f64::NAN);
    let memory: Vec<String> = memory.iter().step_by(10).map(|mb| format!("{mb:.0}")).collect();
    say(&format!(
        "backlog: {count} taken in after {taken_in:.1} s ({:.0} a second), all answered after {:.1} s ({:.0} a second); \
         newcomers meanwhile: {} asked, {}; memory every 10 s: {} MB, at most {:.0} MB; processors: bot {:.2}, generator \
         {:.2}; load average {}",
        count as f64 / taken_in,
        figures.time,
        figures.rate(),
        late.asked(),
        spread(&fresh),
        memory.join(", "),
        figures.memory.peak,
        figures.cpu,
        figures.own,
        load_average()
    ));
    complain(&bed);
}
