//! From the engine's SVG to files that look the same everywhere: text drawn as outlines, and PNG.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use resvg::{tiny_skia, usvg};
use serde_json::{Value, json};

use super::Chart;
use super::engine::{Engine, REGULAR, SEMIBOLD};

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

    pub(super) fn json(&self) -> Value {
        json!({ "width": self.width, "height": self.height, "theme": self.theme.name(), "still": true })
    }
}

/// A drawn chart, read once for both files.
pub struct Picture {
    tree: usvg::Tree,
}

impl Picture {
    /// Reads the engine's SVG with the embedded fonts.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn new(svg: &str) -> anyhow::Result<Self> {
        let mut options = usvg::Options { font_family: "Inter".into(), ..usvg::Options::default() };
        let fonts = options.fontdb_mut();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMIBOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Ok(Picture { tree: usvg::Tree::from_str(svg, &options).context("cannot read the drawn SVG")? })
    }

    /// The picture as SVG that needs no font, with a title and a description for readers of the screen.
    ///
    /// # Errors
    /// If the picture is empty.
    pub fn outlined(&self, chart: &Chart) -> anyhow::Result<String> {
        let options = usvg::WriteOptions {
            preserve_text: false,
            coordinates_precision: 2,
            transforms_precision: 4,
            ..usvg::WriteOptions::default()
        };
        let text = self.tree.to_string(&options);
        let end = text.find('>').context("the drawn SVG is empty")?;
        let (open, rest) = text.split_at(end);
        let words = format!(
            " role=\"img\" aria-labelledby=\"title desc\">\n    <title id=\"title\">{}</title>\n    <desc id=\"desc\">{}</desc>",
            escape(&chart.title),
            escape(&format!("{} {}", chart.alt, chart.caption))
        );
        Ok(format!("{open}{words}{}", &rest[1..]))
    }

    /// The picture as PNG, `style.zoom` times its logical size.
    ///
    /// # Errors
    /// If the size is nothing.
    pub fn png(&self, style: &Style) -> anyhow::Result<Vec<u8>> {
        let (width, height) = style.pixels();
        let mut pixels = tiny_skia::Pixmap::new(width, height).context("a picture needs a size")?;
        let zoom = style.zoom as f32;
        resvg::render(&self.tree, tiny_skia::Transform::from_scale(zoom, zoom), &mut pixels.as_mut());
        pixels.encode_png().context("cannot write the picture as PNG")
    }
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
    let engine = Engine::new()?;
    let mut files = Vec::new();
    for chart in charts {
        for (suffix, style) in styles {
            let picture = Picture::new(&engine.svg(chart, style)?)?;
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

/// Text for XML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}
