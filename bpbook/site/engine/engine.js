// The engine behind one small interface: start, run a turn, a door for messages, stop and begin again.
//
// Whoever puts another Python in the place of this one writes a worker that speaks as worker.js does.

/** Why this browser cannot run Python here, in a sentence; null where it can. */
export function hindrance() {
  if (location.protocol === "file:") return "This page was opened as a file. It can be read, but Python starts only on a page that comes from a web server.";
  if (typeof WebAssembly !== "object" || typeof WebAssembly.compileStreaming !== "function") return "This browser has no WebAssembly, or it is switched off here, so Python cannot start. The page can be read.";
  if (typeof DecompressionStream !== "function" || typeof Worker !== "function") return "This browser is too old to run Python. The page can be read; to run it, take one from 2023 or later.";
  return null;
}

export class Engine {
  /** @param {string} base the address of the folder `_engine/`, and `hear`, which gets what comes through the door. */
  constructor(base, hear) {
    Object.assign(this, { base: new URL(base, location.href).href, hear, worker: null, begun: null, abandon: null, waiting: new Map(), count: 0 });
  }

  get running() { return this.begun !== null; }

  /** Fetch and begin; `progress(come, of)` hears the bytes. Asked again, it is the same beginning. */
  start(progress = () => {}) {
    if (this.begun) return this.begun;
    const stopped = new Promise((_, reject) => { this.abandon = reject; });
    const begun = Promise.race([stopped, this.#start(progress, stopped)]).catch((reason) => {
      if (this.begun === begun) this.stop(); // and not when it was stopped, for another may have begun since
      throw new Error(inWords(reason.message));
    });
    return (this.begun = begun);
  }

  async #start(progress, stopped) {
    const why = hindrance();
    if (why) throw new Error(why);
    const pieces = await Promise.race([stopped, this.#pieces()]);
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    await new Promise((resolve, reject) => {
      this.worker.onerror = (event) => reject(new Error(event.message || "The worker could not start."));
      this.worker.onmessage = ({ data }) => {
        if (data.progress) progress(data.progress, data.of);
        else if (data.ready) resolve();
        else if (data.failed) reject(new Error(data.failed));
        else this.#heard(data);
      };
      this.worker.postMessage({ start: { base: this.base, pieces } });
    });
  }

  async #pieces() {
    const response = await fetch(new URL("engine.json", this.base), { cache: "no-cache" });
    if (!response.ok) throw new Error(`Python could not be fetched: engine.json is not there (${response.status}).`);
    return response.json();
  }

  #heard(data) {
    if (data.answered === undefined) return this.hear(data);
    const { resolve, reject } = this.waiting.get(data.answered) ?? {};
    this.waiting.delete(data.answered);
    if (data.trapped || data.status !== 0) {
      const reason = inWords(data.trapped ?? `Python ended with the status ${data.status}`);
      this.stop(reason);
      if (reject) reject(new Error(reason));
      else this.hear({ failed: reason }); // in a turn that nobody waited for
    } else resolve?.();
  }

  /** Run one turn; the promise ends when all it had to say came through the door. */
  async turn(request) {
    await this.begun;
    if (!this.worker) throw new Error("Python is not running.");
    const number = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.worker.postMessage({ ...request, number });
    });
  }

  /** End whatever runs, an endless loop as well; the next start begins with nothing kept. */
  stop(reason = "Python was stopped.") {
    this.abandon?.(new Error(reason));
    this.worker?.terminate();
    this.worker = this.begun = null;
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}

function inWords(reason) {
  const [, code] = /exit code (\d+)/.exec(reason) ?? [];
  if (code) return `Python ended with exit code ${code}.`;
  if (/call stack|too much recursion|out of bounds|unreachable|RuntimeError/i.test(reason)) return "Python came to a sudden end, most likely for want of memory or from too deep a recursion.";
  if (/memory|allocat|RangeError/i.test(reason)) return "There was not enough memory for Python here. Close other pages and try again.";
  if (/failed to fetch|network|load failed/i.test(reason)) return "It could not be fetched whole: the network or the server did not answer, or broke off. Try again.";
  return reason;
}
