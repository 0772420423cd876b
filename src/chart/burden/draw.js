// Who pays: share of a body's spending against share of its GDP, with the curves of the theory of public goods.
twain.charts.burden = (data, style) => {
  const { theme, look, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700;
  const CURVES = [[t.soft, "solid", 1.4], [t.ink, [6, 4], 1.8], [t.ink, "solid", 1.8]];
  twain.legend(option, data.theories.map((x) => ({ ...x, band: false, mark: true })), style, box,
    data.curves.map((c, i) => ({ label: c, wide: 28, draw: twain.sample(CURVES[i][0], CURVES[i][2], CURVES[i][1]) })));
  const n = data.bodies.length;
  const boxes = twain.panels({ left: box.left + 54, right: box.right - 26, top: box.top + 62, bottom: box.bottom - 46 }, narrow ? n : 1, narrow ? 1 : n, 86, 90);
  const named = (name, k, more) => twain.valueAxis(style, { gridIndex: k, name, nameLocation: "middle", ...more });
  data.bodies.forEach((body, k) => {
    const b = boxes[k];
    twain.heading(option, body.label, b.left - 40, b.top - 28, style, 16);
    option.grid.push(b);
    const log = { type: "log", logBase: 10, min: body.low, max: 1, axisLabel: { formatter: (v) => twain.percent(v, 1) } };
    option.xAxis.push(named(data.words.gdp, k, { ...log, nameGap: 28 }));
    option.yAxis.push(named(data.words.burden, k, { ...log, nameGap: 44 }));
    body.curves.forEach((points, i) => option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, clip: true, data: points, z: 1,
      lineStyle: { color: CURVES[i][0], width: CURVES[i][2], type: CURVES[i][1] }, tooltip: { show: false } }));
    const labelled = new Set(body.labelled);
    data.theories.forEach((x, i) => {
      const l = look(x.name, style, i);
      option.series.push({ type: "scatter", name: x.name, xAxisIndex: k, yAxisIndex: k, symbol: l.symbol, symbolSize: style.still ? 11 : 8, z: 3,
        itemStyle: { color: l.colour, opacity: 0.85, borderColor: t.paper, borderWidth: 0.6 },
        data: body.points.filter((p) => p.burden[i] !== null).map((p) => ({ value: [p.gdp, p.burden[i]], state: p.state })),
        label: { show: i === 0, position: "right", distance: 8, color: t.ink, fontSize: style.still ? 14 : 11, formatter: (item) => (labelled.has(item.data.state) ? item.data.state : "") },
        labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
        tooltip: { formatter: (item) => `<b>${twain.escape(item.data.state)}</b>, ${twain.escape(x.label)}<br>${twain.escape(data.words.gdp)}: ${(100 * item.value[0]).toPrecision(3)}%<br>${twain.escape(data.words.burden)}: ${(100 * item.value[1]).toPrecision(3)}%` } });
    });
  });
  return option;
};
