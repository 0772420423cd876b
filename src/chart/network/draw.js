// Every pair of states as a cell, in the order of the blocs: darker the more they cooperate, at one date.
twain.charts.network = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style);
  const year = data.year ?? data.years.length - 1, tie = data.tie ?? "cooperation";
  const shown = data.theories.filter((x) => !(data.off ?? []).includes(x.name));
  const narrow = style.width < 700, n = data.states.length;
  twain.rampLegend(option, data.words[tie], twain.percent(0), twain.percent(1), style, box.left, box.top + 8);
  const columns = narrow ? 1 : Math.min(shown.length, 4), rows = Math.ceil(shown.length / columns);
  const boxes = twain.panels({ ...box, top: box.top + 62, bottom: box.bottom - 8 }, rows, columns, 22, 70);
  // where a group begins and ends on the sides of a matrix
  const spans = data.groups.map((label, g) => ({ label, from: data.states.findIndex((s) => s.group === g),
    to: data.states.reduce((last, s, i) => (s.group === g ? i + 1 : last), -1) })).filter((s) => s.to > 0);
  shown.forEach((x, k) => {
    const b = boxes[k], margin = narrow ? 44 : 50, foot = 26;
    const side = Math.min(b.width - margin, b.height - foot), cell = side / n;
    const left = b.left + margin, top = b.top;
    twain.heading(option, `${x.label}, ${data.years[year]}`, left, b.top - 28, style, style.still ? 16 : 14);
    const code = data.ties[tie][x.name]?.[year] ?? "", members = data.member[x.name]?.[year] ?? "";
    const cells = [], sums = [[0, 0], [0, 0]];
    let pair = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++, pair++) {
        const c = code.charCodeAt(pair) - 35; // '"' means no figure; '#' is zero, one step a ninetieth
        if (!(c >= 0)) continue;
        cells.push([i, j, c / 90], [j, i, c / 90]);
        const apart = Number(members[i]) + Number(members[j]) === 1;
        const alike = members[i] === members[j] && (members[i] !== "2" || spans.length === 1);
        if (apart || alike) { const s = sums[apart ? 0 : 1]; s[0] += c / 90; s[1]++; }
      }
    }
    option.grid.push({ left, top, width: side, height: side });
    const axis = { gridIndex: k, min: 0, max: n, show: false };
    option.xAxis.push({ type: "value", ...axis });
    option.yAxis.push({ type: "value", inverse: true, ...axis });
    option.series.push({ type: "custom", name: x.name, xAxisIndex: k, yAxisIndex: k, data: cells, encode: { x: 0, y: 1 }, silent: style.still,
      renderItem: (_, api) => {
        const [px, py] = api.coord([api.value(0), api.value(1)]);
        return { type: "rect", shape: { x: px, y: py, width: cell + 0.2, height: cell + 0.2 }, style: { fill: twain.ramp(api.value(2), style) } };
      },
      tooltip: { formatter: (item) => `${twain.escape(data.states[item.value[0]].name)} – ${twain.escape(data.states[item.value[1]].name)}: <b>${twain.percent(item.value[2])}</b>` } });
    option.graphic.push({ type: "rect", silent: true, shape: { x: left, y: top, width: side, height: side }, style: { fill: "none", stroke: t.line, lineWidth: 1 } });
    for (const s of spans) {
      const from = s.from * cell, to = s.to * cell, middle = (from + to) / 2;
      if (s.from > 0) {
        option.graphic.push({ type: "line", silent: true, z: 5, shape: { x1: left - 6, y1: top + from, x2: left + side, y2: top + from }, style: { stroke: t.ink, lineWidth: 1.2 } },
          { type: "line", silent: true, z: 5, shape: { x1: left + from, y1: top, x2: left + from, y2: top + side + 6 }, style: { stroke: t.ink, lineWidth: 1.2 } });
      }
      if (!s.label) continue;
      // a name longer than its group stands one column further out, where it meets no other
      const size = style.still ? 14 : 12.5, out = 0.62 * size * s.label.length > to - from ? 12 + size : 10;
      option.graphic.push({ type: "text", silent: true, x: left - out, y: top + middle, rotation: Math.PI / 2,
        style: { text: s.label, align: "center", verticalAlign: "bottom", fill: t.ink, font: `600 ${size}px ${FONT}` } });
    }
    if (spans.length > 1) {
      const mean = ([sum, many]) => (many ? twain.percent(sum / many) : "–");
      option.graphic.push({ type: "text", silent: true, style: { text: data.words.count.replace("{a}", mean(sums[0])).replace("{b}", mean(sums[1])), x: left + side / 2, y: top + side + 12,
        align: "center", verticalAlign: "top", fill: t.soft, font: `${style.still ? 14.5 : 12.5}px ${FONT}` } });
    }
  });
  return option;
};
