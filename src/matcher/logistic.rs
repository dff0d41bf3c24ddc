//! Small logistic regressions, fitted by Newton's method: which weight each signal deserves.

/// A fitted model: inputs are brought to mean 0 and deviation 1, then weighed.
#[derive(Debug, Clone, Default)]
pub struct Logistic {
    mean: Vec<f64>,
    scale: Vec<f64>,
    weights: Vec<f64>,
    bias: f64,
}

/// Strength of the pull towards zero, in examples' worth: keeps weights finite where signals repeat each other.
const RIDGE: f64 = 1.0;
const ITERATIONS: usize = 30;

impl Logistic {
    /// Fits the chance that `right` is true; each row has a weight, and the weights' sum is that of the rows' count.
    pub fn fit(rows: &[&[f64]], right: &[bool], weight: &[f64]) -> Self {
        let Some(width) = rows.first().map(|row| row.len()) else { return Self::default() };
        let total: f64 = weight.iter().sum();
        let mut model = Self { mean: vec![0.0; width], scale: vec![1.0; width], weights: vec![0.0; width], bias: 0.0 };
        for column in 0..width {
            let mean = rows.iter().zip(weight).map(|(r, w)| r[column] * w).sum::<f64>() / total;
            let variance = rows.iter().zip(weight).map(|(r, w)| (r[column] - mean).powi(2) * w).sum::<f64>() / total;
            model.mean[column] = mean;
            model.scale[column] = if variance > 1e-12 { variance.sqrt().recip() } else { 0.0 };
        }
        let standard: Vec<Vec<f64>> = rows.iter().map(|row| model.standard(row)).collect();
        for _ in 0..ITERATIONS {
            let step = model.newton_step(&standard, right, weight);
            let size = step.iter().map(|s| s.abs()).fold(0.0, f64::max);
            for (w, s) in model.weights.iter_mut().zip(&step) {
                *w += s;
            }
            model.bias += step[width];
            if size < 1e-6 {
                break;
            }
        }
        model
    }

    fn standard(&self, row: &[f64]) -> Vec<f64> {
        row.iter().zip(&self.mean).zip(&self.scale).map(|((x, m), s)| ((x - m) * s).clamp(-6.0, 6.0)).collect()
    }

    fn newton_step(&self, rows: &[Vec<f64>], right: &[bool], weight: &[f64]) -> Vec<f64> {
        let width = self.weights.len();
        let mut gradient = vec![0.0; width + 1];
        let mut hessian = vec![vec![0.0; width + 1]; width + 1];
        for ((row, &right), &weight) in rows.iter().zip(right).zip(weight) {
            let chance = sigmoid(self.bias + dot(&self.weights, row));
            let error = weight * (f64::from(u8::from(right)) - chance);
            let curve = weight * (chance * (1.0 - chance)).max(1e-9);
            for i in 0..=width {
                let xi = if i == width { 1.0 } else { row[i] };
                gradient[i] += error * xi;
                for j in 0..=i {
                    let xj = if j == width { 1.0 } else { row[j] };
                    hessian[i][j] += curve * xi * xj;
                }
            }
        }
        for i in 0..width {
            gradient[i] -= RIDGE * self.weights[i];
            hessian[i][i] += RIDGE;
        }
        hessian[width][width] += 1e-9;
        solve(hessian, gradient)
    }

    /// The chance for a row, 0 to 1.
    pub fn chance(&self, row: &[f64]) -> f64 {
        sigmoid(self.bias + dot(&self.weights, &self.standard(row)))
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The chance that has these log odds.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The natural logarithm of a chance against its opposite.
pub fn log_odds(chance: f64) -> f64 {
    let chance = chance.clamp(1e-9, 1.0 - 1e-9);
    (chance / (1.0 - chance)).ln()
}

/// The chance whose log odds are the mean of those of two chances.
pub fn mean_of_odds(a: f64, b: f64) -> f64 {
    sigmoid(f64::midpoint(log_odds(a), log_odds(b)))
}

/// Solves a symmetric positive definite system given by its lower triangle (Cholesky).
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            a[i][j] = if i == j { (a[i][i] - sum).max(1e-12).sqrt() } else { (a[i][j] - sum) / a[j][j] };
        }
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k][i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    b
}

/// Scores to chances that add up to one.
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let raw: Vec<f64> = scores.iter().map(|s| (s - top).exp()).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|r| r / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logistic_finds_the_line() {
        let rows: Vec<Vec<f64>> = (0..200).map(|i| vec![f64::from(i) / 100.0, f64::from(i % 7)]).collect();
        let right: Vec<bool> = (0..200).map(|i| i >= 100).collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let model = Logistic::fit(&rows, &right, &vec![1.0; 200]);
        assert!(model.chance(&[1.9, 3.0]) > 0.95 && model.chance(&[0.1, 3.0]) < 0.05);
    }
}
