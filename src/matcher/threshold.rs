//! From which confidence on a verdict is given: read off held-out questions whose outcome is known.
//!
//! Counts jump where one question passes another, and a threshold that jumps takes all verdicts near it along. So counts are
//! blurred: a question near the threshold counts in part. What is read off then moves by little with each question.

use super::logistic::{log_odds, sigmoid};

/// Suggestions are offered down to the confidence at which the right entry is among the three in this share of cases.
const SUGGEST_RIGHT: f64 = 0.5;
/// How far a question reaches to both sides when it is counted above a threshold, in log odds. More steadies more, and
/// answers less, since what lies below is more often wrong.
const BLUR: f64 = 0.2;
/// How far it reaches when what lies around a confidence is looked at.
const AROUND: f64 = 0.3;
/// Where thresholds are sought, in log odds, and in which steps; between two steps they are interpolated.
const HIGHEST: f64 = 7.0;
const LOWEST: f64 = -4.0;
const STEP: f64 = 0.1;

/// A held-out question and what was made of it.
#[derive(Debug, Clone, Copy)]
pub struct Scored {
    log_odds: f64,
    right: bool,
    among_three: bool,
    weight: f64,
}

impl Scored {
    /// From the confidence, whether the first entry was right, whether the right one was among three, and how much the
    /// question counts.
    pub fn new(confidence: f64, right: bool, among_three: bool, weight: f64) -> Self {
        Self { log_odds: log_odds(confidence), right, among_three, weight }
    }
}

/// Of the weight that `reach` gives by distance in log odds, the share that `is` has.
fn share(scored: &[Scored], reach: impl Fn(f64) -> f64, is: impl Fn(&Scored) -> bool) -> f64 {
    let (mut all, mut some) = (0.0, 0.0);
    for s in scored {
        let weight = s.weight * reach(s.log_odds);
        all += weight;
        some += if is(s) { weight } else { 0.0 };
    }
    some / all
}

/// The lowest confidence from which on at most `most` of the weight is wrong; 1 if there is none.
pub fn lowest_with(scored: &[Scored], most: f64) -> f64 {
    // Below zero where too much is wrong.
    let room = |at: f64| most - share(scored, |odds| sigmoid((odds - at) / BLUR), |s| !s.right);
    let (mut best, mut above) = (None, f64::NAN);
    for step in 0..=((HIGHEST - LOWEST) / STEP) as u32 {
        let at = HIGHEST - STEP * f64::from(step);
        let own = room(at);
        if own >= 0.0 {
            best = Some(at);
        } else if above >= 0.0 {
            best = Some(at + STEP * own / (own - above));
        }
        above = own;
    }
    best.map_or(1.0, sigmoid)
}

/// The lowest confidence below `answer` around which the right entry is still among the three in most cases.
pub fn suggest_from(scored: &[Scored], answer: f64) -> f64 {
    let near = |at: f64| move |odds: f64| (-0.5 * ((odds - at) / AROUND).powi(2)).exp();
    let room = |at: f64| share(scored, near(at), |s| s.among_three) - SUGGEST_RIGHT;
    let mut at = log_odds(answer);
    let mut above = room(at);
    while above >= 0.0 && at > LOWEST {
        let own = room(at - STEP);
        at -= if own >= 0.0 { STEP } else { STEP * above / (above - own).max(f64::MIN_POSITIVE) };
        above = own;
    }
    sigmoid(at).min(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A thousand questions whose confidence is the chance that they are right.
    fn calibrated() -> Vec<Scored> {
        (0..1000)
            .map(|i| {
                let confidence = 0.01 + 0.98 * f64::from(i) / 1000.0;
                let drawn = f64::from(i * 617 % 1000) / 1000.0;
                Scored::new(confidence, drawn < confidence, drawn < 2.0 * confidence, 1.0)
            })
            .collect()
    }

    #[test]
    fn so_much_is_wrong_above_as_is_allowed() {
        let scored = calibrated();
        let answer = lowest_with(&scored, 0.1);
        let above: Vec<_> = scored.iter().filter(|s| sigmoid(s.log_odds) >= answer).collect();
        let wrong = above.iter().filter(|s| !s.right).count() as f64 / above.len() as f64;
        assert!((0.05..=0.11).contains(&wrong), "{wrong} wrong from {answer} on");
        assert!(lowest_with(&scored, 0.05) > answer);
        let suggest = suggest_from(&scored, answer);
        assert!((0.15..0.35).contains(&suggest), "{suggest}");
    }

    #[test]
    fn one_question_moves_it_by_little() {
        let scored = calibrated();
        let (answer, suggest) = (lowest_with(&scored, 0.1), suggest_from(&scored, 0.8));
        for i in (0..scored.len()).step_by(7) {
            let mut other = scored.clone();
            other[i].right ^= true;
            other[i].among_three ^= true;
            let moved = (lowest_with(&other, 0.1) - answer).abs().max((suggest_from(&other, 0.8) - suggest).abs());
            assert!(moved < 0.015, "question {i} moves a threshold by {moved}");
        }
    }

    #[test]
    fn without_questions_nothing_is_answered_and_without_errors_all() {
        assert!(lowest_with(&[], 0.02) >= 1.0);
        assert!((suggest_from(&[], 0.9) - 0.9).abs() < 1e-9);
        let right: Vec<Scored> = (1..50).map(|i| Scored::new(f64::from(i) / 50.0, true, true, 1.0)).collect();
        assert!(lowest_with(&right, 0.02) < 0.05 && suggest_from(&right, 0.9) < 0.05);
    }
}
