//! Means and intervals of many outcomes in many cells, in one pass.

use crate::interval::{t95, wilson};

/// The outcome that is a share of runs: 1 if a framework formed, 0 if not.
pub const SHARE: &str = "framework";

/// What is known of one outcome in one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Runs with a value.
    pub n: u64,
    /// Their mean; NaN if there is none.
    pub mean: f64,
    /// Their standard deviation; NaN below two.
    pub sd: f64,
    /// Lower end of the 95% interval: Wilson's for a share, Student's t otherwise; NaN if there is none.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// Half the width of the interval; NaN if there is none.
    pub fn half(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// Running means and variances (Welford 1962) by cell and outcome.
#[derive(Clone, Debug)]
pub struct Cells {
    share: Vec<bool>,
    moments: Vec<(u64, f64, f64)>,
}

impl Cells {
    /// `cells` empty cells for the `outcomes` named; the one called [`SHARE`] gets intervals of a share.
    pub fn new<T: AsRef<str>>(cells: usize, outcomes: &[T]) -> Self {
        let share: Vec<bool> = outcomes.iter().map(|o| o.as_ref() == SHARE).collect();
        Cells { moments: vec![(0, 0.0, 0.0); cells * share.len()], share }
    }

    /// Adds the outcomes of one run to a cell; values that are not finite are missing.
    pub fn add(&mut self, cell: usize, row: &[f64]) {
        let first = cell * self.share.len();
        for (&x, (n, mean, m2)) in row.iter().zip(&mut self.moments[first..]).filter(|(x, _)| x.is_finite()) {
            *n += 1;
            let d = x - *mean;
            *mean += d / *n as f64;
            *m2 += d * (x - *mean);
        }
    }

    /// Estimate of one outcome in one cell.
    pub fn get(&self, cell: usize, outcome: usize) -> Estimate {
        let (n, mean, m2) = self.moments[cell * self.share.len() + outcome];
        if n == 0 {
            return Estimate { n, mean: f64::NAN, sd: f64::NAN, low: f64::NAN, high: f64::NAN };
        }
        let sd = if n > 1 { (m2 / (n - 1) as f64).sqrt() } else { f64::NAN };
        let (low, high) = if self.share[outcome] {
            wilson((mean * n as f64).round() as u64, n)
        } else if n > 1 {
            let half = t95(n - 1) * sd / (n as f64).sqrt();
            (mean - half, mean + half)
        } else {
            (f64::NAN, f64::NAN)
        };
        Estimate { n, mean, sd, low, high }
    }

    /// The cell where the interval of `outcome` is widest, with half its width; `None` if no cell has an interval.
    /// Cells without any value have none and are passed over.
    pub fn widest(&self, outcome: usize) -> Option<(usize, f64)> {
        let cells = self.moments.len() / self.share.len().max(1);
        (0..cells)
            .map(|c| (c, self.get(c, outcome).half()))
            .filter(|(_, half)| half.is_finite())
            .reduce(|a, b| if b.1 > a.1 { b } else { a })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_wilsons_interval_and_a_measure_has_students() {
        let mut cells = Cells::new(2, &["framework", "other"]);
        for i in 0..20 {
            cells.add(0, &[0.0, f64::from(i % 2)]);
        }
        // 0/20 gives 0 to .1611 (Newcombe 1998, Table I)
        let share = cells.get(0, 0);
        assert!(share.low == 0.0 && (share.high - 0.1611).abs() < 1e-4);
        // mean .5, sd .513, t(19) = 2.093
        let other = cells.get(0, 1);
        assert!((other.sd - 0.512_989).abs() < 1e-6 && (other.half() - 0.240).abs() < 1e-3);
    }

    #[test]
    fn cells_without_values_have_no_interval_and_are_not_the_widest() {
        let mut cells = Cells::new(3, &["framework", "other"]);
        assert_eq!(cells.widest(0), None);
        cells.add(1, &[1.0, f64::NAN]);
        assert_eq!(cells.widest(0).map(|w| w.0), Some(1));
        assert_eq!(cells.widest(1), None);
        assert!(cells.get(1, 1).mean.is_nan() && cells.get(1, 1).n == 0);
    }
}
