// Facts by populations: the share of runs that show each fact. A slide holds those that divide the schools most; the page
// holds all, calibration and hold-out apart.
twain.charts.scorecard = (data, style) => {
  if (style.still) return twain.charts.scoreslide(data, style);
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const many = data.columns.length, narrow = style.width < 700;
  twain.rampLegend(option, data.words.share, "0%", "100%", style, box.left, box.top + 8);
  const head = 112, bars = 54;
  // a long part goes on in the next panel, so that every row stays legible
  const full = data.parts.filter((p) => p.facts.length);
  const rowsEach = narrow ? Infinity : Math.max(14, Math.ceil(Math.max(...full.map((p) => p.facts.length)) / 2));
  const parts = full.flatMap((p) => {
    const chunks = Math.max(1, Math.ceil(p.facts.length / rowsEach)), each = Math.ceil(p.facts.length / chunks);
    return Array.from({ length: chunks }, (_, i) => ({ ...p, label: i ? data.words.more.replace("{label}", p.label) : p.label,
      scores: i ? [] : p.scores, facts: p.facts.slice(i * each, (i + 1) * each) }));
  });
  const boxes = narrow
    ? twain.panels({ ...box, top: box.top + 24, bottom: box.bottom }, parts.length, 1, 0, 26)
    : twain.panels({ ...box, top: box.top + 24, bottom: box.bottom }, 1, parts.length, 26, 0);
  const most = Math.max(...parts.map((p) => p.facts.length));
  parts.forEach((part, k) => {
    const b = boxes[k];
    const names = Math.min(b.width * 0.54, 330), left = b.left + names;
    const room = (b.height - head - bars - 22) / (narrow ? part.facts.length : most);
    const rows = room * part.facts.length, top = b.top + 22 + bars + head;
    const w = (b.left + b.width - left) / many;
    twain.heading(option, part.label, b.left, b.top, style, 14);
    // the score bars: the longer, the worse, as scores are negative log probabilities
    const lowest = Math.min(...data.parts.flatMap((p) => p.scores.filter((s) => s !== null)), -0.1);
    if (part.scores.length) option.graphic.push({ type: "text", silent: true, style: { text: data.words.score, x: left - 8, y: b.top + 28, align: "right",
      verticalAlign: "middle", fill: t.soft, font: `11.5px ${FONT}` } });
    part.scores.forEach((score, c) => {
      if (score === null) return;
      const tall = Math.max(1, ((bars - 16) * score) / lowest);
      const l = twain.look(data.columns[c].name, style, c);
      option.graphic.push(
        { type: "rect", silent: true, shape: { x: left + c * w + w * 0.16, y: b.top + 36, width: w * 0.68, height: tall }, style: { fill: l.colour } },
        { type: "text", silent: true, style: { text: twain.fixed(Math.abs(score), w < 26 ? 1 : 2), x: left + (c + 0.5) * w, y: b.top + 28, align: "center",
          verticalAlign: "middle", fill: t.ink, font: `${w < 26 ? 8 : 10}px ${FONT}` } });
    });
    data.columns.forEach((column, c) => {
      option.graphic.push({ type: "text", silent: true, x: left + (c + 0.5) * w, y: top - 6, rotation: Math.PI / 2,
        style: { text: twain.clip(column.label, 11.5, head - 12), fill: column.kind === "school" ? t.ink : t.soft,
          font: `${column.kind === "school" ? "600 " : ""}11.5px ${FONT}`, verticalAlign: "middle" } });
    });
    const size = Math.min(11, Math.max(7.5, room * 0.78));
    option.grid.push({ left, top, width: many * w, height: rows });
    option.xAxis.push(twain.categoryAxis(style, { gridIndex: k, data: data.columns.map((c) => c.label), axisLabel: { show: false } }));
    option.yAxis.push(twain.categoryAxis(style, { gridIndex: k, inverse: true, data: part.facts.map((f) => f.id),
      axisLabel: { fontSize: size, color: t.ink, align: "left", margin: names - 2,
        formatter: (id, i) => { const f = part.facts[i]; return twain.clip(`${f.id}  ${f.claim}`, size, names - 12); } } }));
    const cells = [];
    part.facts.forEach((f, r) => f.shares.forEach((share, c) => { if (share !== null) cells.push([c, r, share]); }));
    option.series.push({ type: "custom", xAxisIndex: k, yAxisIndex: k, data: cells,
      renderItem: (_, api) => {
        const [px, py] = api.coord([api.value(0), api.value(1)]), share = api.value(2);
        const cell = { type: "rect", shape: { x: px - w / 2 + 0.5, y: py - room / 2 + 0.5, width: w - 1, height: room - 1 },
          style: { fill: twain.ramp(share, style) } };
        // nothing and all are told by the colour
        if (share <= 0 || share >= 1 || w < 15) return cell;
        return { type: "group", children: [ cell,
          { type: "text", style: { text: `${Math.round(100 * share)}`, x: px, y: py, align: "center", verticalAlign: "middle",
            fill: twain.onRamp(share, style), font: `${Math.min(size, 10)}px ${FONT}` } } ] };
      },
      tooltip: { formatter: (item) => { const f = part.facts[item.value[1]], c = data.columns[item.value[0]];
        return `<div style="max-width:22em;white-space:normal"><b>${twain.escape(f.id)}</b> ${twain.escape(f.claim)} (${twain.escape(f.page)})<br>${twain.escape(c.label)}: <b>${twain.percent(item.value[2])}</b></div>`; } } });
  });
  return option;
};

twain.charts.scoreslide = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style), { columns, facts, scores } = data.top;
  const names = (box.right - box.left) * 0.5, head = 96, foot = 26 + 24 * scores.length;
  const w = Math.min(96, (box.right - box.left - names) / columns.length), left = box.left + names;
  const top = box.top + head, tall = Math.min(46, (box.bottom - foot - top) / Math.max(1, facts.length));
  const text = (words, x, y, size, fill, more = {}) => option.graphic.push({ type: "text", silent: true,
    style: { text: words, x, y, verticalAlign: "middle", fill, font: `${more.bold ? "600 " : ""}${size}px ${FONT}`, align: more.align ?? "left",
      ...(more.width ? { width: more.width, overflow: "break", lineHeight: size + 3 } : {}) } });
  columns.forEach((c, k) => {
    const fill = c.kind === "school" ? twain.look(c.name, style, k).colour : t.soft;
    option.graphic.push({ type: "text", silent: true, x: left + (k + 0.5) * w, y: top - 10, rotation: Math.PI / 4.4,
      style: { text: twain.clip(c.label, 14, 150), fill, font: `${c.kind === "school" ? "600 " : ""}14px ${FONT}`, verticalAlign: "middle" } });
  });
  facts.forEach((f, r) => {
    const y = top + (r + 0.5) * tall, size = tall > 38 ? 14.5 : 13, room = names - 24;
    // two lines at most
    text(twain.clip(f.claim, size, 1.86 * room), box.left, y, size, t.ink, { width: room });
    f.shares.forEach((share, k) => {
      option.graphic.push({ type: "rect", silent: true, shape: { x: left + k * w + 1, y: y - tall / 2 + 1, width: w - 2, height: tall - 2 }, style: { fill: twain.ramp(share, style) } });
      if (share !== null) text(`${Math.round(100 * share)}`, left + (k + 0.5) * w, y, 15, twain.onRamp(share, style), { align: "center", bold: true });
    });
  });
  scores.forEach((s, i) => {
    const y = box.bottom - 24 * (scores.length - i) + 14;
    text(`${data.words.scores}: ${s.label}`, box.left, y, 14, t.soft, {});
    const best = Math.max(...s.values.filter((v) => v !== null));
    s.values.forEach((v, k) => text(twain.fixed(v), left + (k + 0.5) * w, y, 14.5, t.ink, { align: "center", bold: v === best }));
  });
  option.graphic.push({ type: "line", silent: true, shape: { x1: box.left, y1: box.bottom - foot + 14, x2: left + columns.length * w, y2: box.bottom - foot + 14 }, style: { stroke: t.line, lineWidth: 1 } });
  return option;
};
