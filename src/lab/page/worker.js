// A worker: keeps one engine for each set of changes and answers one question at a time. Answers are JSON text; tables
// stay text inside it, as only another worker reads them.
let text = "", others = "{}";
const labs = new Map();
const calls = {
  // unpacked here, where nobody waits for the page meanwhile
  async boot(engine, scenario, rest, language) {
    const text64 = atob(engine), packed = new Uint8Array(text64.length);
    for (let i = 0; i < packed.length; i++) packed[i] = text64.charCodeAt(i);
    const wasm = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    wasm_bindgen.initSync({ module: new WebAssembly.Module(wasm) });
    wasm_bindgen.speak(language);
    text = scenario;
    others = rest;
  },
  open(key, changes) { if (!labs.has(key)) labs.set(key, new wasm_bindgen.Lab(text, others, changes)); },
  close(key) { labs.get(key)?.free(); labs.delete(key); },
  about: (key) => JSON.parse(labs.get(key).about()),
  toml: (key) => labs.get(key).toml(),
  // as many replications as fit into `moment` milliseconds, but never more than `most`; then what is known so far
  run(key, theory, most, moment) {
    const lab = labs.get(key), until = performance.now() + moment;
    let done = 0, ran = 0;
    do { done = lab.run(theory, 1); ran++; } while (ran < most && performance.now() < until);
    const snapshot = JSON.parse(lab.snapshot(theory)), tables = JSON.stringify(snapshot.tables);
    delete snapshot.tables;
    return { ...snapshot, tables, runs: done };
  },
  charts: (key, theories, parts, n, only) =>
    JSON.parse(labs.get(key).charts(JSON.stringify(theories), `[${parts.join(",")}]`, n, JSON.stringify(only))),
  compare: (key, theories, base, cases) =>
    JSON.parse(labs.get(key).compare(JSON.stringify(theories), JSON.stringify(base), JSON.stringify(cases))),
  facts(key, theory, most) {
    const lab = labs.get(key), until = performance.now() + 220;
    let hits = null, ran = 0;
    do { hits = JSON.parse(lab.try_facts(theory, 1)); ran++; } while (ran < most && performance.now() < until);
    return hits;
  },
  verdict: (key, hits, bets) => JSON.parse(labs.get(key).verdict(JSON.stringify(hits), JSON.stringify(bets))),
  explain: (key, question) => JSON.parse(labs.get(key).explain(JSON.stringify(question))),
  life: (key, theory, replication, who) => JSON.parse(labs.get(key).life(theory, replication, who)),
  tables: (key, theories, n) => JSON.parse(labs.get(key).tables(JSON.stringify(theories), n)),
};
async function reply({ id, call, args }) {
  try {
    self.postMessage({ id, answer: await calls[call](...args) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
}
// one after the other, in the order in which they were asked
let before = Promise.resolve();
self.onmessage = ({ data }) => { before = before.then(() => reply(data)); };
