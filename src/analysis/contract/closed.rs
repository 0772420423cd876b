//! Closed forms of the rules: claims that need no run, computed by the rules themselves in the world of a proposition.

use crate::model::world::{Party, Population, ProposalKind};
use crate::model::{Question, Simulation, World};
use crate::organisation::Decision;
use crate::organisation::voting::Mood;
use crate::payoffs::Payoffs;
use crate::theory::frame::{fog, future, surplus};
use crate::theory::{Act, Ballot, Roster, Standing, Terms};

/// A closed form: its name in files, what it gives, how many runs it compares, and itself.
#[derive(Clone, Copy, Debug)]
pub struct ClosedForm {
    /// Name in files.
    pub name: &'static str,
    /// What its value is.
    pub meaning: &'static str,
    /// How many runs of a proposition it takes: 1, or 2 to compare the changed one with the first.
    pub runs: usize,
    /// Its value in worlds with populations.
    pub value: fn(&[(&World, &Population)]) -> f64,
}

/// Every closed form.
pub const CLOSED: &[ClosedForm] = &[
    ClosedForm {
        name: "rank-is-zero-sum",
        meaning: "what recognition gives both leaders together, without its sign; 1 if the leader that asks gains nothing",
        runs: 1,
        value: rank,
    },
    ClosedForm {
        name: "veto-players",
        meaning: "chance that 7 voters agree less that 28 do, each willing with .9",
        runs: 1,
        value: |cases| passes(cases[0].0, &[0.9; 7]) - passes(cases[0].0, &[0.9; 28]),
    },
    ClosedForm {
        name: "free-votes",
        meaning: "chance that 28 and 7 voters who gain nothing agree to a framework",
        runs: 1,
        value: free_votes,
    },
    ClosedForm {
        name: "demand-and-uncertainty",
        meaning: "worth of a venue that lifts all fog, at belief .8: misperception .15 less misperception .05, vote units",
        runs: 1,
        value: |cases| worth_of_clarity(cases[0].0, 0.15) - worth_of_clarity(cases[0].0, 0.05),
    },
    ClosedForm {
        name: "habit-and-worth",
        meaning: "worth of a venue that lifts all fog at belief .8 less the inertia of membership, vote units",
        runs: 1,
        value: |cases| {
            worth_of_clarity(cases[0].0, cases[0].0.common.misperception) - cases[0].0.common.inertia
        },
    },
    ClosedForm {
        name: "taboo",
        meaning: "chance that principle lets a body agree whose standard is fully held, whatever the worth",
        runs: 1,
        value: |cases| principle(cases[0], 1.0),
    },
    ClosedForm {
        name: "one-standard",
        meaning: "chance that 3 certain voters with a half-held standard agree less that 12 do, without its sign",
        runs: 1,
        value: one_standard,
    },
    ClosedForm {
        name: "friend-forgiven",
        meaning: "loss of a friend's image (.8) over that of a stranger's by the same act of -.4",
        runs: 1,
        value: forgiven,
    },
    ClosedForm {
        name: "played-out",
        meaning: "largest difference of the surplus from playing the stated game out, round by round, against a grim partner who misreads",
        runs: 1,
        value: played_out,
    },
    ClosedForm {
        name: "leader-term",
        meaning: "sign of the pull of a hostile leader on the first follower of the second bloc, before times after",
        runs: 2,
        value: |cases| leader_term(cases[0]) * leader_term(cases[1]),
    },
    ClosedForm {
        name: "lent-power",
        meaning: "change of the power, own and lent, that the first follower of the second bloc has against its leader, without its sign",
        runs: 2,
        value: |cases| (lent(cases[1]) - lent(cases[0])).abs(),
    },
    ClosedForm {
        name: "protection",
        meaning: "rise of the protection that the first bloc's leader lends its first follower",
        runs: 2,
        value: |cases| protection(cases[1]) - protection(cases[0]),
    },
    ClosedForm {
        name: "events-once",
        meaning: "events of the first run that fall into no step, or into more than one, of the second",
        runs: 2,
        value: events_once,
    },
];

fn roster(case: (&World, &Population)) -> Roster {
    case.1.roster.unwrap_or(case.0.roster)
}

/// Chance that a body by consensus agrees, moved by the world's mood.
fn passes(world: &World, chances: &[f64]) -> f64 {
    let mood = Mood { rule: Decision::Consensus, correlation: world.common.common_shock };
    mood.pass_probability(chances, &vec![1.0; chances.len()], None, &mut Vec::new())
}

fn free_votes(cases: &[(&World, &Population)]) -> f64 {
    let common = &cases[0].0.common;
    let yes = crate::math::logistic(common.vote_sensitivity * (common.silence - common.setup));
    passes(cases[0].0, &[yes; 28]) * passes(cases[0].0, &[yes; 7])
}

/// Worth to a member of a venue that lifts all misreading of others, over none, at Axelrod's payoffs and belief .8.
fn worth_of_clarity(world: &World, misperception: f64) -> f64 {
    const VOTE_UNIT: f64 = 1.5;
    let (p, c) = (Payoffs::axelrod(), &world.common);
    let at = |misread: f64| future(&p, p.sucker, c.shadow, fog(misread, c.error), 0.0);
    let lifted = misperception * (1.0 - c.information);
    VOTE_UNIT * 0.8 * (at(lifted) - at(misperception)).max(0.0) / (p.temptation - p.sucker)
}

fn principle(case: (&World, &Population), democracy: f64) -> f64 {
    let ballot = Ballot { worth: 1e9, democracy, formality: 1.0, shortfall: 0.5, ..Ballot::default() };
    roster(case).principle(&case.1.weights[0], &ballot)
}

fn one_standard(cases: &[(&World, &Population)]) -> f64 {
    // the standard is drawn once for a body: the least of its voters' chances
    let body = |n: usize| {
        let own = (0..n).map(|_| principle(cases[0], 0.5)).fold(1.0, f64::min);
        own * passes(cases[0].0, &vec![1.0; n])
    };
    (body(3) - body(12)).abs()
}

fn forgiven(cases: &[(&World, &Population)]) -> f64 {
    let roster = roster(cases[0]);
    let loss = |image: f64| {
        let change = roster.image_of_act(&Act { size: -0.4, image, ..Act::default() });
        image - libm::tanh(libm::atanh(image) + change)
    };
    loss(0.8) / loss(0.0)
}

/// The stated game as a chain of three states, iterated: he cooperates; he has turned and I do not know it yet, so I
/// cooperate once more; both defect.
fn played_out(_: &[(&World, &Population)]) -> f64 {
    let mut most = 0.0f64;
    for temptation in [5.0, 4.0] {
        for sucker in [0.0, -1.0] {
            for shadow in [0.7, 0.9] {
                let e = fog(0.08, 0.02);
                let p = Payoffs::new(temptation, 3.0, 1.0, sucker);
                let plays = |first: bool| {
                    let (mut friendly, mut late, mut sum, mut discount) = (1.0, 0.0, 0.0, 1.0);
                    for round in 0..4000 {
                        let mine = first || round > 0;
                        let now = if mine { p.reward } else { p.temptation } - p.punishment;
                        sum += discount * (friendly * now + late * (p.sucker - p.punishment));
                        let stays = if mine { 1.0 - e } else { e };
                        (late, friendly) =
                            (if mine { friendly * (1.0 - stays) } else { 0.0 }, friendly * stays);
                        discount *= shadow;
                    }
                    sum
                };
                let stated = plays(true) - plays(false);
                let computed = surplus(&p, 1.0, future(&p, sucker, shadow, e, 0.0));
                most = most.max((stated - computed).abs());
            }
        }
    }
    most
}

/// What recognition moves, by the ballots of the two leaders on a framework that the second bloc asks of the first, at the
/// last step of a run.
fn rank(cases: &[(&World, &Population)]) -> f64 {
    let (world, population) = cases[0];
    let Some([a, b]) = world.blocs else { return f64::NAN };
    let question = Question {
        from: Party::Organisation(b),
        to: Party::Organisation(a),
        kind: ProposalKind::Framework,
        touches_norm: false,
    };
    let roster = roster(cases[0]);
    let mut sim = Simulation::new(world, population);
    let last = world.calendar.steps - 1;
    let ballots = sim.replay(0, last, crate::model::Stage::Proposals, |sim| sim.ballots(question));
    let gain = |wanted: usize| -> f64 {
        let own = ballots.iter().find(|(side, _, ballot)| *side == wanted && ballot.leads);
        own.map_or(f64::NAN, |(_, _, ballot)| -roster.realism.influence * ballot.rank)
    };
    // the bloc that asks is the first side
    let (asks, asked) = (gain(0), gain(1));
    if asks > 0.0 { (asks + asked).abs() } else { 1.0 }
}

/// How the first follower of a bloc stands to it at the first step of a run.
fn standing(case: (&World, &Population), bloc: usize) -> Option<(usize, Standing)> {
    let body = case.0.blocs?[bloc];
    let organisation = &case.0.organisations[body];
    let follower = organisation.spells.iter().map(|s| s.state).find(|&i| Some(i) != organisation.leader)?;
    let mut sim = Simulation::new(case.0, case.1);
    sim.look_with_all();
    let seen = sim.replay(0, 0, crate::model::Stage::Memberships, |sim| sim.standing(body, follower, false));
    Some((follower, seen))
}

fn protection(case: (&World, &Population)) -> f64 {
    standing(case, 0).map_or(f64::NAN, |(_, s)| s.protection)
}

fn lent(case: (&World, &Population)) -> f64 {
    standing(case, 1).map_or(f64::NAN, |(_, s)| s.own_power + s.outside_help)
}

fn leader_term(case: (&World, &Population)) -> f64 {
    let Some((follower, s)) = standing(case, 1) else { return f64::NAN };
    let mut terms = Terms::default();
    roster(case).membership(&case.1.weights[follower], &s, &mut terms);
    let pull: f64 =
        terms.iter().filter(|(t, _)| t.parameter == "theory.realism.autonomy").map(|(_, v)| v).sum();
    if pull == 0.0 { 0.0 } else { pull.signum() }
}

fn events_once(cases: &[(&World, &Population)]) -> f64 {
    let (first, second) = (cases[0].0, cases[1].0);
    let calendar = second.calendar;
    let holds = |step: usize, time: f64| {
        let (from, to) = (calendar.date(step).decimal(), calendar.date(step + 1).decimal());
        from <= time + 1e-9 && time + 1e-9 < to
    };
    let wrong = first.events.iter().filter(|event| {
        let twins =
            second.events.iter().filter(|e| e.label == event.label && (e.time - event.time).abs() < 1e-9);
        let fired: Vec<usize> = twins.map(|e| e.step).collect();
        !(fired.len() == 1 && holds(fired[0], event.time))
    });
    wrong.count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_closed_form_has_a_name_of_its_own() {
        for (k, form) in CLOSED.iter().enumerate() {
            assert!(!form.meaning.is_empty() && (1..=2).contains(&form.runs), "{}", form.name);
            assert!(CLOSED[..k].iter().all(|other| other.name != form.name), "{} stands twice", form.name);
        }
    }

    #[test]
    fn the_game_played_out_is_the_game_computed() {
        assert!(played_out(&[]) < 1e-9);
    }
}
