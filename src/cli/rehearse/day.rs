//! The day itself: who asks when, who answers, and what came of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};

use super::telegram::{Hands, Notes, Posted};
use crate::desk::{Became, Knowledge};
use crate::matcher::chance::mix;
use crate::matcher::measure::Labelled;
use crate::telegram::api::StandIn;
use crate::telegram::button::VoterButton;
use crate::telegram::limit::Limits;
use crate::telegram::rehearsal::{Cast, Made, NotOpened, Rehearsal};

/// The bot's number.
const BOT: i64 = 700_000_001;
/// The moderator chat.
const GROUP: i64 = -1_001_000_000_001;
/// The first voter's number, and the first moderator's.
const VOTER: i64 = 5_000_000_000;
/// See [`VOTER`].
const MODERATOR: i64 = 800_000_000;
/// How long somebody looks at what came before pressing a button, in milliseconds.
const LOOKS: i64 = 30_000;
/// The clock moves on by at most this at once, in milliseconds, so that what is due comes in time.
const STEP: i64 = 60_000;
/// So long after the last question all that waits should be over, in milliseconds.
const AFTERWARDS: i64 = 14 * 86_400_000;
/// What moderators answer; a voter who reads it waits no more.
const ANSWER: &str = "Jawaban petugas untuk latihan.";
/// Questions come most often when so much of the time has passed.
const PEAK: f64 = 0.25;

/// How the day is to go.
#[derive(Debug)]
pub(super) struct Plan<'q> {
    /// When it begins, in milliseconds since 1970.
    pub(super) begin: i64,
    /// For how long questions come, in milliseconds.
    pub(super) span: i64,
    /// How many voters ask, each once.
    pub(super) voters: usize,
    /// How many moderators answer.
    pub(super) moderators: usize,
    /// How long one of them works on an answer, in milliseconds.
    pub(super) each: i64,
    /// What chance hangs on.
    pub(super) seed: u64,
    /// What is asked.
    pub(super) questions: &'q [Labelled],
}

/// What came of it. Times are milliseconds.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Questions that an entry answered at once.
    pub(super) answered: usize,
    /// Of them, those answered wrongly by their label.
    pub(super) wrong: usize,
    /// Questions for which entries were offered.
    pub(super) offered: usize,
    /// Of them, those whose asker found the right one among them.
    pub(super) chosen: usize,
    /// Messages taken for small talk.
    pub(super) talk: usize,
    /// Questions that could not be taken, and those of which nothing became.
    pub(super) refused: usize,
    /// Questions that went to a person, at once or after an offer.
    pub(super) forwarded: usize,
    /// For each ticket how many asked with it, and when the first of them had asked.
    pub(super) tickets: BTreeMap<u64, (usize, i64)>,
    /// When each card came, and when its first asker had asked.
    pub(super) cards: Vec<(i64, i64)>,
    /// From a question to the first thing that its asker heard.
    pub(super) heard: Vec<i64>,
    /// From a question to the moderator's answer.
    pub(super) waits: Vec<i64>,
    /// Questions that went to a person and got no answer.
    pub(super) unanswered: usize,
    /// The most cards that waited at one time.
    pub(super) queue: usize,
    /// How much moderators were sent.
    pub(super) to_moderators: usize,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    Asks(usize),
    /// A voter presses a button under a message.
    Presses(usize, i64, String),
    /// A moderator's answer to a card is ready.
    Answers(i64),
    /// A moderator presses a button under a message.
    Taps(i64, String),
}

/// A voter's question under way.
#[derive(Debug, Clone, Default)]
struct Asker {
    question: usize,
    message: i64,
    asked: i64,
    heard: bool,
    forwarded: bool,
    told: bool,
}

/// A day under way.
struct Day<'q> {
    plan: &'q Plan<'q>,
    hands: Hands,
    notes: Notes,
    program: Rehearsal,
    coming: BinaryHeap<Reverse<(i64, usize, Doing)>>,
    /// How many things were put there: what comes at the same time keeps its order.
    put: usize,
    updates: i64,
    askers: Vec<Asker>,
    waiting: VecDeque<Posted>,
    free: usize,
    outcome: Outcome,
}

/// Plays the day over the database at `address`; `tell` hears how many have asked so far.
pub(super) async fn play(
    plan: &Plan<'_>,
    address: &str,
    knowledge: Arc<Knowledge>,
    mut tell: impl FnMut(usize),
) -> Result<Outcome, NotOpened> {
    let (hands, notes) = (Hands::at(plan.begin), Notes::of(GROUP));
    let cast = Cast { bot: BOT, name: "latihan_bot", moderators: GROUP, above: None };
    let stand_in = Arc::new(notes.clone()) as Arc<dyn StandIn>;
    let time = Box::new(hands.clone());
    let program = Rehearsal::open(address, cast, knowledge, stand_in, time, Limits::Telegram).await?;
    let mut day = Day {
        plan,
        hands,
        notes,
        program,
        coming: BinaryHeap::new(),
        put: 0,
        updates: 1,
        askers: vec![Asker::default(); plan.voters],
        waiting: VecDeque::new(),
        free: plan.moderators,
        outcome: Outcome::default(),
    };
    for who in 0..plan.voters {
        let drawn = |n: u64| mix(plan.seed ^ mix(who as u64 * 2 + n));
        day.askers[who].question = (drawn(0) % plan.questions.len().max(1) as u64) as usize;
        let share = drawn(1) as f64 / u64::MAX as f64;
        day.put((rises_and_falls(share) * plan.span as f64) as i64, Doing::Asks(who));
    }
    day.run(&mut tell).await?;
    let mut outcome = day.outcome;
    outcome.to_moderators = day.notes.look().to_moderators;
    outcome.unanswered = day.askers.iter().filter(|asker| asker.forwarded && !asker.told).count();
    day.program.close().await;
    Ok(outcome)
}

/// Where in a span that falls which so large a share of all lies before: as many as a triangle with its top at [`PEAK`] tells.
fn rises_and_falls(share: f64) -> f64 {
    if share < PEAK { (share * PEAK).sqrt() } else { 1.0 - ((1.0 - share) * (1.0 - PEAK)).sqrt() }
}

impl Day<'_> {
    fn put(&mut self, at: i64, doing: Doing) {
        self.put += 1;
        self.coming.push(Reverse((at, self.put, doing)));
    }

    async fn run(&mut self, tell: &mut impl FnMut(usize)) -> Result<(), NotOpened> {
        let (mut asked, end) = (0, self.plan.span + AFTERWARDS);
        loop {
            let now = self.hands.passed();
            let (mut updates, mut whose) = (Vec::new(), BTreeSet::new());
            while let Some(Reverse((_, _, doing))) = self.coming.peek().filter(|Reverse((at, ..))| *at <= now).cloned()
            {
                self.coming.pop();
                if let Doing::Asks(who) | Doing::Presses(who, ..) = &doing {
                    whose.insert(*who);
                }
                asked += usize::from(matches!(doing, Doing::Asks(_)));
                updates.push(self.update(now, doing));
            }
            if !updates.is_empty() {
                self.program.take_in(&updates).await?;
                tell(asked);
            }
            self.program.work().await?;
            for who in whose {
                self.look_at(who).await?;
            }
            let next = loop {
                match self.program.send().await {
                    Made::Call => self.hear(),
                    Made::NotBefore(next) => break next,
                }
            };
            self.moderators_go_on().await?;
            let comes = self.coming.peek().map(|Reverse((at, ..))| *at);
            let rests = self.waiting.is_empty() && self.free == self.plan.moderators;
            if comes.is_none() && next == i64::MAX && rests || now > end {
                return Ok(());
            }
            let next = comes.unwrap_or(i64::MAX).min(next).min(now + STEP);
            self.hands.pass_to(next.max(now + 1));
        }
    }

    fn update(&mut self, now: i64, doing: Doing) -> String {
        self.updates += 1;
        let id = self.updates.to_string();
        let date = (self.plan.begin + now) / 1000;
        let private = |who: usize| json!({"id": VOTER + who as i64, "type": "private", "first_name": "Pemilih"});
        let voter = |who: usize| json!({"id": VOTER + who as i64, "is_bot": false, "first_name": "Pemilih"});
        let group = json!({"id": GROUP, "type": "supergroup", "title": "Petugas"});
        let moderator = json!({"id": MODERATOR, "is_bot": false, "first_name": "Petugas"});
        let bot = json!({"id": BOT, "is_bot": true, "first_name": "Tanya Pemilu"});
        let press = |from: Value, chat: Value, message: i64, data: String| {
            let message = json!({"message_id": message, "date": date, "chat": chat, "from": bot.clone(), "text": "-"});
            json!({"id": id, "from": from, "chat_instance": "1", "data": data, "message": message})
        };
        let (kind, body) = match doing {
            Doing::Asks(who) => {
                let message = self.notes.look().next();
                let asker = &mut self.askers[who];
                (asker.message, asker.asked) = (message, now);
                let text = &self.plan.questions[asker.question].text;
                let (chat, from) = (private(who), voter(who));
                ("message", json!({"message_id": message, "date": date, "chat": chat, "from": from, "text": text}))
            }
            Doing::Presses(who, message, data) => ("callback_query", press(voter(who), private(who), message, data)),
            Doing::Taps(message, data) => ("callback_query", press(moderator, group, message, data)),
            Doing::Answers(card) => {
                self.free += 1;
                let message = self.notes.look().next();
                let to = json!({"message_id": card, "date": date, "chat": group, "from": bot, "text": "-"});
                let text = ANSWER;
                let body = json!({
                    "message_id": message, "date": date, "chat": group, "from": moderator, "text": text,
                    "reply_to_message": to,
                });
                ("message", body)
            }
        };
        json!({"update_id": self.updates, kind: body}).to_string()
    }

    /// What became of a voter's question by now.
    async fn look_at(&mut self, who: usize) -> Result<(), NotOpened> {
        let asker = &self.askers[who];
        let question = &self.plan.questions[asker.question];
        let asked = asker.asked;
        let again = self.notes.look().offers.contains_key(&(VOTER + who as i64));
        match self.program.became(VOTER + who as i64, asker.message).await? {
            Some(Became::Forwarded { ticket }) => {
                let of_ticket = self.outcome.tickets.entry(ticket).or_insert((0, asked));
                of_ticket.0 += 1;
                self.outcome.forwarded += 1;
                self.askers[who].forwarded = true;
            }
            // A button led to an entry.
            Some(Became::Answered { .. }) if again => {}
            Some(Became::Answered { entry }) => {
                self.outcome.answered += 1;
                self.outcome.wrong += usize::from(!question.accepts(&entry) && !question.excuses(&entry));
            }
            Some(Became::Offered { .. } | Became::Checked) => self.outcome.offered += 1,
            Some(Became::Talk | Became::Command) => self.outcome.talk += 1,
            Some(Became::Refused) | None => self.outcome.refused += 1,
        }
        Ok(())
    }

    /// Those to whom something came hear it.
    fn hear(&mut self) {
        let now = self.hands.passed();
        let heard = std::mem::take(&mut self.notes.look().heard);
        for (chat, text) in heard {
            let Some(who) = usize::try_from(chat - VOTER).ok().filter(|who| *who < self.askers.len()) else { continue };
            let asker = &mut self.askers[who];
            if !std::mem::replace(&mut asker.heard, true) {
                self.outcome.heard.push(now - asker.asked);
                self.chooses(who);
            }
            let asker = &mut self.askers[who];
            if text.contains(ANSWER) && asker.forwarded && !std::mem::replace(&mut asker.told, true) {
                self.outcome.waits.push(now - asker.asked);
            }
        }
    }

    /// A voter to whom entries were offered takes the right one if it is there, and asks a person else.
    fn chooses(&mut self, who: usize) {
        let chat = VOTER + who as i64;
        let question = &self.plan.questions[self.askers[who].question];
        let offer = self.notes.look().offers.get(&chat).cloned();
        let Some((message, buttons, data)) = offer else { return };
        let given = buttons.iter().any(|button| matches!(button, VoterButton::Rated(..)));
        let right = |button: &VoterButton| matches!(button, VoterButton::Entry(id) if question.accepts(id));
        let person = |button: &VoterButton| matches!(button, VoterButton::Person);
        let pressed = buttons.iter().position(right).or_else(|| buttons.iter().position(person));
        match pressed {
            Some(place) if !given => {
                self.outcome.chosen += usize::from(right(&buttons[place]));
                self.put(self.hands.passed() + LOOKS, Doing::Presses(who, message, data[place].clone()));
            }
            _ => drop(self.notes.look().offers.remove(&chat)),
        }
    }

    /// Moderators take the cards that came, oldest first, and press what they are asked to.
    async fn moderators_go_on(&mut self) -> Result<(), NotOpened> {
        let now = self.hands.passed();
        let (cards, presses) = {
            let mut noted = self.notes.look();
            (std::mem::take(&mut noted.cards), std::mem::take(&mut noted.presses))
        };
        for card in cards {
            let ticket = self.program.ticket(&card.key).await?;
            let first = ticket.and_then(|number| self.outcome.tickets.get(&number));
            self.outcome.cards.push((now, first.map_or(now, |(_, asked)| *asked)));
            self.waiting.push_back(card);
        }
        self.outcome.queue = self.outcome.queue.max(self.waiting.len());
        for (message, data) in presses {
            self.put(now + LOOKS, Doing::Taps(message, data));
        }
        while self.free > 0
            && let Some(card) = self.waiting.pop_front()
        {
            self.free -= 1;
            self.put(now + self.plan.each, Doing::Answers(card.message));
        }
        Ok(())
    }
}

/// How many moderators, each working `each` milliseconds on an answer and taking the oldest card first, answer every card
/// within `limit` milliseconds of its question; none if no number does.
pub(super) fn moderators_needed(cards: &[(i64, i64)], each: i64, limit: i64) -> Option<usize> {
    let late = |moderators: usize| {
        let mut free: BinaryHeap<Reverse<i64>> = std::iter::repeat_n(Reverse(0), moderators).collect();
        cards.iter().any(|(came, asked)| {
            let begins = free.pop().map_or(*came, |Reverse(free)| free.max(*came));
            free.push(Reverse(begins + each));
            begins + each - asked > limit
        })
    };
    (1..=cards.len().max(1)).find(|moderators| !late(*moderators))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_moderators_as_it_takes() {
        let minute = 60_000;
        // Twelve cards at once, five minutes each: one is through after an hour, two after half of it.
        let cards = vec![(0, 0); 12];
        assert_eq!(moderators_needed(&cards, 5 * minute, 60 * minute), Some(1));
        assert_eq!(moderators_needed(&cards, 5 * minute, 59 * minute), Some(2));
        assert_eq!(moderators_needed(&cards, 61 * minute, 60 * minute), None);
        assert_eq!(moderators_needed(&[], 5 * minute, 60 * minute), Some(1));
    }

    #[test]
    fn most_ask_at_the_peak() {
        let shares: Vec<f64> = (0..1000).map(|n| rises_and_falls(f64::from(n) / 1000.0)).collect();
        assert!(shares.is_sorted() && shares[0] == 0.0 && shares[999] < 1.0);
        let between = |from: f64, to: f64| shares.iter().filter(|at| (from..to).contains(*at)).count();
        assert!(between(0.2, 0.3) > 2 * between(0.7, 0.8));
    }
}
