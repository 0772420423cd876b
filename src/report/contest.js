// The page of a contest: draws every chart at the width it has, in the colours chosen.
(() => {
  const all = JSON.parse(document.getElementById("charts").textContent), drawn = new Map(), theme = document.getElementById("theme");
  window.twainPage = { data: all, errors: [] };
  window.addEventListener("error", (e) => window.twainPage.errors.push(e.message));

  function height(data, width) {
    const narrow = width < 700;
    switch (data.draw) {
      case "tournament": return narrow ? 420 + 44 * data.players.length : Math.max(520, 260 + 20 * data.players.length);
      case "evolution": return narrow ? 120 + 330 * (data.panels.length + (data.stationary.length ? 1 : 0)) : 520;
      case "gradient": return narrow ? 760 : 520;
      case "match": {
        const lines = Math.ceil(data.strip.length / (narrow ? 20 : 60));
        return 420 + lines * (narrow ? 60 : 76);
      }
      default: return 560;
    }
  }

  function draw(name) {
    const place = document.querySelector(`[data-chart="${name}"]`), data = all[name];
    const width = Math.max(300, place.clientWidth), tall = height(data, width);
    place.style.height = `${tall}px`;
    if (!drawn.has(name)) drawn.set(name, echarts.init(place, null, { renderer: "svg" }));
    const chart = drawn.get(name);
    chart.resize({ width, height: tall });
    chart.setOption(twain.draw(data.draw, data, { width, height: tall, theme: theme.value, still: false }), true);
  }

  const paint = () => { document.documentElement.dataset.theme = theme.value; Object.keys(all).forEach(draw); };
  theme.addEventListener("change", paint);
  let before = "light", wait = null;
  addEventListener("beforeprint", () => { before = theme.value; theme.value = "print"; paint(); });
  addEventListener("afterprint", () => { theme.value = before; paint(); });
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(paint, 120); });
  document.querySelector(".controls").addEventListener("submit", (e) => e.preventDefault());
  paint();
})();
