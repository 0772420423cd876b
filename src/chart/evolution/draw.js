// Evolution: shares of strategies over time under each dynamics, and where the population spends its time.
twain.charts.evolution = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style), narrow = style.width < 700;
  twain.legend(option, [], style, box, data.strategies.map((s, i) => ({ label: s.label, wide: 22,
    draw: (x, y) => ({ type: "rect", silent: true, shape: { x, y: y - 6, width: 22, height: 12 }, style: { fill: twain.look(s.name, style, i).colour, opacity: 0.75 } }) })));
  const n = data.panels.length + (data.stationary.length ? 1 : 0);
  const boxes = twain.panels({ left: box.left + 46, right: box.right - 16, top: box.top + 58, bottom: box.bottom - 44 }, narrow ? n : 1, narrow ? 1 : n, 70, 84);
  data.panels.forEach((panel, k) => {
    const b = boxes[k];
    twain.heading(option, panel.label, b.left - 34, b.top - 26, style, 13.5);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: 0, max: panel.times[panel.times.length - 1], name: panel.unit, nameLocation: "middle", nameGap: 28,
      splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t.soft } }, axisLabel: { hideOverlap: true } }));
    option.yAxis.push(twain.valueAxis(style, { gridIndex: k, min: 0, max: 1, interval: 0.25, axisLabel: { formatter: (v) => twain.percent(v) } }));
    panel.series.forEach((s, i) => {
      const l = twain.look(s.name, style, i);
      option.series.push({ type: "line", name: s.name, xAxisIndex: k, yAxisIndex: k, symbol: "none", stack: `shares ${k}`, data: panel.times.map((x, j) => [x, s.share[j]]),
        lineStyle: { color: t.paper, width: 0.6 }, itemStyle: { color: l.colour }, areaStyle: { color: l.colour, opacity: 0.75 } });
    });
  });
  if (data.stationary.length) {
    const k = n - 1, b = boxes[k], names = Math.min(130, b.width * 0.45);
    twain.heading(option, data.words.stationary, b.left - 34, b.top - 26, style, 13.5);
    option.grid.push({ ...b, left: b.left + names - 34, width: b.width - names + 34 });
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: 0, max: 1, interval: 0.25, name: data.words.time, nameLocation: "middle", nameGap: 28,
      axisLabel: { hideOverlap: true, formatter: (v) => twain.percent(v) } }));
    option.yAxis.push(twain.categoryAxis(style, { gridIndex: k, inverse: true, data: data.stationary.map((s) => s.name),
      axisLabel: { color: t.ink, fontSize: 12, formatter: (s) => twain.clip(s, 12, names - 12) } }));
    option.series.push({ type: "custom", xAxisIndex: k, yAxisIndex: k, data: data.stationary.map((s, i) => [s.simulated ?? s.rare, i]),
      renderItem: (_, api) => {
        const s = data.stationary[api.value(1)], l = twain.look(s.name, style, api.value(1)), at = (v) => api.coord([v, api.value(1)]), y = at(0)[1], children = [];
        if (s.rare !== null) children.push({ type: "rect", shape: { x: at(0)[0], y: y - 7, width: at(s.rare)[0] - at(0)[0], height: 14 }, style: { fill: l.colour, opacity: 0.4 } });
        if (s.simulated !== null) {
          if (s.low !== null) children.push({ type: "line", shape: { x1: at(s.low)[0], y1: y, x2: at(s.high)[0], y2: y }, style: { stroke: t.ink, lineWidth: 1.8 } });
          children.push({ type: "circle", shape: { cx: at(s.simulated)[0], cy: y, r: 4.6 }, style: { fill: t.paper, stroke: t.ink, lineWidth: 1.8 } });
        }
        return { type: "group", children };
      } });
    option.graphic.push({ type: "text", silent: true, style: { text: data.words.key, x: b.left + b.width, y: b.top - 2, align: "right", verticalAlign: "bottom", fill: t.soft, font: `11px ${FONT}` } });
  }
  return option;
};
