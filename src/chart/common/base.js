// What every chart shares: themes, the schools' colours, the frame with title and caption, bands, panels.
// A chart is a function (data, style) -> ECharts option. It reads no words of its own: all come in `data`.
// style: { width, height (logical pixels), theme: "light" | "dark" | "print", still: true for a picture }.
const twain = { charts: {} };

(() => {
  const FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";

  const THEMES = {
    light: { paper: "#ffffff", ink: "#1b1f24", soft: "#59636e", line: "#d5dae0", faint: "#eef0f3", tip: "#ffffff" },
    dark: { paper: "#12161c", ink: "#eef2f6", soft: "#a9b4c0", line: "#39424d", faint: "#1f262e", tip: "#1c232b" },
    print: { paper: "#ffffff", ink: "#000000", soft: "#333333", line: "#bbbbbb", faint: "#eeeeee", tip: "#ffffff" },
  };
  // the schools' colours come with the data (each school names its own); dash and symbol go by their order
  const LOOKS = [
    { dash: "solid", symbol: "circle" }, { dash: [9, 4], symbol: "rect" }, { dash: [2.5, 3], symbol: "triangle" },
    { dash: [12, 3, 2, 3], symbol: "diamond" },
  ];
  const schools = {};
  const OTHERS = ["#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#7B4EA3"];
  const theme = (style) => THEMES[style.theme] ?? THEMES.light;
  const dark = (style) => style.theme === "dark";

  // the same hue for a dark ground
  function lighter(hex) {
    const part = (i) => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
    return `rgb(${[0, 1, 2].map((i) => Math.round(part(i) + 0.38 * (255 - part(i)))).join(",")})`;
  }
  // colour, dash and symbol of a population: the same everywhere
  function look(name, style, position = 0) {
    const school = Object.keys(schools).indexOf(name);
    if (school >= 0) return { colour: dark(style) ? lighter(schools[name]) : schools[name], wide: 3, ...LOOKS[school % LOOKS.length] };
    // null models stand behind: thin and grey
    if (isNull(name)) return { colour: dark(style) ? "#8b949e" : "#7d8590", wide: 1.4, dash: name === "neutral" ? "solid" : [1, 2], symbol: "diamond" };
    return { colour: OTHERS[position % OTHERS.length], wide: 2.6, dash: [12, 3, 2, 3], symbol: "diamond" };
  }
  const isNull = (name) => name === "neutral" || name.startsWith("null-");

  // a ramp from "none" to "all" that also reads in grey
  const RAMP = {
    light: ["#f3f6f9", "#c6dbef", "#85b9dd", "#3f8ec4", "#165c9c", "#08306b"],
    dark: ["#1b2129", "#173a5c", "#1f5f97", "#3b8fd0", "#82bdea", "#dceefb"],
  };
  function ramp(x, style) {
    if (x === null || Number.isNaN(x)) return "transparent";
    const stops = RAMP[dark(style) ? "dark" : "light"];
    const at = Math.max(0, Math.min(1, x)) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    const part = (hex, i) => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
    const mix = (i) => Math.round(part(stops[k], i) + (at - k) * (part(stops[k + 1], i) - part(stops[k], i)));
    return `rgb(${mix(0)},${mix(1)},${mix(2)})`;
  }
  const onRamp = (x, style) => ((x > 0.5) !== dark(style) ? "#ffffff" : "#14181d");

  // lines that a text takes in the frame
  const lines = (text, size, style) => (text ? Math.ceil((width(text, size) * 1.02) / (style.width - 64)) : 0);

  // where the subtitle begins, and the area left for the chart inside title, subtitle and caption
  const under = (data, style) => 24 + 31 * Math.max(1, lines(data.title, 26.5, style));
  function area(data, style) {
    if (!style.still) return { left: 8, top: 8, right: style.width - 8, bottom: style.height - 8 };
    return { left: 32, top: under(data, style) + 9 + 20 * lines(data.subtitle, 15.5, style), right: style.width - 32,
      bottom: style.height - 26 - 15 * Math.max(1, lines(data.caption, 11.5, style)) };
  }

  function width(text, size) {
    return echarts.format.getTextRect(text ?? "", `${size}px ${FONT}`).width;
  }

  // the option every chart starts from
  function base(data, style) {
    const t = theme(style);
    const option = {
      animation: false,
      backgroundColor: t.paper,
      textStyle: { fontFamily: FONT, color: t.ink },
      title: [],
      tooltip: style.still ? undefined : {
        confine: true, backgroundColor: t.tip, borderColor: t.line,
        textStyle: { color: t.ink, fontFamily: FONT, fontSize: 13 },
      },
      grid: [], xAxis: [], yAxis: [], series: [],
      graphic: [],
    };
    if (style.still) {
      const wrap = { width: style.width - 64, overflow: "break" };
      option.title.push(
        { text: data.title, left: 32, top: 18, padding: 0,
          textStyle: { fontSize: 25, lineHeight: 31, fontWeight: 600, color: t.ink, fontFamily: FONT, ...wrap } },
        { text: data.subtitle, left: 32, top: under(data, style), padding: 0,
          textStyle: { fontSize: 15.5, lineHeight: 20, fontWeight: 400, color: t.soft, fontFamily: FONT, ...wrap } },
        { text: data.caption, left: 32, bottom: 12, padding: 0,
          textStyle: { fontSize: 11.5, lineHeight: 15, fontWeight: 400, color: t.soft, fontFamily: FONT, ...wrap } },
      );
    }
    return option;
  }

  // a heading of a panel
  function heading(option, text, x, y, style, size = 14) {
    option.title.push({ text, left: x, top: y, padding: [0, 4, 0, 0], backgroundColor: theme(style).paper, z: 4,
      textStyle: { fontSize: size, fontWeight: 600, color: theme(style).ink, fontFamily: FONT } });
  }

  const axisText = (style, size = style.still ? 14 : 12.5) => ({ color: theme(style).soft, fontSize: size, fontFamily: FONT });

  function valueAxis(style, more = {}) {
    const t = theme(style);
    return {
      type: "value", splitNumber: 4,
      axisLine: { show: false }, axisTick: { show: false },
      splitLine: { lineStyle: { color: t.line, width: 0.8 } },
      nameTextStyle: { color: t.soft, fontSize: style.still ? 14 : 12.5, fontFamily: FONT },
      ...more, axisLabel: { ...axisText(style), ...more.axisLabel },
    };
  }

  function categoryAxis(style, more = {}) {
    return {
      type: "category", axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false },
      ...more, axisLabel: { ...axisText(style), interval: 0, ...more.axisLabel },
    };
  }

  // rows x columns boxes inside an area
  function panels(box, rows, columns, gapX = 40, gapY = 40) {
    const w = (box.right - box.left - gapX * (columns - 1)) / columns;
    const h = (box.bottom - box.top - gapY * (rows - 1)) / rows;
    const out = [];
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        out.push({ left: box.left + c * (w + gapX), top: box.top + r * (h + gapY), width: w, height: h });
      }
    }
    return out;
  }

  // a band between two curves: an invisible line and what is stacked on it
  function band(name, axis, times, low, high, colour, style) {
    const same = { type: "line", xAxisIndex: axis, yAxisIndex: axis, symbol: "none", silent: true, stack: `${name} ${axis}`,
      lineStyle: { opacity: 0 }, tooltip: { show: false }, emphasis: { disabled: true }, z: 1 };
    const gap = (x, y) => (x === null || y === null ? null : y - x);
    return [
      { ...same, name, stackStrategy: "all", data: times.map((t, i) => [t, low[i]]) },
      { ...same, name, stackStrategy: "all", data: times.map((t, i) => [t, gap(low[i], high[i])]),
        areaStyle: { color: colour, opacity: dark(style) ? 0.24 : 0.16 } },
    ];
  }

  // legend of populations, drawn as rows of samples at the top of the box, which it shortens; returns where the
  // next item would stand. `extra`: more items, each { label, wide, draw(x, y) }
  function legend(option, names, style, box, extra = []) {
    const t = theme(style), children = [];
    const size = style.still ? 15 : 13;
    let at = box.left, y = box.top + 8;
    const place = (wide) => {
      if (at > box.left && at + wide > style.width - 8) { at = box.left; y += 21; box.top += 21; }
    };
    const word = (label, x) => children.push({ type: "text", style: { text: label, x, y, verticalAlign: "middle", fill: t.ink,
      font: `${size}px ${FONT}` }, silent: true });
    names.forEach((n, i) => {
      const l = look(n.name, style, i), sample = n.mark ? 16 : 30;
      place(sample + 8 + width(n.label, size));
      if (n.band !== false && !isNull(n.name)) {
        children.push({ type: "rect", shape: { x: at, y: y - 6, width: sample, height: 12 },
          style: { fill: l.colour, opacity: dark(style) ? 0.24 : 0.16 }, silent: true });
      }
      if (n.mark) children.push(mark(l.symbol, at + 8, y, 5.4, l.colour));
      else children.push({ type: "line", shape: { x1: at, y1: y, x2: at + sample, y2: y },
        style: { stroke: l.colour, lineWidth: l.wide, lineDash: l.dash === "solid" ? null : l.dash }, silent: true });
      word(n.label, at + sample + 8);
      at += sample + 8 + width(n.label, size) + 24;
    });
    for (const e of extra) {
      place(e.wide + 8 + width(e.label, size));
      children.push(e.draw(at, y));
      word(e.label, at + e.wide + 8);
      at += e.wide + 8 + width(e.label, size) + 24;
    }
    option.graphic.push(...children);
    return { at, y };
  }

  // a sample of a line, for legends
  const sample = (colour, thick, dash, opacity = 1) => (x, y) => ({ type: "line", silent: true, shape: { x1: x, y1: y, x2: x + 28, y2: y },
    style: { stroke: colour, lineWidth: thick, lineDash: dash === "solid" ? null : dash, opacity } });

  function mark(symbol, x, y, r, colour, hollow = null) {
    const style = hollow ? { fill: hollow, stroke: colour, lineWidth: 2 } : { fill: colour };
    if (symbol === "rect") return { type: "rect", shape: { x: x - r * 0.9, y: y - r * 0.9, width: 1.8 * r, height: 1.8 * r }, style, silent: true };
    if (symbol === "triangle") {
      return { type: "polygon", shape: { points: [[x, y - 1.1 * r], [x + 1.1 * r, y + 0.9 * r], [x - 1.1 * r, y + 0.9 * r]] }, style, silent: true };
    }
    if (symbol === "diamond") {
      return { type: "polygon", shape: { points: [[x, y - 1.2 * r], [x + 1.2 * r, y], [x, y + 1.2 * r], [x - 1.2 * r, y]] }, style, silent: true };
    }
    return { type: "circle", shape: { cx: x, cy: y, r }, style, silent: true };
  }

  // the ramp's legend: six patches with their ends named
  function rampLegend(option, label, low, high, style, x, y) {
    const t = theme(style);
    const text = (s, px, align = "left") => option.graphic.push({ type: "text", silent: true,
      style: { text: s, x: px, y, align, verticalAlign: "middle", fill: t.soft, font: `12.5px ${FONT}` } });
    text(label, x);
    let at = x + width(label, 12.5) + 12;
    text(low, at);
    at += width(low, 12.5) + 6;
    for (let k = 0; k < 6; k++) {
      option.graphic.push({ type: "rect", silent: true, shape: { x: at + 20 * k, y: y - 6, width: 20, height: 12 },
        style: { fill: ramp(k / 5, style), stroke: t.line, lineWidth: 0.5 } });
    }
    text(high, at + 126);
    return at + 126 + width(high, 12.5) - x;
  }

  // an axis that holds both ends, with steps of 1, 2 or 5 times a power of ten
  function ticks(low, high, steps = 4) {
    if (!(high > low)) { high = low + 1; }
    const raw = (high - low) / steps, ten = 10 ** Math.floor(Math.log10(raw));
    const interval = ten * ([1, 2, 5].find((m) => m * ten >= raw * 0.999) ?? 10);
    const round = (x) => +x.toPrecision(12);
    return { min: round(Math.floor(low / interval + 1e-9) * interval), max: round(Math.ceil(high / interval - 1e-9) * interval), interval };
  }

  function clip(text, size, room) {
    if (width(text, size) <= room) return text;
    let n = text.length;
    while (n > 1 && width(text.slice(0, n) + "…", size) > room) n--;
    return text.slice(0, n).trimEnd() + "…";
  }

  // how the language of the words writes numbers: comes with the data
  const locale = { percent: "{n}%", decimal: "." };
  const figure = (text) => String(text).replace("-", "−").replace(".", locale.decimal);
  // a share in percent, whole or to `digits` that count
  const percent = (x, digits = 0) => (x === null || Number.isNaN(x) ? "–" : locale.percent.replace("{n}", figure(digits ? +(100 * x).toPrecision(digits) : Math.round(100 * x))));
  const fixed = (x, d = 2) => (x === null || Number.isNaN(x) ? "–" : figure(x.toFixed(d)));
  // words from a file are never markup
  const escape = (s) => String(s).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  // one empty chart that says why there is nothing to see
  function nothing(data, style) {
    const option = base(data, style);
    option.graphic.push({ type: "text", left: "center", top: "middle",
      style: { text: data.empty, fill: theme(style).soft, font: `16px ${FONT}`, width: style.width * 0.7, overflow: "break" } });
    return option;
  }

  Object.assign(twain, { FONT, theme, dark, isNull, look, ticks, ramp, onRamp, area, width, base, heading, axisText, valueAxis,
    categoryAxis, panels, band, legend, sample, mark, rampLegend, clip, percent, fixed, figure, escape, nothing });

  twain.learn = (colours) => (colours ?? []).forEach(([name, colour]) => { schools[name] = colour; });
  twain.speak = (words) => Object.assign(locale, words);
  twain.draw = (name, data, style) => {
    twain.learn(data.colours);
    twain.speak(data.locale);
    return data.empty ? nothing(data, style) : twain.charts[name](data, style);
  };
})();
