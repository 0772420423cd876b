// An outcome over two parameters, one panel a population, with the analytic threshold drawn over it.
twain.charts.landscape = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const wide = twain.rampLegend(option, data.words.outcome, data.words.low, data.words.high, style, box.left, box.top + 8);
  if (data.threshold.length) {
    option.graphic.push({ type: "line", silent: true, shape: { x1: box.left + wide + 30, y1: box.top + 8, x2: box.left + wide + 62, y2: box.top + 8 },
      style: { stroke: t.ink, lineWidth: 2.4, lineDash: [7, 4] } },
      { type: "text", silent: true, style: { text: data.words.threshold, x: box.left + wide + 70, y: box.top + 8, verticalAlign: "middle", fill: t.ink, font: `12.5px ${FONT}` } });
  }
  const n = data.panels.length, columns = style.width < 700 ? 1 : n === 4 ? 2 : Math.min(n, 3), rows = Math.ceil(n / columns);
  const boxes = twain.panels({ left: box.left + 52, right: box.right - 8, top: box.top + 48, bottom: box.bottom - 44 }, rows, columns, 70, 84);
  // cells end half way to the neighbouring value
  const edges = (v) => v.map((x, i) => [i ? (x + v[i - 1]) / 2 : x - ((v[1] ?? x + 1) - x) / 2, i < v.length - 1 ? (x + v[i + 1]) / 2 : x + (x - (v[i - 1] ?? x - 1)) / 2]);
  const ex = edges(data.x.values), ey = edges(data.y.values);
  const scale = (v) => (data.top > data.bottom ? (v - data.bottom) / (data.top - data.bottom) : 0);
  data.panels.forEach((panel, k) => {
    const b = boxes[k];
    if (n > 1 || panel.label) twain.heading(option, panel.label, b.left, b.top - 24, style, 14);
    option.grid.push(b);
    const limits = (e) => ({ min: e[0][0], max: e[e.length - 1][1] });
    const named = (name, more) => twain.valueAxis(style, { gridIndex: k, name, nameLocation: "middle", splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: t.soft } }, axisTick: { show: true, lineStyle: { color: t.soft } }, ...more });
    const ticks = (values) => ({ customValues: values.length > 8 ? values.filter((_, i) => i % 2 === 0) : values,
      formatter: (v) => `${+v.toPrecision(3)}` });
    option.xAxis.push(named(data.x.label, { ...limits(ex), nameGap: 28, axisLabel: ticks(data.x.values), axisTick: { show: true, customValues: data.x.values } }));
    option.yAxis.push(named(data.y.label, { ...limits(ey), nameGap: 36, axisLabel: ticks(data.y.values), axisTick: { show: true, customValues: data.y.values } }));
    option.series.push({ type: "custom", xAxisIndex: k, yAxisIndex: k, id: `cells ${k}`, data: panel.cells, encode: { x: 0, y: 1 }, clip: true,
      renderItem: (_, api) => {
        const i = api.value(0), j = api.value(1), v = api.value(2);
        const [x1, y1] = api.coord([ex[i][0], ey[j][1]]), [x2, y2] = api.coord([ex[i][1], ey[j][0]]);
        const cell = { type: "rect", shape: { x: x1, y: y1, width: x2 - x1 + 0.4, height: y2 - y1 + 0.4 },
          style: { fill: twain.ramp(scale(v), style), stroke: t.paper, lineWidth: 0.6 } };
        if (x2 - x1 < 30 || y2 - y1 < 14) return cell;
        return { type: "group", children: [cell, { type: "text", style: { text: data.share ? `${Math.round(100 * v)}` : twain.fixed(v), x: (x1 + x2) / 2, y: (y1 + y2) / 2,
          align: "center", verticalAlign: "middle", fill: twain.onRamp(scale(v), style), font: `11px ${FONT}` } }] };
      },
      tooltip: { formatter: (item) => `${twain.escape(data.x.label)} ${data.x.values[item.value[0]]}<br>${twain.escape(data.y.label)} ${data.y.values[item.value[1]]}<br><b>${twain.fixed(item.value[2])}</b> (${twain.fixed(item.value[3])} – ${twain.fixed(item.value[4])})` } });
    if (data.threshold.length && panel.threshold) {
      option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, z: 4, clip: true, data: data.threshold,
        lineStyle: { color: t.paper, width: 5, opacity: 0.8 }, tooltip: { show: false } },
      { type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, z: 5, clip: true, data: data.threshold,
        lineStyle: { color: t.ink, width: 2.4, type: [7, 4] }, tooltip: { show: false } });
    }
  });
  return option;
};
