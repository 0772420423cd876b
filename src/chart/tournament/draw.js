// A tournament: players ranked by score with intervals, how often they cooperate, and who earns what against whom.
twain.charts.tournament = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700, n = data.players.length;
  if (narrow) option.graphic.push({ type: "text", silent: true, style: { text: data.words.matrix, x: box.left, y: box.top + 8, verticalAlign: "middle", fill: t.soft, font: `12.5px ${FONT}` } });
  twain.rampLegend(option, narrow ? "" : data.words.matrix, twain.fixed(data.low, 1), twain.fixed(data.high, 1), style, narrow ? box.left - 12 : box.left, box.top + (narrow ? 29 : 8));
  const size = Math.max(8, Math.min(12.5, 300 / n));
  const names = Math.min(narrow ? 104 : 190, Math.max(...data.players.map((p) => twain.width(p.name, size))) + 14);
  const top = box.top + (narrow ? 84 : 166), bottom = narrow ? top + (box.bottom - top) * 0.45 : box.bottom - 30;
  const left = box.left + names, side = narrow ? box.right - 10 : left + (box.right - left) * 0.4;
  const axis = (k, show) => twain.categoryAxis(style, { gridIndex: k, inverse: true, data: data.players.map((p) => p.name),
    axisLabel: { show, color: t.ink, fontSize: size, formatter: (s) => twain.clip(s, size, names - 10) } });
  const gap = narrow ? 26 : 44, w = (side - left - gap) / 2;
  [["score", data.words.score, data.scale], ["cooperation", data.words.cooperation, [0, 1]]].forEach(([key, label, scale], k) => {
    const b = { left: left + k * (w + gap), top, width: w, height: bottom - top };
    twain.heading(option, twain.clip(label, narrow ? 11.5 : 13, w + gap - 6), b.left, top - 26, style, narrow ? 11.5 : 13);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, ...twain.ticks(...scale),
      axisLabel: { hideOverlap: true, formatter: (v) => (key === "score" ? twain.figure(+v.toFixed(2)) : twain.percent(v)) } }));
    option.yAxis.push(axis(k, !k));
    option.series.push({ type: "custom", xAxisIndex: k, yAxisIndex: k, data: data.players.map((p, i) => [p[key], i, p.low ?? p[key], p.high ?? p[key]]), encode: { x: 0, y: 1 },
      renderItem: (_, api) => {
        const p = data.players[api.value(1)], l = twain.look(p.look, style, 0), at = (v) => api.coord([v, api.value(1)]);
        const [x, y] = at(api.value(0)), children = [];
        if (key === "score") children.push({ type: "line", shape: { x1: at(api.value(2))[0], y1: y, x2: at(api.value(3))[0], y2: y }, style: { stroke: l.colour, lineWidth: 2.4 } });
        else children.push({ type: "rect", shape: { x: b.left, y: y - 4, width: x - b.left, height: 8 }, style: { fill: l.colour, opacity: 0.45 } });
        children.push(twain.mark(l.symbol, x, y, 4.6, l.colour));
        return { type: "group", children };
      },
      tooltip: { formatter: (item) => { const p = data.players[item.value[1]]; return `<b>${twain.escape(p.name)}</b><br>${twain.escape(data.words.score)} ${twain.fixed(p.score)} (${twain.fixed(p.low)} – ${twain.fixed(p.high)})<br>${twain.escape(data.words.cooperation)} ${twain.percent(p.cooperation)}`; } } });
  });
  const m = narrow ? { left, top: bottom + 150, width: box.right - left - 10, height: box.bottom - bottom - 160 }
    : { left: side + 50, top, width: box.right - side - 60, height: bottom - top };
  const cw = m.width / n, ch = m.height / n;
  data.players.forEach((p, i) => option.graphic.push({ type: "text", silent: true, x: m.left + (i + 0.5) * cw, y: m.top - 6, rotation: Math.PI / 2,
    style: { text: twain.clip(p.name, size, 140), fill: t.ink, font: `${size}px ${FONT}`, verticalAlign: "middle" } }));
  option.grid.push(m);
  option.xAxis.push(twain.categoryAxis(style, { gridIndex: 2, data: data.players.map((p) => p.name), axisLabel: { show: false } }));
  option.yAxis.push(axis(2, narrow));
  const cells = data.matrix.flatMap((row, i) => row.map((v, j) => [j, i, v])).filter((c) => c[2] !== null);
  const scale = (v) => (v - data.low) / (data.high - data.low || 1);
  option.series.push({ type: "custom", xAxisIndex: 2, yAxisIndex: 2, data: cells, encode: { x: 0, y: 1 },
    renderItem: (_, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]), v = api.value(2);
      const cell = { type: "rect", shape: { x: x - cw / 2 + 0.5, y: y - ch / 2 + 0.5, width: cw - 1, height: ch - 1 }, style: { fill: twain.ramp(scale(v), style) } };
      if (cw < 26 || ch < 13) return cell;
      return { type: "group", children: [cell, { type: "text", style: { text: twain.fixed(v, 1), x, y, align: "center", verticalAlign: "middle",
        fill: twain.onRamp(scale(v), style), font: `${Math.min(11, size)}px ${FONT}` } }] };
    },
    tooltip: { formatter: (item) => `<b>${twain.escape(data.players[item.value[1]].name)}</b> – ${twain.escape(data.players[item.value[0]].name)}: ${twain.fixed(item.value[2])}` } });
  return option;
};
