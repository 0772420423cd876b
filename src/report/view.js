// Charts on a page, for the report and the laboratory: each drawn at the width it has, with its controls, its words, and
// the same words for who cannot see it. A place is a section made by `chart.html`: heading, controls, canvas, caption.
const twainView = (() => {
  const page = { theme: "light", off: new Set(), paper: 0, empty: "" };
  const views = new Map(), words = JSON.parse(document.body.dataset.words);

  // the same data without the schools that are switched off
  function shown(data) {
    if (!page.off.size || !data.theories) return data;
    const keep = data.theories.map((t) => !page.off.has(t.name));
    if (!keep.some(Boolean)) return { ...data, empty: page.empty };
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

  function height(data, width) {
    const narrow = width < 700;
    switch (data.draw) {
      case "ride": return (narrow ? 620 : 640) - ((data.shown?.length ?? 2) === 1 ? 190 : 0);
      case "scorecard": return narrow ? 260 * data.parts.length + 21 * data.parts.reduce((n, p) => n + p.facts.length, 0) : 700;
      case "landscape": return narrow ? 60 + 400 * data.panels.length : data.panels.length > 3 ? 900 : 520;
      case "keyholder": return narrow ? 900 : 660;
      case "burden": return narrow ? 900 : 560;
      case "network": {
        const n = Math.max(1, data.theories.filter((t) => !page.off.has(t.name)).length);
        return narrow ? 40 + 430 * n : Math.min(560, 130 + (width - 60) / n);
      }
      case "effects": return narrow ? 60 + data.panels.length * (84 + Math.max(3, data.rows.length) * 34) : 140 + Math.max(6, data.rows.length) * 30;
      case "reliability":
      case "morris": return narrow ? 60 + 420 * data.panels.length : 480;
      case "ranking": return 150 + Math.max(6, data.rows?.length ?? 6) * 24;
      default: return 560;
    }
  }

  // what is said of a chart follows what is chosen in it
  function say(view) {
    const { data, place } = view;
    const chosen = data.draw === "ride" ? data.panels.find((p) => p.metric === (data.shown ?? [data.panels[0]?.metric])[0])?.about
      : data.draw === "keyholder" ? data.proposals[data.chosen ?? 0]?.about
      : data.draw === "scorecard" ? data.all : data.draw === "network" ? data.about?.[data.tie ?? "cooperation"] : null;
    const words = { title: data.title, subtitle: data.subtitle, caption: data.caption, alt: data.alt, ...chosen };
    const put = (selector, text) => { const e = place.querySelector(selector); if (e && text !== undefined) e.textContent = text; };
    put(".title", words.title);
    put(".how", words.subtitle);
    put(".caption", words.caption);
    put("details p", words.alt);
    place.querySelector("[data-chart]").setAttribute("aria-label", `${words.title}. ${words.alt ?? ""}`);
  }

  function draw(view) {
    const canvas = view.place.querySelector("[data-chart]");
    const width = page.paper || Math.max(300, canvas.clientWidth), tall = height(view.data, width);
    canvas.style.height = `${tall}px`;
    view.chart ??= echarts.init(canvas, null, { renderer: "svg" });
    view.chart.resize({ width, height: tall });
    view.chart.setOption(twain.draw(view.data.draw, shown(view.data), { width, height: tall, theme: page.theme, still: false }), true);
    say(view);
  }

  function tool(view, label, options, value, change) {
    const wrap = document.createElement("label"), select = document.createElement("select");
    wrap.append(`${label} `, select);
    options.forEach(([key, text]) => select.add(new Option(text, key)));
    if (value !== undefined) select.value = value;
    select.addEventListener("change", () => { change(select.value); draw(view); });
    view.place.querySelector(".tools").append(wrap);
  }

  function tools(view) {
    const data = view.data, bar = view.place.querySelector(".tools");
    bar.replaceChildren();
    if (data.draw === "ride" && data.panels.length > 1) {
      const options = data.panels.map((p) => [p.metric, p.label]);
      data.shown ??= data.panels.slice(0, 2).map((p) => p.metric);
      [words.above, words.below].slice(0, data.shown.length).forEach((label, i) => {
        tool(view, label, options, data.shown[i], (metric) => { data.shown[i] = metric; });
      });
    }
    if (data.draw === "keyholder" && data.proposals.length > 1) {
      tool(view, words.proposal, data.proposals.map((p, i) => [i, p.label]), data.chosen ?? 0, (i) => { data.chosen = Number(i); });
    }
    if (data.draw !== "network") return;
    tool(view, words.ties, Object.keys(data.ties).map((t) => [t, data.words[t]]), data.tie, (t) => { data.tie = t; });
    const play = document.createElement("button"), slider = document.createElement("input"), label = document.createElement("output");
    play.type = "button";
    Object.assign(slider, { type: "range", min: 0, max: data.years.length - 1 });
    slider.value = data.year ?? slider.max;
    slider.setAttribute("aria-label", words.date);
    let timer = null;
    const show = () => { data.year = Number(slider.value); label.textContent = data.years[data.year]; draw(view); };
    const stop = () => { clearInterval(timer); timer = null; play.textContent = words.play; };
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
      play.textContent = words.pause;
      timer = setInterval(() => { if (Number(slider.value) >= Number(slider.max)) return stop(); slider.value = Number(slider.value) + 1; show(); }, 700);
      show();
    });
    slider.addEventListener("input", show);
    play.textContent = words.play;
    label.textContent = data.years[Number(slider.value)];
    bar.append(play, slider, label);
  }

  // puts a chart into its place; what was chosen there before stays chosen
  function show(place, data) {
    const old = views.get(place), same = old && old.data.draw === data.draw;
    const view = old ?? { place };
    if (same) for (const key of ["shown", "chosen", "tie", "year"]) if (old.data[key] !== undefined) data[key] = old.data[key];
    if (data.shown) data.shown = data.shown.map((m, i) => (data.panels.some((p) => p.metric === m) ? m : data.panels[i]?.metric)).filter(Boolean);
    const busy = same && place.querySelector(".tools").contains(document.activeElement);
    view.data = data;
    views.set(place, view);
    // a page may have no colours before its first chart
    twain.learn(data.colours);
    swatches();
    if (!busy) tools(view);
    draw(view);
  }

  const visible = (view) => view.place.querySelector("[data-chart]").clientWidth > 0 || page.paper;
  const drawAll = () => views.forEach((view) => { if (visible(view)) draw(view); });
  const swatches = () => document.querySelectorAll(".swatch").forEach((s, i) => { s.style.background = twain.look(s.dataset.theory, page, i).colour; });
  function theme(name) {
    page.theme = name;
    document.documentElement.dataset.theme = name;
    swatches();
    drawAll();
  }

  // on paper: the narrow layout at the width of a sheet, black on white, everything unfolded
  let before = null;
  addEventListener("beforeprint", () => {
    const folded = [...document.querySelectorAll("details:not([open]):not(.secret)")];
    before = { theme: page.theme, folded };
    folded.forEach((d) => { d.open = true; });
    page.paper = 660;
    theme("print");
  });
  addEventListener("afterprint", () => {
    if (!before) return;
    before.folded.forEach((d) => { d.open = false; });
    page.paper = 0;
    theme(before.theme);
    before = null;
  });
  let wait = null;
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(drawAll, 120); });

  // the picture of a place, at twice its size
  function picture(place, kind) {
    const view = views.get(place), size = { width: 1280, height: 720 };
    const canvas = document.createElement("div");
    const chart = echarts.init(canvas, null, { renderer: "svg", ...size, ssr: true });
    chart.setOption(twain.draw(view.data.draw, shown(view.data), { ...size, theme: page.theme, still: true }));
    const svg = chart.renderToSVGString();
    chart.dispose();
    if (kind === "svg") return Promise.resolve(new Blob([svg], { type: "image/svg+xml" }));
    return new Promise((done, fail) => {
      const image = new Image();
      image.onload = () => {
        const pixels = document.createElement("canvas");
        Object.assign(pixels, { width: 2 * size.width, height: 2 * size.height });
        pixels.getContext("2d").drawImage(image, 0, 0, pixels.width, pixels.height);
        pixels.toBlob(done, "image/png");
      };
      image.onerror = fail;
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    });
  }

  return { page, show, drawAll, theme, picture, views };
})();
