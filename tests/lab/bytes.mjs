// The engine of the page makes what the native program makes, byte for byte. Usage: node bytes.mjs FOLDER
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const folder = process.argv[2], html = fs.readFileSync(path.join(folder, "nato-csto.html"), "utf8");
let passed = 0, failed = 0;
const same = (what, a, b) => {
  if (a === b) passed++;
  else {
    failed++;
    const i = [...a].findIndex((c, k) => c !== b[k]);
    console.log(`FAILED: ${what} differs at ${i}: ${JSON.stringify(a.slice(i - 60, i + 40))} is not ${JSON.stringify(b.slice(i - 60, i + 40))}`);
  }
};
const part = (id) => html.match(new RegExp(`<script type="[^"]*" id="${id}">([^]*?)</script>`))[1];
const data = JSON.parse(part("data"));
const wasm = zlib.gunzipSync(Buffer.from(part("engine"), "base64"));
const glue = data.worker.slice(0, data.worker.indexOf("// A worker:"));
const engine = new Function(`${glue}; return wasm_bindgen;`)();
engine.initSync({ module: wasm });
const open = (changes = {}) => new engine.Lab(data.scenario, JSON.stringify(data.others), JSON.stringify(changes));
const native = (where, table) => fs.readFileSync(path.join(folder, where, table), "utf8");
const schools = ["realism", "institutionalism", "constructivism"];

const lab = open();
const whole = JSON.parse(lab.tables(JSON.stringify(schools), 3));
for (const table of Object.keys(whole)) same(`run: ${table}`, whole[table], native("run", table));
for (const table of ["runs.csv", "series.csv", "votes.csv"]) if (!whole[table]) same(`${table} is made`, "", table);
const alone = JSON.parse(lab.tables('["neutral"]', 3));
for (const table of ["runs.csv", "series.csv", "votes.csv"]) same(`neutral: ${table}`, alone[table], native("neutral", table));

// in portions, as workers do it, and put together
const parts = schools.map((school) => { for (const n of [1, 2]) lab.run(school, n); return JSON.parse(lab.snapshot(school)); });
for (const table of ["runs.csv", "summary.csv", "pivotality.csv", "membership_paths.csv", "network.csv", "states_summary.csv", "memberships.csv"]) {
  const rows = parts.map((p, i) => (i ? p.tables[table].slice(p.tables[table].indexOf("\n") + 1) : p.tables[table]));
  same(`portions: ${table}`, rows.join(""), native("run", table));
}

// a lever, and the resolved scenario that the page hands out
const lever = open({ set: ["world.shadow = 0.9"] });
const moved = JSON.parse(lever.tables(JSON.stringify(schools), 2));
for (const table of ["runs.csv", "series.csv", "votes.csv"]) same(`lever: ${table}`, moved[table], native("lever", table));
const again = new engine.Lab(lever.toml(), "{}", "{}");
same("the scenario handed out has the same hash", JSON.parse(again.about()).scenario.sha256, JSON.parse(lever.about()).scenario.sha256);
same("its series", JSON.parse(again.tables(JSON.stringify(schools), 2))["series.csv"], native("lever", "series.csv"));

// what-ifs, paired
const outcomes = (one) => Object.fromEntries(schools.map((s) => { one.run(s, 3); return [s, JSON.parse(one.snapshot(s)).outcomes]; }));
const cases = JSON.parse(lab.about()).whatifs.filter((w) => ["no-kosovo", "majority"].includes(w.id))
  .map((w) => ({ id: w.id, label: w.label, outcomes: outcomes(open({ whatif: w.id })) }));
const compared = JSON.parse(lab.compare(JSON.stringify(schools), JSON.stringify(Object.fromEntries(schools.map((s, i) => [s, parts[i].outcomes]))), JSON.stringify(cases)));
same("whatif.csv", compared.tables["whatif.csv"], native("whatif", "whatif.csv"));

// the facts
const header = native("compare", "scores.csv").trim().split("\n").slice(1);
const tried = [...new Set(header.map((l) => l.split(",")[0]))];
const verdict = JSON.parse(lab.verdict(JSON.stringify(tried.map((t) => JSON.parse(lab.try_facts(t, 2)))), "[]"));
for (const table of ["scores.csv", "scoreboard.csv", "blocks.csv", "facts.csv"]) same(`compare: ${table}`, verdict.tables[table], native("compare", table));
// the program goes on with claims counted and yearly series, which the page does not hold
const told = fs.readFileSync(path.join(folder, "compare", "verdict.txt"), "utf8");
same("the verdict in words", verdict.words, told.slice(0, verdict.words.length));
same("what follows it", told.slice(verdict.words.length).trimStart().split("\n")[0].slice(0, 15), "Words and rules");

// a decision
const asked = { theory: "realism", replication: 0, who: "USA", what: "vote", when: "2009Q3" };
const explained = JSON.parse(lab.explain(JSON.stringify(asked)));
delete explained.text;
same("explain", JSON.stringify(explained), JSON.stringify(JSON.parse(fs.readFileSync(path.join(folder, "explain.json"), "utf8"))));

// mistakes are said with their place
for (const [changes, word] of [[{ set: ["world.shadwo = 1"] }, "shadow"], [{ drop: ["Kosovoo"] }, "Kosovo"], [{ whatif: "none" }, "what-if"]]) {
  let text = "";
  try { open(changes); } catch (e) { text = String(e); }
  same(`${JSON.stringify(changes)} is refused with advice`, String(text.includes(word)), "true");
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
