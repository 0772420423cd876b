//! Properties that hold for all inputs: bounds, conservation, and the direction in which each school says a cause works.

use proptest::prelude::*;
use twain::game::Payoffs;
use twain::interval::wilson;
use twain::organisation::burden::{best_reply, equilibrium};
use twain::organisation::patronage::second_price;
use twain::organisation::persistence::next_stock;
use twain::organisation::voting::Decision;
use twain::theory::constructivism::{Constructivism, role_norm};
use twain::theory::institutionalism::Institutionalism;
use twain::theory::realism::Realism;
use twain::theory::{Encounter, Ledger, Roster, School, Sum, Terms};

fn utility(school: &impl School, e: &Encounter) -> f64 {
    let mut sum = Sum::default();
    school.cooperate(e, &mut sum);
    sum.total()
}

/// Any encounter on a prisoner's dilemma or a stag hunt.
fn encounters() -> impl Strategy<Value = Encounter> {
    let dials = prop::array::uniform12(0.0..1.0f64);
    (dials, prop::bool::ANY, 2.0..30.0f64).prop_map(|(x, stag, venue)| Encounter {
        payoffs: if stag { Payoffs::new(2.5, 3.0, 1.0, 0.0) } else { Payoffs::axelrod() },
        stake: x[0],
        belief: x[1],
        last_seen: x[2].round(),
        shadow: x[3],
        threat: x[4],
        common_threat: x[5],
        hard: x[6].round(),
        institution: x[7],
        venue,
        sanction: x[8],
        transaction: 0.1 * x[9],
        linkage: 0.0,
        dependence: x[10],
        identification: 2.0 * x[11] - 1.0,
        internalisation: 0.3,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// The sum of the games is the sum of the named terms, to the bit, also for mixed states.
    #[test]
    fn a_sum_is_the_sum_of_its_terms(e in encounters(), a in 0.0..1.0f64, b in 0.0..1.0f64) {
        let roster = Roster::default();
        let (a, b) = (a.min(b), a.max(b));
        for weights in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [a, b - a, 1.0 - b]] {
            let (mut sum, mut terms) = (Sum::default(), Terms::default());
            let role = roster.cooperate(&weights, &e, &mut sum);
            prop_assert_eq!(role.to_bits(), roster.cooperate(&weights, &e, &mut terms).to_bits());
            prop_assert_eq!(sum.total().to_bits(), terms.total().to_bits());
            let named: f64 = terms.iter().map(|t| t.1).sum();
            prop_assert!((named - sum.total()).abs() < 1e-12);
        }
    }

    /// Realism: threat and its sensitivity never help cooperation; common threat and dependence never hurt it.
    #[test]
    fn realists_fear_threat(e in encounters(), more in 0.0..1.0f64) {
        let school = Realism::default();
        let base = utility(&school, &e);
        let with = |f: &dyn Fn(&mut Encounter)| { let mut x = e.clone(); f(&mut x); utility(&school, &x) };
        prop_assert!(with(&|x| x.threat += (1.0 - x.threat) * more) <= base + 1e-12);
        prop_assert!(with(&|x| x.common_threat += more) >= base - 1e-12);
        prop_assert!(with(&|x| x.dependence += more) >= base - 1e-12);
        prop_assert!(with(&|x| x.venue += 10.0 * more) >= base - 1e-12, "many states dilute relative gains");
        let keener = Realism { k0: school.k0 + more, ..school };
        prop_assert!(utility(&keener, &e) <= base + 1e-12);
    }

    /// Institutionalism: institutions, sanctions and generosity never hurt, transaction costs never help; identity is nothing.
    #[test]
    fn institutionalists_want_institutions(e in encounters(), more in 0.0..1.0f64) {
        // without generosity, whose worth depends on w through R-T-S+P
        let school = Institutionalism { generosity: 0.0, sanctions: 0.0, ..Institutionalism::default() };
        let base = utility(&school, &e);
        let with = |s: &Institutionalism, f: &dyn Fn(&mut Encounter)| {
            let mut x = e.clone();
            f(&mut x);
            utility(s, &x)
        };
        prop_assert!(with(&school, &|x| x.institution += (1.0 - x.institution) * more) >= base - 1e-12);
        prop_assert!(with(&school, &|x| x.transaction += more) <= base + 1e-12);
        prop_assert_eq!(with(&school, &|x| x.identification = -1.0).to_bits(), base.to_bits());
        let strict = Institutionalism { sanctions: more, ..school };
        prop_assert!(utility(&strict, &e) >= base - 1e-12);
    }

    /// Constructivism: identification never hurts (the other's gain is never negative here); power is nothing.
    #[test]
    fn constructivists_care_for_friends(e in encounters(), more in 0.0..1.0f64) {
        let school = Constructivism::default();
        let base = utility(&school, &e);
        let mut x = e.clone();
        x.identification += (1.0 - x.identification) * more;
        prop_assert!(utility(&school, &x) >= base - 1e-12);
        x = e.clone();
        x.threat = 1.0 - x.threat;
        x.dependence = 1.0 - x.dependence;
        prop_assert_eq!(utility(&school, &x).to_bits(), base.to_bits());
    }

    /// Identification stays in [-1, 1] and rises with the share of friendly acts.
    #[test]
    fn identification_is_bounded(own in -1.0..1.0f64, other in -1.0..1.0f64, seen in 0.0..1.0f64, rate in 0.0..1.0f64,
                                 reflected in 0.0..0.3f64, bias in 0.0..0.6f64) {
        let school = Constructivism { reflected, bias, ..Constructivism::default() };
        let next = school.appraise(own, other, seen, rate);
        prop_assert!((-1.0..=1.0).contains(&next));
        prop_assert!(school.appraise(own, other, seen + (1.0 - seen) * 0.5, rate) >= next - 1e-12);
        prop_assert!((0.0..=1.0).contains(&role_norm(own, seen)));
    }

    /// Stocks stay in [0, 1]; practice never lowers them.
    #[test]
    fn stocks_are_bounded(x in 0.0..1.0f64, p in 0.0..1.0f64, eta in 0.0..0.5f64, chi in 0.0..0.5f64, g in 0.0..1.0f64,
                          threat in 0.0..1.0f64) {
        let next = next_stock(x, p, eta, chi, g, threat);
        prop_assert!((0.0..=1.0).contains(&next));
        prop_assert!(next_stock(x, 1.0, eta, chi, g, threat) >= next);
        prop_assert!(next_stock(x, p, eta, chi, g, 1.0) >= next, "a living founding threat never speeds decay");
    }

    /// Spending stays within income and falls in what others spend; in equilibrium the larger income never spends less.
    #[test]
    fn burdens_are_bounded(y in 0.01..1e4f64, others in 0.0..1e5f64, b in 0.01..0.5f64, delta in 0.0..1.0f64) {
        let q = best_reply(y, others, b, delta);
        prop_assert!((0.0..=y).contains(&q));
        prop_assert!(best_reply(y, others * 2.0 + 1.0, b, delta) <= q + 1e-9 * y);
        let shares = equilibrium(&[y, 0.5 * y, 0.1 * y], b, delta);
        prop_assert!(shares[0] >= shares[1] - 1e-9 * y && shares[1] >= shares[2] - 1e-9 * y);
    }

    /// What a host receives is what its patron gives up, and the patron keeps the rest of its valuation: gains sum to the
    /// winner's valuation, whatever the price; no patron ever pays more than the host is worth to it.
    #[test]
    fn payments_are_covered(values in prop::collection::vec(-1.0..5.0f64, 0..6)) {
        let (winner, price) = second_price(&values);
        match winner {
            None => prop_assert!(price == 0.0 && values.iter().all(|&v| v <= 0.0)),
            Some(w) => {
                prop_assert!(price >= 0.0 && price <= values[w]);
                prop_assert!(values.iter().all(|&v| v <= values[w]));
                let second = values.iter().enumerate().filter(|(k, _)| *k != w).map(|(_, v)| *v).fold(0.0, f64::max);
                prop_assert_eq!(price, second);
            }
        }
    }

    /// A more willing voter never lowers the chance to pass; a further veto never raises it; the four rules keep to [0, 1].
    #[test]
    fn votes_are_monotone(p in prop::collection::vec(0.0..1.0f64, 1..9), who in 0usize..9, more in 0.0..1.0f64) {
        let weights: Vec<f64> = (1..=p.len()).map(|k| k as f64).collect();
        let who = who % p.len();
        let mut keener = p.clone();
        keener[who] += (1.0 - keener[who]) * more;
        for rule in [Decision::Consensus, Decision::Majority(0.5), Decision::Weighted(0.5), Decision::Leader] {
            let pass = rule.pass_probability(&p, &weights, Some(0));
            prop_assert!((-1e-12..=1.0 + 1e-12).contains(&pass));
            prop_assert!(rule.pass_probability(&keener, &weights, Some(0)) >= pass - 1e-12);
            prop_assert!(rule.pivotality(who, &p, &weights, Some(0)) >= -1e-12);
        }
        let mut larger = p.clone();
        larger.push(more);
        let pass = |p: &[f64]| Decision::Consensus.pass_probability(p, &[], None);
        prop_assert!(pass(&larger) <= pass(&p) + 1e-12);
    }

    /// Wilson's interval holds the share and narrows with the number of trials.
    #[test]
    fn intervals_hold_the_share(hits in 0u64..1000, rest in 0u64..1000) {
        let n = hits + rest;
        prop_assume!(n > 0);
        let (low, high) = wilson(hits, n);
        let share = hits as f64 / n as f64;
        prop_assert!(0.0 <= low && low <= share + 1e-12 && share <= high + 1e-12 && high <= 1.0);
        let (l, h) = wilson(4 * hits, 4 * n);
        prop_assert!(h - l < high - low);
    }
}
