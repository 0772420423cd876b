//! Charts for slides and papers, drawn from the tables of a results folder and from nothing else.
//!
//! A chart is a room of its own: `ride.rs` reads the tables and gathers the data and words, `draw/ride.js` turns
//! them into an Apache ECharts option. The same drawing functions run in the report's page, where a reader can
//! hover and switch schools, and headless in [`engine`], whose SVG [`picture`] turns into files. All words are
//! in `texts/en.toml`. Charts of contests and landscapes are native: the laboratory has none. A new chart is one file here, one
//! in `draw/`, and one line in [`CHARTS`].

use anyhow::bail;
use serde_json::{Value, json};

mod burden;
mod contract;
#[cfg(feature = "native")]
mod duel;
#[cfg(feature = "native")]
mod ecology;
#[cfg(feature = "native")]
pub mod engine;
#[cfg(feature = "native")]
mod evolution;
pub mod findings;
#[cfg(feature = "native")]
mod gradient;
mod keyholder;
#[cfg(feature = "native")]
mod landscape;
mod network;
#[cfg(feature = "native")]
pub mod picture;
mod reliability;
mod ride;
mod scorecard;
mod sensitivity;
pub mod source;
#[cfg(feature = "native")]
mod sweep;
pub mod texts;
#[cfg(feature = "native")]
mod tournament;
mod whatif;

use crate::scenario::NULLS;
use crate::theory::{COUNT, Roster, SCHOOLS};
#[cfg(feature = "native")]
pub use picture::{Style, Theme, write};
pub use source::Source;
use texts::text;

/// A chart: its data, gathered from the tables, and its words.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Short name, also of its files.
    pub name: &'static str,
    /// The drawing function.
    pub draw: &'static str,
    /// What it is about.
    pub title: String,
    /// How to read it.
    pub subtitle: String,
    /// What it was made from.
    pub caption: String,
    /// What it shows, in words, for who cannot see it.
    pub alt: String,
    /// What the drawing function needs.
    pub data: Value,
}

impl Chart {
    /// The chart with what tells its run from others in the title.
    fn of(mut self, source: &Source) -> Self {
        let variant = source.text(&["variant"]);
        if !variant.is_empty() {
            self.title = text("common", "variant", &[("title", &self.title), ("variant", variant)]);
        }
        self
    }

    /// Data and words together, as the drawing function takes them.
    pub fn json(&self) -> Value {
        let mut all = self.data.clone();
        all["title"] = self.title.clone().into();
        all["colours"] = (0..COUNT).map(|i| json!([SCHOOLS[i], Roster::colour(i)])).collect();
        all["subtitle"] = self.subtitle.clone().into();
        all["caption"] = self.caption.clone().into();
        all
    }
}

/// A kind of chart.
pub struct Kind {
    /// Short name, for `--only`.
    pub name: &'static str,
    /// What it shows.
    pub meaning: &'static str,
    /// Gathers the chart from a folder; none if the folder has no tables for it.
    pub gather: fn(&Source) -> anyhow::Result<Option<Chart>>,
}

/// Every kind of chart, in the order of the report.
pub const CHARTS: &[Kind] = &[
    Kind {
        name: "ride",
        meaning: "cooperation over time, with bands, shocks and the coded record",
        gather: ride::gather,
    },
    Kind {
        name: "scorecard",
        meaning: "facts by schools, null models and ablations",
        gather: scorecard::gather,
    },
    Kind {
        name: "reliability",
        meaning: "what the shares of runs are worth as forecasts",
        gather: reliability::gather,
    },
    #[cfg(feature = "native")]
    Kind {
        name: "landscape",
        meaning: "an outcome over two parameters, with the analytic threshold",
        gather: landscape::gather,
    },
    #[cfg(feature = "native")]
    Kind {
        name: "sweep",
        meaning: "outcomes at each value of each factor, where two factors make no map",
        gather: sweep::gather,
    },
    Kind {
        name: "keyholder",
        meaning: "who breaks silence, whose veto is pivotal, and members that move",
        gather: keyholder::gather,
    },
    Kind {
        name: "burden",
        meaning: "who pays: burden share against GDP share in each body",
        gather: burden::gather,
    },
    Kind { name: "network", meaning: "the network of states at one date", gather: network::gather },
    Kind {
        name: "sensitivity",
        meaning: "indices of the factors of a sweep, largest first",
        gather: sensitivity::tornado,
    },
    Kind {
        name: "morris",
        meaning: "Morris's plane: mean effect against spread of effects",
        gather: sensitivity::plane,
    },
    Kind {
        name: "whatif",
        meaning: "paired differences of what-ifs, with intervals",
        gather: whatif::gather,
    },
    Kind {
        name: "shocks",
        meaning: "paired differences in the year from each dropped event, or between two dates",
        gather: whatif::shocks,
    },
    Kind {
        name: "contract",
        meaning: "propositions of the schools, how far each value lies beyond its bound",
        gather: contract::gather,
    },
    #[cfg(feature = "native")]
    Kind {
        name: "tournament",
        meaning: "players ranked, and who earns what against whom",
        gather: tournament::gather,
    },
    #[cfg(feature = "native")]
    Kind {
        name: "ecology",
        meaning: "shares of the players of a tournament that grow with what they earn",
        gather: ecology::gather,
    },
    #[cfg(feature = "native")]
    Kind {
        name: "evolution",
        meaning: "shares of strategies over time and in the long run",
        gather: evolution::gather,
    },
    #[cfg(feature = "native")]
    Kind {
        name: "gradient",
        meaning: "where selection leads between two strategies, and the chance to take over",
        gather: gradient::gather,
    },
    #[cfg(feature = "native")]
    Kind { name: "match", meaning: "one match: moves and payoffs, turn by turn", gather: duel::gather },
];

/// A school's or another population's name as people read it.
pub fn label(theory: &str) -> String {
    texts::find("populations", theory).unwrap_or_else(|| theory.to_string())
}

/// Whether a population is a null model.
fn is_null(theory: &str) -> bool {
    NULLS.iter().any(|n| n.0 == theory)
}

/// A text that begins with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Labels of populations, for the drawing functions.
fn populations(names: &[String]) -> Value {
    names.iter().map(|n| json!({ "name": n, "label": label(n) })).collect()
}

/// The caption every chart ends with: what was run, and how often.
fn caption(source: &Source, about: &str) -> String {
    let runs = source.replications();
    let mut text = text(
        "common",
        "caption",
        &[
            ("about", about),
            ("name", source.text(&["scenario", "name"])),
            ("hash", source.text(&["scenario", "sha256"]).get(..8).unwrap_or("")),
            ("seed", &source.manifest["seed"].to_string()),
            ("version", source.text(&["twain"])),
            ("runs", &runs.to_string()),
        ],
    );
    let variant = source.text(&["variant"]);
    if !variant.is_empty() {
        text += &format!(" {}", texts::text("common", "changed", &[("variant", variant)]));
    }
    match runs {
        1 => text += &format!(" {}", texts::text("common", "one", &[])),
        2..10 => text += &format!(" {}", texts::text("common", "few", &[])),
        _ => {}
    }
    for remark in &source.remarks {
        text += &format!(" {}.", remark);
    }
    text.trim().to_string()
}

/// The charts that a folder has tables for, or those asked for by name.
///
/// # Errors
/// An unknown name, a table that cannot be read, or a chart asked for that the folder has no tables for.
pub fn gather(source: &Source, only: &[String]) -> anyhow::Result<Vec<Chart>> {
    for name in only {
        if !CHARTS.iter().any(|k| k.name == name) {
            let names: Vec<&str> = CHARTS.iter().map(|k| k.name).collect();
            bail!("there is no chart `{name}`; there are {}", names.join(", "));
        }
    }
    let mut charts = Vec::new();
    for kind in CHARTS.iter().filter(|k| only.is_empty() || only.iter().any(|n| n == k.name)) {
        match (kind.gather)(source)? {
            Some(chart) => charts.push(chart.of(source)),
            None if only.is_empty() => {}
            None => bail!(
                "{} has no tables for the chart {}: {}",
                source.folder.display(),
                kind.name,
                kind.meaning
            ),
        }
    }
    Ok(charts)
}
