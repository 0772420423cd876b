//! Whether an institution outlives its founding threat (Wallander 2000; McCalla 1996).

/// What becomes of a body after the threat it was founded against has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// General assets do not cover upkeep, and a new body would not pay either.
    Dies,
    /// It lives on its general assets.
    Survives,
    /// A new body is worth its set-up cost although the old one could live.
    Replaced,
    /// The old one cannot live and a new one is worth its set-up cost.
    ReplacedIfCheap,
}

/// Fate of a body with assets `a`, general share `g`, value `v` of the new task, upkeep `m` and set-up cost `k`:
/// it lives iff `g >= m/(a v)` and a rebuilt body is not worth it iff `(1-g) a v <= k`.
pub fn fate(a: f64, g: f64, v: f64, m: f64, k: f64) -> Fate {
    let lives = g * a * v >= m;
    let rebuilt = (1.0 - g) * a * v > k;
    match (lives, rebuilt) {
        (true, false) => Fate::Survives,
        (true, true) => Fate::Replaced,
        (false, true) => Fate::ReplacedIfCheap,
        (false, false) => Fate::Dies,
    }
}

/// Next stock of an institution: `eta (1-x) practice - chi x`, with faster decay of the specific share once the
/// founding threat (0-1) has gone.
pub fn next_stock(x: f64, practice: f64, eta: f64, chi: f64, specific: f64, threat: f64) -> f64 {
    let decay = chi * (1.0 + specific * (1.0 - threat));
    (x + eta * (1.0 - x) * practice - decay * x).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shipped rates carry a treaty without organs (.12) in the 42 years from 1949 to 1991, at a practice of .85, to
    /// the stock the main scenario gives NATO in 1991 (.75). No later figure is used.
    #[test]
    fn shipped_rates_follow_from_natos_first_42_years() {
        let shipped = crate::model::parameters::World::default();
        let mut x = 0.12;
        for _ in 0..42 * 4 {
            x = next_stock(x, 0.85, shipped.growth, shipped.decay, 0.3, 1.0);
        }
        assert!((x - 0.75).abs() < 0.02, "{x}");
    }

    #[test]
    fn two_thresholds_make_four_regions() {
        assert_eq!(fate(1.0, 0.7, 1.0, 0.3, 0.5), Fate::Survives);
        assert_eq!(fate(1.0, 0.15, 1.0, 0.3, 1.0), Fate::Dies);
        assert_eq!(fate(1.0, 0.4, 1.0, 0.3, 0.5), Fate::Replaced);
        assert_eq!(fate(1.0, 0.15, 1.0, 0.3, 0.5), Fate::ReplacedIfCheap);
    }

    #[test]
    fn the_stock_rests_where_growth_meets_decay() {
        let mut x = 0.1;
        for _ in 0..5000 {
            x = next_stock(x, 0.8, 0.04, 0.02, 0.3, 1.0);
        }
        assert!((x - 0.032 / 0.052).abs() < 1e-9, "rest point eta p/(eta p + chi): {x}");
    }
}
