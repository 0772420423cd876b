// Morris's plane: how much a factor matters against how much its effect depends on the others.
twain.charts.morris = (data, style) => {
  const { theme } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700, n = data.panels.length;
  const boxes = twain.panels({ left: box.left + 54, right: box.right - 40, top: box.top + 34, bottom: box.bottom - 46 }, narrow ? n : 1, narrow ? 1 : n, 74, 80);
  data.panels.forEach((panel, k) => {
    const b = boxes[k], l = twain.look(panel.name, style, k);
    twain.heading(option, panel.label, b.left - 40, b.top - 28, style, 14);
    option.grid.push(b);
    const named = (name, gap) => twain.valueAxis(style, { gridIndex: k, name, nameLocation: "middle", nameGap: gap, min: 0, max: data.most, interval: data.most / 4,
      axisLabel: { formatter: (v) => `${+v.toPrecision(2)}` } });
    option.xAxis.push(named(data.words.mu, 28));
    option.yAxis.push(named(data.words.sigma, 40));
    option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, data: [[0, 0], [data.most, data.most]],
      lineStyle: { color: t.line, width: 1.2, type: [4, 4] }, tooltip: { show: false } },
    { type: "scatter", xAxisIndex: k, yAxisIndex: k, symbol: l.symbol, symbolSize: 11, data: panel.points.map((p) => ({ value: [p.mu, p.sigma], name: p.factor, label: { position: p.mu > 0.55 * data.most ? "left" : "right" } })),
      itemStyle: { color: l.colour, borderColor: t.paper, borderWidth: 1 },
      label: { show: true, position: "right", distance: 6, color: t.ink, fontSize: 11.5, formatter: (item) => twain.clip(item.data.name, 11.5, b.width * 0.62) },
      labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
      tooltip: { formatter: (item) => `<b>${twain.escape(item.data.name)}</b><br>μ* ${twain.fixed(item.value[0], 3)}, σ ${twain.fixed(item.value[1], 3)}` } });
  });
  return option;
};
