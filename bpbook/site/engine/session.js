// One Python for the page: which cells it has run, what it is doing, and what it says to whom.

import { Engine, hindrance } from "./engine.js";

const VIEW = "application/vnd.jupyter.widget-view+json";

export class Session {
  /** @param {object} page has `cells`, `source(cell)`, `show(cell, message)`, `say(words, options)`, `busy(pending)`,
   * `begins(cell)`, `ends(cell, ok)`, `marks(text)` and `progress()`, and `lives(here)`, which tells experiments whether to wait for Python. */
  constructor(root, page) {
    Object.assign(this, { page, ran: new Map(), queue: Promise.resolve(), quiet: null, view: null, answer: null, stops: 0 });
    this.engine = new Engine(`${root}_engine/`, (message) => this.#hear(message));
    this.experiments = null;
  }

  get running() { return this.engine.running; }
  say(words) { this.page.say(words); }

  /** One turn; the page counts as busy until it is done, so that an experiment does not take a long way for silence. */
  async turn(request) {
    this.#busy(1);
    return this.engine.turn(request).catch((reason) => {
      if (this.begun && !this.engine.running) this.#ended(reason.message); // and not when it was stopped
      throw reason;
    }).finally(() => this.#busy(-1));
  }

  #busy(more) { this.page.busy(this.pending = (this.pending ?? 0) + more); }

  async start() {
    const why = hindrance();
    this.page.lives(!why);
    if (why) {
      this.say(why);
      throw new Error(why);
    }
    if (this.begun) return this.begun;
    const begun = (async () => {
      const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
      this.page.say("Fetching Python …", { busy: true });
      try {
        await this.engine.start((come, of) => this.page.say(
          come < of ? `Fetching Python: ${megabytes(come)} of ${megabytes(of)} MB` : "Starting Python …", { busy: true, come, of }));
        await this.turn({ do: "marks", text: JSON.stringify(this.page.progress()) });
        this.page.say("");
      } catch (reason) {
        if (this.begun === begun) { // and was not stopped, which was said already
          this.begun = null;
          this.page.lives(false);
          this.page.say(`Python could not start here. ${reason.message}`);
        }
        throw reason;
      }
    })();
    return (this.begun = begun);
  }

  /** Run some cells one after another, with what they rest on before them; true when all went well. */
  run(wanted, { above = false } = {}) {
    this.#busy(1);
    const stops = this.stops;
    const done = this.queue.then(() => {
      if (this.stops !== stops) throw new Error("Python was stopped."); // with what ran before it
      return this.#run(wanted, above);
    }).finally(() => this.#busy(-1));
    this.queue = done.catch(() => null);
    return done;
  }

  async #run(wanted, above) {
    await this.start();
    const first = above ? [] : await this.#missing(wanted[0]);
    const all = [...first, ...wanted];
    for (const [k, cell] of all.entries()) {
      const words = all.length === 1 ? "" : k < first.length ? `Running what this cell needs: cell ${k + 1} of ${first.length}` : `Running cell ${k + 1} of ${all.length}`;
      if (!(await this.#one(cell, words))) {
        this.page.say(k < first.length ? "A cell that this one needs ended with an error; it is shown there." : "");
        return false;
      }
    }
    this.page.say("");
    return true;
  }

  /** The cells above that a cell rests on and that have not run as they are now. */
  async #missing(cell) {
    const cells = this.page.cells, at = cells.indexOf(cell);
    await this.turn({ do: "needed", cells: cells.slice(0, at + 1).map((one) => [one.id, this.page.source(one)]), wanted: cell.id });
    const needed = new Set(this.answer);
    return cells.slice(0, at).filter((one) => needed.has(one.id) && this.ran.get(one.id) !== this.page.source(one));
  }

  async #one(cell, words) {
    const source = this.page.source(cell);
    this.cell = cell;
    this.ran.delete(cell.id);
    this.page.begins(cell);
    this.page.say(words || "Running …", { busy: true, quiet: !words });
    this.ok = false;
    try {
      await this.turn({ do: "run", cell: cell.id, source });
    } catch (reason) {
      this.page.ends(cell, false);
      throw reason;
    } finally {
      if (this.cell === cell) this.cell = null;
    }
    if (this.ok) this.ran.set(cell.id, source);
    this.page.ends(cell, this.ok);
    return this.ok;
  }

  /** Run the cell of a stored experiment without drawing it again; return the name of its widget. */
  async wake(element) {
    const cell = this.page.cells.find((one) => one.element === element);
    this.quiet = cell;
    this.view = null;
    try {
      await this.run([cell]);
      return this.view;
    } finally {
      this.quiet = null;
    }
  }

  #hear(message) {
    if (message.type === "comm") return void (this.hearing = (this.hearing ?? Promise.resolve()).then(() => this.experiments.hear(message)).catch((reason) => console.warn(reason)));
    if (message.type === "needed") this.answer = message.cells;
    else if (message.type === "marks") this.page.marks(JSON.parse(message.text));
    else if (message.type === "done") this.ok = message.ok;
    else if (message.type === "display" && message.data[VIEW] && this.quiet?.id === message.cell) this.view = message.data[VIEW].model_id;
    else if (["display", "stream", "error"].includes(message.type)) {
      if (this.quiet?.id === message.cell && message.type !== "error") return;
      this.page.show(message.cell, message);
    } else if (message.failed) this.#ended(message.failed);
  }

  /** Python came to its end by itself. */
  #ended(reason) { this.stop(`${reason.replace(/\.?$/, ".")} It begins again with the next cell that you run.`); }

  /** End whatever runs; Python begins again, with nothing kept, when it is next asked. */
  stop(words) {
    this.stops++;
    this.engine.stop(words);
    this.begun = null;
    this.ran.clear();
    this.queue = Promise.resolve();
    this.experiments?.forget();
    this.page.say(words);
  }
}
