//! Decisions given from outside, and whether they came up.

use super::results::Digest;
use crate::model::World;
use crate::model::world::GivenKind;

/// One line for each decision given from outside and population in which it did not come up in every run.
pub fn unmet(world: &World, digests: &[Digest]) -> Vec<String> {
    let mut out = Vec::new();
    for (d, decision) in world.decisions.iter().enumerate() {
        let code = &world.states[decision.state].code;
        let what = match decision.what {
            GivenKind::Vote => "vote".to_string(),
            GivenKind::Membership(o) => format!("standing in {}", world.organisations[o].code),
            GivenKind::Move(j, m) => {
                format!("move toward {} on {}", world.states[j].code, world.issues[m].name)
            }
        };
        for digest in digests.iter().filter(|x| x.given[d] < x.runs) {
            let often = match digest.given[d] {
                0 => "never came up".to_string(),
                met => format!("came up in {met} of {} runs only", digest.runs),
            };
            let when = world.calendar.label(decision.step);
            out.push(format!(
                "the decision given for {code} ({what}, {when}) {often} under {}",
                digest.theory
            ));
        }
    }
    out
}
