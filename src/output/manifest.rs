//! Provenance: what every output says about how it came to be.

use std::path::Path;

use serde_json::{Value, json};

use crate::random::RNG_NAME;
use crate::scenario::Scenario;
use crate::scenario::contest::Contest;

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Commit the program was built from, or `unknown` outside a checkout.
pub fn commit() -> &'static str {
    option_env!("TWAIN_COMMIT").unwrap_or("unknown")
}

/// How an output came to be.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// The command as typed.
    pub command: String,
    /// Replications per population.
    pub replications: u64,
    /// Labels of the populations.
    pub theories: Vec<String>,
}

impl Provenance {
    /// The command line as typed, with the program's own path left out.
    pub fn command_line() -> String {
        std::env::args_os().skip(1).fold(String::from("twain"), |all, word| {
            // what is not UTF-8 is shown as well as it can be
            let word = word.to_string_lossy();
            if word.contains(' ') { format!("{all} '{word}'") } else { format!("{all} {word}") }
        })
    }

    /// The manifest of a result made from `scenario`. No clock is read: equal runs have equal manifests.
    pub fn manifest(&self, scenario: &Scenario, files: Value) -> Value {
        let world = &scenario.world;
        let calendar = world.calendar;
        let metric = |m: &crate::model::Metric| {
            (m.name.clone(), json!({ "meaning": m.meaning, "unit": m.unit, "low": m.low, "high": m.high }))
        };
        let parameters = |list: &[crate::theory::Parameter], value: &dyn Fn(&str) -> Option<f64>| {
            let pairs = list.iter().map(|p| (p.name.to_string(), value(p.name).unwrap_or(p.default).into()));
            Value::Object(pairs.collect())
        };
        let mut all = serde_json::Map::new();
        all.insert(
            "world".into(),
            parameters(crate::model::parameters::World::PARAMETERS, &|n| world.common.get(n)),
        );
        for (i, school) in crate::theory::SCHOOLS.iter().enumerate() {
            let own = crate::theory::Roster::parameters(i);
            all.insert((*school).into(), parameters(own, &|n| world.roster.get(i, n)));
        }
        let states = world.states.iter().map(|s| {
            let value = json!({ "name": s.name, "lat": s.capital.0, "lon": s.capital.1, "source": s.source,
                "capability": s.capability[0], "gdp": s.gdp[0], "burden": s.burden[0], "regime": s.regime[0],
                "alignment": s.alignment[0], "great_power": s.great_power });
            (s.code.clone(), value)
        });
        let blocs: Vec<&str> =
            world.blocs.iter().flatten().map(|&o| world.organisations[o].code.as_str()).collect();
        let record = scenario.tree.get("record").map_or_else(|| json!([]), crate::scenario::Node::to_json);
        json!({
            "twain": VERSION,
            "commit": commit(),
            "scenario": { "name": scenario.name, "title": scenario.title, "description": scenario.description,
                "file": scenario.path.file_name().map(|f| f.to_string_lossy()), "sha256": scenario.hash },
            "label": scenario.label,
            "variant": scenario.variant(),
            "seed": world.seed,
            "replications": self.replications,
            "rng": RNG_NAME,
            "command": self.command,
            "theories": self.theories,
            "start": calendar.label(0),
            "end": calendar.label(calendar.steps - 1),
            "step": calendar.step.name(),
            "blocs": blocs,
            "shocks": world.events.iter().map(|e| json!({
                "date": calendar.label(e.step), "kind": e.shock.name(), "time": e.time, "label": e.label, "sign": e.size.signum(),
                "size": e.size, "chart": e.chart, "source": e.source })).collect::<Vec<_>>(),
            "record": record,
            "organisations": world.organisations.iter().map(|o| (o.code.clone(), json!({
                "name": o.name, "decision": o.decision.name(), "source": o.source,
                "members": o.spells.iter().map(|s| world.states[s.state].code.clone()).collect::<Vec<_>>(),
                "leader": o.leader.map(|l| world.states[l].code.clone()) }))).collect::<serde_json::Map<_, _>>(),
            "states": states.collect::<serde_json::Map<_, _>>(),
            "parameters": all,
            "metrics": crate::model::metrics::metrics(world).iter().map(metric).collect::<serde_json::Map<_, _>>(),
            "files": files,
            "resolved": scenario.tree.to_json(),
        })
    }
}

/// The manifest of a tournament or of an evolving population. No clock is read: equal runs have equal manifests.
pub fn contest_manifest(contest: &Contest, names: &[String], details: Value, files: Value) -> Value {
    let rules = &contest.rules;
    let p = rules.payoffs;
    json!({
        "twain": VERSION,
        "commit": commit(),
        "scenario": { "name": contest.name, "title": contest.title, "description": contest.description,
            "file": contest.file, "sha256": contest.hash },
        "seed": contest.seed,
        "repetitions": contest.repetitions,
        "rng": RNG_NAME,
        "command": Provenance::command_line(),
        "players": names,
        "match": { "turns": rules.turns, "prob_end": rules.ending, "noise": rules.noise,
            "misperception": rules.misperception,
            "payoffs": [p.temptation, p.reward, p.punishment, p.sucker], "game": p.kind().name() },
        "details": details,
        "files": files,
        "resolved": contest.tree.to_json(),
    })
}

/// The manifest of a contract: `head` is its name, title, description and the hash of its file; `replications` the most pairs
/// of a proposition and seed. It has no states of its own: every proposition has its world. No clock is read.
pub fn contract_manifest(
    file: &Path,
    head: &[String; 4],
    seeds: &[u64],
    replications: u64,
    files: Value,
) -> Value {
    let [name, title, description, hash] = head;
    json!({
        "twain": VERSION,
        "commit": commit(),
        "scenario": { "name": name, "title": title, "description": description,
            "file": file.file_name().map(|f| f.to_string_lossy()), "sha256": hash },
        "seed": seeds.first(),
        "seeds": seeds,
        "replications": replications,
        "rng": RNG_NAME,
        "command": Provenance::command_line(),
        "theories": [],
        "states": {},
        "files": files,
    })
}
