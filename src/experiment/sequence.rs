//! Points of the unit cube: Latin hypercube, Sobol' sequence, Morris trajectories, Saltelli blocks.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Primitive polynomials and initial direction numbers, dimensions 2 to 21 of `new-joe-kuo-6` (Joe & Kuo 2008,
/// SIAM J. Sci. Comput. 30, 2635): coefficient bits `a` and numbers `m`, whose count is the degree.
const JOE_KUO: [(u32, &[u32]); 20] = [
    (0, &[1]),
    (1, &[1, 3]),
    (1, &[1, 3, 1]),
    (2, &[1, 1, 1]),
    (1, &[1, 1, 3, 3]),
    (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]),
    (4, &[1, 1, 5, 5, 5]),
    (7, &[1, 1, 7, 11, 19]),
    (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]),
    (14, &[1, 3, 5, 5, 31]),
    (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]),
    (16, &[1, 3, 1, 13, 27, 49]),
    (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]),
    (25, &[1, 1, 5, 5, 19, 61]),
    (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]),
];

/// Most dimensions of a Sobol' sequence.
pub const SOBOL_DIMENSIONS: usize = JOE_KUO.len() + 1;

fn directions(dimension: usize) -> [u32; 32] {
    let mut v = [0u32; 32];
    let Some(&(a, m)) = dimension.checked_sub(1).and_then(|d| JOE_KUO.get(d)) else {
        for (i, x) in v.iter_mut().enumerate() {
            *x = 1 << (31 - i);
        }
        return v;
    };
    let s = m.len();
    for i in 0..32 {
        v[i] = if i < s {
            m[i] << (31 - i)
        } else {
            let mut x = v[i - s] ^ (v[i - s] >> s);
            for k in 1..s {
                x ^= ((a >> (s - 1 - k)) & 1) * v[i - k];
            }
            x
        };
    }
    v
}

/// Points `skip..skip + n` of the Sobol' sequence in Gray-code order (Antonov & Saleev 1979), as in Joe and Kuo.
pub fn sobol(n: usize, dimensions: usize, skip: usize) -> Vec<Vec<f64>> {
    let v: Vec<[u32; 32]> = (0..dimensions).map(directions).collect();
    let at = |index: usize| {
        let gray = index ^ (index >> 1);
        v.iter()
            .map(|v| {
                let x = (0..32).filter(|b| gray >> b & 1 == 1).fold(0, |x, b| x ^ v[b]);
                f64::from(x) / 4_294_967_296.0
            })
            .collect()
    };
    (skip..skip + n).map(at).collect()
}

/// Latin hypercube (McKay, Beckman & Conover 1979): one point in each of `n` strata of every dimension.
pub fn latin(n: usize, dimensions: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let mut points = vec![vec![0.0; dimensions]; n];
    for d in 0..dimensions {
        let mut strata: Vec<usize> = (0..n).collect();
        strata.shuffle(rng);
        for (point, stratum) in points.iter_mut().zip(strata) {
            let u: f64 = rng.random();
            point[d] = (stratum as f64 + u) / n as f64;
        }
    }
    points
}

/// Morris trajectories (Morris 1991) of `dimensions + 1` points on a grid of `levels`; the step is
/// `levels / (2 (levels - 1))`.
pub fn morris(trajectories: usize, dimensions: usize, levels: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let delta = levels as f64 / (2.0 * (levels as f64 - 1.0));
    let mut points = Vec::with_capacity(trajectories * (dimensions + 1));
    for _ in 0..trajectories {
        let mut point: Vec<f64> =
            (0..dimensions).map(|_| rng.random_range(0..levels) as f64 / (levels as f64 - 1.0)).collect();
        let mut order: Vec<usize> = (0..dimensions).collect();
        order.shuffle(rng);
        points.push(point.clone());
        for d in order {
            point[d] += if point[d] + delta <= 1.0 + 1e-9 { delta } else { -delta };
            point[d] = point[d].clamp(0.0, 1.0);
            points.push(point.clone());
        }
    }
    points
}

/// Saltelli's blocks (Saltelli 2010): for each base row A, then A with one column of B in turn, then B.
pub fn saltelli(n: usize, dimensions: usize) -> Vec<Vec<f64>> {
    let mut points = Vec::with_capacity(n * (dimensions + 2));
    for row in sobol(n, 2 * dimensions, n.next_power_of_two().max(16)) {
        let (a, b) = row.split_at(dimensions);
        points.push(a.to_vec());
        for d in 0..dimensions {
            let mut mixed = a.to_vec();
            mixed[d] = b[d];
            points.push(mixed);
        }
        points.push(b.to_vec());
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    #[test]
    fn sobol_starts_as_published() {
        // the example of Joe and Kuo's program for three dimensions
        let expected = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
        ];
        assert_eq!(sobol(8, 3, 0), expected.map(|p| p.to_vec()));
    }

    #[test]
    fn every_sobol_dimension_is_stratified() {
        for d in 0..SOBOL_DIMENSIONS {
            let mut cells: Vec<u32> =
                sobol(256, SOBOL_DIMENSIONS, 0).iter().map(|p| (p[d] * 256.0) as u32).collect();
            cells.sort_unstable();
            assert_eq!(cells, (0..256).collect::<Vec<_>>(), "dimension {d}");
        }
    }

    #[test]
    fn latin_has_one_point_in_each_stratum() {
        let points = latin(50, 3, &mut stream(1, Purpose::Design, 0));
        for d in 0..3 {
            let mut cells: Vec<u32> = points.iter().map(|p| (p[d] * 50.0) as u32).collect();
            cells.sort_unstable();
            assert_eq!(cells, (0..50).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_morris_step_moves_one_factor_by_delta() {
        let points = morris(20, 4, 4, &mut stream(1, Purpose::Design, 0));
        for trajectory in points.chunks(5) {
            let mut moved = Vec::new();
            for pair in trajectory.windows(2) {
                let changed: Vec<usize> = (0..4).filter(|&d| pair[0][d] != pair[1][d]).collect();
                assert_eq!(changed.len(), 1);
                assert!(((pair[0][changed[0]] - pair[1][changed[0]]).abs() - 2.0 / 3.0).abs() < 1e-12);
                moved.push(changed[0]);
            }
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3]);
        }
    }

    /// All 21 dimensions agree with SciPy's `qmc.Sobol(21, scramble=False, bits=32).random(1024)`: for each, the sum of
    /// its coordinates weighted by `i^2 mod 101`.
    #[test]
    fn all_dimensions_agree_with_scipy() {
        let expected = [
            25507.8212890625,
            25423.5810546875,
            25523.6435546875,
            25177.8564453125,
            25223.3662109375,
            25493.3681640625,
            25360.2880859375,
            25879.7275390625,
            25098.6962890625,
            25323.2294921875,
            25545.6982421875,
            25253.6064453125,
            25491.5634765625,
            25256.2080078125,
            25413.1044921875,
            25456.9521484375,
            25446.2861328125,
            25610.7314453125,
            25795.0419921875,
            25409.0966796875,
            25442.0498046875,
        ];
        let points = sobol(1024, SOBOL_DIMENSIONS, 0);
        for (d, wanted) in expected.iter().enumerate() {
            let sum: f64 = points.iter().enumerate().map(|(i, x)| ((i * i) % 101) as f64 * x[d]).sum();
            assert!((sum - wanted).abs() < 1e-6, "dimension {}: {sum} and {wanted}", d + 1);
        }
    }
}
