//! Charts for slides and papers, drawn from the tables of a results folder and from nothing else.
//!
//! A chart is a room of its own: `ride.rs` reads the tables and gathers the data and words, `draw/ride.js` turns
//! them into an Apache ECharts option. The same drawing functions run in the report's page, where a reader can
//! hover and switch schools, and headless in [`engine`], whose SVG [`picture`] turns into files. All words are
//! in `texts/en.toml`. A new chart is one file here, one in `draw/`, and one line in [`CHARTS`].

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

pub mod engine;
mod evolution;
mod keyholder;
mod landscape;
mod machines;
mod network;
pub mod picture;
mod ride;
mod scorecard;
mod sensitivity;
pub mod source;
pub mod texts;
mod tournament;
mod whatif;

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
    /// Data and words together, as the drawing function takes them.
    pub fn json(&self) -> Value {
        let mut all = self.data.clone();
        all["title"] = self.title.clone().into();
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
        name: "landscape",
        meaning: "an outcome over two parameters, with the analytic threshold",
        gather: landscape::gather,
    },
    Kind {
        name: "keyholder",
        meaning: "who breaks silence, whose veto is pivotal, and members that move",
        gather: keyholder::gather,
    },
    Kind {
        name: "machines",
        meaning: "burden share against GDP share, and consensus by size",
        gather: machines::gather,
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
        name: "tournament",
        meaning: "players ranked, and who earns what against whom",
        gather: tournament::gather,
    },
    Kind {
        name: "evolution",
        meaning: "shares of strategies over time and in the long run",
        gather: evolution::gather,
    },
];

/// Colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Theme {
    /// For a bright room.
    Light,
    /// For a dark room.
    Dark,
    /// Black ink on white.
    Print,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Print => "print",
        }
    }
}

/// How a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Logical width; text is 11 to 25 of these units high.
    pub width: u32,
    /// Logical height.
    pub height: u32,
    /// Pixels of the PNG per logical unit.
    pub zoom: f64,
    /// Colours.
    pub theme: Theme,
}

impl Style {
    /// A slide: 1920 x 1080 pixels.
    pub fn slide(theme: Theme) -> Self {
        Style { width: 1280, height: 720, zoom: 1.5, theme }
    }

    /// A figure for a paper: 1500 x 1050 pixels, five inches wide at 300 dots an inch.
    pub fn paper(theme: Theme) -> Self {
        Style { width: 1000, height: 700, zoom: 1.5, theme }
    }

    /// Size of the PNG.
    pub fn pixels(&self) -> (u32, u32) {
        let side = |x: u32| (f64::from(x) * self.zoom).round() as u32;
        (side(self.width), side(self.height))
    }

    fn json(&self) -> Value {
        json!({ "width": self.width, "height": self.height, "theme": self.theme.name(), "still": true })
    }
}

/// A school's or another population's name as people read it.
pub fn label(theory: &str) -> String {
    texts::find("populations", theory).unwrap_or_else(|| theory.to_string())
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
    if runs == 1 {
        text += &format!(" {}", texts::text("common", "one", &[]));
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
            Some(chart) => charts.push(chart),
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

/// Draws charts into a folder, as SVG and PNG; returns the files.
///
/// # Errors
/// If a chart cannot be drawn or a file cannot be written.
pub fn write(charts: &[Chart], folder: &Path, styles: &[(&str, Style)]) -> anyhow::Result<Vec<PathBuf>> {
    if charts.is_empty() {
        return Ok(Vec::new());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let engine = engine::Engine::new()?;
    let mut files = Vec::new();
    for chart in charts {
        for (suffix, style) in styles {
            let picture = picture::Picture::new(&engine.svg(chart, style)?)?;
            let mut put = |extension: &str, bytes: &[u8]| -> anyhow::Result<()> {
                let path = folder.join(format!("{}{suffix}.{extension}", chart.name));
                std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
                files.push(path);
                Ok(())
            };
            put("svg", picture.outlined(chart)?.as_bytes())?;
            put("png", &picture.png(style)?)?;
        }
    }
    Ok(files)
}
