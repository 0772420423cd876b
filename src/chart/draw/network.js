// The states as nodes, by bloc; edges where the mean of a tie is above the threshold, at one date.
twain.charts.network = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style), blocs = twain.blocs(style);
  const year = data.year ?? data.years.length - 1, tie = data.tie ?? "cooperation";
  const shown = data.theories.filter((x) => !(data.off ?? []).includes(x.name));
  twain.legend(option, [], style, box, [
    ...data.groups.map((g, i) => ({ label: g, wide: 14, draw: (x, y) => twain.mark("circle", x + 7, y, 6, blocs[i]) })).filter((g) => g.label),
    { label: data.words.inside, wide: 28, draw: twain.sample(t.soft, 2.4, "solid", 0.5) },
    { label: data.words.across, wide: 28, draw: twain.sample("#CC79A7", 2.4, "solid", 0.9) },
  ]);
  const narrow = style.width < 700;
  const boxes = twain.panels({ ...box, top: box.top + 58, bottom: box.bottom - 6 }, narrow ? shown.length : 1, narrow ? 1 : shown.length, 24, 44);
  const n = data.states.length;
  shown.forEach((x, k) => {
    const b = boxes[k], wide = Math.min(b.width - 76, b.height - 60), tall = Math.min(b.height - 64, wide * 1.3);
    twain.heading(option, `${x.label}, ${data.years[year]}`, b.left, b.top - 28, style, 14);
    const code = data.ties[tie][x.name][year];
    const left = b.left + (b.width - wide) / 2, top = b.top + 14 + (b.height - 64 - tall) / 2;
    const members = data.member[x.name][year];
    const group = (i) => Number(members[i]);
    const links = [];
    let pair = 0;
    const count = [0, 1].map(() => ({ strong: 0, all: 0, sum: 0 }));
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++, pair++) {
        const c = code.charCodeAt(pair) - 35; // '"' means no figure; '#' is zero, one step a ninetieth
        if (c < 0) continue;
        const v = c / 90;
        const between = group(i) + group(j) === 1;
        if (group(i) === 2 || group(j) === 2) continue;
        const kind = count[between ? 0 : 1];
        kind.all++;
        kind.sum += v;
        if (v < data.threshold) continue;
        kind.strong++;
        links.push({ source: i, target: j, value: v,
          lineStyle: { color: between ? "#CC79A7" : t.soft, width: 0.4 + 1.8 * ((v - data.threshold) / (1 - data.threshold)),
            opacity: between ? 0.4 : 0.12, curveness: between ? 0.1 : 0.18 } });
      }
    }
    const mean = (k) => (count[k].all ? twain.fixed(count[k].sum / count[k].all) : "–");
    option.series.push({ type: "graph", layout: "none", coordinateSystem: undefined, left, top, width: wide, height: tall, roam: false, silent: style.still,
      name: x.name, links, label: { show: true, color: t.ink, fontSize: 9.5, position: "right", distance: 3, formatter: (item) => item.data.code },
      data: data.states.map((s, i) => {
        const angle = s.angle;
        return { id: String(i), name: s.name, code: s.code, x: wide * Math.cos(angle), y: -tall * Math.sin(angle), fixed: true,
          symbolSize: 5 + 15 * Math.sqrt(s.size), itemStyle: { color: blocs[group(i)], borderColor: t.paper, borderWidth: 0.8 },
          label: { position: Math.abs(Math.cos(angle)) > 0.4 ? (Math.cos(angle) < 0 ? "left" : "right") : Math.sin(angle) > 0 ? "top" : "bottom" } };
      }),
      tooltip: { formatter: (item) => (item.dataType === "edge"
        ? `${twain.escape(data.states[item.data.source].name)} – ${twain.escape(data.states[item.data.target].name)}: <b>${twain.fixed(item.data.value)}</b>`
        : `<b>${twain.escape(item.data.name)}</b> (${twain.escape(data.groups[group(Number(item.data.id))])})`) } });
    option.graphic.push({ type: "text", silent: true, style: { text: data.words.count.replace("{n}", count[0].strong).replace("{a}", mean(0)).replace("{m}", count[1].strong).replace("{b}", mean(1)), x: b.left + b.width / 2, y: b.top + b.height - 4,
      align: "center", verticalAlign: "bottom", fill: t.soft, font: `12.5px ${FONT}` } });
  });
  return option;
};
