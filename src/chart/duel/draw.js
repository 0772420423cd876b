// A match: a strip of moves for each player, and the payoffs each has earned so far.
twain.charts.match = (data, style) => {
  const { theme, FONT } = twain;
  const t = theme(style), option = twain.base(data, style), box = twain.area(data, style), narrow = style.width < 700;
  const [blue, orange] = style.theme === "dark" ? ["#5AB4F0", "#FF8A3D"] : ["#0072B2", "#D55E00"], colours = [twain.look("null-a", style).colour, t.ink];
  const patch = (colour, hollow) => (x, y) => ({ type: "rect", silent: true, shape: { x, y: y - 7, width: 14, height: 14 },
    style: hollow ? { fill: colour, stroke: t.ink, lineWidth: 2.5 } : { fill: colour } });
  const slipped = data.strip.some((m) => m[2] || m[3]);
  twain.legend(option, [], style, box, [{ label: data.words.cooperates, wide: 14, draw: patch(blue) }, { label: data.words.defects, wide: 14, draw: patch(orange) },
    ...(slipped ? [{ label: data.words.slipped, wide: 14, draw: patch(t.paper, true) }] : [])]);
  const room = Math.min(narrow ? 96 : 190, Math.max(...data.names.map((n) => twain.width(n, 14))) + 14);
  const per = narrow ? 20 : 60, n = data.strip.length, lines = Math.ceil(n / per), columns = Math.min(per, n);
  const left = box.left + room, w = (box.right - left - 8) / columns, h = Math.min(34, Math.max(15, w), lines > 2 ? 24 : 34);
  let y = box.top + 64;
  twain.heading(option, data.words.moves, box.left, y - 30, style, 14);
  for (let line = 0; line < lines; line++) {
    for (const k of [0, 1]) {
      option.graphic.push({ type: "text", silent: true, style: { text: twain.clip(data.names[k], 14, room - 10), x: box.left, y: y + h / 2, verticalAlign: "middle", fill: t.ink, font: `${k ? 400 : 600} 14px ${FONT}` } });
      for (let i = line * per; i < Math.min(n, (line + 1) * per); i++) {
        const kind = data.strip[i][k] === "C", x = left + (i - line * per) * w;
        option.graphic.push({ type: "rect", silent: true, shape: { x: x + 1, y: y + 1, width: w - 2, height: h - 2, r: 2 },
          style: { fill: kind ? blue : orange, stroke: data.strip[i][2 + k] ? t.ink : "transparent", lineWidth: data.strip[i][2 + k] ? 2.5 : 0 } });
        if (w >= 13) option.graphic.push({ type: "text", silent: true, style: { text: data.strip[i][k], x: x + w / 2, y: y + h / 2, align: "center", verticalAlign: "middle", fill: "#ffffff", font: `600 ${Math.min(15, w * 0.7)}px ${FONT}` } });
      }
      y += h + 2;
    }
    y += 12;
  }
  const top = y + 46, grid = { left: box.left + 58, top, width: box.right - box.left - 78, height: Math.max(90, box.bottom - top - 44) };
  twain.heading(option, data.words.earned, box.left, y + 12, style, 14);
  option.grid.push(grid);
  const end = data.totals[data.totals.length - 1];
  option.xAxis.push(twain.valueAxis(style, { min: 0, max: end[0], name: data.words.turn, nameLocation: "middle", nameGap: 28, splitLine: { show: false },
    axisLine: { show: true, lineStyle: { color: t.soft } }, axisLabel: { hideOverlap: true } }));
  option.yAxis.push(twain.valueAxis(style, {}));
  [0, 1].forEach((k) => option.series.push({ type: "line", name: data.names[k], symbol: "none", data: [[0, 0], ...data.totals.map((p) => [p[0], p[1 + k]])],
    lineStyle: { color: colours[1 - k], width: k ? 3 : 3.4, type: k ? [8, 5] : "solid" }, itemStyle: { color: colours[1 - k] },
    endLabel: { show: !narrow && end[1] !== end[2], formatter: twain.clip(data.names[k], 13, 160), color: t.ink, fontSize: 13, fontFamily: FONT, align: "right", offset: [-4, (end[1 + k] >= end[2 - k]) ? -14 : 16] } }));
  if (narrow || end[1] === end[2]) {
    twain.legend(option, [], style, { left: box.left + 8 + twain.width(data.words.earned, 14) + 24, top: y + 12 }, [0, 1].map((k) => ({ label: twain.clip(data.names[k], 13, narrow ? 90 : 200), wide: 28, draw: twain.sample(colours[1 - k], 3, k ? [8, 5] : "solid") })));
  }
  return option;
};
