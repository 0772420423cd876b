//! From the engine's SVG to files that look the same everywhere: text drawn as outlines, and PNG.

use crate::output::replace;
use crate::output::screen::murmur;
use std::borrow::Cow;
use std::collections::BTreeSet;
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
    foreign: BTreeSet<char>,
    lost: BTreeSet<char>,
}

impl Picture {
    /// Reads the engine's SVG with the embedded fonts. Letters that they lack are drawn with fonts of this machine, and
    /// with a box where those lack them too.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn new(svg: &str) -> anyhow::Result<Self> {
        let mut options = usvg::Options { font_family: "Inter".into(), ..usvg::Options::default() };
        let fonts = options.fontdb_mut();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMIBOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        let foreign = lacking(svg)?;
        let mut lost = BTreeSet::new();
        let mut drawn = Cow::Borrowed(svg);
        if !foreign.is_empty() {
            fonts.load_system_fonts();
            lost = foreign.iter().copied().filter(|&c| !drawable(fonts, c)).collect();
            if !lost.is_empty() {
                drawn =
                    svg.chars().map(|c| if lost.contains(&c) { BOX } else { c }).collect::<String>().into();
            }
        }
        let tree = usvg::Tree::from_str(&drawn, &options).context("cannot read the drawn SVG")?;
        Ok(Picture { tree, foreign, lost })
    }

    /// Letters the embedded typeface lacks.
    pub fn foreign(&self) -> &BTreeSet<char> {
        &self.foreign
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

/// What stands for a letter that no font has.
const BOX: char = '\u{25a1}';

/// Letters of the texts of `svg` that the embedded typeface lacks.
fn lacking(svg: &str) -> anyhow::Result<BTreeSet<char>> {
    let face = ttf_parser::Face::parse(REGULAR, 0).context("cannot read the embedded font")?;
    let document = usvg::roxmltree::Document::parse(svg).context("cannot read the drawn SVG")?;
    let texts = document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text());
    let plain = |c: char| c.is_whitespace() || c.is_control() || face.glyph_index(c).is_some();
    Ok(texts.flat_map(str::chars).filter(|&c| !plain(c)).collect())
}

/// Whether some font has the letter.
fn drawable(fonts: &usvg::fontdb::Database, letter: char) -> bool {
    fonts.faces().any(|info| {
        let has = |data: &[u8], index: u32| {
            ttf_parser::Face::parse(data, index).is_ok_and(|face| face.glyph_index(letter).is_some())
        };
        fonts.with_face_data(info.id, has).unwrap_or(false)
    })
}

/// What to say about letters that are not drawn in the typeface of all others; nothing if there are none.
fn remark(foreign: &BTreeSet<char>, lost: &BTreeSet<char>) -> Option<String> {
    let list = |set: &BTreeSet<char>| set.iter().take(20).map(char::to_string).collect::<Vec<_>>().join(" ");
    let found: BTreeSet<char> = foreign.difference(lost).copied().collect();
    let mut parts = Vec::new();
    if !found.is_empty() {
        parts.push(format!("drawn with fonts of this machine: {}", list(&found)));
    }
    if !lost.is_empty() {
        parts.push(format!("drawn as {BOX}, no font has them: {}", list(lost)));
    }
    let words = parts.join("; ");
    (!parts.is_empty())
        .then(|| format!("note: the charts hold letters that the embedded typeface lacks. They are {words}"))
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
    let (mut foreign, mut lost) = (BTreeSet::new(), BTreeSet::new());
    for chart in charts {
        for (suffix, style) in styles {
            let picture = Picture::new(&engine.svg(chart, style)?)?;
            foreign.extend(&picture.foreign);
            lost.extend(&picture.lost);
            let mut put = |extension: &str, bytes: &[u8]| -> anyhow::Result<()> {
                let path = folder.join(format!("{}{suffix}.{extension}", chart.name));
                replace(&path, bytes)?;
                files.push(path);
                Ok(())
            };
            put("svg", picture.outlined(chart)?.as_bytes())?;
            put("png", &picture.png(style)?)?;
        }
    }
    if let Some(words) = remark(&foreign, &lost) {
        murmur(&words);
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

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"40\"><text x=\"9\" y=\"30\">TEXT</text></svg>";

    #[test]
    fn letters_the_typeface_lacks_are_drawn_or_boxed_and_named() {
        let plain = Picture::new(&SVG.replace("TEXT", "Þórður, Жуков, Ñ")).expect("a picture");
        assert!(plain.foreign().is_empty() && remark(&plain.foreign, &plain.lost).is_none());
        // the last letter is in a private area: no font has it
        let text = "\u{540}\u{561}\u{575} \u{f8ffe}";
        let odd = Picture::new(&SVG.replace("TEXT", text)).expect("a picture");
        assert_eq!(odd.foreign().len(), 4);
        assert!(odd.lost.contains(&'\u{f8ffe}'));
        let words = remark(&odd.foreign, &odd.lost).expect("a remark");
        assert!(words.contains('\u{540}') && words.contains("no font has them"), "{words}");
        let drawn = odd.tree.root().children().len();
        assert!(drawn > 0, "something stands there");
    }
}
