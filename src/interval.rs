//! Confidence intervals.

/// Two-sided 95% point of Student's t with `df` degrees of freedom (Cornish-Fisher expansion of Abramowitz &
/// Stegun 26.7.5 from df = 4 on, to better than 0.3%; exact table below).
pub fn t95(df: u64) -> f64 {
    const SMALL: [f64; 4] = [f64::INFINITY, 12.706, 4.303, 3.182];
    if let Some(&t) = usize::try_from(df).ok().and_then(|i| SMALL.get(i)) {
        return t;
    }
    let (z, v) = (1.959_964_f64, df as f64);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * v)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v.powi(3))
}

/// Wilson's 95% interval for a share of `hits` in `n` trials (Wilson 1927).
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
        for (df, t) in [(1, 12.706), (4, 2.776), (9, 2.262), (30, 2.042), (1000, 1.962)] {
            assert!((t95(df) - t).abs() < 0.01, "df {df}: {}", t95(df));
        }
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
