//! Sensitivity indices: Morris' elementary effects and Sobol' variance shares.

use rand::RngExt;

use crate::random::{Purpose, stream};

/// An index with its interval.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Estimate; NaN if there is none.
    pub value: f64,
    /// Lower end of the 95% bootstrap interval; NaN if there is none.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Bootstrap samples behind the interval: those without variance have no value and are left out.
    pub resamples: usize,
}

/// Bootstrap samples drawn for each interval.
pub const RESAMPLES: usize = 500;

/// The statistic of all `n` units with its interval. There is none from a single unit, nor if half of the samples or more
/// have no value: what is left would speak of the odd ones only.
fn bootstrap(n: usize, seed: u64, statistic: &dyn Fn(&[usize]) -> f64) -> Index {
    let all: Vec<usize> = (0..n).collect();
    let defined = |x: f64| if x.is_finite() { x } else { f64::NAN };
    let value = if n > 0 { defined(statistic(&all)) } else { f64::NAN };
    let none = Index { value, low: f64::NAN, high: f64::NAN, resamples: 0 };
    if n < 2 {
        return none;
    }
    let mut rng = stream(seed, Purpose::Design, 1);
    let mut draws: Vec<f64> = (0..RESAMPLES)
        .map(|_| statistic(&(0..n).map(|_| rng.random_range(0..n)).collect::<Vec<_>>()))
        .filter(|x| x.is_finite())
        .collect();
    draws.sort_by(f64::total_cmp);
    let resamples = draws.len();
    if 2 * resamples <= RESAMPLES {
        return Index { resamples, ..none };
    }
    let at = |q: f64| draws[((resamples - 1) as f64 * q).round() as usize];
    Index { value, low: at(0.025), high: at(0.975), resamples }
}

/// Mean, mean absolute value and standard deviation of the elementary effects of each factor (Morris 1991;
/// Campolongo, Cariboni & Saltelli 2007 for mu*), as `[mu, mu_star, sigma]`. `unit` holds whole trajectories; `position` holds
/// where in its range each factor then was, from 0 to 1. An effect is the change of the outcome over the share of the range
/// that was moved: listed values and whole numbers do not move as far as the unit does.
pub fn morris(unit: &[Vec<f64>], position: &[Vec<f64>], y: &[f64], seed: u64) -> Vec<[Index; 3]> {
    let k = unit.first().map_or(0, Vec::len);
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); k];
    let trajectories = unit.chunks(k + 1).zip(position.chunks(k + 1)).zip(y.chunks(k + 1));
    for ((unit, position), values) in trajectories {
        for step in 1..unit.len().min(values.len()) {
            let Some(d) = (0..k).find(|&d| (unit[step][d] - unit[step - 1][d]).abs() > 1e-12) else {
                continue;
            };
            let moved = position[step][d] - position[step - 1][d];
            if moved.abs() > 1e-12 {
                effects[d].push((values[step] - values[step - 1]) / moved);
            }
        }
    }
    let indices = |e: &Vec<f64>| {
        let mean = |s: &[usize]| s.iter().map(|&i| e[i]).sum::<f64>() / s.len() as f64;
        let absolute = |s: &[usize]| s.iter().map(|&i| e[i].abs()).sum::<f64>() / s.len() as f64;
        let spread = |s: &[usize]| {
            let m = mean(s);
            (s.iter().map(|&i| (e[i] - m).powi(2)).sum::<f64>() / (s.len() as f64 - 1.0)).sqrt()
        };
        [
            bootstrap(e.len(), seed, &mean),
            bootstrap(e.len(), seed, &absolute),
            bootstrap(e.len(), seed, &spread),
        ]
    };
    effects.iter().map(indices).collect()
}

/// First-order (Saltelli et al. 2010) and total (Jansen 1999) shares of the variance, as `[S1, ST]`, from values at
/// Saltelli blocks of `k` factors.
///
/// ```
/// use twain::analysis::sensitivity::sobol;
/// // blocks of A, A with each column of B in turn, and B, over two factors of which only the first matters
/// let (a, b) = ([0.1, 0.6, 0.3, 0.9], [0.8, 0.2, 0.7, 0.4]);
/// let y: Vec<f64> = (0..4).flat_map(|r| [a[r], b[r], a[r], b[r]]).collect();
/// let [first, second] = [0, 1].map(|k| sobol(&y, 2, 1)[k][1].value);
/// assert!(first > second);
/// ```
pub fn sobol(y: &[f64], k: usize, seed: u64) -> Vec<[Index; 2]> {
    let blocks: Vec<&[f64]> = y.chunks_exact(k + 2).collect();
    let centre = y.iter().sum::<f64>() / y.len().max(1) as f64;
    let variance = |s: &[usize]| {
        let n = 2.0 * s.len() as f64;
        let ends = || s.iter().flat_map(|&i| [blocks[i][0], blocks[i][k + 1]]);
        let mean = ends().sum::<f64>() / n;
        ends().map(|x| (x - mean).powi(2)).sum::<f64>() / n
    };
    (0..k)
        .map(|d| {
            let first = |s: &[usize]| {
                let sum: f64 =
                    s.iter().map(|&i| (blocks[i][k + 1] - centre) * (blocks[i][d + 1] - blocks[i][0])).sum();
                sum / s.len() as f64 / variance(s)
            };
            let total = |s: &[usize]| {
                let sum: f64 = s.iter().map(|&i| (blocks[i][0] - blocks[i][d + 1]).powi(2)).sum();
                0.5 * sum / s.len() as f64 / variance(s)
            };
            [bootstrap(blocks.len(), seed, &first), bootstrap(blocks.len(), seed, &total)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sequence;
    use std::f64::consts::PI;

    #[test]
    fn ishigami_indices_match_the_closed_form() {
        // a = 7, b = 0.1 (Ishigami & Homma 1990): S1 = .3139 .4424 0, ST = .5576 .4424 .2437;
        // at n = 4096 the quasi-random error of the estimators is below 0.02
        let y: Vec<f64> = sequence::saltelli(4096, 3)
            .iter()
            .map(|u| {
                let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
                x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
            })
            .collect();
        for ([s1, st], (a, b)) in
            sobol(&y, 3, 1).iter().zip([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)])
        {
            assert!((s1.value - a).abs() < 0.02, "{} {a}", s1.value);
            assert!((st.value - b).abs() < 0.02, "{} {b}", st.value);
            assert!(s1.low <= s1.value && s1.value <= s1.high);
        }
    }

    #[test]
    fn g_function_indices_match_the_closed_form() {
        // Sobol' g with a = 0, 1, 9: V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1; tolerance as above
        let a = [0.0, 1.0, 9.0];
        let v: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
        let whole: f64 = v.iter().map(|v| 1.0 + v).product();
        let g = |u: &Vec<f64>| -> f64 {
            u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
        };
        let y: Vec<f64> = sequence::saltelli(4096, 3).iter().map(g).collect();
        for (i, [s1, st]) in sobol(&y, 3, 1).iter().enumerate() {
            assert!((s1.value - v[i] / (whole - 1.0)).abs() < 0.02);
            assert!((st.value - v[i] * whole / (1.0 + v[i]) / (whole - 1.0)).abs() < 0.02);
        }
    }

    #[test]
    fn effects_of_a_linear_function_are_its_slopes() {
        let unit = sequence::morris(10, 2, 4, &mut stream(1, Purpose::Design, 0));
        let y: Vec<f64> = unit.iter().map(|u| 3.0 * u[0] - 2.0 * u[1]).collect();
        let [a, b] = &morris(&unit, &unit, &y, 1)[..] else { panic!("two factors") };
        assert!((a[0].value - 3.0).abs() < 1e-9 && a[2].value < 1e-9);
        assert!((b[0].value + 2.0).abs() < 1e-9 && (b[1].value - 2.0).abs() < 1e-9);
    }

    #[test]
    fn effects_are_per_share_of_the_range_moved() {
        // the outcome is .6 times the value: over the whole range from 0 to 1 it moves by .6, however the values lie
        let factor = |keys: &str| {
            let design = format!("design = 'morris'\nfactor = [{{ path = 'x', {keys} }}]");
            let node = crate::scenario::document::parse("x.toml".as_ref(), design).expect("TOML");
            let mut design = crate::experiment::design::Sweep::from_node(&node).expect("a design");
            design.factor.remove(0)
        };
        for (values, slope) in [(vec![0.0, 1.0], 0.6), (vec![0.0, 0.1, 1.0], 0.6), (vec![1.0, 3.0, 2.0], 1.2)]
        {
            let factor = factor(&format!("values = {values:?}"));
            let unit = sequence::morris(20, 1, 4, &mut stream(1, Purpose::Design, 0));
            let position: Vec<Vec<f64>> = unit.iter().map(|u| vec![factor.position(u[0])]).collect();
            let y: Vec<f64> =
                unit.iter().map(|u| 0.6 * factor.at(u[0]).parse::<f64>().expect("a number")).collect();
            let [mu, _, sigma] = morris(&unit, &position, &y, 1)[0];
            assert!((mu.value - slope).abs() < 1e-9 && sigma.value < 1e-9, "{values:?}: {}", mu.value);
        }
        let whole = factor("low = 0.0, high = 2.0, scale = 'integer'");
        let places: Vec<f64> = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0].map(|u| whole.position(u)).to_vec();
        assert_eq!(places, [0.0, 0.5, 1.0, 1.0]);
    }

    #[test]
    fn one_unit_has_no_interval_and_samples_without_variance_are_left_out() {
        let unit = sequence::morris(1, 2, 4, &mut stream(1, Purpose::Design, 0));
        let y: Vec<f64> = unit.iter().map(|u| 2.0 * u[0]).collect();
        let [mu, star, sigma] = morris(&unit, &unit, &y, 1)[0];
        assert!((mu.value - 2.0).abs() < 1e-9 && mu.low.is_nan() && mu.high.is_nan() && star.low.is_nan());
        assert!(sigma.value.is_nan(), "one effect has no spread");
        // two blocks of one factor, the second alone varies: a quarter of the samples hold the first alone
        let [s1, st] = sobol(&[1.0, 1.0, 1.0, 1.0, 0.0, 0.0], 1, 1)[0];
        for index in [s1, st] {
            assert!((300..450).contains(&index.resamples), "{}", index.resamples);
            assert!(index.low.is_finite() && index.high.is_finite() && index.low <= index.high);
        }
        // one block in 32: a third of the samples lack it, those that remain have finite ends
        let mut y = vec![0.0; 32 * 3];
        y[2] = 1.0;
        let [s1, st] = sobol(&y, 1, 1)[0];
        assert!(s1.resamples < RESAMPLES && st.resamples == s1.resamples);
        for x in [s1.low, s1.high, st.low, st.high] {
            assert!(x.is_finite());
        }
        let [s1, _] = sobol(&[1.0, 0.0, 1.0], 1, 1)[0];
        assert!(s1.low.is_nan() && s1.high.is_nan(), "one point gives no interval");
    }
}
