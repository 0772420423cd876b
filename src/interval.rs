//! Confidence intervals.

use std::sync::OnceLock;

/// Two-sided 95% point of Student's t with `df` degrees of freedom; infinite with none. Up to 200 it is solved from the exact
/// distribution, a finite sum for whole degrees of freedom (Abramowitz & Stegun 26.7.3 and 26.7.4); beyond, the expansion of
/// Cornish and Fisher (26.7.5) is right to eight decimals.
///
/// ```
/// assert!((twain::interval::t95(9) - 2.262).abs() < 1e-3);
/// ```
pub fn t95(df: u64) -> f64 {
    if df == 0 {
        return f64::INFINITY;
    }
    if df > 200 {
        let (z, v) = (1.959_963_984_540_054_f64, df as f64);
        let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
        return z
            + (z3 + z) / (4.0 * v)
            + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
            + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v.powi(3));
    }
    static SOLVED: OnceLock<[f64; 200]> = OnceLock::new();
    SOLVED.get_or_init(|| std::array::from_fn(|k| solve(k as u64 + 1)))[df as usize - 1]
}

/// The point within which 95% of Student's t lies, by bisection.
fn solve(df: u64) -> f64 {
    let (mut low, mut high) = (1.9, 13.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if within(middle, df) < 0.95 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Chance that Student's t with `df` degrees of freedom lies between `-t` and `t`.
fn within(t: f64, df: u64) -> f64 {
    let angle = (t / (df as f64).sqrt()).atan();
    let (sine, cosine) = (angle.sin(), angle.cos());
    let odd = df % 2 == 1;
    let (mut term, mut sum) = (if odd { cosine } else { 1.0 }, 0.0);
    let mut k = if odd { 1 } else { 0 };
    while k + 2 <= df {
        sum += term;
        term *= (k + 1) as f64 / (k + 2) as f64 * cosine * cosine;
        k += 2;
    }
    if odd { 2.0 / std::f64::consts::PI * (angle + sine * sum) } else { sine * sum }
}

/// Wilson's 95% interval for a share of `hits` in `n` trials (Wilson 1927).
///
/// ```
/// let (low, high) = twain::interval::wilson(0, 20);
/// assert!(low == 0.0 && (high - 0.161).abs() < 1e-3);
/// ```
pub fn wilson(hits: u64, n: u64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (z, n, p) = (1.959_964_f64, n as f64, hits as f64 / n as f64);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_points_match_the_tables() {
        // published to eight decimals and more
        let table = [
            (1, 12.706_204_736),
            (2, 4.302_652_730),
            (3, 3.182_446_305),
            (4, 2.776_445_105),
            (9, 2.262_157_163),
            (30, 2.042_272_456),
            (1000, 1.962_339_081),
        ];
        for (df, t) in table {
            assert!((t95(df) - t).abs() < 1e-7, "df {df}: {}", t95(df));
        }
        assert!(t95(0).is_infinite());
        let steps = [t95(199) - t95(200), t95(200) - t95(201), t95(201) - t95(202)];
        assert!(steps[0] > steps[1] && steps[1] > steps[2], "both ways of computing meet: {steps:?}");
        assert!((t95(1_000_000_000) - 1.959_963_985).abs() < 1e-6, "the normal distribution in the end");
    }

    #[test]
    fn wilson_interval_of_known_shares() {
        // Newcombe 1998, Table I: 81/263 gives .2553 to .3662; 0/20 gives 0 to .1611
        let (low, high) = wilson(81, 263);
        assert!((low - 0.2553).abs() < 1e-4 && (high - 0.3662).abs() < 1e-4);
        let (low, high) = wilson(0, 20);
        assert!(low < 1e-12 && (high - 0.1611).abs() < 1e-4);
    }
}
