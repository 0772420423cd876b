//! From the checked tree to the world: names become indices, dated values become values per step.

mod dated;
mod issue;
mod organisation;
mod state;

use super::block::{Block, as_date};
use super::document::{Mistake, Node, Value};
use super::spec::{ROOT, RUN};
use crate::model::MOST_ISSUES;
use crate::model::date::{Calendar, Date, StepLength};
use crate::model::parameters;
use crate::model::world::{Issue, Organisation, Party, State, World, great_circle_km};
use crate::theory::{Roster, SCHOOLS};

/// The parts of a scenario that are not the world.
pub(super) struct Head {
    pub name: String,
    pub title: String,
    pub description: String,
    pub replications: u64,
    pub theories: Vec<String>,
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

fn point(node: &Node) -> (f64, f64) {
    let items = node.items();
    let at = |i: usize| items.get(i).and_then(Node::number).unwrap_or(0.0);
    (at(0), at(1))
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
        self.called(&node.text().unwrap_or_default(), node)
    }

    /// The party of a code that stands at `node`.
    fn called(&self, code: &str, node: &Node) -> Result<Party, Mistake> {
        self.find(code).ok_or_else(|| {
            Mistake::at(&node.origin, format!("unknown state or organisation `{code}`"))
                .suggest(code, self.states.iter().chain(&self.organisations).map(String::as_str))
        })
    }

    /// Refuses too few or too many states, and a code that stands for two.
    fn check(&self, states: &Node, bodies: &Node) -> Result<(), Mistake> {
        if self.states.len() < 2 {
            return Err(Mistake::at(&states.origin, "a world needs at least two states"));
        }
        if self.states.len() > 1000 {
            return Err(Mistake::at(&states.origin, "a world can hold at most 1000 states"));
        }
        let twice = bodies.entries().find(|(code, _)| self.states.iter().any(|s| s == code));
        match twice {
            Some((code, entry)) => {
                Err(Mistake::at(&entry.key, format!("`{code}` is already the code of a state")))
            }
            None => Ok(()),
        }
    }

    fn find(&self, code: &str) -> Option<Party> {
        let organisation = self.organisations.iter().position(|o| o == code).map(Party::Organisation);
        organisation.or_else(|| self.states.iter().position(|s| s == code).map(Party::State))
    }
}

/// Resolves the whole tree.
pub(super) fn resolve(root: &Node) -> Result<(World, Head), Mistake> {
    let nothing = Node { value: Value::Table(Default::default()), origin: root.origin.clone() };
    let root = Block::new(root, ROOT);
    let run = Block::new(root.get("run").unwrap_or(&nothing), RUN);
    let inside = Inside::new(root, &run, &nothing)?;
    let [trust, image, hostility] = inside.beliefs(&nothing)?;
    let (distance, adjacent) = inside.geography();
    let (events, proposals, decisions) = (inside.events()?, inside.proposals(&nothing)?, inside.decisions()?);
    let blocs = inside.blocs(&run)?;
    inside.check_ties(&proposals, blocs)?;
    let watch = run.list("watch").iter().map(|node| inside.pair(node)).collect::<Result<_, _>>()?;
    let head = head(&root, &run)?;
    let (common, roster) = parameters_of(root.node);
    let Inside { calendar, states, issues, organisations, .. } = inside;
    let world = World {
        calendar,
        seed: run.whole("seed"),
        common,
        roster,
        slot: (0..states.len()).collect(),
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

/// Name, title and what is run.
fn head(root: &Block<'_>, run: &Block<'_>) -> Result<Head, Mistake> {
    let theories: Vec<String> = match run.list("theories") {
        [] => SCHOOLS.iter().map(ToString::to_string).collect(),
        some => some.iter().filter_map(Node::text).collect(),
    };
    let name = root.text("name");
    if !is_folder_name(&name) {
        let place = root.place("name");
        return Err(Mistake::at(&place.origin, "the name must be usable as the name of a folder").help(
            format!("at most {MOST_NAME} bytes, no / or \\, no control characters, no point at the start"),
        ));
    }
    Ok(Head {
        title: Some(root.text("title")).filter(|t| !t.is_empty()).unwrap_or_else(|| name.clone()),
        name,
        description: root.text("description"),
        replications: run.whole("replications"),
        theories,
    })
}

/// What dated blocks speak of: the calendar, and who and what there is.
struct Inside<'n> {
    root: Block<'n>,
    calendar: Calendar,
    names: Names,
    states: Vec<State>,
    issues: Vec<Issue>,
    organisations: Vec<Organisation>,
}

impl<'n> Inside<'n> {
    fn new(root: Block<'n>, run: &Block<'_>, nothing: &'n Node) -> Result<Self, Mistake> {
        let [states, bodies, issues] =
            ["state", "organisation", "issue"].map(|key| root.get(key).unwrap_or(nothing));
        let names = Names {
            states: states.entries().map(|e| e.0.to_string()).collect(),
            organisations: bodies.entries().map(|e| e.0.to_string()).collect(),
        };
        let calendar = calendar(run)?;
        names.check(states, bodies)?;
        let mut inside = Inside {
            root,
            calendar,
            names,
            states: Vec::new(),
            issues: Vec::new(),
            organisations: Vec::new(),
        };
        for (code, entry) in states.entries() {
            inside.states.push(state::state(code, &entry.node, &calendar, &inside.names)?);
        }
        for (code, entry) in issues.entries() {
            let one = issue::issue(code, &entry.node, &calendar, &inside.names, &inside.states)?;
            inside.issues.push(one);
        }
        if inside.issues.is_empty() {
            return Err(Mistake::at(&issues.origin, "a world needs at least one issue"));
        }
        if inside.issues.len() > MOST_ISSUES {
            let words = format!("a world has at most {MOST_ISSUES} issues, this one {}", inside.issues.len());
            return Err(Mistake::at(&issues.origin, words));
        }
        for (code, entry) in bodies.entries() {
            let mut body = organisation::organisation(code, &entry.node, &calendar, &inside.names)?;
            let mandate = entry.node.get("mandate");
            body.mandate = vec![mandate.is_none(); inside.issues.len()];
            for node in mandate.map(Node::items).unwrap_or(&[]) {
                body.mandate[inside.issue(node)?] = true;
            }
            inside.organisations.push(body);
        }
        for (o, (_, entry)) in bodies.entries().enumerate() {
            if let Some(node) = entry.node.get("founding_threat") {
                inside.organisations[o].founding_threat = match inside.names.party(node)? {
                    Party::State(i) => Some(i),
                    Party::Organisation(p) => inside.organisations[p].leader,
                };
            }
        }
        Ok(inside)
    }

    fn issue(&self, node: &Node) -> Result<usize, Mistake> {
        let code = node.text().unwrap_or_default();
        self.issues.iter().position(|i| i.code == code).ok_or_else(|| {
            Mistake::at(&node.origin, format!("unknown issue `{code}`"))
                .suggest(&code, self.issues.iter().map(|i| i.code.as_str()))
        })
    }

    /// The states that are meant: a body stands for its members at a step, or for all it ever has.
    fn group(&self, node: &Node, step: Option<usize>) -> Result<Vec<usize>, Mistake> {
        let n = self.states.len();
        let mut out: Vec<usize> = Vec::new();
        for item in node.items() {
            let found: Vec<usize> = if item.text().as_deref() == Some("all") {
                (0..n).collect()
            } else {
                match self.names.party(item)? {
                    Party::State(i) => vec![i],
                    Party::Organisation(o) => {
                        let body = &self.organisations[o];
                        let stands = |i: &usize| match step {
                            Some(step) => body.dated_member(*i, step),
                            None => body.spells.iter().any(|s| s.state == *i),
                        };
                        (0..n).filter(stands).collect()
                    }
                }
            };
            let lives =
                |i: &usize| step.is_none_or(|s| self.states[*i].from <= s && s < self.states[*i].until);
            out.extend(found.into_iter().filter(lives));
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
    }

    /// The step and the decimal year of a dated key.
    fn step(&self, block: &Block<'_>, key: &str) -> Result<(usize, f64), Mistake> {
        let calendar = &self.calendar;
        let place = block.place(key);
        let when = as_date(place).unwrap_or(calendar.start);
        let (first, last) = (calendar.label(0), calendar.label(calendar.steps - 1));
        let outside =
            || Mistake::at(&place.origin, format!("the date {when} lies outside the run, {first} to {last}"));
        calendar.step_of(when).map(|step| (step, when.decimal())).ok_or_else(outside)
    }

    /// Trust, image and hostility at the start, n x n.
    fn beliefs(&self, nothing: &Node) -> Result<[Vec<f64>; 3], Mistake> {
        let n = self.states.len();
        let mut out = [vec![0.5; n * n], vec![0.0; n * n], vec![0.0; n * n]];
        for block in self.root.blocks("initial") {
            let from = self.group(block.get("from").unwrap_or(nothing), None)?;
            let toward = self.group(block.get("toward").unwrap_or(nothing), None)?;
            for (key, array) in ["trust", "image", "hostility"].into_iter().zip(&mut out) {
                let Some(x) = block.get(key).and_then(Node::number) else { continue };
                for &i in &from {
                    for &j in toward.iter().filter(|&&j| j != i) {
                        array[i * n + j] = x;
                        if block.flag("both_ways") {
                            array[j * n + i] = x;
                        }
                    }
                }
            }
        }
        Ok(out)
    }

    /// Distances between capitals in km, and who borders whom, n x n.
    fn geography(&self) -> (Vec<f64>, Vec<bool>) {
        let n = self.states.len();
        let (mut distance, mut adjacent) = (vec![0.0; n * n], vec![false; n * n]);
        for (i, state) in self.states.iter().enumerate() {
            for (j, other) in self.states.iter().enumerate() {
                distance[i * n + j] = great_circle_km(state.capital, other.capital);
            }
            for &j in &state.borders {
                adjacent[i * n + j] = true;
                adjacent[j * n + i] = true;
            }
        }
        (distance, adjacent)
    }

    /// The two organisations whose tie is the question.
    fn blocs(&self, run: &Block<'_>) -> Result<Option<[usize; 2]>, Mistake> {
        match run.list("blocs") {
            [] => Ok(None),
            [a, b] => match (self.names.party(a)?, self.names.party(b)?) {
                (Party::Organisation(x), Party::Organisation(y)) if x != y => Ok(Some([x, y])),
                _ => Err(Mistake::at(&a.origin, "blocs are two different organisations")),
            },
            [first, ..] => Err(Mistake::at(&first.origin, "blocs are a pair of organisations")),
        }
    }

    /// A pair to report, `A-B`.
    fn pair(&self, node: &Node) -> Result<(Party, Party), Mistake> {
        let pair = node.text().unwrap_or_default();
        let Some((a, b)) = pair.split_once('-') else {
            return Err(
                Mistake::at(&node.origin, format!("`{pair}` is not a pair")).help("write it as RUS-USA")
            );
        };
        Ok((self.names.called(a, node)?, self.names.called(b, node)?))
    }
}

/// Most bytes of a name: file systems take 255, and endings such as `-sensitivity-12` come after it.
pub const MOST_NAME: usize = 100;

/// Whether a name can be that of a folder of results.
pub fn is_folder_name(name: &str) -> bool {
    let fits = !name.trim().is_empty() && name.len() <= MOST_NAME && !name.starts_with('.');
    fits && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
}

fn calendar(run: &Block<'_>) -> Result<Calendar, Mistake> {
    let lengths =
        [("month", StepLength::Month), ("quarter", StepLength::Quarter), ("year", StepLength::Year)];
    let step = run.choose("step", &lengths)?;
    let (start, end) = (run.date("start"), run.date("end"));
    let place = run.place("end");
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
