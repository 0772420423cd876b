//! How a body decides: consensus with silence procedure, majority, weighted majority, or its leader; and the mood that
//! moves its members together.

use multiversion::multiversion;

use crate::math::{HERMITE, normal, probit};

/// Decision rule of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// Every member can block (silence procedure).
    Consensus,
    /// More than the given share of members.
    Majority(f64),
    /// More than the given share of capability.
    Weighted(f64),
    /// The leader alone.
    Leader,
}

impl Decision {
    /// The word used in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Consensus => "consensus",
            Decision::Majority(_) => "majority",
            Decision::Weighted(_) => "weighted",
            Decision::Leader => "leader",
        }
    }

    /// Whether the votes carry. `votes` yields (yes, weight, leads) per member; an empty body never agrees.
    pub fn carries(self, votes: impl Iterator<Item = (bool, f64, bool)> + Clone) -> bool {
        let size = votes.clone().count();
        if size == 0 {
            return false;
        }
        let in_favour = votes.clone().filter(|v| v.0);
        match self {
            Decision::Consensus => votes.clone().all(|v| v.0),
            Decision::Majority(share) => in_favour.count() as f64 > share * size as f64,
            Decision::Weighted(share) => {
                let all: f64 = votes.clone().map(|v| v.1).sum();
                in_favour.map(|v| v.1).sum::<f64>() > share * all
            }
            Decision::Leader => match votes.clone().find(|v| v.2) {
                Some(leader) => leader.0,
                None => Decision::Majority(0.5).carries(votes),
            },
        }
    }

    /// Probability that the body agrees when member i agrees with probability `p[i]`, independently.
    ///
    /// Under consensus it is the product (p^n for equal members: Buchanan & Tullock 1962). Majorities are
    /// summed by convolution, weighted ones on a grid of a thousandth of the weight.
    pub fn pass_probability(self, p: &[f64], weights: &[f64], leader: Option<usize>) -> f64 {
        if p.is_empty() {
            return 0.0;
        }
        match self {
            Decision::Consensus => p.iter().product(),
            Decision::Leader => match leader {
                Some(l) => p[l],
                None => Decision::Majority(0.5).pass_probability(p, weights, None),
            },
            Decision::Majority(share) => {
                tail(p, &vec![1; p.len()], (share * p.len() as f64).floor() as usize)
            }
            Decision::Weighted(share) => {
                let all: f64 = weights.iter().sum();
                let units: Vec<usize> = weights.iter().map(|w| (w / all * 1000.0).round() as usize).collect();
                tail(p, &units, (share * units.iter().sum::<usize>() as f64).floor() as usize)
            }
        }
    }
}

/// A decision rule and how far one mood moves all who vote: yes given the mood z is
/// `Phi((Phi^-1(p) + sqrt(rho) z)/sqrt(1-rho))`, so that every member's own chance stays p (one-factor model, Vasicek 1987).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mood {
    /// The rule.
    pub rule: Decision,
    /// Correlation rho in [0, 1); 0 is independence.
    pub correlation: f64,
}

impl Mood {
    /// Chance of a yes of a member with chance `p` when the mood is `z`.
    pub fn conditional(p: f64, z: f64, correlation: f64) -> f64 {
        if correlation <= 0.0 {
            return p;
        }
        normal((probit(p) + correlation.sqrt() * z) / (1.0 - correlation).max(1e-9).sqrt())
    }

    /// Probability that the body agrees when member i agrees with chance `p[i]`; the mean over moods by 21-point
    /// Gauss-Hermite quadrature. `spare` is room.
    pub fn pass_probability(
        &self,
        p: &[f64],
        weights: &[f64],
        leader: Option<usize>,
        spare: &mut Vec<f64>,
    ) -> f64 {
        if p.is_empty() {
            return 0.0;
        }
        let mut mean = 0.0;
        self.each_mood(p, spare, |weight, chances, _| {
            mean += weight * self.rule.pass_probability(chances, weights, leader);
        });
        mean
    }

    /// The same for each member in turn, were it certain to agree. `spare` is room, and holds what is returned.
    pub fn with_each_certain<'a>(
        &self,
        p: &[f64],
        weights: &[f64],
        leader: Option<usize>,
        spare: &'a mut Vec<f64>,
    ) -> &'a [f64] {
        self.each_mood(p, spare, |weight, chances, means| {
            if self.rule == Decision::Consensus {
                // all others agree: those before a member and those after it
                for m in 0..p.len() {
                    let others = chances[..m].iter().chain(&chances[m + 1..]);
                    means[m] += weight * others.product::<f64>();
                }
                return;
            }
            for m in 0..p.len() {
                let own = std::mem::replace(&mut chances[m], 1.0);
                means[m] += weight * self.rule.pass_probability(chances, weights, leader);
                chances[m] = own;
            }
        });
        &spare[2 * p.len()..]
    }

    /// Calls `f` with the weight of each of 21 moods, every member's chance in it, and room for a sum for each member; once
    /// if there is no mood.
    fn each_mood(&self, p: &[f64], spare: &mut Vec<f64>, mut f: impl FnMut(f64, &mut [f64], &mut [f64])) {
        let size = p.len();
        spare.clear();
        spare.resize(3 * size, 0.0);
        let (quantiles, rest) = spare.split_at_mut(size);
        let (chances, sums) = rest.split_at_mut(size);
        if self.correlation <= 0.0 {
            chances.copy_from_slice(p);
            return f(1.0, chances, sums);
        }
        for (quantile, p) in quantiles.iter_mut().zip(p) {
            *quantile = probit(*p);
        }
        for (z, weight) in HERMITE {
            given(quantiles, z, self.correlation, chances);
            f(weight, chances, sums);
        }
    }
}

/// Chances of a yes by their quantiles, in the mood `z`.
#[multiversion(targets("x86_64+avx2"))]
fn given(quantiles: &[f64], z: f64, correlation: f64, out: &mut [f64]) {
    let (shift, scale) = (correlation.sqrt() * z, (1.0 - correlation).max(1e-9).sqrt());
    for (chance, quantile) in out.iter_mut().zip(quantiles) {
        *chance = normal((quantile + shift) / scale);
    }
}

/// P(sum of units of those who agree > quota), by convolution.
fn tail(p: &[f64], units: &[usize], quota: usize) -> f64 {
    let mut mass = vec![0.0; units.iter().sum::<usize>() + 1];
    mass[0] = 1.0;
    let mut top = 0;
    for (&p, &u) in p.iter().zip(units) {
        for s in (0..=top).rev() {
            let m = mass[s];
            mass[s] = m * (1.0 - p);
            if u > 0 {
                mass[s + u] += m * p;
            } else {
                mass[s] += m * p;
            }
        }
        top += u;
    }
    mass.iter().skip(quota + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T9: p^n, and a further veto player never raises the chance to pass.
    #[test]
    fn consensus_is_p_to_the_n() {
        for (n, expected) in [(7, 0.698), (16, 0.440), (28, 0.238), (35, 0.166)] {
            let p = Decision::Consensus.pass_probability(&vec![0.95; n], &[], None);
            assert!((p - expected).abs() < 5e-4, "n = {n}: {p}");
        }
        let mut p = vec![0.9, 0.8];
        let before = Decision::Consensus.pass_probability(&p, &[], None);
        p.push(0.99);
        assert!(Decision::Consensus.pass_probability(&p, &[], None) <= before);
    }

    #[test]
    fn majority_of_equals_is_binomial() {
        // three members at 1/2: P(at least two agree) = 1/2; five at .9: .99144
        let p = |n: usize, q: f64| Decision::Majority(0.5).pass_probability(&vec![q; n], &[], None);
        assert!((p(3, 0.5) - 0.5).abs() < 1e-12);
        assert!((p(5, 0.9) - 0.99144).abs() < 1e-9);
    }

    #[test]
    fn a_dominant_weight_decides_a_weighted_vote() {
        let weights = [0.7, 0.1, 0.1, 0.1];
        let p = Decision::Weighted(0.5).pass_probability(&[1.0, 0.0, 0.0, 0.0], &weights, None);
        assert!((p - 1.0).abs() < 1e-12);
        let rule = Decision::Weighted(0.5);
        assert!(!rule.carries(
            [(false, 0.7, true), (true, 0.1, false), (true, 0.1, false), (true, 0.1, false)].into_iter()
        ));
    }

    #[test]
    fn the_least_willing_is_pivotal() {
        let p = [0.99, 0.2, 0.9];
        let mut spare = Vec::new();
        for correlation in [0.0, 0.5] {
            let mood = Mood { rule: Decision::Consensus, correlation };
            let whole = mood.pass_probability(&p, &[], None, &mut spare);
            let pivot: Vec<f64> =
                mood.with_each_certain(&p, &[], None, &mut spare).iter().map(|c| c - whole).collect();
            assert!(pivot[1] > pivot[0] && pivot[1] > pivot[2] && pivot.iter().all(|&x| x >= 0.0));
        }
        assert!(!Decision::Consensus.carries(std::iter::empty()));
    }

    /// CF4: without a mood p^n; at rho = 1/2 and p = 1/2, 1/(n+1). A single member's chance stays its own.
    #[test]
    fn a_common_mood_makes_consensus_likelier() {
        let mut spare = Vec::new();
        let mut pass = |n: usize, p: f64, correlation: f64| {
            Mood { rule: Decision::Consensus, correlation }.pass_probability(
                &vec![p; n],
                &[],
                None,
                &mut spare,
            )
        };
        assert!((pass(7, 0.9, 0.0) - 0.9f64.powi(7)).abs() < 1e-12);
        for n in [7, 16, 28] {
            assert!((pass(n, 0.5, 0.5) - 1.0 / (n as f64 + 1.0)).abs() < 3e-3, "{n}");
        }
        for p in [0.05, 0.5, 0.9] {
            assert!((pass(1, p, 0.5) - p).abs() < 1e-3, "{p}");
        }
    }
}
