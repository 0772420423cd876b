// Rows of estimates with their intervals: what-ifs, rankings, indices. One panel an outcome.
twain.charts.effects = (data, style) => {
  const { theme, look, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700;
  twain.legend(option, data.theories.map((x) => ({ ...x, band: false, mark: true })), style, box);
  const size = data.rows.length > 24 ? 10 : 12.5;
  const names = Math.min((box.right - box.left) * (narrow ? 0.42 : 0.3), Math.max(...data.rows.map((r) => twain.width(r, size))) + 18);
  const place = { left: box.left + names, right: box.right - 12, top: box.top + 54, bottom: box.bottom - 42 };
  // side by side where there is room, one above the other where there is not
  const boxes = narrow ? twain.panels(place, data.panels.length, 1, 0, 84) : twain.panels(place, 1, data.panels.length, 64, 0);
  const many = data.theories.length, step = Math.min(0.26, 0.72 / many);
  data.panels.forEach((panel, k) => {
    const b = boxes[k];
    twain.heading(option, twain.clip(panel.label, 13, narrow ? box.right - box.left : b.width), narrow ? box.left : b.left, b.top - 24, style, 13);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: panel.low, max: panel.high, interval: (panel.high - panel.low) / 4, name: panel.unit, nameLocation: "middle", nameGap: 28,
      axisLabel: { hideOverlap: true, formatter: (v) => (panel.signed && v > 0 ? `+${+v.toPrecision(3)}` : `${+v.toPrecision(3)}`.replace("-", "−")) } }));
    option.yAxis.push({ ...twain.valueAxis(style, { gridIndex: k, min: -0.5, max: data.rows.length - 0.5, interval: 1, inverse: true, splitLine: { show: false } }),
      axisLabel: { show: narrow || k === 0, customValues: data.rows.map((_, i) => i), color: t.ink, fontSize: size, fontFamily: FONT,
        formatter: (i) => twain.clip(data.rows[Math.round(i)] ?? "", size, names - 12) } });
    data.rows.forEach((_, r) => {
      if (r % 2) return;
      option.series.push({ type: "custom", xAxisIndex: k, yAxisIndex: k, silent: true, data: [[0, r]], z: 0, tooltip: { show: false },
        renderItem: (_p, api) => { const y1 = api.coord([0, r - 0.5])[1], y2 = api.coord([0, r + 0.5])[1];
          return { type: "rect", shape: { x: b.left, y: y1, width: b.width, height: y2 - y1 }, style: { fill: t.faint } }; } });
    });
    if (panel.zero) {
      option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, silent: true, symbol: "none", data: [[0, -0.5], [0, data.rows.length - 0.5]],
        lineStyle: { color: t.ink, width: 1.2, type: "solid" }, tooltip: { show: false }, z: 1 });
    }
    data.theories.forEach((x, i) => {
      const l = look(x.name, style, i), shift = (i - (many - 1) / 2) * step;
      const points = panel.values[i].map((v, r) => (v === null ? null : [v[0], r + shift, v[1], v[2], r])).filter(Boolean);
      option.series.push({ type: "custom", name: x.name, xAxisIndex: k, yAxisIndex: k, data: points, z: 3, encode: { x: [0, 2, 3], y: 1 },
        renderItem: (_p, api) => {
          const y = api.coord([0, api.value(1)])[1], at = (d) => api.coord([api.value(d), 0])[0];
          const from = Math.max(b.left, at(2)), to = Math.min(b.left + b.width, at(3));
          const children = [];
          if (Number.isFinite(from) && Number.isFinite(to)) children.push({ type: "line", shape: { x1: from, y1: y, x2: to, y2: y }, style: { stroke: l.colour, lineWidth: 2.2 } });
          if (panel.bars) children.push({ type: "rect", shape: { x: Math.min(at(0), api.coord([0, 0])[0]), y: y - 4, width: Math.abs(at(0) - api.coord([0, 0])[0]), height: 8 },
            style: { fill: l.colour, opacity: 0.45 } });
          // without an interval the mark is hollow: it is not certain, it is unknown
          const sure = Number.isFinite(from) && Number.isFinite(to);
          children.push(twain.mark(l.symbol, at(0), y, 4.6, l.colour, sure ? null : t.paper));
          return { type: "group", children: children.map((c) => ({ ...c, silent: false })) };
        },
        tooltip: { formatter: (item) => `<b>${twain.escape(data.rows[item.value[4]])}</b><br>${twain.escape(x.label)}: ${twain.fixed(item.value[0], 3)} ${item.value[2] === null || Number.isNaN(item.value[2]) ? "" : `(${twain.fixed(item.value[2], 3)} – ${twain.fixed(item.value[3], 3)})`}` } });
    });
  });
  return option;
};
