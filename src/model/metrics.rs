//! What is measured at every step: names, meanings, units and ranges, made from the scenario.

use std::collections::BTreeSet;

use super::institutions::Weighting;
use super::simulation::Simulation;
use super::world::{Party, World};

/// What kind of number a metric is, for those who summarise or draw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A share, a probability or a strength between 0 and 1.
    Share,
    /// Whether something holds, 0 or 1.
    Whether,
    /// A number of states.
    Count,
    /// A number with a sign, -1 to 1.
    Signed,
    /// Any other number; its range is where it usually lies, not a bound.
    Number,
}

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
    /// What kind of number it is.
    pub tag: Tag,
    /// How it is measured.
    pub kind: MetricKind,
}

/// How a metric is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MetricKind {
    /// Share of cooperative moves between two parties, or inside one.
    Cooperation(Party, Party, Weighting),
    /// The same on one issue.
    IssueCooperation(Party, Party, usize),
    /// Mean image between two parties, or inside one.
    Image(Party, Party),
    /// Mean trust of the first party in the second.
    Trust(Party, Party),
    /// Mean normalised threat to the first party from the second.
    Threat(Party, Party),
    /// Remembered hostility between two parties.
    Hostility(Party, Party),
    /// Mean weight that the first party puts on the gain of the second.
    Weight(Party, Party),
    /// Mean effective shadow of the future between two parties.
    Shadow(Party, Party),
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
    /// Rank correlation of income and burden over members.
    BurdenRank(usize),
    /// Spending of a state, share of GDP.
    Spending(usize),
    /// Whether the blocs are tied by a framework.
    Framework,
    /// Strength of the tie between the blocs.
    Tie,
    /// Whether a body has a council with a state.
    Council(usize, usize),
    /// Mean identity distance between the blocs.
    IdentityDistance,
    /// Freedom from hostility and knowledge between the blocs, the first condition of arguing.
    Empathy,
    /// Lesser over greater stock of the blocs, the third condition of arguing.
    Equality,
    /// Chance that a framework would pass if it were put to the vote now.
    PassChance,
    /// Mean chance that a member of a bloc agrees to a framework, principle included.
    Willing(usize),
    /// Mean worth of a framework to the members of a bloc: the one that asks (0) or the one addressed (1).
    FrameworkWorth(usize),
    /// Mean threat of two leaders from each other.
    Rivalry(usize, usize),
    /// Cooperation among followers over cooperation with the leader.
    HubSpoke(usize),
}

impl MetricKind {
    /// The value in the present state of `sim`; NaN where it has none (an empty body, nobody met).
    pub(crate) fn measure(self, sim: &mut Simulation<'_>) -> f64 {
        let (w, n) = (sim.world, sim.world.n());
        match self {
            MetricKind::Cooperation(a, b, by) => sim.cooperation(a, b, by, |_| true),
            MetricKind::IssueCooperation(a, b, m) => sim.cooperation(a, b, Weighting::Stake, |k| k == m),
            MetricKind::Image(a, b) => sim.mean_over(a, b, &sim.regard),
            MetricKind::Trust(a, b) => sim.mean_of(a, b, &sim.trust),
            MetricKind::Threat(a, b) => sim.mean_of(a, b, &sim.threat),
            MetricKind::Hostility(a, b) => sim.mean_over(a, b, &sim.hostility),
            MetricKind::Weight(a, b) => sim.mean_weight(a, b),
            MetricKind::Shadow(a, b) => sim.mean_toward(a, b, |i| sim.venues.shadows(i)),
            MetricKind::Institution(o) => sim.stock(o),
            MetricKind::Members(o) => sim.members(o).len() as f64,
            MetricKind::Partners(o) => (0..n).filter(|&i| sim.partner[o * n + i]).count() as f64,
            MetricKind::LargestShare(o) => {
                let spent = |i: usize| sim.spending[i] * w.states[i].gdp[sim.step];
                let most = sim.members(o).iter().map(|&i| spent(i)).fold(0.0, f64::max);
                let all: f64 = sim.members(o).iter().map(|&i| spent(i)).sum();
                if all > 0.0 { most / all } else { f64::NAN }
            }
            MetricKind::AtGuideline(o) => {
                let meets = |i: &&usize| sim.spending[**i] >= w.common.guideline;
                sim.members(o).iter().filter(meets).count() as f64
            }
            MetricKind::BurdenRank(o) => burden_rank(sim, o),
            MetricKind::Spending(i) => sim.spending[i],
            MetricKind::Framework => f64::from(u8::from(sim.tie > 0.0)),
            MetricKind::Tie => sim.tie,
            MetricKind::Council(o, i) => f64::from(u8::from(sim.council[o * n + i] > 0.0)),
            MetricKind::IdentityDistance => across(sim, |i| {
                let row = &sim.distance[i * n..];
                |j| row[j]
            }),
            MetricKind::Empathy => {
                let sim = &*sim;
                across(sim, |i| {
                    move |j| {
                        let (k, back) = (i * n + j, j * n + i);
                        sim.knowledge[k] * (1.0 - sim.hostility[k].max(sim.hostility[back]))
                    }
                })
            }
            MetricKind::Equality => sim.equality(),
            MetricKind::PassChance => sim.outlook().chance,
            MetricKind::Willing(side) => sim.outlook().willing[side],
            MetricKind::FrameworkWorth(side) => sim.outlook().worth[side],
            MetricKind::Rivalry(i, j) => 0.5 * (sim.threat(i, j) + sim.threat(j, i)),
            MetricKind::HubSpoke(o) => sim.hub_spoke(o),
        }
    }
}

/// Mean over the pairs across the blocs, from the first bloc's side.
fn across<V: Fn(usize) -> f64>(sim: &Simulation<'_>, value: impl Fn(usize) -> V) -> f64 {
    let org = Party::Organisation;
    sim.world.blocs.map_or(f64::NAN, |[a, b]| sim.mean_toward(org(a), org(b), value))
}

/// Spearman's rank correlation of GDP and burden over members (Olson & Zeckhauser 1966: the great carry more); NaN below
/// three members.
fn burden_rank(sim: &Simulation<'_>, o: usize) -> f64 {
    let members = sim.members(o);
    let count = members.len() as f64;
    if members.len() < 3 {
        return f64::NAN;
    }
    let gdp = |i: usize| sim.world.states[i].gdp[sim.step];
    let rank = |own: f64, value: &dyn Fn(usize) -> f64| {
        let below = members.iter().filter(|&&j| value(j) < own).count() as f64;
        let equal = members.iter().filter(|&&j| value(j) == own).count() as f64;
        below + 0.5 * (equal - 1.0)
    };
    let spending = |i: usize| sim.spending[i];
    let middle = 0.5 * (count - 1.0);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for &i in members {
        let (x, y) = (rank(gdp(i), &gdp) - middle, rank(spending(i), &spending) - middle);
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    if xx > 0.0 && yy > 0.0 { xy / (xx * yy).sqrt() } else { f64::NAN }
}

/// Collects metrics; a name that is there already is not added twice.
struct Columns(Vec<Metric>, BTreeSet<String>);

impl Columns {
    fn add(&mut self, name: String, meaning: String, unit: &'static str, tag: Tag, kind: MetricKind) {
        if !self.1.insert(name.clone()) {
            return;
        }
        let (low, high) = match tag {
            Tag::Share | Tag::Whether => (0.0, 1.0),
            Tag::Signed => (-1.0, 1.0),
            Tag::Count => (0.0, 1000.0),
            // quantiles are read from a histogram over the range that matters; a value may lie beyond it
            Tag::Number => match kind {
                MetricKind::FrameworkWorth(_) => (0.0, 0.5),
                _ => (0.0, 4.0),
            },
        };
        self.0.push(Metric { name, meaning, unit, low, high, tag, kind });
    }

    fn share(&mut self, name: String, meaning: String, kind: MetricKind) {
        self.add(name, meaning, "share", Tag::Share, kind);
    }

    /// Cooperation of a pair of parties three ways, image, hostility, trust, weight and shadow.
    fn relation(&mut self, group: &str, whom: &str, a: Party, b: Party) {
        for (word, how, by) in [
            ("cooperation", "stake-weighted share", Weighting::Stake),
            ("plain", "plain share", Weighting::Plain),
            ("power", "stake- and capability-weighted share", Weighting::Power),
        ] {
            if by == Weighting::Power && matches!((a, b), (Party::State(_), Party::State(_))) {
                continue; // between two states capability weighs nothing
            }
            let meaning = format!("{how} of cooperative moves {whom}");
            self.share(format!("{word}_{group}"), meaning, MetricKind::Cooperation(a, b, by));
        }
        let kind = MetricKind::Image(a, b);
        self.add(format!("image_{group}"), format!("mean image {whom}"), "-1 to 1", Tag::Signed, kind);
        let meaning = format!("mean trust {whom}, from the first one's side");
        self.add(format!("trust_{group}"), meaning, "probability", Tag::Share, MetricKind::Trust(a, b));
        let meaning = format!("mean remembered hostility {whom}");
        self.add(format!("hostility_{group}"), meaning, "0-1", Tag::Share, MetricKind::Hostility(a, b));
        let meaning = format!("mean weight put on the other's gain {whom}, from the first one's side");
        self.add(format!("weight_{group}"), meaning, "-1 to 1", Tag::Signed, MetricKind::Weight(a, b));
        let meaning = format!("mean effective shadow of the future {whom}");
        self.add(format!("shadow_{group}"), meaning, "probability", Tag::Share, MetricKind::Shadow(a, b));
    }

    fn by_issue(&mut self, world: &World, group: &str, whom: &str, a: Party, b: Party) {
        for (m, issue) in world.issues.iter().enumerate() {
            let meaning = format!("share of cooperative moves {whom} on {}", issue.name);
            let kind = MetricKind::IssueCooperation(a, b, m);
            self.share(format!("cooperation_{}_{group}", issue.code), meaning, kind);
        }
    }
}

/// The metrics of a scenario, in the order of columns.
pub fn metrics(world: &World) -> Vec<Metric> {
    let mut out = Columns(Vec::new(), BTreeSet::new());
    if let Some(blocs) = world.blocs {
        bloc_metrics(world, blocs, &mut out);
    }
    for o in 0..world.organisations.len() {
        body_metrics(world, o, &mut out);
    }
    for &(a, b) in &world.watch {
        let (x, y) = (world.party_code(a), world.party_code(b));
        let (group, whom) = (format!("{x}_{y}"), format!("between {x} and {y}"));
        out.relation(&group, &whom, a, b);
        out.by_issue(world, &group, &whom, a, b);
        threats(&mut out, x, y, a, b);
    }
    for i in reported(world) {
        let code = &world.states[i].code;
        let meaning = format!("military spending of {code}");
        out.share(format!("spending_{code}"), meaning, MetricKind::Spending(i));
    }
    for metric in &mut out.0 {
        if metric.tag == Tag::Count {
            metric.high = world.n() as f64;
        }
    }
    out.0
}

/// States whose spending is reported: leaders and watched ones.
fn reported(world: &World) -> Vec<usize> {
    let mut out: Vec<usize> = world.organisations.iter().filter_map(|o| o.leader).collect();
    for &(a, b) in &world.watch {
        for party in [a, b] {
            if let Party::State(i) = party {
                out.push(i);
            }
        }
    }
    out.sort_unstable_by_key(|&i| &world.states[i].code);
    out.dedup();
    out
}

fn threats(out: &mut Columns, x: &str, y: &str, a: Party, b: Party) {
    for (x, y, a, b) in [(x, y, a, b), (y, x, b, a)] {
        let meaning = format!("mean normalised threat to {x} from {y}");
        out.add(format!("threat_{x}_from_{y}"), meaning, "0-1", Tag::Share, MetricKind::Threat(a, b));
    }
}

fn bloc_metrics(world: &World, [a, b]: [usize; 2], out: &mut Columns) {
    let org = Party::Organisation;
    let (x, y) = (&world.organisations[a].code, &world.organisations[b].code);
    let whom = format!("between members of {x} and of {y}");
    out.relation("between", &whom, org(a), org(b));
    out.by_issue(world, "between", &whom, org(a), org(b));
    let meaning = format!("mean identity distance {whom}");
    out.add("identity_distance".into(), meaning, "0-1", Tag::Share, MetricKind::IdentityDistance);
    let meaning = format!("first condition of arguing: knowledge free of hostility {whom}");
    out.add("empathy".into(), meaning, "0-1", Tag::Share, MetricKind::Empathy);
    let meaning = "third condition of arguing: lesser over greater institutional stock".into();
    out.add("equality".into(), meaning, "0-1", Tag::Share, MetricKind::Equality);
    let meaning = format!("whether {x} and {y} are tied by a framework");
    out.add("framework".into(), meaning, "0 or 1", Tag::Whether, MetricKind::Framework);
    out.add("tie_strength".into(), "strength of that tie".into(), "0-1", Tag::Share, MetricKind::Tie);
    let meaning = "chance that a framework would pass if put to the vote now".into();
    out.add("pass_chance".into(), meaning, "probability", Tag::Share, MetricKind::PassChance);
    for (side, code) in [(1, x), (0, y)] {
        let meaning =
            format!("mean chance that a member of {code} agrees to a framework, principle included");
        out.add(format!("willing_{code}"), meaning, "probability", Tag::Share, MetricKind::Willing(side));
        let meaning = format!("mean worth of a framework to members of {code}");
        out.add(
            format!("worth_framework_{code}"),
            meaning,
            "vote units",
            Tag::Number,
            MetricKind::FrameworkWorth(side),
        );
    }
    for (from, to) in [(a, b), (b, a)] {
        if let Some(leader) = world.organisations[to].leader {
            let (l, o) = (&world.states[leader].code, &world.organisations[from].code);
            let party = Party::State(leader);
            let whom = format!("between {l} and members of {o}");
            out.relation(&format!("{l}_{o}"), &whom, party, org(from));
            out.by_issue(world, &format!("{l}_{o}"), &whom, party, org(from));
            threats(out, l, o, party, org(from));
            let meaning = format!("whether {o} has a council with {l}");
            out.add(
                format!("council_{o}_{l}"),
                meaning,
                "0 or 1",
                Tag::Whether,
                MetricKind::Council(from, leader),
            );
        }
    }
    if let (Some(i), Some(j)) = (world.organisations[a].leader, world.organisations[b].leader) {
        let meaning = "mean of the two leaders' threat from each other".into();
        out.add("rivalry_of_leaders".into(), meaning, "0-1", Tag::Share, MetricKind::Rivalry(i, j));
    }
}

fn body_metrics(world: &World, o: usize, out: &mut Columns) {
    let (body, org) = (&world.organisations[o], Party::Organisation(o));
    let c = &body.code;
    out.relation(&format!("within_{c}"), &format!("among members of {c}"), org, org);
    let meaning = format!("institutional stock of {c}");
    out.add(format!("institution_{c}"), meaning, "0-1", Tag::Share, MetricKind::Institution(o));
    out.add(format!("members_{c}"), format!("members of {c}"), "states", Tag::Count, MetricKind::Members(o));
    let meaning = format!("bilateral partners of {c}");
    out.add(format!("partners_{c}"), meaning, "states", Tag::Count, MetricKind::Partners(o));
    if body.leader.is_none() {
        return;
    }
    let meaning = format!("cooperation among non-leaders of {c} over cooperation with the leader");
    out.add(format!("hub_spoke_{c}"), meaning, "ratio", Tag::Number, MetricKind::HubSpoke(o));
    let meaning = format!("share of the largest spender in {c}'s military spending");
    out.share(format!("burden_share_largest_{c}"), meaning, MetricKind::LargestShare(o));
    let meaning = format!("members of {c} that spend at least the guideline share of GDP");
    out.add(format!("at_guideline_{c}"), meaning, "states", Tag::Count, MetricKind::AtGuideline(o));
    let meaning = format!("rank correlation of GDP and burden among members of {c}");
    out.add(format!("burden_rank_{c}"), meaning, "-1 to 1", Tag::Signed, MetricKind::BurdenRank(o));
    out.by_issue(world, c, &format!("among members of {c}"), org, org);
}
