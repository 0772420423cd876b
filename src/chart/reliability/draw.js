// Reliability: what came true of the statements to which a school's runs give a share, against that share.
twain.charts.reliability = (data, style) => {
  const { theme } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700, n = data.panels.length;
  const boxes = twain.panels({ left: box.left + 54, right: box.right - 20, top: box.top + 34, bottom: box.bottom - 46 }, narrow ? n : 1, narrow ? 1 : n, 66, 80);
  const percent = { formatter: (v) => twain.percent(v) };
  data.panels.forEach((panel, k) => {
    const b = boxes[k], l = twain.look(panel.name, style, k);
    twain.heading(option, panel.label, b.left - 40, b.top - 28, style, 14);
    option.grid.push(b);
    const named = (name, gap) => twain.valueAxis(style, { gridIndex: k, name, nameLocation: "middle", nameGap: gap, min: 0, max: 1, interval: 0.25, axisLabel: percent });
    option.xAxis.push(named(data.words.forecast, 28));
    option.yAxis.push(named(data.words.happened, 44));
    option.series.push({ type: "line", xAxisIndex: k, yAxisIndex: k, symbol: "none", silent: true, data: [[0, 0], [1, 1]],
      lineStyle: { color: t.line, width: 1.2, type: [4, 4] }, tooltip: { show: false } },
    { type: "line", xAxisIndex: k, yAxisIndex: k, symbol: l.symbol, data: panel.points.map((p) => ({ value: [p.forecast, p.happened], symbolSize: 7 + 1.6 * Math.sqrt(p.n), n: p.n })),
      lineStyle: { color: l.colour, width: 2 }, itemStyle: { color: l.colour, borderColor: t.paper, borderWidth: 1 },
      label: { show: true, position: "top", distance: 6, color: t.soft, fontSize: 11, formatter: (item) => `${item.data.n}` },
      tooltip: { formatter: (item) => `${data.words.forecast}: <b>${twain.percent(item.value[0])}</b><br>${data.words.happened}: <b>${twain.percent(item.value[1])}</b><br>${twain.escape(data.words.statements.replace("{n}", item.data.n))}` } });
  });
  return option;
};
