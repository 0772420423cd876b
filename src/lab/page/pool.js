// Workers, one a core, and the runs they share out. A population belongs to one worker, which runs its replications in
// order: so every table is the one that `twain run` writes, however many workers there are.
const twainPool = (() => {
  const workers = [];
  let next = 0;

  class Hand {
    constructor(source) {
      this.worker = new Worker(source);
      this.waiting = new Map();
      this.opened = new Set();
      this.load = 0;
      this.worker.onmessage = ({ data: { id, answer, error } }) => {
        const { done, fail } = this.waiting.get(id);
        this.waiting.delete(id);
        this.load--;
        if (error === undefined) done(answer); else fail(new Error(error));
      };
      this.worker.onerror = (e) => { for (const { fail } of this.waiting.values()) fail(new Error(e.message)); this.waiting.clear(); };
    }
    ask(call, ...args) {
      return new Promise((done, fail) => {
        const id = ++next;
        this.waiting.set(id, { done, fail });
        this.load++;
        this.worker.postMessage({ id, call, args });
      });
    }
    // a question to the engine with these changes, opened here if it is not yet
    async on(world, call, ...args) {
      if (!this.opened.has(world.key)) {
        this.opened.add(world.key);
        try { await this.ask("open", world.key, JSON.stringify(world.changes)); } catch (e) { this.opened.delete(world.key); throw e; }
      }
      return this.ask(call, world.key, ...args);
    }
  }

  function start(source, engine, scenario, others, language, count) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    for (let i = 0; i < count; i++) {
      const hand = new Hand(url);
      workers.push(hand);
      hand.ask("boot", engine, scenario, others, language);
    }
  }

  const idle = () => workers.reduce((best, w) => (w.load < best.load ? w : best));
  const ask = (world, call, ...args) => idle().on(world, call, ...args);

  // a set of changes; the same changes are the same world
  function world(changes = {}) {
    const whole = { set: changes.set ?? [], drop: changes.drop ?? [], decisions: changes.decisions ?? "", whatif: changes.whatif ?? null };
    return { key: JSON.stringify(whole), changes: whole };
  }

  function forget(one) {
    for (const hand of workers) if (hand.opened.delete(one.key)) hand.ask("close", one.key);
  }

  // runs populations of a world up to `most` replications each, telling after every portion; stops when `over()` says so.
  // What was run stays in `one.parts`, so that nothing is run twice.
  async function run(one, theories, most, tell, over = () => false) {
    one.parts ??= {};
    await Promise.all(theories.map(async (theory, i) => {
      const hand = workers[i % workers.length];
      // a first answer at once, then larger portions
      let moment = 60;
      while ((one.parts[theory]?.runs ?? 0) < most && !over()) {
        const part = await hand.on(one, "run", theory, most - (one.parts[theory]?.runs ?? 0), moment);
        if (part.runs > (one.parts[theory]?.runs ?? 0)) one.parts[theory] = part;
        moment = Math.min(800, 2 * moment);
        if (!over()) tell();
      }
    }));
  }

  // charts of what was run so far, populations in the order given
  const charts = (one, theories, only) => {
    const ready = theories.map((t) => one.parts[t]).filter(Boolean);
    return ask(one, "charts", ready.map((p) => p.theory), ready.map((p) => p.tables), Math.min(...ready.map((p) => p.runs)), only);
  };

  return { start, ask, world, run, charts, forget, workers };
})();
