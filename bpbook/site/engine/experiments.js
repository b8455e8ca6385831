// Experiments: what is drawn from the stored page comes alive when Python is asked, and what Python shows is drawn.
//
// A stored experiment keeps its models and its views. When the reader first moves something that Python must hear of,
// its cell is run, and each stored model is bound to the widget of the same place that Python just made.

const VIEW = "application/vnd.jupyter.widget-view+json", STATE = "application/vnd.jupyter.widget-state+json";
const METADATA = { version: "2.1.0" };
const loaded = (name) => new Promise((resolve, reject) => window.requirejs([name], resolve, reject));

/** One end of a comm. Until it is bound to a widget of Python's, `wake` hears what the front end says. */
class Comm {
  constructor(id, say) {
    Object.assign(this, { comm_id: id, target_name: "jupyter.widget", say, hear: null, early: [] });
  }
  on_msg(act) { this.hear = act; for (const message of this.early.splice(0)) act(message); }
  on_close() {}
  open() { return ""; }
  close() { return ""; }
  send(data, callbacks, metadata, buffers) {
    const idle = () => callbacks?.iopub?.status?.({ content: { execution_state: "idle" } });
    Promise.resolve(this.say(data, buffers ?? [])).then(idle, idle);
    return `${this.comm_id} ${(Comm.count = (Comm.count ?? 0) + 1)}`;
  }
  receive(data, buffers) {
    const message = { content: { comm_id: this.comm_id, data }, buffers, metadata: METADATA, header: {}, parent_header: {} };
    if (this.hear) this.hear(message);
    else this.early.push(message);
  }
}

const encoded = (part) => {
  const bytes = new Uint8Array(part.buffer ?? part, part.byteOffset ?? 0, part.byteLength);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const decoded = (text) => new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);

/** Give every name of a model in some data another one. */
function renamed(data, names) {
  if (typeof data === "string") return data.startsWith("IPY_MODEL_") ? `IPY_MODEL_${names.get(data.slice(10)) ?? data.slice(10)}` : data;
  if (Array.isArray(data)) return data.map((item) => renamed(item, names));
  if (data && typeof data === "object") return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, renamed(value, names)]));
  return data;
}

/** The pairs of models that stand at the same place of two experiments made by the same cell. */
function pairs(stored, live, root, other) {
  const found = new Map(), walk = (one, two) => {
    if (typeof one === "string" && typeof two === "string" && one.startsWith("IPY_MODEL_") && two.startsWith("IPY_MODEL_")) meet(one.slice(10), two.slice(10));
    else if (one && two && typeof one === "object" && typeof two === "object") for (const key of Object.keys(one)) walk(one[key], two[key]);
  };
  const meet = (one, two) => {
    if (found.has(one) || !stored[one] || !live.get(two)) return;
    found.set(one, two);
    walk(stored[one].state, live.get(two));
  };
  meet(root, other);
  return found;
}

export class Experiments {
  /** @param {object} session runs cells and turns; `wake(root)` must run the cell of a stored experiment. */
  constructor(session) {
    Object.assign(this, { session, comms: new Map(), opened: new Map(), held: null, stored: {}, roots: new Map(), toPage: new Map(), wakes: Promise.resolve() });
    this.manager = window.requirejs ? this.#catchManager() : Promise.resolve(null);
  }

  /** The manager that draws the stored experiments is the one that draws Python's; with none stored, a new one. */
  async #catchManager() {
    const { HTMLManager } = await loaded("@jupyter-widgets/html-manager");
    const stored = document.querySelector(`script[type="${STATE}"]`);
    if (!stored) return new HTMLManager({ loader: loaded });
    const state = JSON.parse(stored.textContent).state, own = HTMLManager.prototype.set_state;
    this.stored = state;
    return new Promise((resolve) => {
      const experiments = this;
      HTMLManager.prototype.set_state = async function (...rest) {
        const models = await own.apply(this, rest);
        HTMLManager.prototype.set_state = own;
        await experiments.#listen(this, models);
        resolve(this);
        return models;
      };
    });
  }

  /** Hear what the reader does with the stored experiments. */
  async #listen(manager, models) {
    for (const script of document.querySelectorAll(`script[type="${VIEW}"]`)) {
      const root = JSON.parse(script.textContent).model_id, cell = script.closest(".cell");
      const experiment = { cell, waiting: [], bound: false, waking: null, touched: false };
      for (const event of ["pointerdown", "keydown", "input", "click"]) cell.addEventListener(event, () => { experiment.touched = true; }, true);
      this.roots.set(root, experiment);
    }
    const within = (id, seen = new Set()) => {
      if (!this.stored[id] || seen.has(id)) return seen;
      seen.add(id);
      for (const [, inner] of JSON.stringify(this.stored[id].state).matchAll(/"IPY_MODEL_([^"]+)"/g)) within(inner, seen);
      return seen;
    };
    for (const [root, experiment] of this.roots) for (const id of within(root)) {
      const model = models.find((model) => model.model_id === id);
      if (!model || model.comm) continue;
      model.comm = new Comm(id, (data, buffers) => this.#asked(root, experiment, model, data, buffers));
      model.comm.on_msg((message) => model._handle_comm_msg(message));
      model.comm_live = true;
    }
  }

  /** What a stored experiment says: kept, and if Python must hear it at once, Python is woken. */
  async #asked(root, experiment, model, data, buffers) {
    if (experiment.bound) return this.#send(experiment.bound.get(model.model_id), renamed(data, experiment.bound), buffers);
    if (!experiment.touched || (data.method === "custom" && data.content?.do === "drawn")) return; // being drawn for the first time
    experiment.waiting.push({ id: model.model_id, data, buffers });
    const drawnHere = data.method === "update" && model.get("_model_module") === "anywidget";
    if (data.method === "request_state" || drawnHere) return;
    if (!experiment.waking) { // one after another: there is one `held`, and the session wakes one cell at a time
      experiment.waking = this.wakes.then(() => this.#wake(root, experiment)).finally(() => { experiment.waking = null; });
      this.wakes = experiment.waking.catch(() => null);
    }
    return experiment.waking.catch(() => null);
  }

  async #wake(root, experiment) {
    const again = experiment.before;
    this.held = [];
    let other;
    try {
      other = await this.session.wake(experiment.cell);
    } finally {
      const held = this.held;
      this.held = null;
      if (!other) experiment.waiting = experiment.waiting.filter(({ data }) => data.method === "update"); // no click comes minutes late
      if (other) {
        const found = pairs(this.stored, this.opened, root, other);
        const manager = await this.manager, models = new Map();
        for (const [id, live] of found) {
          models.set(live, await manager.get_model(id));
          this.comms.set(live, models.get(live).comm);
          this.toPage.set(live, id);
        }
        experiment.bound = experiment.before = found;
        for (const message of held.filter(({ kind }) => kind === "comm_open")) await this.hear(message);
        for (const { kind, id, data } of held) if (kind === "comm_msg" && data.method === "update") Object.assign(this.opened.get(id) ?? {}, data.state);
        for (const [live, model] of again ? models : []) { // their states may name any of them, the new ones as well
          model.set_state(await model.constructor._deserialize_state(renamed(structuredClone(this.opened.get(live)), this.toPage), manager));
        }
      }
      for (const message of held.filter(({ kind }) => !other || kind !== "comm_open")) await this.hear(message);
    }
    if (!other) throw new Error("The cell of this experiment showed none.");
    for (const { id, data, buffers } of experiment.waiting.splice(0)) await this.#send(experiment.bound.get(id), renamed(data, experiment.bound), buffers);
  }

  #send(id, data, buffers) {
    if (!this.session.running || !this.comms.has(id)) return this.session.say("This experiment belonged to a Python that was stopped. Run its cell again.");
    return this.session.turn({ do: "heard", id, data, buffers: buffers.map(encoded) });
  }

  /** A message of Python's for a front end. */
  async hear({ kind, id, data, buffers }) {
    if (kind === "comm_open" && data.state) this.opened.set(id, data.state);
    if (this.held) return void this.held.push({ kind, id, data, buffers });
    const manager = await this.manager, parts = buffers.map(decoded);
    if (kind === "comm_open") {
      if (this.comms.has(id)) return;
      const comm = new Comm(id, (said, more) => this.#send(id, renamed(said, new Map([...this.toPage].map(([live, page]) => [page, live]))), more));
      this.comms.set(id, comm);
      const message = { content: { comm_id: id, target_name: "jupyter.widget", data: renamed(data, this.toPage) }, buffers: parts, metadata: METADATA };
      await manager?.handle_comm_open(comm, message);
    } else if (kind === "comm_msg") this.comms.get(id)?.receive(renamed(data, this.toPage), parts);
  }

  /** Draw a widget that a cell shows. */
  async show(id, element) {
    const manager = await this.manager;
    const view = await manager.create_view(await manager.get_model(id));
    await manager.display_view(view, element);
  }

  /** Nothing runs any more: a button that says Pause says again what it says in the stored page. */
  async #rest(id) {
    const { model_name: kind, state } = this.stored[id];
    if (kind === "ButtonModel") (await (await this.manager).get_model(id)).set("description", state.description ?? "");
  }

  /** Python was stopped: stored experiments sleep again, what was drawn since cannot be woken. */
  forget() {
    for (const experiment of this.roots.values()) {
      for (const id of experiment.bound ? experiment.bound.keys() : []) this.#rest(id);
      Object.assign(experiment, { bound: false, waiting: [] });
    }
    this.comms.clear();
    this.opened.clear();
    this.toPage.clear();
  }
}
