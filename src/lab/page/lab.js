// The laboratory: seven stations around one engine. The address keeps the state; nothing leaves the page.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  twain.learn(data.colours);
  const $ = (id) => document.getElementById(id);
  const lab = window.twainLab = { errors: [], started: performance.now() };
  addEventListener("error", (e) => lab.errors.push(e.message));
  addEventListener("unhandledrejection", (e) => { lab.errors.push(String(e.reason)); wrong(e.reason); });

  // names, terms and words in the language of the page
  const proper = (name) => data.names[name] ?? name;
  const T = (key, values = {}) => Object.entries(values).reduce((t, [k, v]) => t.replaceAll(`{${k}}`, proper(v)), data.words[key] ?? key);
  twain.speak(data.locale);
  const percent = (x) => twain.percent(x ?? null);
  const signed = (x, d = 2) => `${x < 0 ? "−" : "+"}${twain.fixed(Math.abs(x), d)}`;
  const term = (name) => data.terms[name] ?? name;
  const list = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${T("and")} ${words.at(-1)}`);
  function el(tag, more = {}, ...children) {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(more)) if (k in e && k !== "list") e[k] = v; else e.setAttribute(k, v);
    e.append(...children.filter((c) => c !== null && c !== undefined));
    return e;
  }
  const options = (select, pairs, value) => {
    select.replaceChildren(...pairs.map(([v, text]) => new Option(text, v)));
    if (value !== undefined && pairs.some(([v]) => String(v) === String(value))) select.value = value;
  };
  const number = (x) => `${+x.toPrecision(3)}`;

  // what the address keeps --------------------------------------------------------------------------------------------
  const STATIONS = [...document.querySelectorAll("main > section.station")].map((s) => s.id);
  const state = { at: "question", set: new Map(), drop: new Set(), n: 50, me: "", them: "", seat: 0, moves: [], why: {}, cases: [], own: "" };
  function write() {
    const q = new URLSearchParams();
    for (const [path, value] of state.set) q.append("set", `${path}=${value}`);
    for (const label of state.drop) q.append("drop", label);
    if (state.n !== 50) q.set("n", state.n);
    for (const key of ["me", "them", "own"]) if (state[key]) q.set(key, state[key]);
    if (state.seat) q.set("seat", state.seat);
    if (state.moves.length) q.set("moves", JSON.stringify(state.moves));
    if (Object.keys(state.why).length) q.set("why", JSON.stringify(state.why));
    if (state.cases.length) q.set("cases", state.cases.join("|"));
    const text = q.toString();
    const wanted = `#${state.at}${text ? `?${text}` : ""}`;
    if (location.hash !== wanted) history.pushState(null, "", wanted);
  }
  function read() {
    const [at, query] = location.hash.slice(1).split(/\?(.*)/s);
    const q = new URLSearchParams(query ?? ""), json = (key, otherwise) => { try { return JSON.parse(q.get(key)) ?? otherwise; } catch { return otherwise; } };
    state.at = STATIONS.includes(at) ? at : "question";
    state.set = new Map(q.getAll("set").map((s) => { const i = s.indexOf("="); return [s.slice(0, i).trim(), s.slice(i + 1).trim()]; }).filter(([k]) => k));
    state.drop = new Set(q.getAll("drop"));
    state.n = Math.max(1, Math.min(1000, Number(q.get("n")) || 50));
    for (const key of ["me", "them", "own"]) state[key] = q.get(key) ?? "";
    state.seat = Math.max(0, Number(q.get("seat")) || 0);
    state.moves = [].concat(json("moves", []));
    state.why = Object(json("why", {}));
    state.cases = (q.get("cases") ?? "").split("|").filter(Boolean);
  }

  // bets are kept on the device
  const bets = { at: "", all: {} };
  const keep = () => { try { localStorage.setItem(bets.at, JSON.stringify(bets.all)); } catch { /* a page from a stick may have no store */ } };

  // the engine ---------------------------------------------------------------------------------------------------------
  let about = null, base = null, turn = 0;
  const worlds = new Map();
  function world(changes) {
    const one = twainPool.world(changes), old = worlds.get(one.key) ?? one;
    worlds.delete(one.key);
    worlds.set(one.key, old);
    // worlds looked at long ago give their memory back; the first one stays
    for (const [key, w] of worlds) if (worlds.size > 24 && w !== base) { worlds.delete(key); twainPool.forget(w); break; }
    return old;
  }
  const changes = () => ({ set: [...state.set].map(([k, v]) => `${k} = ${v}`), drop: [...state.drop] });
  const now = () => world(changes());
  const names = () => about.populations.map((p) => p.name);
  const label = (name) => about.populations.find((p) => p.name === name)?.label ?? name;
  const stateName = (code) => proper(about.states[code]?.name ?? about.organisations[code]?.name ?? code);

  function wrong(error) {
    const text = String(error?.message ?? error);
    $("mistake").textContent = text;
    $("mistake").hidden = false;
    progress("");
  }
  const progress = (text) => { if ($("progress").textContent !== text) $("progress").textContent = text; };
  // runs what a station needs and shows it as it comes; a later turn ends an earlier one
  async function running(mine, jobs, n, show) {
    const theories = names();
    let waiting = false, last = 0, failed = null;
    const told = async (final) => {
      if (waiting || (!final && performance.now() - last < 350)) return;
      waiting = true;
      try { await show(final); } finally { waiting = false; last = performance.now(); }
    };
    const total = jobs.length * theories.length * n;
    const count = () => jobs.reduce((sum, w) => sum + Object.values(w.parts ?? {}).reduce((s, p) => s + Math.min(n, p?.runs ?? 0), 0), 0);
    await Promise.all(jobs.map(async (one) => {
      try {
        await twainPool.run(one, theories, n, () => {
          if (mine !== turn) return;
          progress(T("running", { done: count(), all: total }));
          if (jobs.every((w) => theories.every((t) => w.parts?.[t]))) told(false).catch((e) => { failed = e; });
        }, () => mine !== turn);
      } catch (e) { failed = e; }
    }));
    if (mine !== turn) return;
    if (failed) throw failed;
    while (waiting) await new Promise((done) => setTimeout(done, 20));
    await told(true);
    if (mine === turn) progress(T("ran", { n, populations: theories.length }));
  }

  const place = (name) => $(`chart-${name}`);
  // each picture is drawn in a task of its own, so that the page answers in between; nothing once something else is asked
  async function chart(name, charts, kind) {
    const mine = turn, found = charts.find((c) => c.name === kind);
    await new Promise((done) => setTimeout(done));
    if (mine !== turn) return found;
    place(name).hidden = !found;
    if (found) twainView.show(place(name), found);
    return found;
  }
  const mark = (key) => { lab[key] ??= performance.now() - lab.started; };

  // 1 the question -----------------------------------------------------------------------------------------------------
  const shocks = () => {
    const big = about.shocks.filter((s) => s.chart).map((s, i) => ({ ...s, i })).sort((a, b) => Math.abs(b.size) - Math.abs(a.size) || a.i - b.i);
    const told = ["Kosovo", "11 September", "Georgia"].map((l) => big.find((s) => s.label === l)).filter(Boolean);
    return (told.length === 3 ? told : big.slice(0, 3)).sort((a, b) => a.time - b.time);
  };
  const asked = () => about.facts.filter((f) => f.split === "holdout").sort((a, b) => new Set(b.claims).size - new Set(a.claims).size).slice(0, 6);
  function slider(id, value, change) {
    const out = el("output", { textContent: value === undefined ? T("no_bet") : percent(value / 100) });
    const range = el("input", { type: "range", id, min: 0, max: 100, step: 5, value: value ?? 50 });
    range.addEventListener("input", () => { out.textContent = percent(range.value / 100); change(Number(range.value)); });
    return el("span", {}, range, " ", out);
  }
  function question() {
    const blocs = about.blocs, form = $("bets");
    $("world").textContent = T("world", { states: Object.keys(about.states).length, bodies: Object.keys(about.organisations).length, start: about.start, end: about.end, runs: state.n });
    const rows = [], row = (id, text, control) => rows.push(el("div", { className: "bet" }, el("label", { htmlFor: id, textContent: text }), control));
    const put = (key) => (value) => { bets.all[key] = value; keep(); };
    const choice = (id, pairs) => {
      const select = el("select", { id });
      options(select, [["", T("no_bet")], ...pairs], bets.all[id] ?? "");
      select.addEventListener("change", () => put(id)(select.value));
      return select;
    };
    if (blocs.length === 2) {
      row("bet-framework", T("bet_framework", { a: blocs[0], b: blocs[1], end: about.end }), slider("bet-framework", bets.all["bet-framework"], put("bet-framework")));
      const members = [...new Set(blocs.flatMap((b) => about.organisations[b].members))].sort((a, b) => stateName(a).localeCompare(stateName(b)));
      row("bet-refuser", T("bet_refuser"), choice("bet-refuser", members.map((m) => [m, stateName(m)])));
    }
    for (const s of shocks()) row(`bet-${s.label}`, T("bet_shock", { label: s.label, date: s.date }), choice(`bet-${s.label}`, [["-", T("falls")], ["0", T("stays")], ["+", T("rises")]]));
    for (const f of asked()) row(`bet-${f.id}`, T("bet_fact", { claim: f.claim, period: f.period }), slider(`bet-${f.id}`, bets.all[`bet-${f.id}`], put(`bet-${f.id}`)));
    form.replaceChildren(...rows);
    if (!rows.length) form.append(el("p", { textContent: T("no_bets") }));
    progress("");
  }

  // 2 play -------------------------------------------------------------------------------------------------------------
  const momentKey = (m) => `${m.what} ${m.date} ${m.what === "vote" ? "" : m.on ?? ""}`;
  const decisions = () => state.moves.map((m) => [
    "[[decision]]", `who = ${JSON.stringify(state.me)}`, `what = ${JSON.stringify(m.what)}`, `when = ${JSON.stringify(m.date)}`,
    `choose = ${JSON.stringify(m.choose)}`, m.on && m.what !== "vote" ? `on = ${JSON.stringify(m.on)}` : "", m.toward ? `toward = ${JSON.stringify(m.toward)}` : "",
  ].filter(Boolean).join("\n")).join("\n\n");
  const playing = () => world({ ...changes(), decisions: state.moves.length ? decisions() : "" });

  function told(m) {
    const body = m.on ? stateName(m.on) : "";
    if (m.what === "change") return T(m.dated ? (m.change === "leave" ? "left_dated" : "joined_dated") : `did_${m.change}`, { who: stateName(state.me), body, term: m.reason ? term(m.reason) : T("no_reason") });
    if (m.what === "move") return T("met", { who: stateName(state.me), other: stateName(m.toward), issue: m.issue, choice: T(m.choose) });
    if (m.what === "membership") return T(m.left ? "renewal_left" : "renewal_stayed", { who: stateName(state.me), body });
    const asks = T(`asks_${m.kind}`, { from: stateName(m.from), to: stateName(m.to), label: m.label ? ` (${m.label})` : "" });
    const mine = T(m.yes ? "said_yes" : "said_no", { who: stateName(state.me) });
    const others = m.refused.filter((c) => c !== state.me).map(stateName);
    const end = m.passed ? T("passed") : others.length ? T("refused_by", { list: list(others.slice(0, 4)), more: others.length > 4 ? ` ${T("and_more", { n: others.length - 4 })}` : "" }) : m.yes ? T("refused_elsewhere") : T("refused_alone");
    return `${asks} ${mine} ${end}`;
  }

  async function reasons(one, m) {
    const meeting = m.what === "move" ? { what: "cooperate", toward: m.toward, issue: m.on } : { what: m.what, organisation: m.on ?? undefined };
    const ask = (theory) => twainPool.ask(one, "explain", { theory, replication: state.seat, who: state.me, when: m.date, ...meeting });
    const schools = about.schools, from = schools.includes(state.them) ? state.them : schools[0];
    try {
      const e = await ask(from);
      const own = { school: e.theory, utility: e.utility, probability: e.probability, main_term: mainTerm(e) };
      return { explanation: e, all: [own, ...e.others] };
    } catch { return null; }
  }
  const mainTerm = (e) => e.terms.filter((t) => (t.value > 0) === (e.probability >= 0.5)).sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0]?.name ?? e.terms[0]?.name ?? "";
  const would = (e, all) => el("ul", {}, ...all.map((o) => el("li", {
    textContent: T("would", { school: label(o.school), option: term(e.options[o.probability >= 0.5 ? 0 : 1]), chance: percent(Math.max(o.probability, 1 - o.probability)), term: term(o.main_term) }) })));

  async function play() {
    const mine = turn;
    if (!state.me || !state.playing) { $("game").replaceChildren(); $("story").replaceChildren(); progress(T("choose_state")); return; }
    const one = playing();
    const life = await twainPool.ask(one, "life", state.them, state.seat, state.me);
    if (mine !== turn) return;
    const mineTo = (m) => m.what !== "change";
    let given = 0, coming = null;
    const story = [];
    for (const m of life.moments) {
      const move = mineTo(m) && state.moves.find((d) => momentKey(d) === momentKey(m));
      if (mineTo(m) && !move) {
        // two states that do not meet then have nothing to decide
        if (m.what === "move" && !(await reasons(one, m))) continue;
        coming = m;
        break;
      }
      if (move) { given++; m.choose = move.choose; }
      story.push(el("li", { textContent: `${m.date}. ${told(m)}` }));
    }
    $("story").replaceChildren(...story);
    const card = el("div", { className: "card" });
    if (!coming) {
      const passed = life.framework ? T("end_framework", { date: life.framework }) : about.blocs.length === 2 ? T("end_none", { a: about.blocs[0], b: about.blocs[1] }) : "";
      card.append(el("h3", { textContent: T("end_title", { who: stateName(state.me), end: about.end }) }),
        el("p", { textContent: T("end_text", { n: given, passed }) }));
      const lost = state.moves.length - given;
      if (lost) card.append(el("p", { textContent: T("never_came", { n: lost }) }));
      card.append(el("div", { className: "choices" }, again(), onward("schools", T("to_schools"))));
      // what came of the last choice stays in view, and the reader's place is at the end, not nowhere
      $("game").replaceChildren(...[$("game").querySelector(".after"), card].filter(Boolean));
      card.querySelector("h3").tabIndex = -1;
      card.querySelector("h3").focus({ preventScroll: true });
      progress(T("played"));
      return;
    }
    const vote = coming.what === "vote", meet = coming.what === "move";
    const asks = meet ? T("meets", { other: stateName(coming.toward), issue: coming.issue }) : vote ? T(`asks_${coming.kind}`, { from: stateName(coming.from), to: stateName(coming.to), label: coming.label ? ` (${coming.label})` : "" })
      : T("renewal", { body: stateName(coming.on) });
    const facing = vote ? T("facing_vote", { body: coming.on ? stateName(coming.on) : stateName(state.me), n: coming.voters }) : "";
    card.append(el("h3", { textContent: `${coming.date}: ${stateName(state.me)}` }), el("p", { textContent: `${asks} ${facing}` }));
    const choose = (text, value) => {
      const b = el("button", { type: "button", className: "go", textContent: text });
      b.addEventListener("click", () => decide(coming, value, asks).catch(wrong));
      return b;
    };
    card.append(el("div", { className: "choices" },
      ...(meet ? [choose(T("cooperate"), "cooperate"), choose(T("defect"), "defect")] : vote ? [choose(T("agree"), "agree"), choose(T("refuse"), "refuse")] : [choose(T("stay"), "stay"), choose(T("leave"), "leave")])));
    $("game").replaceChildren(...[$("game").querySelector(".after"), card].filter(Boolean));
    card.querySelector("button").focus({ preventScroll: true });
    progress(T("your_turn", { n: given + 1 }));
  }
  const again = () => { const b = el("button", { type: "button", textContent: T("again") }); b.addEventListener("click", begin); return b; };
  const onward = (to, text) => { const b = el("button", { type: "button", className: "go", textContent: text }); b.addEventListener("click", () => go(to)); return b; };

  async function decide(moment, choose, asks) {
    // reasons are those of the place as it was, before the choice
    const before = await reasons(playing(), moment);
    state.moves.push({ what: moment.what, date: moment.date, on: moment.what === "vote" ? undefined : moment.on ?? undefined, toward: moment.toward, choose });
    turn++;
    write();
    const after = el("div", { className: "card after" }, el("h3", { textContent: T("you_chose", { date: moment.date, choice: T(choose) }) }));
    const life = await twainPool.ask(playing(), "life", state.them, state.seat, state.me);
    const came = life.moments.find((m) => momentKey(m) === momentKey(moment));
    if (came) came.choose = choose;
    after.append(el("p", { textContent: came ? told(came) : asks }));
    if (moment.what === "move") {
      // what the other did at the same moment
      try {
        const other = await twainPool.ask(playing(), "explain", { theory: state.them, replication: state.seat, who: moment.toward, what: "cooperate", when: moment.date, toward: state.me, issue: moment.on });
        after.append(el("p", { textContent: T("other_did", { who: stateName(moment.toward), done: other.done }) }));
      } catch { /* states without reasons do not say what they did */ }
    }
    if (before) {
      after.append(el("p", { textContent: T("in_your_place") }), would(before.explanation, before.all));
      const why = el("button", { type: "button", textContent: T("take_apart") });
      why.addEventListener("click", () => {
        const meeting = moment.what === "move" ? { what: "cooperate", toward: moment.toward, issue: moment.on } : { what: moment.what, organisation: moment.on ?? undefined };
        state.why = { theory: before.explanation.theory, replication: state.seat, who: state.me, when: moment.date, ...meeting };
        go("why");
      });
      after.append(why);
    }
    $("game").replaceChildren(after);
    await play();
  }
  function begin() {
    Object.assign(state, { me: $("me").value, them: $("them").value, seat: Number($("seat").value) || 0, moves: [], playing: true });
    turn++;
    $("game").replaceChildren();
    write();
    play().catch(wrong);
  }

  // 3 three schools ----------------------------------------------------------------------------------------------------
  const altered = () => {
    const all = [...[...state.set].map(([k, v]) => `${k} = ${v}`), ...[...state.drop].map((d) => T("without", { label: d }))];
    return all.length ? T("with_changes", { list: list(all) }) : "";
  };
  async function schools() {
    const mine = turn, one = now();
    await running(mine, [one], state.n, async () => {
      const out = await twainPool.charts(one, names(), ["ride", "keyholder"]);
      if (mine !== turn) return;
      const ride = await chart("ride", out.charts, "ride");
      await chart("key", out.charts, "keyholder");
      if (mine !== turn) return;
      mark("picture");
      $("told").replaceChildren(...[altered(), ...out.findings].filter(Boolean).map((t) => el("p", { className: "say", textContent: t })));
      $("answered").replaceChildren(...answers(one, ride));
    });
    if (mine === turn) mark("precise");
  }
  // the bets of the first station, answered from this run
  function answers(one, ride) {
    const rows = [], add = (text) => rows.push(el("li", { textContent: text }));
    const parts = names().filter((t) => one.parts[t]);
    const framework = bets.all["bet-framework"];
    if (framework !== undefined && about.blocs.length === 2) {
      add(T("answer_framework", { bet: percent(framework / 100), list: list(parts.map((t) => `${percent(one.parts[t].framework.hits / one.parts[t].runs)} (${label(t)})`)) }));
    }
    if (bets.all["bet-refuser"]) {
      const first = (t) => one.parts[t].blockers[0];
      add(T("answer_refuser", { bet: stateName(bets.all["bet-refuser"]), list: list(parts.map((t) => `${first(t) ? stateName(first(t).who) : T("nobody")} (${label(t)})`)) }));
    }
    const panel = ride?.panels.find((p) => p.metric === "cooperation_between") ?? ride?.panels[0];
    for (const s of shocks()) {
      const bet = bets.all[`bet-${s.label}`];
      if (!bet || !panel) continue;
      const turns = parts.map((t) => {
        const d = move(panel, ride, t, s.time);
        return `${d === null ? "–" : `${T(d < -0.02 ? "falls" : d > 0.02 ? "rises" : "stays")} ${signed(d)}`} (${label(t)})`;
      });
      add(T("answer_shock", { label: s.label, bet: T(bet === "-" ? "falls" : bet === "+" ? "rises" : "stays"), metric: panel.label[0].toLowerCase() + panel.label.slice(1), list: list(turns) }));
    }
    return rows.length ? [el("h3", { textContent: T("your_bets") }), el("ul", {}, ...rows)] : [];
  }
  // mean of the year after a date less that of the year before
  function move(panel, ride, theory, time) {
    const series = panel.series.find((s) => s.theory === theory);
    const mean = (from, to) => { const v = ride.times.map((t, i) => (t >= from && t < to ? series?.mean[i] : null)).filter((x) => x !== null && x !== undefined); return v.length ? v.reduce((a, b) => a + b) / v.length : null; };
    const a = mean(time - 1, time), b = mean(time + 0.01, time + 1.01);
    return a === null || b === null ? null : b - a;
  }

  // 4 levers -----------------------------------------------------------------------------------------------------------
  function levers() {
    const known = new Map(about.registry.map((p) => [p.path, p])), out = [];
    const named = data.words;
    for (const [key, paths] of Object.entries(lab.levers)) {
      for (const path of paths) {
        const p = known.get(path);
        if (!p) continue;
        const value = Number(state.set.get(path) ?? valueOf(p));
        const id = `lever-${path}`, show = el("output", { textContent: number(value), htmlFor: id });
        const range = el("input", { type: "range", id, min: p.low, max: p.high, step: (p.high - p.low) / 100, value });
        const row = el("div", { className: state.set.has(path) ? "lever moved" : "lever" },
          el("label", { htmlFor: id, textContent: named[`lever_${key}`] ?? p.name }), range, show,
          el("small", { textContent: `${p.meaning} ${p.source ? `(${p.source})` : ""} ${path}` }));
        range.addEventListener("input", () => {
          show.textContent = number(Number(range.value));
          const near = Math.abs(Number(range.value) - valueOf(p)) < (p.high - p.low) / 200;
          if (near) state.set.delete(path); else state.set.set(path, number(Number(range.value)));
          row.className = near ? "lever" : "lever moved";
          later();
        });
        out.push(row);
        break;
      }
    }
    for (const [code, body] of Object.entries(about.organisations)) {
      if (about.blocs.length && !about.blocs.includes(code)) continue;
      for (const [key, text] of [["monitoring", T("lever_monitoring", { body: code })], ["institution", T("lever_institution", { body: code })]]) {
        const path = `organisation.${code}.${key}`, now = body[key];
        if (now === undefined) continue;
        const id = `lever-${path}`, value = Number(state.set.get(path) ?? now), show = el("output", { textContent: number(value), htmlFor: id });
        const range = el("input", { type: "range", id, min: 0, max: 1, step: 0.01, value });
        const row = el("div", { className: state.set.has(path) ? "lever moved" : "lever" }, el("label", { htmlFor: id, textContent: text }), range, show, el("small", { textContent: path }));
        range.addEventListener("input", () => {
          show.textContent = number(Number(range.value));
          if (Math.abs(Number(range.value) - now) < 0.005) state.set.delete(path); else state.set.set(path, range.value);
          row.className = state.set.has(path) ? "lever moved" : "lever";
          later();
        });
        out.push(row);
      }
      const path = `organisation.${code}.decision`, id = `lever-${path}`, select = el("select", { id });
      options(select, ["consensus", "majority", "weighted", "leader"].map((d) => [d, T(`decides_${d}`)]), (state.set.get(path) ?? body.decision).replaceAll("'", ""));
      select.addEventListener("change", () => {
        if (select.value === body.decision) state.set.delete(path); else state.set.set(path, `'${select.value}'`);
        later();
      });
      out.push(el("div", { className: state.set.has(path) ? "lever moved" : "lever" }, el("label", { htmlFor: id, textContent: T("lever_decision", { body: code }) }), select, el("span"), el("small", { textContent: path })));
    }
    $("levers").replaceChildren(...out);
    const labels = [...new Set(about.events.map((e) => e.label))];
    $("shocks").replaceChildren(...labels.map((text) => {
      const e = about.events.find((x) => x.label === text), box = el("input", { type: "checkbox", checked: !state.drop.has(text), value: text });
      box.addEventListener("change", () => { if (box.checked) state.drop.delete(text); else state.drop.add(text); later(); });
      return el("li", {}, el("label", {}, box, ` ${e.date} ${proper(text)}`));
    }));
  }
  const valueOf = (p) => { const [group, school, name] = p.path.split("."); return (group === "world" ? about.parameters.world[school] : about.parameters[school]?.[name]) ?? p.default; };
  let soon = null;
  // a lever that moves ends what is under way
  function later() {
    turn++;
    clearTimeout(soon);
    soon = setTimeout(() => { write(); lever().catch(wrong); }, 120);
  }
  async function lever() {
    const mine = turn, one = now(), same = one === base, from = performance.now();
    $("mistake").hidden = true;
    let first = true;
    await running(mine, same ? [base] : [one, base], state.n, async () => {
      const out = await twainPool.charts(one, names(), ["ride"]);
      if (mine !== turn) return;
      await chart("lever", out.charts, "ride");
      if (mine !== turn) return;
      if (first) { lab.lever = performance.now() - from; first = false; }
      place("effects").hidden = same;
      $("effect").replaceChildren(el("p", { className: "say", textContent: same ? T("no_lever") : altered() }));
      if (same) return;
      const compared = await comparison([[one, "lever", altered()]]);
      if (mine !== turn) return;
      await chart("effects", compared.charts, "whatif");
    });
  }
  const outcomesOf = (one, n) => Object.fromEntries(names().map((t) => [t, one.parts[t].outcomes.slice(0, n)]));
  function comparison(cases, from = base) {
    const n = Math.min(...[from, ...cases.map((c) => c[0])].flatMap((w) => names().map((t) => w.parts[t].runs)));
    return twainPool.ask(from, "compare", names(), outcomesOf(from, n), cases.map(([w, id, text]) => ({ id, label: text, outcomes: outcomesOf(w, n) })));
  }

  // 5 why --------------------------------------------------------------------------------------------------------------
  async function why(fill = true) {
    const mine = turn, one = now(), w = state.why;
    if (fill) {
      options($("why-school"), about.schools.map((s) => [s, label(s)]), w.theory);
      options($("why-who"), Object.keys(about.states).map((s) => [s, stateName(s)]), w.who ?? (about.states.USA ? "USA" : undefined));
      options($("why-toward"), Object.keys(about.states).map((s) => [s, stateName(s)]), w.toward ?? (about.states.RUS ? "RUS" : Object.keys(about.states)[1]));
      options($("why-body"), Object.keys(about.organisations).map((s) => [s, stateName(s)]), w.organisation);
      options($("why-issue"), about.issues.map((i) => [i.code, i.name]), w.issue);
      options($("why-when"), about.dates.map((d) => [d, d]), w.when ?? about.dates[Math.floor(about.dates.length / 2)]);
      $("why-run").value = w.replication ?? 0;
      $("why-what").value = w.what ?? (about.proposals.length || about.blocs.length ? "vote" : "cooperate");
    }
    const what = $("why-what").value;
    document.querySelectorAll("#ask [data-for]").forEach((e) => { e.hidden = !e.dataset.for.split(" ").includes(what); });
    if (what === "vote") {
      const life = await twainPool.ask(one, "life", $("why-school").value, Number($("why-run").value) || 0, $("why-who").value);
      if (mine !== turn) return;
      const votes = life.moments.filter((m) => m.what === "vote");
      options($("why-vote"), votes.length ? votes.map((m) => [m.date, `${m.date} ${m.label ?? T(`kind_${m.kind}`)}: ${T(m.yes ? "yes" : "no")}`]) : [["", T("no_vote")]], w.when ?? votes.find((m) => !m.yes)?.date);
    }
    await answer();
  }
  function asking() {
    const what = $("why-what").value, q = { theory: $("why-school").value, replication: Number($("why-run").value) || 0, who: $("why-who").value, what, when: what === "vote" ? $("why-vote").value : $("why-when").value };
    if (what === "membership") q.organisation = $("why-body").value;
    if (what === "cooperate") Object.assign(q, { toward: $("why-toward").value, issue: $("why-issue").value });
    return q;
  }
  async function answer() {
    const mine = turn, q = asking();
    if (!q.when) { $("trace").replaceChildren(el("p", { textContent: T("never_votes", { who: stateName(q.who) }) })); progress(""); return; }
    let e;
    try { e = await twainPool.ask(now(), "explain", q); } catch (error) {
      if (mine === turn) { $("trace").replaceChildren(el("pre", { className: "mistake", textContent: error.message })); progress(""); }
      return;
    }
    if (mine !== turn) return;
    lab.explained = e;
    const most = Math.max(1e-9, ...e.terms.map((t) => Math.abs(t.value)));
    const bar = (x) => { const i = el("i"); i.style.cssText = `background:${x < 0 ? "#D55E00" : "#0072B2"};width:${50 * Math.abs(x) / most}%;${x < 0 ? "right" : "left"}:50%`; return el("div", { className: "bars", ariaHidden: "true" }, i, el("b")); };
    const rows = e.terms.map((t) => el("tr", {}, el("th", { scope: "row", textContent: term(t.name) }), el("td", {}, bar(t.value)), el("td", { className: "number", textContent: signed(t.value, 3) }),
      el("td", {}, el("code", { textContent: t.formula })), el("td", { textContent: t.source })));
    const sum = el("tr", { className: "changed" }, el("th", { scope: "row", textContent: T("sum") }), el("td"), el("td", { className: "number", textContent: signed(e.utility, 3) }), el("td", { textContent: "" }), el("td"));
    const burden = e.options[0] === "spend more";
    const out = [el("h3", { textContent: e.question }), el("p", { className: "say", textContent: `${T("it_did", { school: label(e.theory), n: e.replication, done: e.done })} ${burden ? "" : T("chance_of", { option: term(e.options[0]), chance: percent(e.probability) })}` }),
      el("div", { className: "scroll" }, el("table", { className: "terms" }, el("thead", {}, el("tr", {}, ...["term", "pull", "value", "formula", "source"].map((k) => el("th", { scope: "col", textContent: T(`head_${k}`, { option: term(e.options[0]) }) })))), el("tbody", {}, ...rows, sum)))];
    if (e.principle !== null && e.principle !== undefined) out.push(el("p", { textContent: T("principle", { chance: percent(e.principle) }) }));
    if (e.role) out.push(el("p", { textContent: T("role", { weight: percent(e.role[0]), norm: percent(e.role[1]) }) }));
    if (!burden) out.push(el("p", { className: "say", textContent: e.tipping ? T("tipping", { parameter: e.tipping.parameter, from: number(e.tipping.from), to: number(e.tipping.to) }) : T("no_tipping") }));
    if (e.others.length) out.push(el("h3", { textContent: T("same_place") }), burden
      ? el("ul", {}, ...e.others.map((o) => el("li", { textContent: T("would_spend", { school: label(o.school), share: data.locale.percent.replace("{n}", twain.fixed(100 * o.probability)) }) })))
      : would(e, e.others));
    for (const n of e.notes) out.push(el("p", { className: "caption", textContent: `${n[0].toUpperCase()}${n.slice(1)}.` }));
    $("trace").replaceChildren(...out);
    progress("");
  }

  // 6 what if ----------------------------------------------------------------------------------------------------------
  function cases() {
    $("cases").replaceChildren(...about.whatifs.map((w) => {
      const box = el("input", { type: "checkbox", value: w.id, checked: state.cases.includes(w.id) });
      box.addEventListener("change", () => { state.cases = [...document.querySelectorAll("#cases input:checked")].map((b) => b.value); write(); });
      return el("li", {}, el("label", {}, box, ` ${w.label}`));
    }));
    $("own").value = state.own;
  }
  async function whatif(asked = false) {
    cases();
    place("whatif").hidden = !lab.compared;
    if (!asked && !(state.cases.length || state.own)) { progress(T("tick")); return; }
    const mine = turn, current = changes(), n = Math.min(state.n, 50);
    const from = now(), own = state.own.split(";").map((s) => s.trim()).filter(Boolean);
    const tried = state.cases.map((id) => [world({ ...current, whatif: id }), id, about.whatifs.find((w) => w.id === id)?.label ?? id]);
    if (own.length) tried.push([world({ ...current, set: [...current.set, ...own] }), "own", own.join("; ")]);
    if (!tried.length) { progress(T("tick")); return; }
    await running(mine, [from, ...tried.map((t) => t[0])], n, async () => {
      const out = await comparison(tried, from);
      if (mine !== turn) return;
      lab.compared = out;
      await chart("whatif", out.charts, "whatif");
      if (mine !== turn) return;
      $("difference").replaceChildren(...[altered()].filter(Boolean).map((t) => el("p", { className: "say", textContent: t })));
      const rows = parse(out.tables["whatif.csv"]);
      const head = ["theory", "label", "outcome", "n", "base", "alternative", "difference", "ci_low", "ci_high"];
      $("differences").replaceChildren(el("div", { className: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...head.map((h) => el("th", { scope: "col", textContent: T(`column_${h}`) })))),
        el("tbody", {}, ...rows.map((r) => el("tr", {}, ...head.map((h) => el("td", { className: ["theory", "label", "outcome"].includes(h) ? "" : "number", textContent: h === "theory" ? label(r[h]) : h === "outcome" ? r[h].replaceAll("_", " ") : ["theory", "label"].includes(h) ? r[h] : r[h] === "" ? "–" : number(Number(r[h])) }))))))));
    });
  }
  // rows of a table as objects
  function parse(text) {
    const rows = [];
    let row = [], cell = "", quoted = false;
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (quoted) { if (c === '"' && text[i + 1] === '"') { cell += c; i++; } else if (c === '"') quoted = false; else cell += c; }
      else if (c === '"') quoted = true;
      else if (c === ",") { row.push(cell); cell = ""; }
      else if (c === "\n") { row.push(cell); rows.push(row); row = []; cell = ""; }
      else cell += c;
    }
    const head = rows.shift();
    return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
  }

  // 7 the verdict ------------------------------------------------------------------------------------------------------
  let trials = new Map();
  async function verdict(asked = false) {
    if (!about.facts.length) { $("judged").replaceChildren(about.facts_mistake ? el("pre", { className: "mistake", textContent: about.facts_mistake }) : el("p", { textContent: T("no_facts") })); $("judge").hidden = true; place("scorecard").hidden = true; progress(""); return; }
    const one = now();
    place("scorecard").hidden = !lab.judged;
    if (!asked && lab.judgedKey !== one.key) { progress(T("press_judge")); return; }
    const mine = turn, n = Math.min(state.n, 50), labels = [...new Set([...names(), ...about.on_trial])];
    if (lab.judgedKey !== one.key) trials = new Map();
    await Promise.all(labels.map(async (theory, i) => {
      const hand = twainPool.workers[i % twainPool.workers.length];
      while ((trials.get(theory)?.runs ?? 0) < n && mine === turn) {
        const hits = await hand.on(one, "facts", theory, n - (trials.get(theory)?.runs ?? 0));
        trials.set(theory, hits);
        if (mine === turn) progress(T("trying", { done: [...trials.values()].reduce((s, h) => s + h.runs, 0), all: n * labels.length }));
      }
    }));
    if (mine !== turn) return;
    const mineBets = about.facts.map((f) => (bets.all[`bet-${f.id}`] === undefined ? null : bets.all[`bet-${f.id}`] / 100));
    const sheet = mineBets.some((b) => b !== null) ? [[T("you"), mineBets]] : [];
    const out = await twainPool.ask(one, "verdict", labels.map((l) => trials.get(l)), sheet);
    if (mine !== turn) return;
    lab.judged = out;
    lab.judgedKey = one.key;
    await chart("scorecard", out.charts, "scorecard");
    if (mine !== turn) return;
    $("words").textContent = out.words;
    $("judged").replaceChildren(...[altered(), ...out.findings].filter(Boolean).map((t) => el("p", { className: "say", textContent: t })));
    const lines = out.words.split("\n").filter((l) => l.startsWith("Bet of "));
    $("settled").replaceChildren(...(lines.length ? lines : [T("no_settled")]).map((t) => el("p", { className: "say", textContent: t })));
    progress(T("judged", { n }));
  }

  // the sandbox --------------------------------------------------------------------------------------------------------
  function knobs() {
    const groups = new Map();
    for (const p of about.registry) { const key = p.path.split(".").slice(0, -1).join("."); groups.set(key, [...(groups.get(key) ?? []), p]); }
    $("knobs").replaceChildren(...[...groups].map(([key, all]) => {
      const changed = all.filter((p) => state.set.has(p.path)).length;
      return el("details", { open: changed > 0 }, el("summary", { textContent: `${key} (${all.length}${changed ? `, ${T("changed", { n: changed })}` : ""})` }), el("div", { className: "group" }, ...all.map((p) => {
        const id = `knob-${p.path}`, input = el("input", { type: "number", id, min: p.low, max: p.high, step: "any", value: state.set.get(p.path) ?? number(valueOf(p)) });
        input.addEventListener("change", () => {
          const x = Number(input.value);
          if (input.value === "" || Math.abs(x - valueOf(p)) < 1e-12) state.set.delete(p.path); else state.set.set(p.path, input.value);
          turn++; write(); sandbox().catch(wrong);
        });
        return el("div", { className: "knob" }, el("span", {}, el("label", { htmlFor: id, textContent: p.name }), el("small", { textContent: `${p.meaning} ${number(p.low)}–${number(p.high)} ${p.unit}` })), input);
      })));
    }));
  }
  async function sandbox() {
    const mine = turn, one = now();
    $("mistake").hidden = true;
    knobs();
    $("standing").textContent = altered() || T("as_given");
    await running(mine, [one], state.n, async (final) => {
      if (!final && place("network").hidden === false) return;
      const out = await twainPool.charts(one, names(), ["network", "burden"]);
      if (mine !== turn) return;
      await chart("network", out.charts, "network");
      await chart("burden", out.charts, "burden");
    });
  }

  // teacher and files --------------------------------------------------------------------------------------------------
  function teacher() {
    const pairs = Array.from({ length: 6 }, (_, i) => [data.words[`debrief_${i + 1}`], data.words[`debrief_answer_${i + 1}`]]).filter(([q]) => q);
    $("debrief").replaceChildren(...pairs.map(([q, a]) => el("details", { className: "secret" }, el("summary", { textContent: q }), el("p", { textContent: a }))));
    progress("");
  }
  function save(name, blob) {
    const a = el("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(a);
    a.click();
    a.remove();
    setTimeout(() => URL.revokeObjectURL(a.href), 10000);
  }
  async function file(name) {
    const stem = about.scenario.name;
    if (name === "scenario") return save(`${stem}.toml`, new Blob([await twainPool.ask(now(), "toml")], { type: "application/toml" }));
    if (name === "bets") {
      const rows = Object.entries(bets.all).map(([k, v]) => `"${k.replaceAll('"', '""')}",${v}`);
      return save(`${stem}-bets.csv`, new Blob([`bet,value\n${rows.join("\n")}\n`], { type: "text/csv" }));
    }
    progress(T("writing", { name }));
    const tables = await twainPool.ask(now(), "tables", names().filter((t) => about.theories.includes(t)), state.n);
    save(name, new Blob([tables[name]], { type: "text/csv" }));
    progress(T("written", { name, n: state.n }));
  }
  function files() {
    options($("picture"), [...twainView.views].filter(([p]) => !p.hidden).map(([p, v]) => [p.id, v.data.title]));
    const p = about.scenario;
    $("provenance").replaceChildren(...[[T("scenario"), `${p.name} (sha256 ${p.sha256})`], [T("seed"), about.seed], [T("numbers"), about.rng], [T("version"), `twain ${data.version}`]]
      .flatMap(([k, v]) => [el("dt", { textContent: k }), el("dd", { textContent: v })]));
    progress("");
  }

  // moving about -------------------------------------------------------------------------------------------------------
  const SHOW = { question, play, schools, lever: () => { levers(); return lever(); }, why, whatif, verdict, sandbox, teacher, files };
  async function show(focus) {
    turn++;
    for (const s of STATIONS) $(s).hidden = s !== state.at;
    document.querySelectorAll("#rail a").forEach((a) => { if (a.dataset.go === state.at) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current"); });
    $("mistake").hidden = true;
    if (focus) { scrollTo(0, 0); $("content").focus({ preventScroll: true }); }
    try { await SHOW[state.at](); } catch (e) { wrong(e); }
    lab.at = state.at;
  }
  function go(to) { state.at = to; write(); show(true); }
  document.addEventListener("click", (e) => {
    const a = e.target.closest("a[href^='#']");
    if (!a) return;
    e.preventDefault();
    if (a.hasAttribute("data-skip")) { $("content").focus(); return; }
    const to = a.getAttribute("href").slice(1);
    if (STATIONS.includes(to)) go(to);
  });
  document.querySelectorAll("[data-next]").forEach((b) => b.addEventListener("click", () => go(b.dataset.next)));
  addEventListener("popstate", () => { read(); reflect(); show(false); });
  const reflect = () => {
    // an address may ask for another number than those listed
    if (![...$("runs").options].some((o) => Number(o.value) === state.n)) $("runs").add(new Option(state.n, state.n));
    $("runs").value = state.n;
    if (state.me) $("me").value = state.me;
    if (state.them) $("them").value = state.them;
    $("seat").value = state.seat;
    state.playing = Boolean(state.me);
  };

  lab.levers = {
    shadow: ["world.shadow"], gains: ["theory.realism.k0"], doubt: ["theory.realism.doubt"], misperception: ["world.misperception"],
    threat: ["world.threat_scale"], reliance: ["theory.institutionalism.reliance", "theory.institutionalism.gamma"], linkage: ["theory.institutionalism.linkage"],
    learn: ["theory.constructivism.learn", "theory.constructivism.rate"], gesture: ["theory.constructivism.gesture", "world.act_weight"],
    belonging: ["theory.constructivism.belonging"], standard: ["theory.constructivism.standard", "theory.constructivism.legitimacy"],
  };

  async function start() {
    const count = Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));
    twainPool.start(data.worker, $("engine").textContent.trim(), data.scenario, JSON.stringify(data.others), data.language, count);
    base = world({});
    about = await twainPool.ask(base, "about");
    lab.about = about;
    about.schools = about.populations.map((p) => p.name).filter((t) => t in about.parameters && t !== "world");
    bets.at = `twain-bets-${about.scenario.sha256}`;
    try { bets.all = JSON.parse(localStorage.getItem(bets.at)) ?? {}; } catch { bets.all = {}; }
    $("populations").append(...about.populations.map((p, i) => {
      const box = el("input", { type: "checkbox", name: "school", value: p.name, checked: true });
      box.addEventListener("change", () => { if (box.checked) twainView.page.off.delete(p.name); else twainView.page.off.add(p.name); twainView.drawAll(); });
      return el("label", { className: "school" }, box, " ", el("span", { className: "swatch", "data-theory": p.name }), ` ${p.label}`);
    }));
    const states = Object.keys(about.states).map((s) => [s, stateName(s)]).sort((a, b) => a[1].localeCompare(b[1]));
    options($("me"), states, state.me || (about.states.USA ? "USA" : undefined));
    options($("them"), names().map((t) => [t, label(t)]), state.them || undefined);
    read();
    reflect();
    const theme = $("theme");
    theme.value = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    theme.addEventListener("change", () => twainView.theme(theme.value));
    twainView.page.empty = document.querySelector(".controls").dataset.empty;
    twainView.theme(theme.value);
    $("runs").addEventListener("change", () => { state.n = Number($("runs").value); write(); show(false); });
    document.querySelector(".controls").addEventListener("submit", (e) => e.preventDefault());
    $("bets").addEventListener("submit", (e) => e.preventDefault());
    $("unbet").addEventListener("click", () => { bets.all = {}; keep(); question(); });
    $("begin").addEventListener("click", begin);
    $("reset").addEventListener("click", () => { state.set.clear(); state.drop.clear(); levers(); later(); });
    $("ask").addEventListener("submit", (e) => { e.preventDefault(); state.why = asking(); turn++; write(); answer().catch(wrong); });
    for (const id of ["why-school", "why-who", "why-what", "why-run"]) $(id).addEventListener("change", () => { turn++; state.why = { ...asking(), when: undefined }; why(false).catch(wrong); });
    $("compare").addEventListener("click", () => { state.own = $("own").value; turn++; write(); $("mistake").hidden = true; whatif(true).catch(wrong); });
    $("every").addEventListener("click", () => { state.cases = about.whatifs.map((w) => w.id); write(); cases(); });
    $("judge").addEventListener("click", () => { turn++; verdict(true).catch(wrong); });
    $("apply").addEventListener("click", () => {
      const [path, ...value] = $("free").value.split("=");
      if (path.trim() && value.length) state.set.set(path.trim(), value.join("=").trim());
      turn++; write(); sandbox().catch(wrong);
    });
    $("back").addEventListener("click", () => { state.set.clear(); state.drop.clear(); turn++; write(); sandbox().catch(wrong); });
    document.querySelectorAll("[data-file]").forEach((b) => b.addEventListener("click", () => file(b.dataset.file).catch(wrong)));
    document.querySelectorAll("[data-picture]").forEach((b) => b.addEventListener("click", async () => {
      const p = $($("picture").value);
      if (p) save(`${about.scenario.name}-${p.id.replace("chart-", "")}.${b.dataset.picture}`, await twainView.picture(p, b.dataset.picture));
    }));
    document.querySelectorAll("section.chart").forEach((s) => { s.hidden = true; });
    lab.ready = performance.now() - lab.started;
    await show(false);
  }
  lab.done = start().catch(wrong);
})();
