// Who holds the key: who breaks silence at a proposal, whose veto is pivotal, and how members that move go.
twain.charts.keyholder = (data, style) => {
  const { theme, look, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const narrow = style.width < 700, proposal = data.proposals[data.chosen ?? 0];
  twain.legend(option, data.theories.map((x) => ({ ...x, band: false, mark: true })), style, box);
  const split = narrow ? box.right : box.left + (box.right - box.left) * (data.paths.length ? 0.66 : 1);
  const bottom = narrow && data.paths.length ? box.top + (box.bottom - box.top) * 0.6 : box.bottom;
  const size = style.still ? 15 : 12, names = style.still ? 150 : 118, top = box.top + 62;
  const members = proposal.members.slice(0, Math.max(6, Math.floor((bottom - top - 24) / (size + 9))));
  const columns = [["no", data.words.no], ...(proposal.pivotal ? [["pivotality", data.words.pivotality]] : [])];
  const w = (split - box.left - names - 30 - 40 * (columns.length - 1)) / columns.length;
  columns.forEach(([key, label], k) => {
    const b = { left: box.left + names + k * (w + 40), width: w, top, height: bottom - top - 24 };
    const all = proposal.members.length;
    const named = k || members.length === all ? label : data.words.shown.replace("{label}", label).replace("{n}", members.length).replace("{all}", all);
    twain.heading(option, named, b.left, top - 24, style, 13);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: 0, max: 1, interval: k ? 0.5 : 0.25,
      axisLabel: { formatter: (v) => twain.percent(v), hideOverlap: true } }));
    option.yAxis.push(twain.categoryAxis(style, { gridIndex: k, inverse: true, data: members.map((m) => m.name),
      splitLine: { show: true, lineStyle: { color: t.faint } },
      axisLabel: { show: !k, color: t.ink, fontSize: size, formatter: (s) => twain.clip(s, size, names - 14) } }));
    data.theories.forEach((x, i) => {
      const l = look(x.name, style, i);
      option.series.push({ type: "scatter", name: x.name, xAxisIndex: k, yAxisIndex: k, symbol: l.symbol, symbolSize: twain.isNull(x.name) ? 8 : style.still ? 14 : 11, clip: false, z: twain.isNull(x.name) ? 2 : 3,
        itemStyle: { color: l.colour, borderColor: t.paper, borderWidth: 1 },
        data: members.map((m, j) => ({ value: [m.votes[i]?.[key] ?? null, j], term: m.votes[i]?.term, state: m.name })).filter((p) => p.value[0] !== null),
        tooltip: { formatter: (item) => `<b>${twain.escape(item.data.state)}</b>, ${twain.escape(x.label)}<br>${twain.escape(label)}: ${twain.percent(item.value[0])}` +
          (item.data.term ? `<br>${twain.escape(data.words.term)}: ${twain.escape(item.data.term)}` : "") } });
    });
  });
  const area = narrow ? { left: box.left + 44, right: box.right - 10, top: bottom + 40, bottom: box.bottom - 22 }
    : { left: split + 54, right: box.right - 10, top, bottom: box.bottom - 24 };
  const boxes = twain.panels(area, Math.max(1, data.paths.length), 1, 0, 40);
  const fives = [];
  for (let y = Math.ceil(data.start / 5) * 5; y <= data.end; y += 5) fives.push(y);
  data.paths.forEach((path, p) => {
    const k = columns.length + p, b = boxes[p];
    twain.heading(option, twain.clip(path.label, 13, b.width), b.left, b.top - 22, style, 13);
    option.grid.push(b);
    option.xAxis.push(twain.valueAxis(style, { gridIndex: k, min: data.start, max: data.end, splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: t.soft } },
      axisTick: { show: true, customValues: fives }, axisLabel: { show: p === data.paths.length - 1, customValues: fives, hideOverlap: true, formatter: (v) => `${Math.round(v)}` } }));
    option.yAxis.push(twain.valueAxis(style, { gridIndex: k, min: 0, max: 1, interval: 0.5, axisLabel: { formatter: (v) => twain.percent(v) } }));
    path.series.forEach((s, i) => {
      const l = look(s.theory, style, i);
      option.series.push({ type: "line", name: s.theory, xAxisIndex: k, yAxisIndex: k, symbol: "none", step: "end",
        data: path.times.map((time, j) => [time, s.share[j]]), lineStyle: { color: l.colour, width: l.wide, type: l.dash }, itemStyle: { color: l.colour },
        tooltip: { show: false } });
    });
  });
  return option;
};
