//! From the engine's SVG to files that look the same everywhere: text drawn as outlines, and PNG.

use anyhow::Context as _;
use resvg::{tiny_skia, usvg};

use super::engine::{REGULAR, SEMIBOLD};
use super::{Chart, Style};

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
