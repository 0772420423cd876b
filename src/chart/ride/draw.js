// Cooperation over time under each school, with bands, dated shocks and the coded record.
twain.charts.ride = (data, style) => {
  const { theme, look, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const shown = data.shown ? data.shown.map((m) => data.panels.find((p) => p.metric === m)).filter(Boolean) : data.panels.slice(0, 1);
  const plot = { left: box.left + 44, right: box.right - 14 };
  const start = Math.floor(data.start), end = Math.ceil(data.end);
  const x = (time) => plot.left + ((time - start) / (end - start)) * (plot.right - plot.left);

  const record = shown.some((p) => p.record.length)
    ? [{ label: data.words.record, wide: 16, draw: (px, py) => twain.mark("circle", px + 8, py, 5, t.ink, t.paper) }]
    : [];
  for (const name of new Set(shown.flatMap((p) => (p.measured ?? []).map((m) => m.name)))) {
    record.push({ label: name, wide: 26, draw: (px, py) => ({ type: "line", silent: true, shape: { x1: px, y1: py, x2: px + 24, y2: py }, style: { stroke: t.soft, lineWidth: 2, lineDash: [2, 3] } }) });
  }
  twain.legend(option, data.theories, style, box, record);

  // labels of shocks stand upright above the first panel, moved apart where they would touch
  const size = style.still ? 14 : 11.5, apart = size + 2.5;
  const marks = data.shocks.map((s) => ({ ...s, at: x(s.time) })).sort((a, b) => a.at - b.at);
  marks.forEach((m, i) => { m.label_at = i ? Math.max(m.at, marks[i - 1].label_at + apart) : Math.max(m.at, plot.left + 6); });
  for (let i = marks.length - 1; i >= 0; i--) {
    const most = i === marks.length - 1 ? plot.right : marks[i + 1].label_at - apart;
    marks[i].label_at = Math.min(marks[i].label_at, most);
  }
  const tall = marks.length ? Math.max(...marks.map((m) => twain.width(m.label, size))) + 26 : 8;
  const top = box.top + 22 + tall;
  const boxes = twain.panels({ left: plot.left, right: plot.right, top: top + 22, bottom: box.bottom - 26 }, shown.length, 1, 0, 46);
  const last = boxes[boxes.length - 1];
  for (const m of marks) {
    option.graphic.push(
      { type: "polygon", silent: true, style: { fill: t.ink },
        shape: { points: (m.kind === "act" || m.kind === "thaw" ? [[-5, -1], [5, -1], [0, 1]] : [[-5, 0], [0, -1.1], [5, 0], [0, 1.1]])
          .map(([dx, dy]) => [m.label_at + dx, top - 9 + 4.5 * (m.sign < 0 && m.kind !== "thaw" ? dy : -dy)]) } },
      { type: "text", silent: true, x: m.label_at, y: top - 20, rotation: Math.PI / 2,
        style: { text: m.label, fill: t.ink, font: `${size}px ${FONT}`, verticalAlign: "middle" } },
      { type: "polyline", silent: true, z: 0,
        shape: { points: [[m.label_at, top - 3], [m.at, top + 12], [m.at, last.top + last.height]] },
        style: { stroke: t.soft, lineWidth: 0.8, lineDash: [2, 3], opacity: 0.75, fill: "none" } });
  }

  const every = end - start > 24 ? 5 : end - start > 12 ? 2 : 1, years = [];
  for (let y = Math.ceil((start + 0.5) / every) * every; y <= end; y += every) years.push(y);
  shown.forEach((panel, k) => {
    const b = boxes[k];
    option.grid.push({ ...b, containLabel: false });
    option.xAxis.push(twain.valueAxis(style, {
      gridIndex: k, min: start, max: end, splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: t.soft } }, axisTick: { show: true, customValues: years, lineStyle: { color: t.soft } },
      axisLabel: { show: k === shown.length - 1, customValues: years, formatter: (v) => `${Math.round(v)}`, hideOverlap: true },
    }));
    option.yAxis.push(twain.valueAxis(style, { gridIndex: k, min: panel.low, max: panel.high,
      ...(panel.share ? { interval: 0.25 } : {}),
      axisLabel: { formatter: (v) => (panel.share ? twain.percent(v) : `${v}`) } }));
    twain.heading(option, panel.label, b.left - 36, b.top - 22, style, 13);
    panel.series.forEach((s, i) => {
      const l = look(s.theory, style, i);
      if (!twain.isNull(s.theory)) option.series.push(...twain.band(s.theory, k, data.times, s.q10, s.q90, l.colour, style));
      option.series.push({ type: "line", name: s.theory, id: `${s.theory} ${k}`, xAxisIndex: k, yAxisIndex: k, symbol: "none", z: twain.isNull(s.theory) ? 2 : 3,
        data: data.times.map((time, j) => [time, s.mean[j]]), connectNulls: false,
        lineStyle: { color: l.colour, width: l.wide, type: l.dash }, itemStyle: { color: l.colour } });
    });
    for (const m of panel.measured ?? []) {
      option.series.push({ type: "line", name: m.name, id: `${m.name} ${k}`, xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, z: 4,
        data: m.points, lineStyle: { color: t.soft, width: 2, type: [2, 3] }, itemStyle: { color: t.soft } });
    }
    if (panel.record.length) {
      option.series.push({ type: "scatter", name: data.words.record, xAxisIndex: k, yAxisIndex: k, z: 5, symbolSize: style.still ? 13 : 10,
        data: panel.record.map((r) => ({ value: [r.time, r.value], source: r.source, date: r.date })),
        itemStyle: { color: t.paper, borderColor: t.ink, borderWidth: 2 } });
    }
  });
  if (option.tooltip) {
    option.axisPointer = { link: [{ xAxisIndex: "all" }], lineStyle: { color: t.soft } };
    option.tooltip = { ...option.tooltip, trigger: "axis", axisPointer: { type: "line" },
      formatter: (items) => {
        const list = [].concat(items);
        if (!list.length) return "";
        const at = data.times.reduce((best, time, j) => (Math.abs(time - list[0].axisValue) < Math.abs(data.times[best] - list[0].axisValue) ? j : best), 0);
        const near = data.shocks.filter((s) => Math.abs(s.time - data.times[at]) < 0.2).map((s) => twain.escape(s.label));
        const rows = shown.map((p) => `<b>${twain.escape(p.label)}</b><br>` + p.series.filter((s) => s.mean[at] !== null).map((s) =>
          `${twain.escape(s.theory)} ${twain.fixed(s.mean[at])} (${twain.fixed(s.q10[at])}–${twain.fixed(s.q90[at])})`).join("<br>"));
        return `${data.dates[at]}${near.length ? ` · ${near.join(", ")}` : ""}<br>${rows.join("<br>")}`;
      } };
  }
  return option;
};
