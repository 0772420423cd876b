//! `twain chart`: draws the charts of a results folder again, from its tables alone.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;

use crate::chart::{CHARTS, Source, Style, Theme, gather, write};
use crate::output::screen::note;

/// What `twain chart` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Folder that run, compare, whatif, sweep, sensitivity, tournament or evolve wrote
    results: PathBuf,
    /// Charts to draw, separated by commas (default: every chart the folder has tables for)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// slide (1920x1080), paper (1500x1050), both, or WIDTHxHEIGHT in pixels
    #[arg(long, value_name = "SIZE", default_value = "both", value_parser = size)]
    size: Size,
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Folder for the pictures (default: charts/ in the results folder)
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace pictures that are there
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug)]
enum Size {
    Slide,
    Paper,
    Both,
    Pixels(u32, u32),
}

fn size(word: &str) -> Result<Size, String> {
    match word {
        "slide" => return Ok(Size::Slide),
        "paper" => return Ok(Size::Paper),
        "both" => return Ok(Size::Both),
        _ => {}
    }
    let sides =
        word.split_once('x').and_then(|(w, h)| Some((w.parse::<u32>().ok()?, h.parse::<u32>().ok()?)));
    match sides {
        Some((w, h)) if (600..=8000).contains(&w) && (400..=8000).contains(&h) => Ok(Size::Pixels(w, h)),
        Some(_) => Err("a picture is 600 to 8000 pixels wide and 400 to 8000 high".into()),
        None => Err("expected slide, paper, both or WIDTHxHEIGHT, for instance 1600x900".into()),
    }
}

fn styles(size: Size, theme: Theme) -> Vec<(&'static str, Style)> {
    match size {
        Size::Slide => vec![("", Style::slide(theme))],
        Size::Paper => vec![("-paper", Style::paper(theme))],
        Size::Both => vec![("", Style::slide(theme)), ("-paper", Style::paper(theme))],
        Size::Pixels(w, h) => {
            // text keeps its share of the picture: the logical height is that of a slide
            let zoom = (f64::from(w) / 1000.0).min(f64::from(h) / 640.0).max(0.6);
            let side = |x: u32| (f64::from(x) / zoom).round() as u32;
            vec![("", Style { width: side(w), height: side(h), zoom, theme })]
        }
    }
}

/// Draws the charts.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let source = Source::open(&args.results)?;
    let charts = gather(&source, &args.only)?;
    if charts.is_empty() {
        let names: Vec<&str> = CHARTS.iter().map(|k| k.name).collect();
        bail!("{} has no tables for any chart ({})", args.results.display(), names.join(", "));
    }
    let folder = args.out.clone().unwrap_or_else(|| args.results.join("charts"));
    let styles = styles(args.size, args.theme);
    let names =
        charts.iter().flat_map(|c| styles.iter().map(move |(suffix, _)| format!("{}{suffix}", c.name)));
    for path in names.flat_map(|name| ["svg", "png"].map(|ending| folder.join(format!("{name}.{ending}")))) {
        if path.is_symlink() {
            bail!("{} is a link; twain does not write through it", path.display());
        }
        if !args.force && path.exists() {
            bail!("{} exists; give --force to replace it, or --out for another place", path.display());
        }
    }
    for remark in &source.remarks {
        note!("{remark}");
    }
    let files = write(&charts, &folder, &styles)?;
    let mut out = std::io::stdout().lock();
    for chart in &charts {
        writeln!(out, "{:12} {}", chart.name, chart.title)?;
    }
    writeln!(out, "{} pictures are in {}/.", files.len(), folder.display())?;
    Ok(())
}
