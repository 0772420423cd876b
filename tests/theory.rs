//! The schools' rules against their closed forms, for the payoffs 5, 3, 1, 0 unless said otherwise.
//!
//! Each test takes the rule a school really uses and checks that its utility of cooperating changes sign at the
//! published threshold: negative just below, positive just above.

use twain::game::Payoffs;
use twain::theory::constructivism::Constructivism;
use twain::theory::institutionalism::Institutionalism;
use twain::theory::realism::Realism;
use twain::theory::{Encounter, School, Terms};

const NEAR: f64 = 1e-6;

fn utility(school: &impl School, e: &Encounter) -> f64 {
    let mut terms = Terms::default();
    school.cooperate(e, &mut terms);
    terms.total()
}

/// A partner sure to reciprocate, at stake 1, outside any body.
fn partner() -> Encounter {
    Encounter { stake: 1.0, belief: 1.0, last_seen: 1.0, venue: 2.0, ..Encounter::default() }
}

/// Cooperation begins at the shadow of the future `w`.
fn begins_at(school: &impl School, e: &Encounter, w: f64) {
    for (shadow, sign) in [(w - NEAR, -1.0), (w + NEAR, 1.0)] {
        let u = utility(school, &Encounter { shadow, ..e.clone() });
        assert!(u * sign > 0.0, "at w = {shadow}, threshold {w}: utility {u}");
    }
}

/// T1: w*(I) = [(T-R) - I(R-S)]/[(T-P) - I(P-S)], over three sets of payoffs and eight identifications.
#[test]
fn identification_moves_the_threshold() {
    let school = Constructivism { identity: 1.0, ..Constructivism::neutral() };
    for p in [Payoffs::axelrod(), Payoffs::new(4.0, 3.0, 1.0, 0.0), Payoffs::new(3.5, 2.0, 1.0, 0.5)] {
        for i in [-0.9, -0.6, -0.3, -0.1, 0.0, 0.1, 0.2, 0.3] {
            let (t, r, q, s) = (p.temptation, p.reward, p.punishment, p.sucker);
            let w = ((t - r) - i * (r - s)) / ((t - q) - i * (q - s));
            begins_at(&school, &Encounter { payoffs: p, identification: i, ..partner() }, w);
        }
    }
    // from I = 2/3 on the dilemma is gone
    let e = Encounter { identification: 0.7, shadow: 0.0, ..partner() };
    assert!(utility(&school, &e) > 0.0);
}

/// T2: Grieco's k and Snidal's r = k/(1+k) give the same threshold: .5, .692, .778, .857, .931.
#[test]
fn relative_gains_raise_the_threshold() {
    for (k, published) in [(0.0, 0.5), (0.5, 0.692), (1.0, 0.778), (2.0, 0.857), (5.0, 0.931)] {
        let school = Realism { k0: k, ..Realism::neutral() };
        let w = (2.0 + k * 5.0) / (4.0 + k * 5.0);
        assert!((w - published).abs() < 5e-4);
        begins_at(&school, &Encounter { threat: 1.0, ..partner() }, w);
    }
}

/// T3: the critical k at a given shadow: .2, .533, 1.2, 3.2, 7.2 (the last is beyond the parameter's range).
#[test]
fn critical_sensitivity_at_a_given_shadow() {
    for (w, k) in [(0.6, 0.2), (0.7, 1.6 / 3.0), (0.8, 1.2), (0.9, 3.2)] {
        for (k0, sign) in [(k - NEAR, 1.0), (k + NEAR, -1.0)] {
            let school = Realism { k0, ..Realism::neutral() };
            let u = utility(&school, &Encounter { threat: 1.0, shadow: w, ..partner() });
            assert!(u * sign > 0.0, "w {w}, k {k0}: {u}");
        }
    }
}

/// T4: many states dilute relative gains: r/(n-1) at r = .8 gives .917, .727, .656, .581, .518.
#[test]
fn many_states_dilute_relative_gains() {
    let school = Realism { k0: 4.0, ..Realism::neutral() };
    for (n, w) in [(2.0_f64, 0.917_f64), (3.0, 0.727), (4.0, 0.656), (7.0, 0.581), (28.0, 0.518)] {
        let r = 0.8 / (n - 1.0);
        let exact = (2.0 + r * 3.0) / (4.0 + r);
        assert!((exact - w).abs() < 1e-3, "n {n}: {exact}");
        begins_at(&school, &Encounter { threat: 1.0, venue: n, ..partner() }, exact);
    }
}

/// T5: fear of cheating: opening with cooperation pays up to the belief c* = A/(A + P - S) that the other defects.
#[test]
fn fear_of_cheating_has_its_bound() {
    for (w, published) in [(0.6_f64, 0.5_f64), (0.8, 0.857), (0.9, 0.941), (0.95, 0.973)] {
        let a = (3.0 - (1.0 - w) * 5.0 - w) / (1.0 - w);
        let c = a / (a + 1.0);
        assert!((c - published).abs() < 1e-3, "w {w}: {c}");
        for (c, sign) in [(c - NEAR, 1.0), (c + NEAR, -1.0)] {
            let e = Encounter { belief: 1.0 - c, shadow: w, ..partner() };
            let u = utility(&Institutionalism::neutral(), &e);
            assert!(u * sign > 0.0, "w {w}, c {c}: {u}");
        }
    }
}

/// T7 (grim trigger): with nothing but absolute gains the threshold is (T-R)/(T-P) = 1/2 under every school.
#[test]
fn grim_threshold_is_one_half_for_all() {
    begins_at(&Realism::neutral(), &partner(), 0.5);
    begins_at(&Institutionalism::neutral(), &partner(), 0.5);
    begins_at(&Constructivism::neutral(), &partner(), 0.5);
}

/// I1: institutions lengthen the shadow: cooperation begins where w + (1-w) gamma Inst reaches 1/2.
#[test]
fn institutions_lower_the_threshold() {
    let school = Institutionalism { gamma: 0.4, ..Institutionalism::neutral() };
    let reach: f64 = 0.4 * 0.75;
    begins_at(&school, &Encounter { institution: 0.75, ..partner() }, (0.5 - reach) / (1.0 - reach));
}
