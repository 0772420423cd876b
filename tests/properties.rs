//! Bounds and directions of the rules, for any admissible numbers, through the public face of the crate.

use std::path::Path;

use proptest::prelude::*;
use twain::model::{Record, Simulation};
use twain::payoffs::Payoffs;
use twain::scenario::{Change, Scenario};
use twain::theory::frame::{
    belief, contagion, effective_shadow, fog, future, others_gain, role_weight, surplus,
};
use twain::theory::{Act, Ballot, Burden, COUNT, Kinship, Roster, Standing, Terms};

/// A dilemma, a stag hunt or chicken with whole distances between payoffs.
fn games() -> impl Strategy<Value = Payoffs> {
    (0.1..6.0f64, 0.5..4.0f64, 0.1..4.0f64)
        .prop_map(|(gain, reward, loss)| Payoffs::new(reward + gain, reward, 0.0, -loss))
}

fn pure(school: usize) -> [f64; COUNT] {
    std::array::from_fn(|k| if k == school { 1.0 } else { 0.0 })
}

fn standing() -> impl Strategy<Value = Standing> {
    (
        (0.0..1.0f64, 0.0..1.0f64, 0.0..1.0f64, 0.0..0.5f64, 0.0..0.5f64),
        (0.001..0.5f64, -1.0..1.0f64, -1.0..1.0f64, 0.0..1.0f64, 0.0..1.0f64),
    )
        .prop_map(
            |((protection, member, leader, own, help), (power, worth, warmth, distance, democracy))| {
                Standing {
                    armed: true,
                    protection,
                    member_threat: member,
                    leader_threat: leader,
                    own_power: own,
                    outside_help: help,
                    leader_power: power,
                    worth,
                    institution: 0.5,
                    warmth,
                    regime_distance: distance,
                    democracy,
                    ..Standing::default()
                }
            },
        )
}

fn total(fill: impl FnOnce(&mut Terms)) -> f64 {
    let mut terms = Terms::default();
    fill(&mut terms);
    let sum: f64 = terms.iter().map(|(_, value)| value).sum();
    assert!((sum - terms.total()).abs() < 1e-9, "terms add up to utility");
    terms.total()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// More fog is worth less, a longer shadow more; the effective shadow is a probability and never above the shadow itself.
    #[test]
    fn fog_costs_and_the_shadow_pays(p in games(), w in 0.05..0.98f64, more in 0.0..0.01f64, e in 0.0..0.45f64, fogger in 0.0..0.05f64) {
        let at = |w: f64, e: f64| future(&p, p.sucker, w, e, 0.0);
        prop_assert!(at(w, e + fogger) <= at(w, e) + 1e-9);
        let clear = |w: f64| surplus(&p, 1.0, at(w, 0.0));
        prop_assert!(clear(w + more) >= clear(w) - 1e-12);
        let shadow = effective_shadow(&p, at(w, e));
        prop_assert!((0.0..=w + 1e-9).contains(&shadow), "{shadow} against {w}");
    }

    /// What is read is a probability between its two witnesses, and fog takes it toward one half.
    #[test]
    fn belief_lies_between_what_is_believed_and_what_is_seen(trust in 0.0..=1.0f64, seen in 0.0..=1.0f64, misread in 0.0..=0.5f64, memory in 0.0..=1.0f64) {
        let clear = belief(trust, seen, 0.0, memory);
        prop_assert!(clear >= trust.min(seen) - 1e-12 && clear <= trust.max(seen) + 1e-12);
        let foggy = belief(trust, seen, misread, 1.0);
        prop_assert!((foggy - 0.5).abs() <= (seen - 0.5).abs() + 1e-12);
        prop_assert!((belief(trust, -1.0, misread, memory) - trust).abs() < 1e-15);
    }

    /// Fogs add up to less than their sum, in any order, and never beyond one half.
    #[test]
    fn two_fogs_are_one(mu in 0.0..=0.5f64, eps in 0.0..=0.5f64) {
        let e = fog(mu, eps);
        prop_assert!((e - fog(eps, mu)).abs() < 1e-15);
        prop_assert!(e >= mu.max(eps) - 1e-12 && e <= 0.5 + 1e-12);
        prop_assert!(contagion(mu, 2.0) >= contagion(mu, 1.0));
    }

    /// The partner always gains by my cooperation where exploitation hurts him less than it pays, and more the more I believe.
    #[test]
    fn cooperation_serves_the_partner(p in games(), q in 0.0..=1.0f64, w in 0.1..0.95f64) {
        let g = future(&p, p.temptation, w, 0.1, 0.0);
        prop_assert!(others_gain(&p, q, g) > 0.0);
    }

    /// The weight of a role is odd, never shrinks with the image, is nought for rivals and at most one.
    #[test]
    fn role_weights_are_odd_and_rise(a in -1.0..=1.0f64, b in -1.0..=1.0f64) {
        prop_assert!((role_weight(a) + role_weight(-a)).abs() < 1e-12);
        prop_assert!((b - a) * (role_weight(b) - role_weight(a)) >= 0.0);
        prop_assert!(role_weight(a).abs() <= 1.0);
        prop_assert!(a.abs() > 1.0 / 3.0 || role_weight(a) == 0.0);
    }

    /// Realism: the weight on another's gain has the sign of the security externality, grows with fear, stays below one; without
    /// fear there is none. Institutionalists put none on it, constructivists by the image alone.
    #[test]
    fn each_school_weighs_the_others_gain_its_own_way(fear in 0.0..=1.0f64, more in 0.0..=1.0f64, external in -1.0..=1.0f64, image in -1.0..=1.0f64) {
        let roster = Roster::default();
        let weight = |school: usize, fear: f64| roster.weight_on_other(&pure(school), fear, external, image);
        let (low, high) = (fear.min(more), fear.max(more));
        prop_assert!(weight(0, high).abs() >= weight(0, low).abs() - 1e-12 && weight(0, high).abs() < 1.0);
        prop_assert!(weight(0, fear) * external >= 0.0);
        prop_assert_eq!(weight(0, 0.0), 0.0);
        prop_assert_eq!(weight(1, fear), 0.0);
        prop_assert_eq!(weight(2, low), weight(2, high));
    }

    /// With every school's terms neutral nobody weighs, nobody is moved, nothing is refused on principle.
    #[test]
    fn the_neutral_egoist_has_no_reading(fear in 0.0..=1.0f64, external in -1.0..=1.0f64, image in -0.95..=0.95f64, s in standing(), size in -1.0..=1.0f64) {
        let roster = Roster::neutral();
        let ballot = Ballot { worth: 0.1, rank: 0.7, leads: true, protection: 0.5, friendship: -0.5, friendship_leader: -1.0, democracy: 1.0, shortfall: 0.9, formality: 1.0, ..Ballot::default() };
        for school in 0..COUNT {
            let w = pure(school);
            prop_assert_eq!(roster.weight_on_other(&w, fear, external, image), 0.0);
            prop_assert_eq!(roster.role(&w, image), 0.0);
            prop_assert_eq!(roster.principle(&w, &ballot), 1.0);
            prop_assert!(total(|t| roster.membership(&w, &s, t)).abs() < 1e-12);
            prop_assert!((total(|t| roster.vote(&w, &ballot, None, 0.03, t)) - 0.1).abs() < 1e-12);
        }
        let (left, right) = (roster.image_of_act(&Act { size, image, ..Act::default() }), 0.0);
        prop_assert_eq!(left, right);
    }

    /// A threatened state bandwagons below half the leader's power and balances above it (Walt 1985); protection keeps it in.
    #[test]
    fn realists_stay_for_protection_and_leave_when_they_can_resist(s in standing()) {
        let roster = Roster::default();
        let u = |s: &Standing| total(|t| roster.membership(&pure(0), s, t));
        let alone = Standing { protection: 0.0, member_threat: 0.0, ..s };
        let arms = s.own_power + roster.realism.promise * s.outside_help;
        prop_assert!(u(&alone) * (s.leader_power - arms) >= -1e-9);
        let holds = u(&Standing { protection: s.protection + 0.1, ..s }) > u(&s);
        prop_assert!(holds);
        let holds = u(&Standing { outside_help: s.outside_help + 0.1, ..s }) <= u(&s) + 1e-12;
        prop_assert!(holds);
        let (left, right) = (u(&Standing { worth: -9.0, warmth: -1.0, ..s }), u(&Standing { worth: 9.0, warmth: 1.0, ..s }));
        prop_assert_eq!(left, right);
    }

    /// Institutionalists follow worth and upkeep, constructivists warmth and likeness; each is blind to the other's reasons.
    #[test]
    fn the_other_schools_follow_worth_and_warmth(s in standing(), more in 0.01..0.5f64) {
        let roster = Roster::default();
        let u = |school: usize, s: &Standing| total(|t| roster.membership(&pure(school), s, t));
        let holds = u(1, &Standing { worth: s.worth + more, ..s }) > u(1, &s);
        prop_assert!(holds);
        let holds = u(1, &Standing { institution: 1.0, ..s }) < u(1, &s);
        prop_assert!(holds);
        let (left, right) = (u(1, &Standing { warmth: -1.0, protection: 0.0, leader_threat: 1.0, ..s }), u(1, &s));
        prop_assert_eq!(left, right);
        let holds = u(2, &Standing { warmth: s.warmth + more, ..s }) > u(2, &s);
        prop_assert!(holds);
        let holds = u(2, &Standing { regime_distance: s.regime_distance + more, ..s }) <= u(2, &s) + 1e-12;
        prop_assert!(holds);
        let (left, right) = (u(2, &Standing { worth: 9.0, leader_threat: 1.0, ..s }), u(2, &s));
        prop_assert_eq!(left, right);
    }

    /// Recognition is zero-sum between leaders; the protected follow their protector; worth always helps.
    #[test]
    fn realist_votes_move_rank_between_leaders(rank in -1.0..=1.0f64, worth in -0.2..0.2f64, more in 0.01..0.2f64, protection in 0.0..=1.0f64) {
        let roster = Roster::default();
        let u = |own: &Ballot, leader: Option<&Ballot>| total(|t| roster.vote(&pure(0), own, leader, 0.03, t));
        let own = Ballot { worth, leads: true, rank, ..Ballot::default() };
        let other = Ballot { rank: -rank, ..own };
        prop_assert!((u(&own, None) + u(&other, None) - 2.0 * worth).abs() < 1e-12);
        let ally = Ballot { worth, protection, ..Ballot::default() };
        let calm = Ballot { rank: -1.0, ..own };
        let proud = Ballot { rank: 1.0, ..own };
        prop_assert!(u(&ally, Some(&calm)) >= u(&ally, Some(&proud)));
        let holds = u(&Ballot { worth: worth + more, ..own }, None) > u(&own, None);
        prop_assert!(holds);
    }

    /// Principle is a chance; a stricter standard, a larger shortfall or a colder leader never raises it.
    #[test]
    fn principle_is_a_chance_and_standards_only_lower_it(democracy in 0.0..=1.0f64, more in 0.0..=1.0f64, shortfall in 0.0..=1.0f64, cold in -1.0..=1.0f64) {
        let roster = Roster::default();
        let ballot = |democracy, shortfall, friendship_leader| Ballot { democracy, shortfall, friendship_leader, formality: 1.0, ..Ballot::default() };
        let chance = |b: &Ballot| roster.principle(&pure(2), b);
        let own = chance(&ballot(democracy, shortfall, cold));
        prop_assert!((0.0..=1.0).contains(&own));
        prop_assert!(chance(&ballot(democracy.max(more), shortfall, cold)) <= own + 1e-12);
        prop_assert!(chance(&ballot(democracy, shortfall.max(more), cold)) <= own + 1e-12);
        prop_assert!(chance(&ballot(democracy, shortfall, cold.min(more - 1.0))) <= own + 1e-12);
        prop_assert_eq!(roster.principle(&pure(0), &ballot(1.0, 1.0, -1.0)), 1.0);
        prop_assert_eq!(roster.principle(&pure(1), &ballot(1.0, 1.0, -1.0)), 1.0);
    }

    /// An act moves the image its own way; what contradicts the image moves it less; a norm held makes it heavier.
    #[test]
    fn acts_are_read_through_the_image(size in 0.05..=1.0f64, image in 0.0..=0.95f64, norm in 0.05..=1.0f64) {
        let roster = Roster::default();
        let change = |size: f64, image: f64, norm: f64| roster.image_of_act(&Act { size, image, norm, onlooker: false });
        prop_assert!(change(size, image, 0.0) > 0.0 && change(-size, image, 0.0) < 0.0);
        prop_assert!(change(-size, image, 0.0).abs() <= change(-size, 0.0, 0.0).abs() + 1e-12);
        prop_assert!(change(-size, image, norm).abs() > change(-size, image, 0.0).abs());
    }

    /// Identities draw nearer by at most half the way; enemies never, and never without contact to argue in if not friends.
    #[test]
    fn identities_never_overshoot(joint in 0.0..=1.0f64, image in -0.95..=0.95f64, pair_image in -0.95..=0.95f64, knowledge in 0.0..=1.0f64, hostility in 0.0..=1.0f64, distance in 0.0..=1.0f64, equality in 0.0..=1.0f64) {
        let mut roster = Roster::default();
        roster.constructivism.arguing = 0.1;
        let pair = Kinship { joint, image, pair_image, knowledge, hostility, distance, equality, pace: 1.0 };
        let way = roster.draws_near(&pair);
        prop_assert!((0.0..=0.5 + 1e-12).contains(&way), "{way}");
        let (left, right) = (roster.draws_near(&Kinship { image: -0.8, pair_image: -0.8, ..pair }), 0.0);
        prop_assert_eq!(left, right);
        let (left, right) = (roster.draws_near(&Kinship { image: 0.0, joint: 0.0, ..pair }), 0.0);
        prop_assert_eq!(left, right);
    }

    /// Fear beyond that of power alone arms realists; nobody disarms below the frame's weight by it.
    #[test]
    fn threatened_realists_arm(fear in 0.0..=1.0f64, calm in 0.0..=1.0f64, wards_fear in 0.0..=1.0f64, institution in 0.0..=1.0f64) {
        let roster = Roster::default();
        let s = Burden { fear, calm, wards_fear, institution, ..Burden::default() };
        let (factor, pull) = roster.burden(&pure(0), &s);
        prop_assert!(factor >= 1.0 && pull == 0.0);
        let holds = roster.burden(&pure(0), &Burden { fear: 1.0, ..s }).0 >= factor;
        prop_assert!(holds);
        let (factor, pull) = roster.burden(&pure(1), &s);
        prop_assert!(factor == 1.0 && (0.0..=1.0).contains(&pull));
    }
}

fn two_blocs(changes: &[(&str, String)]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/two-blocs.toml");
    let changes: Vec<Change> =
        changes.iter().map(|(path, value)| Change { path: (*path).into(), value: value.clone() }).collect();
    twain::scenario::load(&path, &changes).unwrap_or_else(|m| panic!("{m}"))
}

fn observed(scenario: &Scenario, label: &str) -> Record {
    let population = scenario.population(label).unwrap_or_else(|m| panic!("{m}"));
    let mut record = Record::new(&scenario.world);
    Simulation::new(&scenario.world, &population).run(3, &mut record);
    record
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the parameters, every metric stays within the range it declares.
    #[test]
    fn metrics_stay_in_their_ranges(shadow in 0.0..0.99f64, misperception in 0.0..0.5f64, friction in 0.0..0.7f64, offence in 0.0..3.0f64, k0 in 0.0..5.0f64, learn in 0.0..0.5f64, size in -1.0..1.0f64, stock in 0.0..1.0f64) {
        let scenario = two_blocs(&[
            ("run.end", "2006Q4".into()), ("world.shadow", shadow.to_string()), ("world.misperception", misperception.to_string()), ("world.friction", friction.to_string()),
            ("world.offence", offence.to_string()), ("theory.realism.k0", k0.to_string()), ("theory.constructivism.learn", learn.to_string()), ("event.0.size", format!("{size:.6}")),
            ("organisation.PLAIN.institution", stock.to_string()), ("proposal", "[]".into()),
        ]);
        for label in ["realism", "institutionalism", "constructivism", "neutral", "null-random"] {
            let record = observed(&scenario, label);
            for step in 0..scenario.world.calendar.steps {
                for (k, metric) in record.metrics.iter().enumerate() {
                    let x = record.value(step, k);
                    let bounded = metric.tag != twain::model::metrics::Tag::Number;
                    prop_assert!(x.is_nan() || !bounded || (metric.low - 1e-9..=metric.high + 1e-9).contains(&x), "{label}: {} is {x} at step {step}", metric.name);
                }
            }
        }
    }

    /// The names of states are names: others in their place change nothing, to the last bit.
    #[test]
    fn relabelling_changes_nothing(seed in 0u64..1000) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/two-blocs.toml");
        let text = std::fs::read_to_string(path).expect("text");
        let folder = tempfile::TempDir::new().expect("a folder");
        let run = |text: &str, label: &str| {
            let file = folder.path().join("world.toml");
            std::fs::write(&file, text).expect("written");
            let changes = [Change { path: "run.seed".into(), value: seed.to_string() }, Change { path: "run.end".into(), value: "2010Q4".into() }];
            let scenario = twain::scenario::load(&file, &changes).unwrap_or_else(|m| panic!("{m}"));
            observed(&scenario, label).values
        };
        // names that keep the order of the alphabet, and so the places in the streams
        let named = text.replace("ASH", "AAH").replace("FIR", "FAR").replace("COAST", "CITY");
        prop_assert_ne!(&named, &text);
        for label in ["realism", "institutionalism", "constructivism"] {
            let (a, b) = (run(&text, label), run(&named, label));
            prop_assert_eq!(a.len(), b.len());
            prop_assert!(a.iter().zip(&b).all(|(x, y)| x.to_bits() == y.to_bits()), "{label}");
        }
    }
}
