// The page: draws every chart at the width it has, and wires schools, colours, metric, proposal and time.
(() => {
  const all = JSON.parse(document.getElementById("charts").textContent);
  Object.values(all).forEach((data) => twain.learn(data.colours));
  const root = document.documentElement, page = { theme: "light", off: new Set() }, drawn = new Map();
  window.twainPage = { data: all, errors: [] };
  window.addEventListener("error", (e) => window.twainPage.errors.push(e.message));

  // the same data without the schools that are switched off
  function shown(data) {
    if (!page.off.size || !data.theories) return data;
    const keep = data.theories.map((t) => !page.off.has(t.name));
    if (!keep.some(Boolean)) return data;
    const pick = (list) => list.filter((_, i) => keep[i]);
    const named = (list) => list.filter((s) => !page.off.has(s.theory));
    const out = { ...data, theories: pick(data.theories) };
    if (data.panels?.[0]?.series) out.panels = data.panels.map((p) => ({ ...p, series: named(p.series) }));
    if (data.panels?.[0]?.values) out.panels = data.panels.map((p) => ({ ...p, values: pick(p.values) }));
    if (data.proposals) out.proposals = data.proposals.map((p) => ({ ...p, members: p.members.map((m) => ({ ...m, votes: pick(m.votes) })) }));
    if (data.paths) out.paths = data.paths.map((p) => ({ ...p, series: named(p.series) }));
    if (data.bodies) out.bodies = data.bodies.map((b) => ({ ...b, points: b.points.map((p) => ({ ...p, burden: pick(p.burden) })) }));
    return out;
  }

  function height(name, data, width) {
    const narrow = width < 700;
    switch (data.draw) {
      case "ride": return (narrow ? 420 : 460) + 180 * ((data.shown?.length ?? 1) - 1);
      case "scorecard": return narrow ? 260 * data.parts.length + 21 * data.parts.reduce((n, p) => n + p.facts.length, 0) : 260 + 19 * Math.max(...data.parts.map((p) => p.facts.length));
      case "landscape": return narrow ? 60 + 400 * data.panels.length : data.panels.length > 3 ? 900 : 520;
      case "keyholder": return narrow ? 900 : 660;
      case "burden": return narrow ? 900 : 560;
      case "network": return narrow ? 40 + 430 * data.theories.filter((t) => !page.off.has(t.name)).length : 560;
      case "effects": return 140 + Math.max(6, data.rows.length) * (narrow ? 34 : 30);
      case "morris": return narrow ? 60 + 420 * data.panels.length : 480;
      case "ranking": return 150 + Math.max(6, data.rows?.length ?? 6) * 24;
      default: return 560;
    }
  }

  function draw(name) {
    const place = document.querySelector(`[data-chart="${name}"]`), data = all[name];
    const width = Math.max(280, place.clientWidth), tall = height(name, data, width);
    let chart = drawn.get(name);
    place.style.height = `${tall}px`;
    if (!chart) {
      chart = echarts.init(place, null, { renderer: "svg" });
      drawn.set(name, chart);
    }
    chart.resize({ width, height: tall });
    chart.setOption(twain.draw(data.draw, shown(data), { width, height: tall, theme: page.theme, still: false }), true);
  }
  const drawAll = () => Object.keys(all).forEach(draw);

  function tool(name, label, options, change) {
    const tools = document.querySelector(`[data-tools="${name}"]`), wrap = document.createElement("label"), select = document.createElement("select");
    wrap.append(`${label} `, select);
    options.forEach(([value, text]) => select.add(new Option(text, value)));
    select.addEventListener("change", () => { change(select.value); draw(name); });
    tools.append(wrap);
    return select;
  }

  const ride = all.ride;
  if (ride && ride.panels.length > 1) {
    const options = ride.panels.map((p) => [p.metric, p.label]);
    const [first] = ride.panels, none = ["", "–"];
    ride.shown = [first.metric];
    const both = [first.metric, ""], show = () => { ride.shown = both.filter(Boolean); };
    tool("ride", "Above", options, (metric) => { both[0] = metric; show(); });
    tool("ride", "Below", [none, ...options], (metric) => { both[1] = metric; show(); });
  }
  const key = all.keyholder;
  if (key && key.proposals.length > 1) {
    tool("keyholder", "Proposal", key.proposals.map((p, i) => [i, p.label]), (i) => { key.chosen = Number(i); });
  }
  const network = all.network;
  if (network) {
    tool("network", "Ties by", Object.keys(network.ties).map((t) => [t, network.words[t]]), (t) => { network.tie = t; });
    const tools = document.querySelector('[data-tools="network"]');
    const play = document.createElement("button"), slider = document.createElement("input"), label = document.createElement("output");
    play.type = "button";
    slider.type = "range";
    slider.min = 0;
    slider.max = network.years.length - 1;
    slider.value = slider.max;
    slider.setAttribute("aria-label", "Date");
    let timer = null;
    const show = () => { network.year = Number(slider.value); label.textContent = network.years[network.year]; draw("network"); };
    const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
      play.textContent = "Pause";
      timer = setInterval(() => { if (Number(slider.value) >= Number(slider.max)) return stop(); slider.value = Number(slider.value) + 1; show(); }, 700);
      show();
    });
    slider.addEventListener("input", show);
    play.textContent = "Play";
    label.textContent = network.years[network.years.length - 1];
    tools.append(play, slider, label);
  }

  const swatches = () => document.querySelectorAll(".swatch").forEach((s, i) => { s.style.background = twain.look(s.dataset.theory, page, i).colour; });
  document.querySelectorAll('input[name="school"]').forEach((box) => box.addEventListener("change", () => {
    if (box.checked) page.off.delete(box.value); else page.off.add(box.value);
    drawAll();
  }));
  const theme = document.getElementById("theme");
  const paint = () => { page.theme = theme.value; root.dataset.theme = theme.value; swatches(); drawAll(); };
  theme.addEventListener("change", paint);
  let before = "light";
  addEventListener("beforeprint", () => { before = theme.value; theme.value = "print"; paint(); });
  addEventListener("afterprint", () => { theme.value = before; paint(); });
  let wait = null;
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(drawAll, 120); });
  document.querySelector(".controls").addEventListener("submit", (e) => e.preventDefault());
  paint();
})();
