// Two machines: burden share against GDP share with the joint-product curves, and consensus by size.
twain.charts.machines = (data, style) => {
  const { theme, look, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700;
  const CURVES = [[t.soft, "solid", 1.4], [t.ink, [6, 4], 1.8], [t.ink, "solid", 1.8]];
  twain.legend(option, data.theories.map((x) => ({ ...x, band: false, mark: true })), style, box,
    data.curves.map((c, i) => ({ label: c, wide: 28, draw: twain.sample(CURVES[i][0], CURVES[i][2], CURVES[i][1]) })));
  const n = data.bodies.length + 1;
  const boxes = twain.panels({ left: box.left + 54, right: box.right - 26, top: box.top + 62, bottom: box.bottom - 46 }, narrow ? n : 1, narrow ? 1 : n, 86, 90);
  const named = (name, k, more) => twain.valueAxis(style, { gridIndex: k, name, nameLocation: "middle", ...more });
  data.bodies.forEach((body, k) => {
    const b = boxes[k];
    twain.heading(option, body.label, b.left - 40, b.top - 26, style, 13.5);
    option.grid.push(b);
    const log = { type: "log", logBase: 10, min: body.low, max: 1, axisLabel: { formatter: (v) => (v >= 0.01 ? `${+(100 * v).toPrecision(1)}%` : `${+(100 * v).toPrecision(1)}%`) } };
    option.xAxis.push(named(data.words.gdp, k, { ...log, nameGap: 28 }));
    option.yAxis.push(named(data.words.burden, k, { ...log, nameGap: 44 }));
    body.curves.forEach((points, i) => option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, clip: true, data: points, z: 1,
      lineStyle: { color: CURVES[i][0], width: CURVES[i][2], type: CURVES[i][1] }, tooltip: { show: false } }));
    const labelled = new Set(body.labelled);
    data.theories.forEach((x, i) => {
      const l = look(x.name, style, i);
      option.series.push({ type: "scatter", name: x.name, xAxisIndex: k, yAxisIndex: k, symbol: l.symbol, symbolSize: 8, z: 3,
        itemStyle: { color: l.colour, opacity: 0.85, borderColor: t.paper, borderWidth: 0.6 },
        data: body.points.filter((p) => p.burden[i] !== null).map((p) => ({ value: [p.gdp, p.burden[i]], state: p.state })),
        label: { show: i === 0, position: "right", distance: 8, color: t.ink, fontSize: 11, formatter: (item) => (labelled.has(item.data.state) ? item.data.state : "") },
        labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
        tooltip: { formatter: (item) => `<b>${twain.escape(item.data.state)}</b>, ${twain.escape(x.label)}<br>${twain.escape(data.words.gdp)}: ${(100 * item.value[0]).toPrecision(3)}%<br>${twain.escape(data.words.burden)}: ${(100 * item.value[1]).toPrecision(3)}%` } });
    });
  });
  const k = n - 1, b = boxes[k];
  twain.heading(option, data.words.consensus, b.left - 40, b.top - 26, style, 13.5);
  option.grid.push(b);
  const share = { min: 0, max: 1, interval: 0.25, axisLabel: { formatter: (v) => twain.percent(v) } };
  option.xAxis.push(named(data.words.one, k, { ...share, interval: 0.1, min: data.least, nameGap: 28 }));
  option.yAxis.push(named(data.words.all, k, { ...share, nameGap: 44 }));
  data.sizes.forEach((s, i) => {
    option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, z: 2, data: s.curve,
      lineStyle: { color: t.ink, width: 2.2, type: [[1, 0], [8, 4], [2, 3]][i % 3] }, tooltip: { show: false } });
    const y = b.top + 16 + 20 * i, dash = [null, [8, 4], [2, 3]][i % 3];
    option.graphic.push({ type: "line", silent: true, shape: { x1: b.left + 12, y1: y, x2: b.left + 42, y2: y }, style: { stroke: t.ink, lineWidth: 2.2, lineDash: dash } },
      { type: "text", silent: true, style: { text: s.label, x: b.left + 50, y, verticalAlign: "middle", fill: t.ink, font: `12px ${FONT}` } });
  });
  return option;
};
