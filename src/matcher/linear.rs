//! A linear classifier over sparse vectors: multinomial logistic regression, trained by stochastic gradient descent.
//!
//! The loss is convex; a fixed number of passes with a falling step takes the place of a penalty on large weights
//! (early stopping). In each pass a part of each example's features is left out by chance, other ones each time, as a
//! typing error or another choice of words would do it: no single feature may carry an entry (dropout as a regulariser:
//! Wager, Wang, Liang, NIPS 2013). The order of a pass and what is left out hang on the texts themselves, not on their
//! places: with one text more or less all others are learnt from as before, and descent on a convex loss does not spread the
//! one difference (Hardt, Recht, Singer, ICML 2016).

use multiversion::multiversion;

use super::chance::{happens, mix};
use super::feature::Vector;

/// Passes over the examples: most for a small FAQ, fewest for a large one, whose phrasings repeat each other more.
const MOST_PASSES: f32 = 10.0;
const FEWEST_PASSES: f32 = 3.0;
/// Passes end when examples times classes were looked at so often.
const ENOUGH_STEPS: f32 = 4e6;
/// The first step; vectors have length one, for which steps up to four are stable.
const STEP: f32 = 4.0;
/// How fast the step falls: by this share of itself a pass.
const DECAY: f32 = 0.25;
/// The share of an example's features that is left out in a pass.
const DROPPED: f64 = 0.4;
/// Multiplied with, a number's high bits hang on all its bits (the golden ratio's share of 2^64).
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
/// A logit so far below the highest has no chance worth computing.
const FAR_BELOW: f32 = 12.0;

/// A text to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'v> {
    /// Its features.
    pub vector: &'v Vector,
    /// What it stands for.
    pub class: usize,
    /// What chance hangs on.
    pub key: u64,
}

/// Weights by feature and class. There is no bias: how many phrasings a class has says nothing about how often it is
/// asked. They are kept as whole numbers, each feature's with a scale of its own, which takes a quarter of the room: the
/// largest error is a two-hundred-and-fiftieth of the feature's largest weight.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    classes: usize,
    weights: Vec<i8>,
    /// By feature: what a one of its weights stands for.
    scales: Vec<f32>,
}

impl Linear {
    /// Learns to tell `classes` classes apart. Only features of which `features` has the key, by number, take part. `room` is
    /// the memory that training takes, whatever it holds: fresh memory costs as much time as training does.
    pub fn train(lessons: &[Lesson<'_>], features: &[u64], classes: usize, room: &mut Vec<f32>) -> Self {
        room.clear();
        room.resize(features.len() * classes, 0.0);
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        let mut chances = vec![0.0_f32; classes];
        let known: Vec<&[(u32, f32)]> = lessons.iter().map(|lesson| known(lesson.vector, features.len())).collect();
        let mut kept = Vector::new();
        // What is left must be as long, on average, as the whole.
        let scale = (1.0 - DROPPED as f32).sqrt().recip();
        let steps = (lessons.len() * classes).max(1);
        // The last pass may be a part of one, in which each step is as much shorter: with whole passes one phrasing more
        // could end them one earlier.
        let passes = (ENOUGH_STEPS / steps as f32).clamp(FEWEST_PASSES, MOST_PASSES);
        for pass in 0..passes.ceil() as u32 {
            let part = (passes - pass as f32).min(1.0);
            let step = part * STEP / (1.0 + DECAY * pass as f32);
            order.sort_by_cached_key(|&i| (mix(lessons[i].key ^ u64::from(pass)), lessons[i].class));
            for &i in &order {
                let Lesson { class, key, .. } = lessons[i];
                // What is left out goes round from pass to pass (a Kronecker sequence by the golden ratio), so that each
                // feature of each example has nearly its share: less hangs on luck than with new draws.
                let (seed, turn) = (mix(key), u64::from(pass).wrapping_mul(ODD));
                // Every feature is written, and the place moves on if it is kept: a branch by chance would be slow.
                kept.resize(known[i].len(), (0, 0.0));
                let mut left = 0;
                for &(feature, value) in known[i] {
                    kept[left] = (feature, value * scale);
                    left += usize::from(!happens(
                        DROPPED,
                        (features[feature as usize] ^ seed).wrapping_mul(ODD).wrapping_add(turn),
                    ));
                }
                kept.truncate(left);
                chances.fill(0.0);
                add_rows(room, &kept, &mut chances);
                softmax_in_place(&mut chances);
                for (c, chance) in chances.iter_mut().enumerate() {
                    *chance = step * (f32::from(u8::from(c == class)) - *chance);
                }
                shift_rows(room, &kept, &chances);
            }
        }
        let mut weights = vec![0; room.len()];
        let rows = room.chunks_exact(classes).zip(weights.chunks_exact_mut(classes));
        let scales = rows.map(|(row, whole_row)| whole(row, whole_row)).collect();
        Self { classes, weights, scales }
    }

    /// Moves the weights until `vector` is more likely of `class` than of all others together, or a few steps were made. What
    /// was moved is rounded anew, so its error may grow beyond that of training.
    pub fn nudge(&mut self, vector: &Vector, class: usize) {
        const MOST_STEPS: usize = 10;
        for _ in 0..MOST_STEPS {
            let chances: Vec<f32> = self.log_chances(vector).iter().map(|c| c.exp()).collect();
            if chances[class] > 0.5 {
                return;
            }
            let moves: Vec<f32> =
                chances.iter().enumerate().map(|(c, chance)| f32::from(u8::from(c == class)) - chance).collect();
            for &(feature, value) in known(vector, self.scales.len()) {
                let row = self.row(feature).iter().map(|&weight| f32::from(weight) * self.scales[feature as usize]);
                let moved: Vec<f32> = row.zip(&moves).map(|(weight, m)| weight + m * value).collect();
                let place = feature as usize * self.classes;
                self.scales[feature as usize] = whole(&moved, &mut self.weights[place..place + self.classes]);
            }
        }
    }

    /// The natural logarithm of each class's chance.
    pub fn log_chances(&self, vector: &Vector) -> Vec<f32> {
        let mut logits = vec![0.0; self.classes];
        let known = known(vector, self.scales.len()).iter();
        let scaled: Vector = known.map(|&(feature, value)| (feature, value * self.scales[feature as usize])).collect();
        add_rows(&self.weights, &scaled, &mut logits);
        let top = logits.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = logits.iter().map(|l| (l - top).exp()).sum();
        let shift = top + sum.ln();
        logits.iter_mut().for_each(|l| *l -= shift);
        logits
    }

    fn row(&self, feature: u32) -> &[i8] {
        &self.weights[feature as usize * self.classes..][..self.classes]
    }
}

/// Writes `row` as whole numbers; gives what a one of them stands for.
fn whole(row: &[f32], into: &mut [i8]) -> f32 {
    let largest = row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    let scale = if largest > 0.0 { largest / f32::from(i8::MAX) } else { 1.0 };
    for (weight, into) in row.iter().zip(into) {
        let ones = weight / scale;
        // Half a one towards the next one, and cut: rounded, as several numbers at once.
        *into = (ones + 0.5_f32.copysign(ones)) as i8;
    }
    scale
}

/// The features of `vector` that took part. They have the lowest numbers, so they come first in a vector.
fn known(vector: &Vector, features: usize) -> &[(u32, f32)] {
    &vector[..vector.partition_point(|&(feature, _)| (feature as usize) < features)]
}

/// Adds each feature's row, times its value, to `logits`; `weights` has one row a feature, as long as `logits`.
///
/// Compiled twice, and chosen when the program runs: AVX2 works on twice as many numbers at once as SSE2, which every x86-64
/// has, and widens small whole numbers in one step. Each sum is the same, term by term, so none hangs on the processor.
#[multiversion(targets("x86_64+avx2"))]
fn add_rows<W: Copy + Into<f32>>(weights: &[W], known: &[(u32, f32)], logits: &mut [f32]) {
    let classes = logits.len();
    let row = |feature: u32| &weights[feature as usize * classes..][..classes];
    let (fours, rest) = known.as_chunks::<4>();
    // Four rows at a time: the logits are fetched and stored a quarter as often.
    for &[(a, va), (b, vb), (c, vc), (d, vd)] in fours {
        let rows = row(a).iter().zip(row(b)).zip(row(c)).zip(row(d));
        for (logit, (((&wa, &wb), &wc), &wd)) in logits.iter_mut().zip(rows) {
            *logit += va * wa.into() + vb * wb.into() + vc * wc.into() + vd * wd.into();
        }
    }
    for &(feature, value) in rest {
        for (logit, &weight) in logits.iter_mut().zip(row(feature)) {
            *logit += value * weight.into();
        }
    }
}

/// Adds `moves`, times its value, to each feature's row; see [`add_rows`].
#[multiversion(targets("x86_64+avx2"))]
fn shift_rows(weights: &mut [f32], known: &[(u32, f32)], moves: &[f32]) {
    for &(feature, value) in known {
        let row = &mut weights[feature as usize * moves.len()..][..moves.len()];
        for (weight, m) in row.iter_mut().zip(moves) {
            *weight += m * value;
        }
    }
}

fn softmax_in_place(values: &mut [f32]) {
    let top = values.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        let below = *value - top;
        *value = if below < -FAR_BELOW { 0.0 } else { below.exp() };
        sum += *value;
    }
    values.iter_mut().for_each(|v| *v /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_classes_apart_in_whatever_order_they_come() {
        let vectors: Vec<Vector> = vec![
            vec![(0, 0.9), (1, 0.4)],
            vec![(0, 1.0)],
            vec![(2, 1.0)],
            vec![(1, 0.4), (2, 0.9)],
            vec![(3, 1.0)],
            vec![(1, 0.4), (3, 0.9)],
        ];
        let lessons = |order: [usize; 6]| -> Vec<Lesson<'_>> {
            order.map(|i| Lesson { vector: &vectors[i], class: i / 2, key: mix(i as u64) }).to_vec()
        };
        let linear = Linear::train(&lessons([0, 1, 2, 3, 4, 5]), &[5, 6, 7, 8], 3, &mut Vec::new());
        // In whatever memory, too.
        let again = Linear::train(&lessons([4, 2, 0, 5, 3, 1]), &[5, 6, 7, 8], 3, &mut vec![7.0; 100]);
        assert_eq!((&linear.weights, &linear.scales), (&again.weights, &again.scales));
        for Lesson { vector, class, .. } in lessons([0, 1, 2, 3, 4, 5]) {
            let chances: Vec<f32> = linear.log_chances(vector).iter().map(|c| c.exp()).collect();
            assert!(chances[class] > 0.8, "{chances:?}");
            assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn sums_are_the_same_on_every_processor() {
        // As long as no register is, and more rows than are added at a time.
        const CLASSES: usize = 37;
        let number = |n: usize| (mix(n as u64) % 2001) as f32 / 1000.0 - 1.0;
        let weights: Vec<f32> = (0..7 * CLASSES).map(number).collect();
        let known: Vector = (0..7).map(|feature| (feature, number(1000 + feature as usize))).collect();
        let start: Vec<f32> = (0..CLASSES).map(|class| number(2000 + class)).collect();
        let weight = |place: usize, class: usize| known[place].1 * weights[place * CLASSES + class];
        let four = |class| weight(0, class) + weight(1, class) + weight(2, class) + weight(3, class);
        let plain = |class: usize| start[class] + four(class) + weight(4, class) + weight(5, class) + weight(6, class);
        let mut logits = start.clone();
        add_rows(&weights, &known, &mut logits);
        assert_eq!(logits, (0..CLASSES).map(plain).collect::<Vec<_>>());
        let mut moved = weights.clone();
        shift_rows(&mut moved, &known, &start);
        let plain = |at: usize| weights[at] + start[at % CLASSES] * known[at / CLASSES].1;
        assert_eq!(moved, (0..7 * CLASSES).map(plain).collect::<Vec<_>>());
    }

    #[test]
    fn whole_numbers_stand_for_the_weights() {
        let row = [0.5, -2.0, 0.0, 1.999];
        let mut kept = [0; 4];
        let scale = whole(&row, &mut kept);
        for (weight, kept) in row.iter().zip(kept) {
            assert!((weight - f32::from(kept) * scale).abs() <= scale / 2.0 + 1e-6, "{weight}: {kept}");
        }
        assert_eq!((whole(&[0.0; 4], &mut kept), kept), (1.0, [0; 4]));
    }

    #[test]
    fn a_nudge_moves_a_text_to_its_class() {
        let vectors: Vec<Vector> = vec![vec![(0, 1.0)], vec![(1, 1.0)]];
        let lessons: Vec<Lesson<'_>> =
            (0..2).map(|i| Lesson { vector: &vectors[i], class: i, key: mix(i as u64) }).collect();
        let mut linear = Linear::train(&lessons, &[5, 6], 2, &mut Vec::new());
        linear.nudge(&vectors[0], 1);
        assert!(linear.log_chances(&vectors[0])[1].exp() > 0.5);
        assert!(linear.log_chances(&vectors[1])[1].exp() > 0.5);
    }
}
