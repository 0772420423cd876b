// Two strategies alone: where selection leads at each share, and the chance to take over from there.
twain.charts.gradient = (data, style) => {
  const { theme } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style), narrow = style.width < 700;
  const look = (i) => twain.look(`pair ${i}`, style, i), dash = (i) => [null, [9, 4], [3, 3], [12, 3, 2, 3], [1, 3]][i];
  const dot = (fill) => (x, y) => ({ type: "circle", silent: true, shape: { cx: x + 7, cy: y, r: 5.5 }, style: { fill, stroke: t.ink, lineWidth: 2 } });
  const rests = data.lines.flatMap((l) => l.rests);
  twain.legend(option, [], style, box, [...data.lines.map((l, i) => ({ label: twain.clip(l.label, 13, style.width - 90), wide: 28, draw: twain.sample(look(i).colour, 3, dash(i) ?? "solid") })),
    ...(rests.some((r) => r[1]) ? [{ label: data.words.stable, wide: 14, draw: dot(t.ink) }] : []), ...(rests.some((r) => !r[1]) ? [{ label: data.words.unstable, wide: 14, draw: dot(t.paper) }] : [])]);
  const boxes = twain.panels({ left: box.left + 62, right: box.right - 16, top: box.top + 62, bottom: box.bottom - 44 }, narrow ? 2 : 1, narrow ? 1 : 2, 84, 96);
  [["gradient", data.words.gradient], ["takeover", data.words.takeover]].forEach(([key, label], k) => {
    const b = boxes[k];
    twain.heading(option, label, b.left - 50, b.top - 28, style, 14);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: 0, max: 1, interval: 0.25, name: data.words.share, nameLocation: "middle", nameGap: 28, splitLine: { show: false },
      axisLine: { show: true, onZero: !k, lineStyle: { color: t.soft, width: k ? 1 : 1.6 } }, axisLabel: { formatter: (v) => twain.percent(v) } }));
    option.yAxis.push(twain.valueAxis(style, { gridIndex: k, ...(k ? { min: 0, max: 1, interval: 0.25 } : {}),
      axisLabel: { formatter: (v) => (k ? twain.percent(v) : `${+v.toPrecision(2)}`.replace("-", "−")) } }));
    data.lines.forEach((l, i) => option.series.push({ type: "line", name: l.label, xAxisIndex: k, yAxisIndex: k, symbol: "none", data: l.share.map((x, j) => [x, l[key][j]]),
      lineStyle: { color: look(i).colour, width: 3, type: dash(i) ?? "solid" }, itemStyle: { color: look(i).colour } }));
    if (!k && rests.length) {
      option.series.push({ type: "scatter", xAxisIndex: k, yAxisIndex: k, symbolSize: 12, z: 5, data: rests.map(([x, stable]) => ({ value: [x, 0], itemStyle: { color: stable ? t.ink : t.paper, borderColor: t.ink, borderWidth: 2 } })) });
    }
  });
  return option;
};
