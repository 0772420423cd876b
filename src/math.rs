//! The ground: functions that give the same bits on every machine, native or in a browser.
//!
//! Platforms differ in the last bits of `exp`, `ln` and their kin, so that the same scenario could give other runs
//! elsewhere. What the model needs is therefore either a polynomial written out here, which compilers turn into vector
//! instructions without changing a bit, or a function of `libm`.

use std::f64::consts::LOG2_E;

/// Pairs that the games compute side by side.
pub const LANES: usize = 16;

/// A value for each of [`LANES`] pairs.
pub type Lane = [f64; LANES];

/// Minimax coefficients of `2^f` on [-1/2, 1/2] with `2^0 = 1` exactly (relative error 4.7e-11).
const POWER: [f64; 8] = [
    1.0,
    0.693_147_180_704_531_6,
    0.240_226_510_665_611_5,
    0.055_504_103_659_922_97,
    0.009_618_038_132_059_31,
    0.001_333_393_505_476_001,
    0.000_154_667_563_186_269_4,
    1.519_615_675_118_614_1e-5,
];

/// `2^t` to a relative error of 5e-11, for t in [-1000, 1000] (beyond, as at the bound). This is the model's definition
/// of a power, not an approximation to one: every machine agrees on it to the bit.
///
/// ```
/// assert!((twain::math::exp2(3.5) / 2f64.powf(3.5) - 1.0).abs() < 5e-11);
/// ```
#[inline(always)]
pub fn exp2(t: f64) -> f64 {
    /// Adding 1.5 * 2^52 rounds to a whole number, which then stands in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let t = if t > -1000.0 { t } else { -1000.0 };
    let t = if t < 1000.0 { t } else { 1000.0 };
    let shifted = t + WHOLE;
    let f = t - (shifted - WHOLE);
    let mut y = POWER[7];
    let mut k = 7;
    while k > 0 {
        k -= 1;
        y = y * f + POWER[k];
    }
    f64::from_bits(y.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// `e^x` by [`exp2`].
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp2(x * LOG2_E)
}

/// Logistic function `1/(1 + e^-x)`.
///
/// ```
/// assert_eq!(twain::math::logistic(0.0), 0.5);
/// ```
#[inline(always)]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp2(-x * LOG2_E))
}

/// Hyperbolic tangent: an image in (-1, 1) from its log-odds.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    // odd to the bit: an enemy is as far from nought as a friend
    let e = exp2(-2.0 * LOG2_E * x.abs());
    let t = (1.0 - e) / (1.0 + e);
    if x < 0.0 { -t } else { t }
}

/// Distribution function of the standard normal, to 1e-10 (Hart 1968, algorithm 5666, with [`exp`]).
///
/// ```
/// assert!((twain::math::normal(1.959963984540054) - 0.975).abs() < 1e-10);
/// ```
#[inline(always)]
pub fn normal(x: f64) -> f64 {
    const ABOVE: [f64; 7] = [
        3.526_249_659_989_11e-2,
        0.700_383_064_443_688,
        6.373_962_203_531_65,
        33.912_866_078_383,
        112.079_291_497_871,
        221.213_596_169_931,
        220.206_867_912_376,
    ];
    const BELOW: [f64; 8] = [
        8.838_834_764_831_84e-2,
        1.755_667_163_182_64,
        16.064_177_579_207,
        86.780_732_202_946_1,
        296.564_248_779_674,
        637.333_633_378_831,
        793.826_512_519_948,
        440.413_735_824_752,
    ];
    // beyond 8 the tail is below 1e-15
    let size = if x.abs() < 8.0 { x.abs() } else { 8.0 };
    let (mut p, mut q) = (0.0, 0.0);
    for c in ABOVE {
        p = p * size + c;
    }
    for c in BELOW {
        q = q * size + c;
    }
    let tail = exp(-0.5 * size * size) * p / q;
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Quantile of the standard normal (Wichura 1988, algorithm AS 241); p is held to [1e-9, 1 - 1e-9].
///
/// ```
/// assert!((twain::math::probit(0.975) - 1.959963984540054).abs() < 1e-14);
/// ```
pub fn probit(p: f64) -> f64 {
    let ratio = |num: [f64; 8], den: [f64; 8], r: f64| {
        let horner = |c: [f64; 8]| c.into_iter().fold(0.0, |sum, x| sum * r + x);
        horner(num) / horner(den)
    };
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(
            [
                2.509_080_928_730_122_7e3,
                3.343_057_558_358_813e4,
                6.726_577_092_700_87e4,
                4.592_195_393_154_987e4,
                1.373_169_376_550_946e4,
                1.971_590_950_306_551_3e3,
                1.331_416_678_917_843_8e2,
                3.387_132_872_796_366_5,
            ],
            [
                5.226_495_278_852_854e3,
                2.872_908_573_572_194_3e4,
                3.930_789_580_009_271e4,
                2.121_379_430_158_659_7e4,
                5.394_196_021_424_751e3,
                6.871_870_074_920_579e2,
                4.231_333_070_160_091e1,
                1.0,
            ],
            0.180625 - q * q,
        );
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let x = if r <= 5.0 {
        ratio(
            [
                7.745_450_142_783_414e-4,
                2.272_384_498_926_918_4e-2,
                2.417_807_251_774_506e-1,
                1.270_458_252_452_368_4,
                3.647_848_324_763_204_5,
                5.769_497_221_460_691,
                4.630_337_846_156_546,
                1.423_437_110_749_683_5,
            ],
            [
                1.050_750_071_644_416_9e-9,
                5.475_938_084_995_345e-4,
                1.519_866_656_361_645_7e-2,
                1.481_039_764_274_800_8e-1,
                6.897_673_349_851e-1,
                1.676_384_830_183_803_8,
                2.053_191_626_637_759,
                1.0,
            ],
            r - 1.6,
        )
    } else {
        ratio(
            [
                2.010_334_399_292_288_1e-7,
                2.711_555_568_743_487_6e-5,
                1.242_660_947_388_078_4e-3,
                2.653_218_952_657_612_4e-2,
                2.965_605_718_285_048_7e-1,
                1.784_826_539_917_291_3,
                5.463_784_911_164_114,
                6.657_904_643_501_103,
            ],
            [
                2.044_263_103_389_939_8e-15,
                1.421_511_758_316_446e-7,
                1.846_318_317_510_054_8e-5,
                7.868_691_311_456_133e-4,
                1.487_536_129_085_061_5e-2,
                1.369_298_809_227_358e-1,
                5.998_322_065_558_879e-1,
                1.0,
            ],
            r - 5.0,
        )
    };
    if q < 0.0 { -x } else { x }
}

/// Nodes and weights of Gauss-Hermite quadrature for the mean over a standard normal, 21 points.
pub const HERMITE: [(f64, f64); 21] = [
    (-7.849_382_895_113_822_5, 2.098_991_219_565_671_2e-14),
    (-6.751_444_718_717_461, 4.975_368_604_121_718_6e-11),
    (-5.829_382_007_304_472, 1.450_661_284_493_085_7e-8),
    (-4.994_963_944_782_025, 1.225_354_836_148_252_6e-6),
    (-4.214_343_981_688_422, 4.219_234_742_551_663e-5),
    (-3.469_846_690_475_376_4, 7.080_477_954_815_369e-4),
    (-2.750_592_981_052_373_3, 6.439_697_051_408_777e-3),
    (-2.049_102_468_257_163, 3.395_272_978_654_286_6e-2),
    (-1.359_765_823_211_230_2, 1.083_922_856_264_194_9e-1),
    (-0.678_045_692_440_644, 2.153_337_156_950_597e-1),
    (0.0, 2.702_601_835_728_770_7e-1),
    (0.678_045_692_440_644, 2.153_337_156_950_597e-1),
    (1.359_765_823_211_230_2, 1.083_922_856_264_194_9e-1),
    (2.049_102_468_257_163, 3.395_272_978_654_286_6e-2),
    (2.750_592_981_052_373_3, 6.439_697_051_408_777e-3),
    (3.469_846_690_475_376_4, 7.080_477_954_815_369e-4),
    (4.214_343_981_688_422, 4.219_234_742_551_663e-5),
    (4.994_963_944_782_025, 1.225_354_836_148_252_6e-6),
    (5.829_382_007_304_472, 1.450_661_284_493_085_7e-8),
    (6.751_444_718_717_461, 4.975_368_604_121_718_6e-11),
    (7.849_382_895_113_822_5, 2.098_991_219_565_671_2e-14),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_keep_their_bound() {
        for k in -40_000..=40_000 {
            let t = f64::from(k) * 0.024_9;
            assert!((exp2(t) / libm::exp2(t) - 1.0).abs() < 5e-11, "2^{t}");
        }
        assert_eq!(exp2(-1e300), exp2(-1000.0));
        assert!(exp2(1e300).is_finite());
    }

    #[test]
    fn the_tangent_is_odd_and_close() {
        for k in -4000..=4000 {
            let x = f64::from(k) * 1e-3;
            assert!((tanh(x) - libm::tanh(x)).abs() < 1e-10, "tanh {x}");
            assert_eq!(tanh(-x), -tanh(x));
        }
    }

    #[test]
    fn the_quantile_inverts_the_distribution() {
        for k in 1..1000 {
            let p = f64::from(k) / 1000.0;
            assert!((normal(probit(p)) - p).abs() < 1e-10, "p = {p}");
        }
        for k in -900..=900 {
            let x = f64::from(k) / 100.0;
            let exact = 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
            assert!((normal(x) - exact).abs() < 1e-10, "{x}");
        }
        assert!((HERMITE.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-14);
        let variance: f64 = HERMITE.iter().map(|(x, w)| w * x * x).sum();
        assert!((variance - 1.0).abs() < 1e-12);
    }
}
