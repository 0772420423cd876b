//! Confidence intervals.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Two-sided 95% point of Student's t with `df` degrees of freedom; infinite with none.
pub fn t95(df: u64) -> f64 {
    StudentsT::new(0.0, 1.0, df as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(0.975))
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
