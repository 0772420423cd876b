// Propositions of the schools: how far each value lies beyond its bound, with its interval and the neutral value.
twain.charts.contract = (data, style) => {
  const { theme, look, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style), words = data.words;
  const grey = look("null-", style).colour, edge = 3;
  const hold = (x) => Math.max(-edge, Math.min(edge, x));
  twain.legend(option, [], style, box, [
    { label: words.own, wide: 14, draw: (x, y) => twain.mark("circle", x + 7, y, 5, t.ink) },
    { label: words.near, wide: 14, draw: (x, y) => twain.mark("diamond", x + 7, y, 5, t.ink) },
    { label: words.neutral, wide: 14, draw: (x, y) => twain.mark("circle", x + 7, y, 4, grey, t.paper) },
  ]);
  const narrow = style.width < 700, columns = narrow ? 1 : Math.min(3, data.panels.length);
  const lines = Math.ceil(data.panels.length / columns);
  const room = twain.panels({ left: box.left, right: box.right - 8, top: box.top + 50, bottom: box.bottom - 36 }, lines, columns, 22, 58);
  data.panels.forEach((panel, k) => {
    const whole = room[k], names = Math.min(whole.width * 0.56, 250);
    const b = { ...whole, left: whole.left + names, width: whole.width - names };
    const size = Math.max(7, Math.min(11.5, (whole.height / panel.rows.length) * 0.8));
    const colour = ["across", "frame"].includes(panel.school) ? t.ink : look(panel.school, style).colour;
    twain.heading(option, twain.clip(panel.label, 13, whole.width), whole.left, whole.top - 24, style, 13);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: -edge, max: edge, interval: edge, name: words.beyond, nameLocation: "middle", nameGap: 24,
      axisLabel: { formatter: (v) => (v > 0 ? `+${v}` : `${v}`.replace("-", "−")) } }));
    option.yAxis.push({ ...twain.valueAxis(style, { gridIndex: k, min: -0.5, max: panel.rows.length - 0.5, interval: 1, inverse: true, splitLine: { show: false } }),
      axisLabel: { customValues: panel.rows.map((_, i) => i), color: t.ink, fontSize: size, fontFamily: FONT,
        formatter: (i) => { const r = panel.rows[Math.round(i)]; return r ? twain.clip(`${r.id} ${r.claim}`, size, names - 10) : ""; } } });
    option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, silent: true, symbol: "none", data: [[0, -0.5], [0, panel.rows.length - 0.5]],
      lineStyle: { color: t.ink, width: 1.2, type: "solid" }, tooltip: { show: false }, z: 1 });
    option.series.push({ type: "custom", xAxisIndex: k, yAxisIndex: k, z: 3, encode: { x: 0, y: 1 },
      data: panel.rows.map((r, i) => [hold(r.value ?? -edge), i, i]),
      renderItem: (_p, api) => {
        const r = panel.rows[api.value(2)], y = api.coord([0, api.value(1)])[1], at = (x) => api.coord([hold(x), 0])[0];
        const children = [];
        if (r.ends[0] !== null && r.ends[1] !== null) {
          children.push({ type: "line", shape: { x1: at(r.ends[0]), y1: y, x2: at(r.ends[1]), y2: y }, style: { stroke: colour, lineWidth: 2 } });
        }
        if (r.neutral !== null) children.push(twain.mark("circle", at(r.neutral), y, 3.4, grey, t.paper));
        if (r.value !== null) children.push(twain.mark(r.shown ? "circle" : "diamond", at(r.value), y, 4.2, colour));
        return { type: "group", children: children.map((c) => ({ ...c, silent: false })) };
      },
      tooltip: { formatter: (item) => { const r = panel.rows[item.value[2]]; return `<b>${twain.escape(r.id)}</b> ${twain.escape(r.claim)}<br>${twain.escape(r.verdict)}`; } } });
  });
  return option;
};
