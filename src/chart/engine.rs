//! The drawing engine: Apache ECharts run headless in an embedded QuickJS.
//!
//! The report runs the same library and the same chart functions in the browser, so a chart is defined once.

use anyhow::{Context as _, anyhow};
use rquickjs::{CatchResultExt, Context, Function, Runtime};
use ttf_parser::Face;

use super::{Chart, DRAW, Style};

/// Apache ECharts 6.1.0 (Apache-2.0, see `assets/ECHARTS-LICENSE`).
pub const ECHARTS: &str = include_str!("assets/echarts.min.js");

/// Inter Regular (SIL Open Font License, see `assets/INTER-LICENSE`).
pub const REGULAR: &[u8] = include_bytes!("assets/Inter-Regular.otf");
/// Inter SemiBold.
pub const SEMIBOLD: &[u8] = include_bytes!("assets/Inter-SemiBold.otf");

/// What the engine lacks of a browser: timers that never fire, and the measuring of text.
const STUBS: &str = "globalThis.setTimeout = () => 0; globalThis.clearTimeout = () => {};
globalThis.requestAnimationFrame = () => 0; globalThis.cancelAnimationFrame = () => {};";

const SETUP: &str = "echarts.setPlatformAPI({ measureText: (text, font) => {
  const size = parseFloat((/([0-9.]+)px/.exec(font ?? '') ?? [0, '12'])[1]);
  return { width: twainMeasure(String(text ?? ''), size, /bold|[6-9]00/.test(font ?? '')) };
} });
function twainSvg(name, data, style) {
  const s = JSON.parse(style);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: s.width, height: s.height });
  chart.setOption(twain.draw(name, JSON.parse(data), s));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}";

/// An engine ready to draw. It is not shared between threads.
pub struct Engine {
    context: Context,
    _runtime: Runtime,
}

impl Engine {
    /// Starts the engine and reads the library.
    ///
    /// # Errors
    /// If the engine cannot get memory.
    pub fn new() -> anyhow::Result<Self> {
        let runtime = Runtime::new().context("cannot start the drawing engine")?;
        runtime.set_max_stack_size(1 << 20);
        let context = Context::full(&runtime).context("cannot start the drawing engine")?;
        context.with(|ctx| -> anyhow::Result<()> {
            let regular = Face::parse(REGULAR, 0).context("cannot read the embedded font")?;
            let semibold = Face::parse(SEMIBOLD, 0).context("cannot read the embedded font")?;
            let measure = move |text: String, size: f64, bold: bool| {
                advance(if bold { &semibold } else { &regular }, &text, size)
            };
            let function = Function::new(ctx.clone(), measure).context("cannot start the drawing engine")?;
            ctx.globals().set("twainMeasure", function).context("cannot start the drawing engine")?;
            for source in [STUBS, ECHARTS].iter().chain(DRAW).chain(&[SETUP]) {
                let mut options = rquickjs::context::EvalOptions::default();
                options.strict = false;
                ctx.eval_with_options::<(), _>(*source, options)
                    .catch(&ctx)
                    .map_err(|e| anyhow!("the drawing engine: {e}"))?;
            }
            Ok(())
        })?;
        Ok(Engine { context, _runtime: runtime })
    }

    /// Draws a chart as SVG, with text as text.
    ///
    /// # Errors
    /// If the chart function fails; the message names the chart.
    pub fn svg(&self, chart: &Chart, style: &Style) -> anyhow::Result<String> {
        let (data, style) = (chart.json().to_string(), style.json().to_string());
        self.context.with(|ctx| {
            let function: Function<'_> = ctx.globals().get("twainSvg").context("the drawing engine")?;
            function
                .call((chart.draw, data, style))
                .catch(&ctx)
                .map_err(|e| anyhow!("cannot draw the chart {}: {e}", chart.name))
        })
    }
}

/// Width of `text` at `size` pixels: the sum of the glyphs' advances. The embedded font has no kerning.
fn advance(face: &Face<'_>, text: &str, size: f64) -> f64 {
    let em = f64::from(face.units_per_em());
    let wide = |c: char| {
        let glyph = face.glyph_index(c);
        // letters of another font: those of East Asia are as wide as they are high
        let other = if c >= '\u{1100}' { em } else { em * 0.65 };
        glyph.and_then(|g| face.glyph_hor_advance(g)).map_or(other, f64::from)
    };
    text.chars().map(wide).sum::<f64>() * size / em
}
