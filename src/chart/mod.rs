//! Charts for slides and papers, drawn from the tables of a results folder and from nothing else.
//!
//! A chart is a folder of its own: `ride/mod.rs` reads the tables and gathers the data, `ride/draw.js` turns them into
//! an Apache ECharts option, and `ride/en.toml` holds its words, beside a file for each other language. The same drawing
//! functions run in the report's page, where a reader can hover and switch schools, and headless in [`engine`], whose
//! SVG [`picture`] turns into files. Charts of contests and landscapes are native: the laboratory has none. A new
//! chart is a folder here and one line in the roster `charts!`.

use anyhow::bail;
use serde_json::{Value, json};

#[cfg(feature = "native")]
pub mod engine;
pub mod findings;
#[cfg(feature = "native")]
pub mod picture;
pub mod source;
pub mod texts;

use crate::scenario::NULLS;
use crate::theory::{COUNT, Roster, SCHOOLS};
#[cfg(feature = "native")]
pub use picture::{Style, Theme, write};
pub use source::Source;
use texts::text;

/// A chart: its data, gathered from the tables, and its words.
#[derive(Clone, Debug, Default)]
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
        let mut all = texts::named(self.data.clone());
        all["title"] = self.title.clone().into();
        all["colours"] = (0..COUNT).map(|i| json!([SCHOOLS[i], Roster::colour(i)])).collect();
        all["subtitle"] = self.subtitle.clone().into();
        all["caption"] = self.caption.clone().into();
        all["locale"] = texts::words("locale");
        all
    }
}

/// A kind of chart.
pub struct Kind {
    /// Short name, for `--only`, of its files and of its texts.
    pub name: &'static str,
    /// What it shows.
    pub meaning: &'static str,
    /// The drawing function.
    draw: &'static str,
    gather: fn(&Source) -> anyhow::Result<Option<Chart>>,
}

impl Kind {
    /// Gathers the chart from a folder; none if the folder has no tables for it.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn of(&self, source: &Source) -> anyhow::Result<Option<Chart>> {
        let chart = (self.gather)(source)?;
        Ok(chart.map(|chart| Chart { name: self.name, draw: self.draw, ..chart }))
    }
}

/// The roster of charts. Each has a folder of its own: `mod.rs` gathers data and words from the tables, `draw.js` turns
/// them into an option of ECharts, and its words stand in a file a language. One drawn like another names its drawing.
macro_rules! charts {
    ($($(#[$cfg:meta])* $room:ident $name:literal: $meaning:literal $(, drawn as $draw:literal)?;)*) => {
        $($(#[$cfg])* mod $room;)*

        /// Every kind of chart, in the order of the report.
        pub const CHARTS: &[Kind] = &[$($(#[$cfg])* Kind {
            name: $name,
            meaning: $meaning,
            draw: charts!(@draw $name $($draw)?),
            gather: $room::gather,
        },)*];

        /// The drawing functions, in the order in which they must be read: first what they share.
        pub const DRAW: &[&str] = &[
            include_str!("common/base.js"),
            include_str!("common/effects.js"),
            $(charts!(@script $room $($draw)?),)*
        ];

        /// Name and words of every chart, a file a language.
        const TEXTS: &[(&str, [&str; texts::LANGUAGES.len()])] =
            &[$($(#[$cfg])* ($name, texts::files!(stringify!($room))),)*];
    };
    (@draw $name:literal) => { $name };
    (@draw $name:literal $draw:literal) => { $draw };
    (@script $room:ident) => { include_str!(concat!(stringify!($room), "/draw.js")) };
    (@script $room:ident $draw:literal) => { "" };
}

charts! {
    ride "ride": "cooperation over time, with bands, shocks and the coded record";
    scorecard "scorecard": "facts by schools, null models and ablations";
    reliability "reliability": "what the shares of runs are worth as forecasts";
    #[cfg(feature = "native")]
    landscape "landscape": "an outcome over two parameters, with the analytic threshold";
    #[cfg(feature = "native")]
    sweep "sweep": "outcomes at each value of each factor, where two factors make no map", drawn as "effects";
    keyholder "keyholder": "who breaks silence, whose veto is pivotal, and members that move";
    burden "burden": "who pays: burden share against GDP share in each body";
    network "network": "the network of states at one date";
    sensitivity "sensitivity": "indices of the factors of a sweep, largest first", drawn as "effects";
    morris "morris": "Morris's plane: mean effect against spread of effects";
    whatif "whatif": "paired differences of what-ifs, with intervals", drawn as "effects";
    shocks "shocks": "paired differences in the year from each dropped event, or between two dates", drawn as "effects";
    contract "contract": "propositions of the schools, how far each value lies beyond its bound";
    #[cfg(feature = "native")]
    tournament "tournament": "players ranked, and who earns what against whom";
    #[cfg(feature = "native")]
    ecology "ecology": "shares of the players of a tournament that grow with what they earn", drawn as "evolution";
    #[cfg(feature = "native")]
    evolution "evolution": "shares of strategies over time and in the long run";
    #[cfg(feature = "native")]
    gradient "gradient": "where selection leads between two strategies, and the chance to take over";
    #[cfg(feature = "native")]
    duel "match": "one match: moves and payoffs, turn by turn";
}

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
        match kind.of(source)? {
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
