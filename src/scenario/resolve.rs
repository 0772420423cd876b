//! From the checked tree to the world: names become indices, dated values become values per step.

use super::document::{Mistake, Node, Value};
use crate::game::{GameKind, Payoffs};
use crate::model::MOST_ISSUES;
use crate::model::date::{Calendar, Date, StepLength};
use crate::model::parameters;
use crate::model::world::{
    Event, Given, GivenKind, Issue, Norm, Organisation, Party, Proposal, ProposalKind, Shock, Spell, State,
    World, great_circle_km,
};
use crate::organisation::Decision;
use crate::theory::{COUNT, Roster, SCHOOLS};

/// The parts of a scenario that are not the world.
pub(super) struct Head {
    pub name: String,
    pub title: String,
    pub description: String,
    pub replications: u64,
    pub theories: Vec<String>,
}

fn number(node: &Node, key: &str, default: f64) -> f64 {
    node.get(key).and_then(Node::number).unwrap_or(default)
}

fn text(node: &Node, key: &str) -> String {
    node.get(key).and_then(Node::text).unwrap_or_default()
}

fn flag(node: &Node, key: &str, default: bool) -> bool {
    match node.get(key).map(|n| &n.value) {
        Some(Value::Boolean(b)) => *b,
        _ => default,
    }
}

/// What the word under `key` stands for; `default` if the key is absent. A word without a meaning is never silently another.
pub(super) fn choose<T: Copy>(node: &Node, key: &str, default: T, words: &[(&str, T)]) -> Result<T, Mistake> {
    let Some(found) = node.get(key) else { return Ok(default) };
    let word = found.text().unwrap_or_default();
    words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning).ok_or_else(|| {
        Mistake::at(&found.origin, format!("`{word}` is not a word that `{key}` takes"))
            .suggest(&word, words.iter().map(|(known, _)| *known))
    })
}

fn as_date(node: &Node) -> Option<Date> {
    match &node.value {
        Value::Text(t) => Date::parse(t),
        Value::Integer(year) => Some(Date::new(i32::try_from(*year).ok()?, 1)),
        _ => None,
    }
}

fn date(node: &Node, key: &str) -> Option<Date> {
    node.get(key).and_then(as_date)
}

/// Values per step: constant, or linear between dated points and flat beyond them.
fn dated(node: &Node, calendar: &Calendar) -> Vec<f64> {
    let Value::Table(entries) = &node.value else {
        return vec![node.number().unwrap_or(0.0); calendar.steps];
    };
    let mut points: Vec<(f64, f64)> =
        entries.iter().filter_map(|(k, e)| Some((Date::parse(k)?.decimal(), e.node.number()?))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    (0..calendar.steps)
        .map(|s| {
            let t = calendar.date(s).decimal();
            let after = points.partition_point(|p| p.0 <= t);
            if after == 0 {
                points[0].1
            } else if after == points.len() {
                points[after - 1].1
            } else {
                let (a, b) = (points[after - 1], points[after]);
                a.1 + (b.1 - a.1) * (t - a.0) / (b.0 - a.0)
            }
        })
        .collect()
}

struct Names {
    states: Vec<String>,
    organisations: Vec<String>,
}

impl Names {
    fn state(&self, node: &Node) -> Result<usize, Mistake> {
        let code = node.text().unwrap_or_default();
        self.states.iter().position(|s| *s == code).ok_or_else(|| {
            Mistake::at(&node.origin, format!("unknown state `{code}`"))
                .suggest(&code, self.states.iter().map(String::as_str))
        })
    }

    fn party(&self, node: &Node) -> Result<Party, Mistake> {
        let code = node.text().unwrap_or_default();
        self.find(&code).ok_or_else(|| {
            Mistake::at(&node.origin, format!("unknown state or organisation `{code}`"))
                .suggest(&code, self.states.iter().chain(&self.organisations).map(String::as_str))
        })
    }

    fn find(&self, code: &str) -> Option<Party> {
        let organisation = self.organisations.iter().position(|o| o == code).map(Party::Organisation);
        organisation.or_else(|| self.states.iter().position(|s| s == code).map(Party::State))
    }
}

fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).map(Node::items).unwrap_or(&[])
}

/// Resolves the whole tree.
pub(super) fn resolve(root: &Node) -> Result<(World, Head), Mistake> {
    let empty = Node { value: Value::Table(Default::default()), origin: root.origin.clone() };
    let run = root.get("run").unwrap_or(&empty);
    let calendar = calendar(run)?;
    let states_node = root.get("state").unwrap_or(&empty);
    let bodies_node = root.get("organisation").unwrap_or(&empty);
    let names = Names {
        states: states_node.entries().map(|e| e.0.to_string()).collect(),
        organisations: bodies_node.entries().map(|e| e.0.to_string()).collect(),
    };
    if names.states.len() < 2 {
        return Err(Mistake::at(&states_node.origin, "a world needs at least two states"));
    }
    if names.states.len() > 1000 {
        return Err(Mistake::at(&states_node.origin, "a world can hold at most 1000 states"));
    }
    for (code, entry) in bodies_node.entries() {
        if names.states.iter().any(|s| s == code) {
            return Err(Mistake::at(&entry.key, format!("`{code}` is already the code of a state")));
        }
    }
    let (common, roster) = parameters_of(root);
    let mut states = Vec::new();
    for (code, entry) in states_node.entries() {
        states.push(state(code, &entry.node, &calendar, &names)?);
    }
    let n = states.len();
    let mut distance = vec![0.0; n * n];
    let mut adjacent = vec![false; n * n];
    for i in 0..n {
        for j in 0..n {
            distance[i * n + j] = great_circle_km(states[i].capital, states[j].capital);
        }
        for &j in &states[i].borders {
            adjacent[i * n + j] = true;
            adjacent[j * n + i] = true;
        }
    }
    let issues_node = root.get("issue").unwrap_or(&empty);
    let mut issues = Vec::new();
    for (code, entry) in issues_node.entries() {
        issues.push(issue(code, &entry.node, &calendar, &names, &states)?);
    }
    if issues.is_empty() {
        return Err(Mistake::at(&issues_node.origin, "a world needs at least one issue"));
    }
    if issues.len() > MOST_ISSUES {
        let words = format!("a world has at most {MOST_ISSUES} issues, this one {}", issues.len());
        return Err(Mistake::at(&issues_node.origin, words));
    }
    let issue_names: Vec<String> = issues.iter().map(|i: &Issue| i.code.clone()).collect();
    let issue_of = |node: &Node| -> Result<usize, Mistake> {
        let code = node.text().unwrap_or_default();
        issue_names.iter().position(|i| *i == code).ok_or_else(|| {
            Mistake::at(&node.origin, format!("unknown issue `{code}`"))
                .suggest(&code, issue_names.iter().map(String::as_str))
        })
    };
    let mut organisations = Vec::new();
    for (code, entry) in bodies_node.entries() {
        let mut body = organisation(code, &entry.node, &calendar, &names)?;
        body.mandate = vec![entry.node.get("mandate").is_none(); issues.len()];
        for node in list(&entry.node, "mandate") {
            body.mandate[issue_of(node)?] = true;
        }
        organisations.push(body);
    }
    for (o, (_, entry)) in bodies_node.entries().enumerate() {
        if let Some(node) = entry.node.get("founding_threat") {
            organisations[o].founding_threat = match names.party(node)? {
                Party::State(i) => Some(i),
                Party::Organisation(p) => organisations[p].leader,
            };
        }
    }
    // a body stands for its members at a step, or for all it ever has
    let group = |node: &Node, step: Option<usize>| -> Result<Vec<usize>, Mistake> {
        let mut out: Vec<usize> = Vec::new();
        for item in node.items() {
            let found: Vec<usize> = if item.text().as_deref() == Some("all") {
                (0..n).collect()
            } else {
                match names.party(item)? {
                    Party::State(i) => vec![i],
                    Party::Organisation(o) => {
                        let body: &Organisation = &organisations[o];
                        let stands = |i: &usize| match step {
                            Some(step) => body.dated_member(*i, step),
                            None => body.spells.iter().any(|s| s.state == *i),
                        };
                        (0..n).filter(stands).collect()
                    }
                }
            };
            out.extend(found.into_iter().filter(|&i| {
                step.is_none_or(|s| {
                    let state: &State = &states[i];
                    state.from <= s && s < state.until
                })
            }));
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
    };
    let mut trust = vec![0.5; n * n];
    let mut image = vec![0.0; n * n];
    let mut hostility = vec![0.0; n * n];
    for block in list(root, "initial") {
        let from = group(block.get("from").unwrap_or(&empty), None)?;
        let toward = group(block.get("toward").unwrap_or(&empty), None)?;
        for &i in &from {
            for &j in toward.iter().filter(|&&j| j != i) {
                let mut cells = vec![i * n + j];
                if flag(block, "both_ways", true) {
                    cells.push(j * n + i);
                }
                for k in cells {
                    for (key, array) in
                        [("trust", &mut trust), ("image", &mut image), ("hostility", &mut hostility)]
                    {
                        if let Some(x) = block.get(key).and_then(Node::number) {
                            array[k] = x;
                        }
                    }
                }
            }
        }
    }
    let step_of = |node: &Node, key: &str| -> Result<(usize, f64), Mistake> {
        let place = node.get(key).unwrap_or(node);
        let when = as_date(place).unwrap_or(calendar.start);
        match calendar.step_of(when) {
            Some(s) => Ok((s, when.decimal())),
            None => Err(Mistake::at(
                &place.origin,
                format!(
                    "the date {when} lies outside the run, {} to {}",
                    calendar.label(0),
                    calendar.label(calendar.steps - 1)
                ),
            )),
        }
    };
    let mut events = Vec::new();
    for node in list(root, "event") {
        let (step, time) = step_of(node, "date")?;
        let half_life = number(node, "half_life", 4.0) * calendar.per_year();
        let kind = text(node, "kind");
        let need = |key: &str| -> Result<Vec<usize>, Mistake> {
            match node.get(key) {
                Some(who) => group(who, Some(step)),
                None => {
                    Err(Mistake::at(&node.origin, format!("an event of kind `{kind}` needs the key `{key}`")))
                }
            }
        };
        let shock = match kind.as_str() {
            "act" => Shock::Act,
            "thaw" => Shock::Thaw,
            "capability" => Shock::Capability,
            "reform" => {
                let Some(whom) = node.get("toward") else {
                    return Err(Mistake::at(
                        &node.origin,
                        "an event of kind `reform` needs the key `toward`",
                    ));
                };
                match names.party(whom)? {
                    Party::Organisation(organisation) => Shock::Reform { organisation },
                    Party::State(_) => {
                        return Err(Mistake::at(&whom.origin, "only an organisation can be reformed"));
                    }
                }
            }
            "regime-threat" => Shock::RegimeThreat { half_life },
            _ => {
                let Some(which) = node.get("issue") else {
                    return Err(Mistake::at(&node.origin, "an event of kind `threat` needs the key `issue`"));
                };
                let issue = issue_of(which)?;
                Shock::Threat { issue, half_life }
            }
        };
        let actors = match shock {
            Shock::Act | Shock::Thaw => need("from")?,
            _ => node.get("from").map_or(Ok(Vec::new()), |who| group(who, Some(step)))?,
        };
        let targets = match shock {
            Shock::Threat { .. } | Shock::Reform { .. } => Vec::new(),
            _ => need("toward")?,
        };
        let parties = |key: &str| -> Result<Vec<Party>, Mistake> {
            let named = node.get(key).map(Node::items).unwrap_or(&[]).iter();
            named.filter(|p| p.text().as_deref() != Some("all")).map(|p| names.party(p)).collect()
        };
        let norms = [("non_interference", Some(Norm::NonInterference)), ("democracy", Some(Norm::Democracy))];
        let norm = choose(node, "norm", None, &norms)?;
        for (key, only) in [("on", "act"), ("norm", "act")] {
            if let Some(place) = node.get(key).filter(|_| kind != only) {
                return Err(Mistake::at(
                    &place.origin,
                    format!("only an act has the key `{key}`, not a {kind}"),
                ));
            }
        }
        events.push(Event {
            from: parties("from")?,
            toward: if kind == "reform" { Vec::new() } else { parties("toward")? },
            on: node.get("on").map(&issue_of).transpose()?,
            norm,
            step,
            time,
            label: text(node, "label"),
            shock,
            actors,
            targets,
            size: number(node, "size", 0.5),
            chart: flag(node, "chart", true),
            source: text(node, "source"),
        });
    }
    events.sort_by(|a, b| a.time.total_cmp(&b.time));
    let mut proposals = Vec::new();
    for node in list(root, "proposal") {
        let (step, _) = step_of(node, "date")?;
        let from = names.party(node.get("from").unwrap_or(&empty))?;
        let to = names.party(node.get("to").unwrap_or(&empty))?;
        let kinds = [
            ("framework", ProposalKind::Framework),
            ("council", ProposalKind::Council),
            ("operation", ProposalKind::Operation),
            ("admission", ProposalKind::Admission),
            ("contact", ProposalKind::Contact),
        ];
        let kind = choose(node, "kind", ProposalKind::Framework, &kinds)?;
        let fits = match kind {
            ProposalKind::Framework => {
                matches!((from, to), (Party::Organisation(a), Party::Organisation(b)) if a != b)
            }
            ProposalKind::Council => matches!(
                (from, to),
                (Party::Organisation(_), Party::State(_)) | (Party::State(_), Party::Organisation(_))
            ),
            ProposalKind::Operation => matches!(from, Party::Organisation(_)),
            ProposalKind::Contact => from != to,
            ProposalKind::Admission => matches!((from, to), (Party::State(_), Party::Organisation(_))),
        };
        if !fits {
            return Err(Mistake::at(&node.origin, format!("a {} cannot run between these two", kind.name()))
                .help("a framework ties two organisations, a council an organisation and a state, an operation is one organisation's, a state asks an organisation for admission, a contact is anybody's approach to anybody else"));
        }
        proposals.push(Proposal {
            step,
            label: text(node, "label"),
            from,
            to,
            kind,
            touches_norm: flag(node, "touches_norm", false),
        });
    }
    let blocs = match list(run, "blocs") {
        [] => None,
        [a, b] => match (names.party(a)?, names.party(b)?) {
            (Party::Organisation(x), Party::Organisation(y)) if x != y => Some([x, y]),
            _ => return Err(Mistake::at(&a.origin, "blocs are two different organisations")),
        },
        [first, ..] => return Err(Mistake::at(&first.origin, "blocs are a pair of organisations")),
    };
    let tied = |a: Party, b: Party, place: &Node| match (a, b) {
        (Party::Organisation(x), Party::Organisation(y))
            if blocs != Some([x, y]) && blocs != Some([y, x]) =>
        {
            Err(Mistake::at(
                &place.origin,
                "a framework can only be proposed between the two `blocs` of [run]",
            ))
        }
        _ => Ok(()),
    };
    for (proposal, node) in proposals.iter().zip(list(root, "proposal")) {
        let p: &Proposal = proposal;
        if p.kind == ProposalKind::Framework {
            tied(p.from, p.to, node)?;
        }
    }
    for (o, (_, entry)) in bodies_node.entries().enumerate() {
        for (&to, node) in organisations[o].proposes_to.iter().zip(list(&entry.node, "proposes_to")) {
            tied(Party::Organisation(o), to, node)?;
        }
    }
    let mut decisions = Vec::new();
    for node in list(root, "decision") {
        decisions.push(decision(node, &step_of, &names, &issue_of)?);
    }
    let mut watch = Vec::new();
    for node in list(run, "watch") {
        let pair = node.text().unwrap_or_default();
        let Some((a, b)) = pair.split_once('-') else {
            return Err(
                Mistake::at(&node.origin, format!("`{pair}` is not a pair")).help("write it as RUS-USA")
            );
        };
        let find = |code: &str| {
            names.find(code).ok_or_else(|| {
                Mistake::at(&node.origin, format!("unknown state or organisation `{code}`"))
                    .suggest(code, names.states.iter().chain(&names.organisations).map(String::as_str))
            })
        };
        watch.push((find(a)?, find(b)?));
    }
    let theories: Vec<String> = match list(run, "theories") {
        [] => SCHOOLS.iter().map(ToString::to_string).collect(),
        some => some.iter().filter_map(Node::text).collect(),
    };
    let name = text(root, "name");
    if !is_folder_name(&name) {
        let place = root.get("name").unwrap_or(root);
        return Err(Mistake::at(&place.origin, "the name must be usable as the name of a folder").help(
            format!("at most {MOST_NAME} bytes, no / or \\, no control characters, no point at the start"),
        ));
    }
    let head = Head {
        title: Some(text(root, "title")).filter(|t| !t.is_empty()).unwrap_or_else(|| name.clone()),
        name,
        description: text(root, "description"),
        replications: run.get("replications").and_then(Node::whole).unwrap_or(100),
        theories,
    };
    let world = World {
        calendar,
        seed: run.get("seed").and_then(Node::whole).unwrap_or(1),
        common,
        roster,
        slot: (0..n).collect(),
        states,
        organisations,
        issues,
        trust,
        image,
        hostility,
        distance,
        adjacent,
        events,
        proposals,
        blocs,
        decisions,
        watch,
    };
    Ok((world, head))
}

/// The step and the decimal year of a dated key.
type StepOf<'a> = dyn Fn(&Node, &str) -> Result<(usize, f64), Mistake> + 'a;

/// A decision given from outside.
fn decision(
    node: &Node,
    step_of: &StepOf<'_>,
    names: &Names,
    issue_of: &dyn Fn(&Node) -> Result<usize, Mistake>,
) -> Result<Given, Mistake> {
    let need = |key: &str| {
        node.get(key).ok_or_else(|| {
            let what = text(node, "what");
            Mistake::at(&node.origin, format!("a decision on a {what} needs the key `{key}`"))
        })
    };
    let choose = need("choose")?;
    let word = choose.text().unwrap_or_default();
    let (what, words): (GivenKind, [&str; 2]) = match text(node, "what").as_str() {
        "membership" => match names.party(need("on")?)? {
            Party::Organisation(o) => (GivenKind::Membership(o), ["stay", "leave"]),
            Party::State(_) => {
                return Err(Mistake::at(&need("on")?.origin, "membership is of an organisation"));
            }
        },
        "move" => {
            let toward = names.state(need("toward")?)?;
            (GivenKind::Move(toward, issue_of(need("on")?)?), ["cooperate", "defect"])
        }
        _ => (GivenKind::Vote, ["agree", "refuse"]),
    };
    let Some(place) = words.iter().position(|w| *w == word) else {
        return Err(Mistake::at(&choose.origin, format!("`{word}` does not answer this decision"))
            .suggest(&word, words));
    };
    let (step, _) = step_of(node, "when")?;
    let state = names.state(need("who")?)?;
    Ok(Given { state, what, step, yes: place == 0 })
}

/// Most bytes of a name: file systems take 255, and endings such as `-sensitivity-12` come after it.
pub const MOST_NAME: usize = 100;

/// Whether a name can be that of a folder of results.
pub fn is_folder_name(name: &str) -> bool {
    let fits = !name.trim().is_empty() && name.len() <= MOST_NAME && !name.starts_with('.');
    fits && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
}

fn calendar(run: &Node) -> Result<Calendar, Mistake> {
    let lengths =
        [("month", StepLength::Month), ("quarter", StepLength::Quarter), ("year", StepLength::Year)];
    let step = choose(run, "step", StepLength::Quarter, &lengths)?;
    let (start, end) = (date(run, "start"), date(run, "end"));
    let place = run.get("end").unwrap_or(run);
    let calendar = start
        .zip(end)
        .and_then(|(a, b)| Calendar::new(a, b, step))
        .ok_or_else(|| Mistake::at(&place.origin, "the run ends before it starts"))?;
    if calendar.steps > 10_000 {
        return Err(Mistake::at(
            &place.origin,
            format!("{} steps are too many (at most 10000)", calendar.steps),
        ));
    }
    Ok(calendar)
}

pub(super) fn parameters_of(root: &Node) -> (parameters::World, Roster) {
    let mut common = parameters::World::default();
    for (name, entry) in root.get("world").into_iter().flat_map(|t| t.entries()) {
        common.set(name, entry.node.number().unwrap_or(0.0));
    }
    let mut roster = Roster::default();
    for (school, name) in SCHOOLS.iter().enumerate() {
        let table = root.get("theory").and_then(|t| t.get(name));
        for (key, entry) in table.into_iter().flat_map(|t| t.entries()) {
            roster.set(school, key, entry.node.number().unwrap_or(0.0));
        }
    }
    (common, roster)
}

fn point(node: &Node) -> (f64, f64) {
    let items = node.items();
    let at = |i: usize| items.get(i).and_then(Node::number).unwrap_or(0.0);
    (at(0), at(1))
}

fn state(code: &str, node: &Node, calendar: &Calendar, names: &Names) -> Result<State, Mistake> {
    let series = |key: &str| node.get(key).map_or_else(Vec::new, |v| dated(v, calendar));
    let theory = match node.get("theory") {
        None => None,
        Some(label) => {
            let name = label.text().unwrap_or_default();
            let Some(school) = SCHOOLS.iter().position(|s| *s == name) else {
                return Err(
                    Mistake::at(&label.origin, format!("unknown school `{name}`")).suggest(&name, SCHOOLS)
                );
            };
            let mut weights = [0.0; COUNT];
            weights[school] = 1.0;
            Some(weights)
        }
    };
    let mut borders = Vec::new();
    for b in list(node, "borders") {
        borders.push(names.state(b)?);
    }
    Ok(State {
        code: code.to_string(),
        name: text(node, "name"),
        capital: node.get("capital").map(point).unwrap_or_default(),
        capability: series("capability"),
        gdp: series("gdp"),
        burden: series("burden").into_iter().map(|x| x / 100.0).collect(),
        regime: series("regime"),
        alignment: series("alignment"),
        habit: number(node, "habit", 0.5),
        great_power: flag(node, "great_power", false),
        borders,
        theory,
        from: date(node, "from").map_or(0, |d| calendar.index(d).max(0) as usize),
        until: date(node, "until").map_or(calendar.steps, |d| calendar.index(d).max(0) as usize),
        source: text(node, "source"),
    })
}

fn organisation(
    code: &str,
    node: &Node,
    calendar: &Calendar,
    names: &Names,
) -> Result<Organisation, Mistake> {
    let clamp = |d: Date| calendar.index(d).max(0) as usize;
    let spells = spells(node, "members", code, calendar, names)?;
    if spells.is_empty() {
        return Err(Mistake::at(&node.origin, format!("organisation {code} has no members")));
    }
    let leader = node.get("leader").map(|l| names.state(l)).transpose()?;
    if let (Some(l), Some(place)) = (leader, node.get("leader"))
        && !spells.iter().any(|s| s.state == l)
    {
        return Err(Mistake::at(&place.origin, format!("the leader of {code} is not one of its members")));
    }
    let share = number(node, "majority", 0.5);
    let rules = [
        ("consensus", Decision::Consensus),
        ("majority", Decision::Majority(share)),
        ("weighted", Decision::Weighted(share)),
        ("leader", Decision::Leader),
    ];
    let decision = choose(node, "decision", Decision::Consensus, &rules)?;
    if decision == Decision::Leader && leader.is_none() {
        let place = node.get("decision").unwrap_or(node);
        return Err(Mistake::at(&place.origin, format!("{code} decides by its leader but has none")));
    }
    let indices = |key: &str| list(node, key).iter().map(|s| names.state(s)).collect::<Result<Vec<_>, _>>();
    let known = |state: &str, place: &crate::scenario::document::Origin| {
        names.states.iter().position(|s| s == state).ok_or_else(|| {
            Mistake::at(place, format!("unknown state `{state}`"))
                .suggest(state, names.states.iter().map(String::as_str))
        })
    };
    let proposes_to =
        list(node, "proposes_to").iter().map(|p| names.party(p)).collect::<Result<Vec<_>, _>>()?;
    Ok(Organisation {
        code: code.to_string(),
        name: text(node, "name"),
        leader,
        outside_command: self::spells(node, "outside_command", code, calendar, names)?,
        ends: date(node, "ends").map(clamp),
        spells,
        decision,
        institution: number(node, "institution", 0.3),
        general_assets: number(node, "general_assets", 0.5),
        monitoring: number(node, "monitoring", 0.6),
        sanctions: number(node, "sanctions", 0.0),
        mandate: Vec::new(),
        founding_threat: None,
        military: number(node, "military", 1.0),
        non_interference: number(node, "norm_non_interference", 0.0),
        democracy: number(node, "norm_democracy", 0.0),
        voluntary_entry: flag(node, "voluntary_entry", false),
        eligible: indices("eligible")?,
        accession: (text(node, "admission") == "consent")
            .then(|| (number(node, "accession", 4.0) * calendar.per_year() / 4.0).round().max(1.0) as usize),
        renewals: list(node, "renewals")
            .iter()
            .filter_map(as_date)
            .filter_map(|d| calendar.step_of(d))
            .collect(),
        partnership_opens: date(node, "partnership_opens").map(clamp),
        partners: indices("partners")?,
        first_partners: indices("partners_at_start")?,
        first_councils: (node.get("councils_at_start").into_iter())
            .flat_map(|table| table.entries())
            .map(|(state, e)| Ok((known(state, &e.key)?, e.node.number().unwrap_or(0.0))))
            .collect::<Result<Vec<_>, Mistake>>()?,
        patronage: number(node, "patronage", 0.0),
        proposes_to,
        proposes_from: date(node, "proposes_from").map_or(0, clamp),
        source: text(node, "source"),
    })
}

/// Dated spells of states in a body: a date, or a list of `[from, until]`.
fn spells(
    node: &Node,
    key: &str,
    code: &str,
    calendar: &Calendar,
    names: &Names,
) -> Result<Vec<Spell>, Mistake> {
    let step = |d: Date| calendar.index(d).max(0) as usize;
    let mut out = Vec::new();
    for (member, e) in node.get(key).into_iter().flat_map(|m| m.entries()) {
        let Some(state) = names.states.iter().position(|s| s == member) else {
            return Err(Mistake::at(&e.key, format!("unknown state `{member}` among the members of {code}"))
                .suggest(member, names.states.iter().map(String::as_str)));
        };
        if !matches!(e.node.value, Value::List(_)) {
            let from = as_date(&e.node).map_or(0, step);
            out.push(Spell { state, from, until: None });
            continue;
        }
        let mut last: Option<Date> = None;
        for spell in e.node.items() {
            let dates: Vec<Date> = spell.items().iter().filter_map(as_date).collect();
            let (from, until) = match dates[..] {
                [from] => (from, None),
                [from, until] if from < until => (from, Some(until)),
                _ => {
                    return Err(Mistake::at(
                        &spell.origin,
                        format!("a spell of {member} in {code} is not a from and an until"),
                    )
                    .help("write [[\"1952-02-18\", \"1974-08-14\"], [\"1980-10-20\"]]"));
                }
            };
            if last.is_some_and(|l| from < l) {
                return Err(Mistake::at(
                    &spell.origin,
                    format!("the spells of {member} in {code} overlap or run backwards"),
                ));
            }
            last = Some(until.unwrap_or(from));
            if until.is_none_or(|u| calendar.index(u) > 0) {
                out.push(Spell { state, from: step(from), until: until.map(step) });
            }
        }
    }
    Ok(out)
}

fn issue(
    code: &str,
    node: &Node,
    calendar: &Calendar,
    names: &Names,
    states: &[State],
) -> Result<Issue, Mistake> {
    let numbers: Vec<f64> = list(node, "payoffs").iter().filter_map(Node::number).collect();
    let payoffs = match numbers[..] {
        [] if node.get("payoffs").is_none() => Payoffs::axelrod(),
        [t, r, p, s] => Payoffs::new(t, r, p, s),
        _ => {
            let place = node.get("payoffs").unwrap_or(node);
            return Err(Mistake::at(
                &place.origin,
                format!("issue {code} has {} payoffs, not four", numbers.len()),
            )
            .help("temptation, reward, punishment, sucker's payoff"));
        }
    };
    if let Some(game) = node.get("game") {
        let wanted = game.text().unwrap_or_default();
        let kind = payoffs.kind();
        if GameKind::from_name(&wanted) != Some(kind) {
            return Err(Mistake::at(
                &game.origin,
                format!("the payoffs of issue {code} do not make a {wanted}: they make {}", kind.name()),
            )
            .help("a prisoners-dilemma needs T > R > P > S"));
        }
    }
    let mut exposure = vec![1.0; states.len()];
    let by_autocracy = text(node, "exposure") == "autocracy";
    match text(node, "exposure").as_str() {
        "distance" => {
            let Some(origin) = node.get("origin") else {
                return Err(Mistake::at(
                    &node.origin,
                    format!("issue {code} is by distance but has no `origin`"),
                ));
            };
            let (origin, reach) = (point(origin), number(node, "reach_km", 2500.0));
            for (x, s) in exposure.iter_mut().zip(states) {
                *x = libm::exp(-great_circle_km(s.capital, origin) / reach);
            }
        }
        "great-power" => {
            for (x, s) in exposure.iter_mut().zip(states) {
                *x = if s.great_power { 1.0 } else { 0.2 };
            }
        }
        _ => {}
    }
    for (who, e) in node.get("stakes").into_iter().flat_map(|s| s.entries()) {
        let Some(i) = names.states.iter().position(|s| s == who) else {
            return Err(Mistake::at(
                &e.key,
                format!("unknown state `{who}` among the stakes of issue {code}"),
            )
            .suggest(who, names.states.iter().map(String::as_str)));
        };
        exposure[i] = -e.node.number().unwrap_or(0.0);
    }
    Ok(Issue {
        code: code.to_string(),
        name: text(node, "name"),
        payoffs,
        level: node.get("level").map_or_else(|| vec![0.5; calendar.steps], |l| dated(l, calendar)),
        exposure,
        by_autocracy,
        floor: number(node, "floor", 0.1),
        common_threat: number(node, "common_threat", 0.0),
        hard: number(node, "hard", 0.0),
        from: date(node, "from").map_or(0, |d| calendar.index(d).max(0) as usize),
        until: date(node, "until").map_or(calendar.steps - 1, |d| {
            calendar.index(d).clamp(-1, calendar.steps as i64 - 1).max(0) as usize
        }),
        source: text(node, "source"),
    })
}
