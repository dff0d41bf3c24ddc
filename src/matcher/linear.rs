//! A linear classifier over sparse vectors: multinomial logistic regression, trained by stochastic gradient descent.
//!
//! The loss is convex; a fixed number of passes with a falling step takes the place of a penalty on large weights
//! (early stopping). In each pass a part of each example's features is left out by chance, other ones each time, as a
//! typing error or another choice of words would do it: no single feature may carry an entry (dropout as a regulariser:
//! Wager, Wang, Liang, NIPS 2013). Order and chance are fixed, so the same input gives the same weights.

use super::feature::Vector;

/// Passes over the examples: most for a small FAQ, fewest for a large one, whose phrasings repeat each other more.
const MOST_PASSES: usize = 10;
const FEWEST_PASSES: usize = 3;
/// Passes end when examples times classes were looked at so often.
const ENOUGH_STEPS: usize = 4_000_000;
/// The first step; vectors have length one, for which steps up to four are stable.
const STEP: f32 = 4.0;
/// How fast the step falls: by this share of itself a pass.
const DECAY: f32 = 0.25;
/// The share of an example's features that is left out in a pass.
const DROPPED: f32 = 0.4;
/// A logit so far below the highest has no chance worth computing.
const FAR_BELOW: f32 = 12.0;

/// Weights by feature and class. There is no bias: how many phrasings a class has says nothing about how often it is
/// asked.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    classes: usize,
    weights: Vec<f32>,
}

impl Linear {
    /// Learns to tell `classes` classes apart; `examples` are vectors with their class. Only features below `features`
    /// take part: what stands in one text only can be learnt by heart but tells nothing about another text.
    pub fn train(examples: &[(&Vector, usize)], features: usize, classes: usize) -> Self {
        let mut linear = Self { classes, weights: vec![0.0; features * classes] };
        let mut order = shuffled(examples.len());
        let mut chance = Chance::default();
        let mut chances = vec![0.0_f32; classes];
        let examples: Vec<(&[(u32, f32)], usize)> =
            examples.iter().map(|&(v, class)| (linear.known(v), class)).collect();
        let mut kept = Vector::new();
        // What is left must be as long, on average, as the whole.
        let scale = (1.0 - DROPPED).sqrt().recip();
        let steps = (examples.len() * classes).max(1);
        for pass in 0..(ENOUGH_STEPS / steps).clamp(FEWEST_PASSES, MOST_PASSES) {
            let step = STEP / (1.0 + DECAY * pass as f32);
            for &i in &order {
                let (vector, class) = examples[i];
                // Every feature is written, and the place moves on if it is kept: a branch by chance would be slow.
                kept.resize(vector.len(), (0, 0.0));
                let mut left = 0;
                for &(feature, value) in vector {
                    kept[left] = (feature, value * scale);
                    left += usize::from(chance.next() >= DROPPED);
                }
                kept.truncate(left);
                linear.logits_into(&kept, &mut chances);
                softmax_in_place(&mut chances);
                for (c, chance) in chances.iter_mut().enumerate() {
                    *chance = step * (f32::from(u8::from(c == class)) - *chance);
                }
                linear.shift(&kept, &chances);
            }
            order.rotate_left(examples.len() / 3);
        }
        linear
    }

    /// Moves the weights until `vector` is more likely of `class` than of all others together, or a few steps were made.
    pub fn nudge(&mut self, vector: &Vector, class: usize) {
        const MOST_STEPS: usize = 10;
        for _ in 0..MOST_STEPS {
            let chances: Vec<f32> = self.log_chances(vector).iter().map(|c| c.exp()).collect();
            if chances[class] > 0.5 {
                return;
            }
            let moves: Vec<f32> =
                chances.iter().enumerate().map(|(c, chance)| f32::from(u8::from(c == class)) - chance).collect();
            let known = self.known(vector).len();
            self.shift(&vector[..known], &moves);
        }
    }

    /// Adds to the weights of known features, by class.
    fn shift(&mut self, known: &[(u32, f32)], moves: &[f32]) {
        for &(feature, value) in known {
            let row = &mut self.weights[feature as usize * self.classes..][..self.classes];
            for (weight, m) in row.iter_mut().zip(moves) {
                *weight += m * value;
            }
        }
    }

    /// The natural logarithm of each class's chance.
    pub fn log_chances(&self, vector: &Vector) -> Vec<f32> {
        let mut logits = vec![0.0; self.classes];
        self.logits_into(self.known(vector), &mut logits);
        let top = logits.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = logits.iter().map(|l| (l - top).exp()).sum();
        let shift = top + sum.ln();
        logits.iter_mut().for_each(|l| *l -= shift);
        logits
    }

    /// The features that took part. They have the lowest numbers, so they come first in a vector.
    fn known<'v>(&self, vector: &'v Vector) -> &'v [(u32, f32)] {
        let features = self.weights.len() / self.classes.max(1);
        &vector[..vector.partition_point(|&(feature, _)| (feature as usize) < features)]
    }

    fn logits_into(&self, known: &[(u32, f32)], logits: &mut [f32]) {
        logits.fill(0.0);
        let row = |feature: u32| &self.weights[feature as usize * self.classes..][..self.classes];
        let (fours, rest) = known.as_chunks::<4>();
        // Four rows at a time: the logits are fetched and stored a quarter as often.
        for &[(a, va), (b, vb), (c, vc), (d, vd)] in fours {
            let rows = row(a).iter().zip(row(b)).zip(row(c)).zip(row(d));
            for (logit, (((wa, wb), wc), wd)) in logits.iter_mut().zip(rows) {
                *logit += va * wa + vb * wb + vc * wc + vd * wd;
            }
        }
        for &(feature, value) in rest {
            for (logit, weight) in logits.iter_mut().zip(row(feature)) {
                *logit += value * weight;
            }
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

/// Numbers that look random and are the same on every run: a linear congruential generator (Knuth's MMIX constants).
struct Chance(u64);

impl Default for Chance {
    fn default() -> Self {
        Self(0x5eed)
    }
}

impl Chance {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// From 0 up to, but not including, 1.
    fn next(&mut self) -> f32 {
        (self.bits() >> 7) as f32 / (1_u32 << 24) as f32
    }
}

/// A fixed shuffle of `0..n` (Fisher-Yates).
pub fn shuffled(n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut chance = Chance::default();
    for i in (1..n).rev() {
        order.swap(i, (chance.bits() as usize) % (i + 1));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_classes_apart() {
        let vectors: Vec<Vector> = vec![
            vec![(0, 0.9), (1, 0.4)],
            vec![(0, 1.0)],
            vec![(2, 1.0)],
            vec![(1, 0.4), (2, 0.9)],
            vec![(3, 1.0)],
            vec![(1, 0.4), (3, 0.9)],
        ];
        let examples: Vec<(&Vector, usize)> = vectors.iter().zip([0, 0, 1, 1, 2, 2]).collect();
        let linear = Linear::train(&examples, 4, 3);
        for (vector, class) in examples {
            let chances: Vec<f32> = linear.log_chances(vector).iter().map(|c| c.exp()).collect();
            assert!(chances[class] > 0.8, "{chances:?}");
            assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}
