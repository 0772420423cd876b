//! Summaries in constant memory: mean and spread by Welford's method, quantiles from a fine histogram.

/// Number of bins over a metric's range: quantiles are exact to one part in this.
const BINS: usize = 256;

/// A running summary of one quantity.
#[derive(Clone, Debug)]
pub struct Cell {
    low: f64,
    width: f64,
    n: u64,
    mean: f64,
    squares: f64,
    // counts of the bins from `first` on: only the stretch that was met takes room
    first: usize,
    bins: Vec<u32>,
}

/// The figures of a summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Number of values (missing ones left out).
    pub n: u64,
    /// Mean.
    pub mean: f64,
    /// Sample standard deviation.
    pub sd: f64,
    /// Lower end of the 95% interval of the mean.
    pub ci_low: f64,
    /// Upper end of the 95% interval of the mean.
    pub ci_high: f64,
    /// Tenth percentile.
    pub q10: f64,
    /// Median.
    pub q50: f64,
    /// Ninetieth percentile.
    pub q90: f64,
}

impl Cell {
    /// An empty summary of a quantity between `low` and `high`.
    pub fn new(low: f64, high: f64) -> Self {
        Cell {
            low,
            width: (high - low).max(1e-12) / BINS as f64,
            n: 0,
            mean: 0.0,
            squares: 0.0,
            first: 0,
            bins: Vec::new(),
        }
    }

    /// Adds a value; NaN is left out.
    pub fn add(&mut self, x: f64) {
        if x.is_nan() {
            return;
        }
        self.n += 1;
        let delta = x - self.mean;
        self.mean += delta / self.n as f64;
        self.squares += delta * (x - self.mean);
        // bins are centred on multiples of the width, so that 0, 1 and whole counts fall in the middle of theirs
        let bin = ((x - self.low) / self.width).round().clamp(0.0, BINS as f64);
        self.count(bin as usize);
    }

    fn count(&mut self, bin: usize) {
        if self.bins.is_empty() {
            self.first = bin;
        }
        if bin < self.first {
            let room = self.first - bin;
            self.bins.splice(0..0, std::iter::repeat_n(0, room));
            self.first = bin;
        }
        let place = bin - self.first;
        if place >= self.bins.len() {
            self.bins.reserve_exact(place + 1 - self.bins.len());
            self.bins.resize(place + 1, 0);
        }
        self.bins[place] += 1;
    }

    fn quantile(&self, q: f64) -> f64 {
        let rank = (q * self.n as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (b, &count) in self.bins.iter().enumerate() {
            seen += u64::from(count);
            if seen >= rank {
                return self.low + (self.first + b) as f64 * self.width;
            }
        }
        f64::NAN
    }

    /// The figures. The interval is Student's t for the mean; of a share (0 or 1) it is Wilson's.
    pub fn summary(&self) -> Summary {
        if self.n == 0 {
            let x = f64::NAN;
            return Summary { n: 0, mean: x, sd: x, ci_low: x, ci_high: x, q10: x, q50: x, q90: x };
        }
        let n = self.n as f64;
        let sd = if self.n > 1 { (self.squares / (n - 1.0)).sqrt() } else { f64::NAN };
        let half = if self.n > 1 { crate::interval::t95(self.n - 1) * sd / n.sqrt() } else { f64::NAN };
        Summary {
            n: self.n,
            mean: self.mean,
            sd,
            ci_low: self.mean - half,
            ci_high: self.mean + half,
            q10: self.quantile(0.1),
            q50: self.quantile(0.5),
            q90: self.quantile(0.9),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_agrees_with_the_definitions() {
        let mut cell = Cell::new(0.0, 1.0);
        let values: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        values.iter().for_each(|&x| cell.add(x));
        cell.add(f64::NAN);
        let s = cell.summary();
        assert_eq!(s.n, 101);
        assert!((s.mean - 0.5).abs() < 1e-12);
        assert!(
            (s.sd - (10201.0f64 - 1.0).sqrt() / 12f64.sqrt() / 100.0 * (101.0f64 / 100.0).sqrt()).abs()
                < 1e-3
        );
        for (q, expected) in [(s.q10, 0.1), (s.q50, 0.5), (s.q90, 0.9)] {
            assert!((q - expected).abs() <= 0.01 + 1.0 / BINS as f64, "{q} {expected}");
        }
    }
}
