//! What is measured at every step: names, meanings, units and ranges, made from the scenario.

use super::simulation::Simulation;
use super::world::{Party, World};

/// One column of `series.csv`.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Column name.
    pub name: String,
    /// Meaning in one sentence.
    pub meaning: String,
    /// Unit.
    pub unit: &'static str,
    /// Least possible value.
    pub low: f64,
    /// Greatest possible value (for counts, a bound used for quantiles).
    pub high: f64,
    /// How it is measured.
    pub kind: MetricKind,
}

/// How a metric is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MetricKind {
    /// Share of cooperative moves between two parties, or inside one.
    Cooperation(Party, Party),
    /// Share of cooperative moves on one issue inside an organisation.
    IssueCooperation(usize, usize),
    /// Mean identification between two parties, or inside one.
    Identification(Party, Party),
    /// Mean trust of the first party in the second.
    Trust(Party, Party),
    /// Mean normalised threat to the first party from the second.
    Threat(Party, Party),
    /// Remembered hostility between two parties.
    Hostility(Party, Party),
    /// Institutional stock of an organisation.
    Institution(usize),
    /// Number of members.
    Members(usize),
    /// Number of bilateral partners.
    Partners(usize),
    /// Share of the largest spender in the body's spending.
    LargestShare(usize),
    /// Number of members that spend at least the guideline.
    AtGuideline(usize),
    /// Whether the blocs are tied by a framework.
    Framework,
    /// Strength of the tie between the blocs.
    Tie,
    /// Whether a body has a council with a state.
    Council(usize, usize),
    /// Mean identity distance between the blocs.
    IdentityDistance,
    /// One of the three conditions of arguing between the blocs: empathy, lifeworld, equality.
    Gate(usize),
    /// Chance that a framework would pass if it were put to the vote now.
    PassChance,
    /// Mean stake of a state in an issue's common threat.
    Rivalry(usize, usize),
    /// Cooperation of the leader with other members over cooperation among those others.
    HubSpoke(usize),
}

impl MetricKind {
    /// The value in the present state of `sim`; NaN where it has none (an empty body, nobody met).
    pub(crate) fn measure(self, sim: &Simulation<'_>) -> f64 {
        let (w, n) = (sim.world, sim.world.n());
        let none = f64::NAN;
        match self {
            MetricKind::Cooperation(a, b) => sim.mean_cooperation(a, b).unwrap_or(none),
            MetricKind::IssueCooperation(o, m) => {
                let issues = w.issues.len();
                let (mut sum, mut count) = (0u32, 0u32);
                for &i in sim.members(o) {
                    for &j in sim.members(o).iter().filter(|&&j| j != i) {
                        let x = sim.moves[(i * n + j) * issues + m];
                        if x < 2 {
                            sum += u32::from(x);
                            count += 1;
                        }
                    }
                }
                if count > 0 { f64::from(sum) / f64::from(count) } else { none }
            }
            MetricKind::Identification(a, b) => sim.mean_over(a, b, &sim.identification).unwrap_or(none),
            MetricKind::Trust(a, b) => {
                let (mut sum, mut count) = (0.0, 0.0);
                for &i in sim.party(a) {
                    for &j in sim.party(b).iter().filter(|&&j| j != i) {
                        sum += sim.trust(i, j);
                        count += 1.0;
                    }
                }
                if count > 0.0 { sum / count } else { none }
            }
            MetricKind::Threat(a, b) => sim.mean_toward(a, b, &sim.threat).unwrap_or(none),
            MetricKind::Hostility(a, b) => sim.mean_over(a, b, &sim.hostility).unwrap_or(none),
            MetricKind::Institution(o) => {
                if sim.alive[o] {
                    sim.institution[o]
                } else {
                    0.0
                }
            }
            MetricKind::Members(o) => sim.members(o).len() as f64,
            MetricKind::Partners(o) => (0..n).filter(|&i| sim.partner[o * n + i]).count() as f64,
            MetricKind::LargestShare(o) => {
                let (mut most, mut all) = (0.0f64, 0.0);
                for &i in sim.members(o) {
                    let spent = sim.spending[i] * w.states[i].gdp[sim.step];
                    most = most.max(spent);
                    all += spent;
                }
                if all > 0.0 { most / all } else { none }
            }
            MetricKind::AtGuideline(o) => (0..n)
                .filter(|&i| sim.member[o * n + i] && sim.spending[i] >= w.common.guideline)
                .count() as f64,
            MetricKind::Framework => f64::from(u8::from(tie(sim) > 0.0)),
            MetricKind::Tie => tie(sim),
            MetricKind::Council(o, i) => f64::from(u8::from(sim.council[o * n + i] > 0.0)),
            MetricKind::IdentityDistance => w.blocs.map_or(none, |b| sim.bloc_distance(b)),
            MetricKind::Gate(which) => {
                w.blocs.map_or(none, |[a, b]| sim.gate(Party::Organisation(a), Party::Organisation(b))[which])
            }
            MetricKind::PassChance => sim.pass_chance,
            MetricKind::Rivalry(i, j) => 0.5 * (sim.threat[i * n + j] + sim.threat[j * n + i]),
            MetricKind::HubSpoke(o) => {
                let Some(hub) = w.organisations[o].leader else { return none };
                let (mut hs, mut hc, mut ss, mut sc) = (0.0, 0.0, 0.0, 0.0);
                for &i in sim.members(o) {
                    for &j in sim.members(o).iter().filter(|&&j| j != i) {
                        let x = sim.cooperation[i * n + j];
                        if x.is_nan() {
                            continue;
                        }
                        if i == hub || j == hub {
                            hs += x;
                            hc += 1.0;
                        } else {
                            ss += x;
                            sc += 1.0;
                        }
                    }
                }
                if hc > 0.0 && sc > 0.0 && hs > 0.0 { (ss / sc) / (hs / hc) } else { none }
            }
        }
    }
}

fn tie(sim: &Simulation<'_>) -> f64 {
    sim.world.blocs.map_or(0.0, |[a, b]| sim.tie[a * sim.world.organisations.len() + b])
}

/// The metrics of a scenario, in the order of columns.
pub fn metrics(world: &World) -> Vec<Metric> {
    let mut out = Vec::new();
    let mut add =
        |name: String, meaning: String, unit: &'static str, low: f64, high: f64, kind: MetricKind| {
            out.push(Metric { name, meaning, unit, low, high, kind });
        };
    let org = |o: usize| Party::Organisation(o);
    if let Some([a, b]) = world.blocs {
        let (x, y) = (&world.organisations[a].code, &world.organisations[b].code);
        add(
            "cooperation_between".into(),
            format!("share of cooperative moves between members of {x} and of {y}"),
            "share",
            0.0,
            1.0,
            MetricKind::Cooperation(org(a), org(b)),
        );
        add(
            "trust_between".into(),
            format!("mean trust between members of {x} and of {y}, from {x}'s side"),
            "probability",
            0.0,
            1.0,
            MetricKind::Trust(org(a), org(b)),
        );
        add(
            "identification_between".into(),
            format!("mean identification between members of {x} and of {y}"),
            "-1 to 1",
            -1.0,
            1.0,
            MetricKind::Identification(org(a), org(b)),
        );
        add(
            "hostility_between".into(),
            format!("mean remembered hostility between members of {x} and of {y}"),
            "0-1",
            0.0,
            1.0,
            MetricKind::Hostility(org(a), org(b)),
        );
        add(
            "identity_distance".into(),
            format!("mean distance between identities of members of {x} and of {y}"),
            "0-1",
            0.0,
            1.0,
            MetricKind::IdentityDistance,
        );
        add(
            "empathy".into(),
            "first condition of arguing: freedom from remembered hostility".into(),
            "0-1",
            0.0,
            1.0,
            MetricKind::Gate(0),
        );
        add(
            "lifeworld".into(),
            "second condition of arguing: one minus identity distance".into(),
            "0-1",
            0.0,
            1.0,
            MetricKind::Gate(1),
        );
        add(
            "equality".into(),
            "third condition of arguing: lesser over greater institutional stock".into(),
            "0-1",
            0.0,
            1.0,
            MetricKind::Gate(2),
        );
        add(
            "framework".into(),
            format!("whether {x} and {y} are tied by a framework"),
            "0 or 1",
            0.0,
            1.0,
            MetricKind::Framework,
        );
        add("tie_strength".into(), "strength of that tie".into(), "0-1", 0.0, 1.0, MetricKind::Tie);
        add(
            "pass_chance".into(),
            "chance that a framework would pass if put to the vote now".into(),
            "probability",
            0.0,
            1.0,
            MetricKind::PassChance,
        );
        for (from, to) in [(a, b), (b, a)] {
            if let Some(leader) = world.organisations[to].leader {
                let (l, o) = (&world.states[leader].code, &world.organisations[from].code);
                let party = Party::State(leader);
                add(
                    format!("cooperation_{l}_{o}"),
                    format!("share of cooperative moves between {l} and members of {o}"),
                    "share",
                    0.0,
                    1.0,
                    MetricKind::Cooperation(party, org(from)),
                );
                add(
                    format!("threat_{l}_from_{o}"),
                    format!("mean normalised threat to {l} from members of {o}"),
                    "0-1",
                    0.0,
                    1.0,
                    MetricKind::Threat(party, org(from)),
                );
                add(
                    format!("threat_{o}_from_{l}"),
                    format!("mean normalised threat to members of {o} from {l}"),
                    "0-1",
                    0.0,
                    1.0,
                    MetricKind::Threat(org(from), party),
                );
                add(
                    format!("identification_{l}_{o}"),
                    format!("mean identification between {l} and members of {o}"),
                    "-1 to 1",
                    -1.0,
                    1.0,
                    MetricKind::Identification(party, org(from)),
                );
                add(
                    format!("council_{o}_{l}"),
                    format!("whether {o} has a council with {l}"),
                    "0 or 1",
                    0.0,
                    1.0,
                    MetricKind::Council(from, leader),
                );
            }
        }
        if let (Some(i), Some(j)) = (world.organisations[a].leader, world.organisations[b].leader) {
            add(
                "rivalry_of_leaders".into(),
                "mean of the two leaders' threat from each other".into(),
                "0-1",
                0.0,
                1.0,
                MetricKind::Rivalry(i, j),
            );
        }
    }
    for (o, body) in world.organisations.iter().enumerate() {
        let c = &body.code;
        let size = world.n() as f64;
        add(
            format!("cooperation_within_{c}"),
            format!("share of cooperative moves among members of {c}"),
            "share",
            0.0,
            1.0,
            MetricKind::Cooperation(org(o), org(o)),
        );
        add(
            format!("identification_within_{c}"),
            format!("mean identification among members of {c}"),
            "-1 to 1",
            -1.0,
            1.0,
            MetricKind::Identification(org(o), org(o)),
        );
        add(
            format!("trust_within_{c}"),
            format!("mean trust among members of {c}"),
            "probability",
            0.0,
            1.0,
            MetricKind::Trust(org(o), org(o)),
        );
        add(
            format!("institution_{c}"),
            format!("institutional stock of {c}"),
            "0-1",
            0.0,
            1.0,
            MetricKind::Institution(o),
        );
        add(format!("members_{c}"), format!("members of {c}"), "states", 0.0, size, MetricKind::Members(o));
        add(
            format!("partners_{c}"),
            format!("bilateral partners of {c}"),
            "states",
            0.0,
            size,
            MetricKind::Partners(o),
        );
        if body.leader.is_some() {
            add(
                format!("hub_spoke_{c}"),
                format!("cooperation among non-leaders of {c} over cooperation with the leader"),
                "ratio",
                0.0,
                5.0,
                MetricKind::HubSpoke(o),
            );
        }
        if body.leader.is_some() {
            add(
                format!("burden_share_largest_{c}"),
                format!("share of the largest spender in {c}'s military spending"),
                "share",
                0.0,
                1.0,
                MetricKind::LargestShare(o),
            );
            add(
                format!("at_guideline_{c}"),
                format!("members of {c} that spend at least the guideline share of GDP"),
                "states",
                0.0,
                size,
                MetricKind::AtGuideline(o),
            );
            for (m, issue) in world.issues.iter().enumerate() {
                add(
                    format!("cooperation_{}_{c}", issue.code),
                    format!("share of cooperative moves among members of {c} on {}", issue.name),
                    "share",
                    0.0,
                    1.0,
                    MetricKind::IssueCooperation(o, m),
                );
            }
        }
    }
    for &(a, b) in &world.watch {
        let (x, y) = (world.party_code(a), world.party_code(b));
        let name = format!("cooperation_{x}_{y}");
        if !out.iter().any(|m: &Metric| m.name == name) {
            out.push(Metric {
                name,
                meaning: format!("share of cooperative moves between {x} and {y}"),
                unit: "share",
                low: 0.0,
                high: 1.0,
                kind: MetricKind::Cooperation(a, b),
            });
        }
    }
    out
}
