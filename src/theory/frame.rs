//! The frame every school shares: one repeated game seen per unit of stake, through fog, in present value.
//!
//! The payoff of one round counts 1, the future its odds. A partner answers defection with defection for ever, but
//! misreads and slips: with chance `e` he turns although I cooperated, and the round in which he has turned and I do
//! not know it yet is played. What a school adds is a reading of the same numbers; see its own file.

use crate::math::{LANES, Lane};
use crate::payoffs::Payoffs;

/// The numbers of the shared world that decisions read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Chance that there is another round (the shadow of the future), 0-1.
    pub shadow: f64,
    /// Chance that a move is misread where nobody monitors, 0-1/2.
    pub misperception: f64,
    /// Chance that the hand slips, 0-1/2.
    pub error: f64,
    /// Weight of the last move seen, against trust, in belief.
    pub memory: f64,
    /// Share of misreading that full monitoring removes, 0-1.
    pub information: f64,
    /// Share of friction that a full venue removes, 0-1.
    pub economy: f64,
    /// Friction of one encounter per step, spreads.
    pub friction: f64,
}

/// One fog: a slip of the hand looks like a slip of the eye. `e = mu + eps - 2 mu eps`.
#[inline(always)]
pub fn fog(misread: f64, error: f64) -> f64 {
    misread + error - 2.0 * misread * error
}

/// Present value of not being taken for a defector, against a grim partner who sees with fog `e`.
///
/// `w (A-B) V + w (1-A)(X-P)`, `V = [(R-P) + w (1-A)(X-P)]/(1 - w A)`, `A = (1-e)(1-c)`, `B = e (1-c)`. `late` is X, the
/// payoff of the one round after a misreading in which one side has turned and the other does not know it yet: S for
/// me, T for the partner. `spread` is c, the chance that a third party's misreading turns him too (Kandori 1992).
///
/// ```
/// use twain::{payoffs::Payoffs, theory::frame::future};
/// // without fog the future is its odds w/(1-w) times R - P
/// assert!((future(&Payoffs::axelrod(), 0.0, 0.7, 0.0, 0.0) - 0.7 / 0.3 * 2.0).abs() < 1e-12);
/// ```
#[inline(always)]
pub fn future(p: &Payoffs, late: f64, shadow: f64, e: f64, spread: f64) -> f64 {
    let (seen, taken) = ((1.0 - e) * (1.0 - spread), e * (1.0 - spread));
    let lost = shadow * (1.0 - seen) * (late - p.punishment);
    let value = ((p.reward - p.punishment) + lost) / (1.0 - shadow * seen);
    shadow * (seen - taken) * value + lost
}

/// Chance that one of `eyes` further observers misreads: `1 - (1-e)^k`.
pub fn contagion(e: f64, eyes: f64) -> f64 {
    1.0 - libm::pow(1.0 - e, eyes)
}

/// The shadow of the future without fog that would be worth as much as `future`: `H/(H + R - P)`, 0 where there is
/// nothing to hope for.
pub fn effective_shadow(p: &Payoffs, future: f64) -> f64 {
    let gain = p.reward - p.punishment;
    if future <= 0.0 || gain <= 0.0 { 0.0 } else { future / (future + gain) }
}

/// Own gain of cooperation over defection at belief `q`: `q [(R-T) + H] + (1-q)(S-P)`.
#[inline(always)]
pub fn surplus(p: &Payoffs, q: f64, future: f64) -> f64 {
    q * ((p.reward - p.temptation) + future) + (1.0 - q) * (p.sucker - p.punishment)
}

/// What the same choice gives the partner: `q [(R-S) + G] + (1-q)(T-P)`.
#[inline(always)]
pub fn others_gain(p: &Payoffs, q: f64, future: f64) -> f64 {
    q * ((p.reward - p.sucker) + future) + (1.0 - q) * (p.temptation - p.punishment)
}

/// Belief that the other cooperates: trust blended with its last move as it must be read through the fog `misread`
/// (Bayes); trust alone if it has never been met (`seen` negative).
#[inline(always)]
pub fn belief(trust: f64, seen: f64, misread: f64, memory: f64) -> f64 {
    let read = seen * (1.0 - misread) + (1.0 - seen) * misread;
    let last = if seen < 0.0 { trust } else { read };
    (1.0 - memory) * trust + memory * last
}

/// Weight that a role puts on the other's gain, by image: `sign(I) max(0, |I| - 1/3) 3/2`. Rivals put none (Wendt 1999).
#[inline(always)]
pub fn role_weight(image: f64) -> f64 {
    let over = image.abs() - 1.0 / 3.0;
    let size = if over > 0.0 { over * 1.5 } else { 0.0 };
    if image < 0.0 { -size } else { size }
}

/// What every encounter on one issue shares in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Game {
    /// The stage game.
    pub payoffs: Payoffs,
    /// Greatest less least payoff.
    pub spread: f64,
    /// How far the issue touches military secrets, 0-1.
    pub hard: f64,
    /// Whether the issue is on the table in this step.
    pub active: bool,
    /// Value of the future to me without any institution.
    pub future: f64,
    /// Value of the future to the partner without any institution.
    pub others_future: f64,
}

impl Game {
    /// The game on `payoffs` in the world of `frame`.
    pub fn new(payoffs: Payoffs, hard: f64, active: bool, frame: &Frame) -> Self {
        let p = &payoffs;
        let all = [p.temptation, p.reward, p.punishment, p.sucker];
        let spread =
            all.iter().fold(f64::MIN, |a, &x| a.max(x)) - all.iter().fold(f64::MAX, |a, &x| a.min(x));
        let e = fog(frame.misperception, frame.error);
        Game {
            payoffs,
            spread: if spread > 0.0 { spread } else { 1.0 },
            hard,
            active,
            future: future(p, p.sucker, frame.shadow, e, 0.0),
            others_future: future(p, p.temptation, frame.shadow, e, 0.0),
        }
    }
}

/// One direction of sixteen pairs: what each of sixteen states sees of one other. Slices are over issues.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Trust in the other, 0-1.
    pub trust: Lane,
    /// The other's last move as seen, by issue; negative if never met.
    pub seen: Vec<Lane>,
    /// My stake, by issue, 0-1.
    pub stake: Vec<Lane>,
    /// Sum of my stakes over issues.
    pub total: Lane,
    /// Normalised threat from what stands behind the other, 0-1.
    pub behind: Lane,
    /// My fear of everybody together, 0-1.
    pub fear: Lane,
    /// Share of my threats that the other faces too, less the share that is the other itself.
    pub external: Lane,
    /// My image of the other, -1 to 1.
    pub image: Lane,
    /// Value of the future with the best venue we share, as far as the school relies on institutions, by issue.
    pub future: Vec<Lane>,
    /// Chance of misreading within that reliance, by issue.
    pub misread: Vec<Lane>,
    /// Expected sanction on my defection, payoff units, by issue.
    pub enforcement: Vec<Lane>,
    /// Stake-weighted scope of what we share, 0-1.
    pub scope: Lane,
}

impl Meeting {
    /// Room for `issues` issues.
    pub fn new(issues: usize) -> Self {
        let none = [0.0; LANES];
        let rows = || vec![none; issues];
        Meeting {
            trust: none,
            seen: rows(),
            stake: rows(),
            total: [1.0; LANES],
            behind: none,
            fear: none,
            external: none,
            image: none,
            future: rows(),
            misread: rows(),
            enforcement: rows(),
            scope: none,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAMES: [(f64, f64, f64, f64, f64, f64); 3] =
        [(5.0, 3.0, 1.0, 0.0, 0.7, 0.1), (4.0, 3.0, 1.0, -1.0, 0.7, 0.1), (2.5, 3.0, 1.0, 0.0, 0.9, 0.2)];

    /// CF1: the surplus at full belief is what iterating the stated game gives, the round after a misreading included.
    #[test]
    fn the_game_stated_is_the_game_computed() {
        for (t, r, p, s, w, e) in GAMES {
            let game = Payoffs::new(t, r, p, s);
            let mut v = 0.0;
            for _ in 0..9000 {
                v = (r - p) + w * ((1.0 - e) * v + e * (s - p));
            }
            let stated = (r - p) + w * ((1.0 - e) * v + e * (s - p)) - ((t - p) + w * e * v);
            let computed = surplus(&game, 1.0, future(&game, s, w, e, 0.0));
            assert!((stated - computed).abs() < 1e-9, "{stated} against {computed}");
        }
        let (w, e) = (0.7, 0.1);
        let mut v = 0.0;
        for _ in 0..9000 {
            v = 2.0 + w * ((1.0 - e) * v + e * (5.0 - 1.0));
        }
        let stated = 3.0 + w * ((1.0 - e) * v + e * 4.0) - w * e * v;
        let game = Payoffs::axelrod();
        assert!((others_gain(&game, 1.0, future(&game, 5.0, w, e, 0.0)) - stated).abs() < 1e-9);
    }

    /// CF1 again, by playing it: a grim partner who misreads, and the round in which he has turned is played.
    #[test]
    fn plays_agree_with_the_closed_form() {
        use rand::RngExt;
        for (t, s, w, e) in [(5.0, 0.0, 0.7, 0.1), (4.0, -1.0, 0.7, fog(0.08, 0.02))] {
            let (r, p) = (3.0, 1.0);
            let mut rng = crate::random::stream(1, crate::random::Purpose::Match, 0);
            let mut means = [0.0; 2];
            const PLAYS: usize = 200_000;
            for (first, mean) in [true, false].into_iter().zip(&mut means) {
                for _ in 0..PLAYS {
                    // 0: he cooperates; 1: he has turned and I do not know it; 2: both defect
                    let (mut state, mut discount) = (0, 1.0);
                    for round in 0..60 {
                        let mine = first || round > 0;
                        *mean += discount
                            * match state {
                                0 => (if mine { r } else { t }) - p,
                                1 => s - p,
                                _ => break,
                            };
                        let seen = mine != (rng.random::<f64>() < e);
                        state = match (state, seen, mine) {
                            (0, true, _) => 0,
                            (0, false, true) => 1,
                            _ => 2,
                        };
                        discount *= w;
                    }
                }
                *mean /= PLAYS as f64;
            }
            let game = Payoffs::new(t, r, p, s);
            let form = surplus(&game, 1.0, future(&game, s, w, e, 0.0));
            assert!(((1.0 - w) * (means[0] - means[1] - form)).abs() < 8e-3, "{means:?} against {form}");
        }
    }

    /// CF2: the surplus rises in the shadow everywhere up to .99, and changes sign at .61 for T = 5 and fog .1.
    #[test]
    fn a_longer_shadow_never_hurts() {
        let game = Payoffs::axelrod();
        let at = |w: f64| surplus(&game, 1.0, future(&game, 0.0, w, 0.1, 0.0));
        for k in 5..99 {
            assert!(at(f64::from(k + 1) / 100.0) > at(f64::from(k) / 100.0));
        }
        assert!(at(0.60) < 0.0 && at(0.615) > 0.0);
        // half fog: a signal that says nothing has no future but the round after
        assert!((future(&game, 1.0, 0.7, 0.5, 0.0)).abs() < 1e-12);
    }

    /// CF9: rivals put no weight on the other's gain, friends at rest a half, a perfect friend all of it.
    #[test]
    fn roles_have_thresholds() {
        for (image, weight) in [(0.3, 0.0), (2.0 / 3.0, 0.5), (1.0, 1.0), (-2.0 / 3.0, -0.5)] {
            assert!((role_weight(image) - weight).abs() < 1e-12);
        }
    }

    /// CF11: contagion of misreadings in a body of n.
    #[test]
    fn others_misreadings_spread() {
        let game = Payoffs::axelrod();
        for eyes in [0.0, 0.5] {
            let (e, w) = (0.06, 0.7);
            let c = contagion(e, eyes);
            let (a, b) = ((1.0 - e) * (1.0 - c), e * (1.0 - c));
            let v = (2.0 - w * (1.0 - a)) / (1.0 - w * a);
            assert!((future(&game, 0.0, w, e, c) - (w * (a - b) * v - w * (1.0 - a))).abs() < 1e-12);
        }
        assert_eq!(contagion(0.06, 0.0), 0.0);
    }

    /// The effective shadow without fog is the shadow itself.
    #[test]
    fn no_fog_no_loss_of_shadow() {
        let game = Payoffs::axelrod();
        for w in [0.1, 0.5, 0.9] {
            assert!((effective_shadow(&game, future(&game, 0.0, w, 0.0, 0.0)) - w).abs() < 1e-12);
        }
    }
}
