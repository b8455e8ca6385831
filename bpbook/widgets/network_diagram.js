// NetworkDiagram in the browser. Python sends every number and every formula; here they are placed and shown.
// Layers count from 1 as in the book: state.W[1][0][1] is w_01^1, and index 0 of every list is null.

const WIDTH = 740, FIRST = 60, LAST = 560, LOSS = 675;

function symbol(letter, layer, ...units) {
  return letter + units.map(lower).join(Math.max(...units) > 9 ? "," : "") + upper(layer);
}

// The picture ------------------------------------------------------------------------------------------------------

/** Every layer takes the room it needs, up to the height of the widest. */
function places(sizes) {
  const most = Math.max(...sizes), height = most * Math.max(26, Math.min(118, 480 / most)) + 46;
  const gap = sizes.map((n) => Math.min(118, (height - 46) / n)), radius = gap.map((room) => Math.min(30, 0.42 * room));
  const x = (layer) => FIRST + (layer * (LAST - FIRST)) / (sizes.length - 1);
  const y = (layer, unit) => height / 2 + (unit - (sizes[layer] - 1) / 2) * gap[layer];
  return { x, y, gap, radius, height };
}

const along = ({ x1, y1, x2, y2 }, t) => ({ x: x1 + t * (x2 - x1), y: y1 + t * (y2 - y1) });

/** A place on a wire for its number, clear of the numbers before it where it can be. */
function free(ends, taken) {
  const over = (a, b) => Math.max(0, 1 - Math.abs(a.x - b.x) / 66) * Math.max(0, 1 - Math.abs(a.y - b.y) / 18);
  const crowd = (place) => taken.reduce((sum, other) => sum + over(place, other), 0);
  const places = [0.32, 0.41, 0.5, 0.59, 0.68, 0.77].map((t) => along(ends, t));
  const best = places.reduce((a, b) => (crowd(b) < crowd(a) - 1e-9 ? b : a));
  taken.push(best);
  return best;
}

function draw(parent, sizes, choose) {
  const { x, y, gap, radius, height } = places(sizes), L = sizes.length - 1;
  const svg = make(parent, "svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "group" });
  const wires = make(svg, "g"), edges = [], nodes = [], taken = []; // all wires first, below every number
  const labelled = sizes.every((n, l) => l === 0 || n * sizes[l - 1] <= 9);
  for (let l = 1; l <= L; l++) {
    for (let i = 0; i < sizes[l - 1]; i++) {
      for (let j = 0; j < sizes[l]; j++) {
        const ends = { x1: x(l - 1) + radius[l - 1], y1: y(l - 1, i), x2: x(l) - radius[l], y2: y(l, j) };
        const g = make(svg, "g", { class: "edge", role: "button" });
        const wire = make(wires, "line", ends);
        make(g, "line", { class: "hit", "stroke-width": labelled ? 14 : 7, ...ends });
        edges.push({ g, wire, text: make(g, "text", labelled ? free(ends, taken) : along(ends, 0.26)), ends, place: [l, i, j] });
      }
    }
  }
  for (let j = 0; j < sizes[L]; j++) {
    make(svg, "line", { class: "end", x1: x(L) + radius[L], y1: y(L, j), x2: LOSS - 30, y2: height / 2 });
  }
  for (let l = 0; l <= L; l++) {
    for (let j = 0; j < sizes[l]; j++) nodes.push(node(svg, x(l), y(l, j), radius[l], [l, j], gap[l] >= 100));
  }
  nodes.push(node(svg, LOSS, height / 2, 30, null, true));
  const buttons = [...edges, ...nodes.filter((n) => n.place && n.place[0] > 0)];
  for (const { g, place } of buttons) onChoice(g, () => choose(place));
  edges.forEach(({ g }, k) => g.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    edges[(k + move + edges.length) % edges.length].g.focus();
  }));
  // Every weight is a stop of the Tab key where there are few; of many, the first one, and arrow keys go on from there.
  edges.forEach(({ g }, k) => g.setAttribute("tabindex", edges.length <= 100 || k === 0 ? 0 : -1));
  return { svg, edges, nodes, labelled };
}

/** A unit; where there is no room for its symbols, pointing at it tells them. */
function node(svg, x, y, radius, place, room) {
  const unit = place && place[0] > 0;
  const g = make(svg, "g", unit ? { class: "node unit", role: "button", tabindex: 0 } : { class: "node", role: "img" });
  make(g, "circle", { cx: x, cy: y, r: radius });
  const number = make(g, "text", { class: "inside", x, y });
  const above = make(g, "text", { class: "above", x, y: y - radius - 10 });
  const below = [0, 1].map((k) => make(g, "text", { class: "below", x, y: y + radius + 11, dy: `${1.15 * k}em` }));
  if (!room) for (const text of [above, ...below]) text.style.display = "none";
  if (radius < 16) number.style.display = "none";
  return { g, number, above, below, place, radius };
}

/** Show the numbers on the wires of these units, near their other ends, where there are too many to show them all. */
function tell(picture, units) {
  if (picture.labelled) return;
  for (const { g, text, ends, place: [l, i, j] } of picture.edges) {
    const into = units.some(([layer, unit]) => l === layer && j === unit);
    const from = units.some(([layer, unit]) => l === layer + 1 && i === unit);
    g.classList.toggle("told", into || from);
    const { x, y } = along(ends, from ? 0.76 : 0.26);
    text.setAttribute("x", x);
    text.setAttribute("y", y);
  }
}

// What is known at a step --------------------------------------------------------------------------------------------

function progress(step, L) {
  return {
    forward: (l) => step >= l,
    loss: step > L,
    backward: (l) => step >= 2 * L + 2 - l,
    layer: step <= L ? step : step === L + 1 ? null : 2 * L + 2 - step || undefined, // the one at work; null is the loss
    update: step === 2 * L + 2,
  };
}

function showEdges(picture, view, known) {
  const { state, example, deltas, chosen, digits } = view;
  for (const { g, wire, text, place: [l, i, j] } of picture.edges) {
    const w = state.W[l][i][j], gradient = known.backward(l) ? example.dW[l][i][j] : null;
    wire.setAttribute("stroke-width", Math.max(0.6, Math.min(9, 2.2 * Math.abs(w))).toFixed(2));
    const through = chosen && (l > chosen[0] + 1 || (l === chosen[0] + 1 && i === chosen.at(-1)));
    const self = chosen && String(chosen) === String([l, i, j]);
    const look = (w < 0 ? " negative" : "") + (through || self ? " path" : "") + (self ? " selected" : "");
    wire.setAttribute("class", "wire" + look);
    g.setAttribute("class", "edge" + look + (picture.labelled ? "" : " quiet"));
    const after = known.update ? written(state.update.W[l][i][j], digits) : "";
    if (deltas) say(text, gradient === null ? "" : "∂ " + written(gradient, digits));
    else say(text, after ? "→ " + after : written(w, digits));
    g.setAttribute("aria-label", `weight ${l} ${i} ${j}, from unit ${i} of layer ${l - 1} to unit ${j} of layer ${l}: ` +
      written(w, digits) + (gradient === null ? "" : `, gradient ${written(gradient, digits)}`) + (after ? `, after the update ${after}` : ""));
    g.setAttribute("aria-pressed", Boolean(self));
  }
}

function showNodes(picture, view, known) {
  const { state, example, deltas, digits } = view, L = state.sizes.length - 1;
  const number = (value) => written(value, digits);
  for (const { g, number: inside, above, below, place, radius } of picture.nodes) {
    let [head, value, first, second, name] = ["C", known.loss ? example.C : null, `y = ${example.y}`, "", "loss C"];
    if (place) {
      const [l, j] = place, backwards = deltas && l > 0;
      head = symbol(backwards ? "δ" : "a", l, j);
      const ready = backwards ? known.backward(l) : known.forward(l);
      value = ready ? (backwards ? example.delta : example.a)[l][j] : null;
      first = second = "";
      if (backwards) first = ready ? `f′ = ${number(example.slope[l][j])}` : "";
      else if (l > 0) first = ready ? `z = ${number(example.z[l][j])}` : "";
      if (l > 0 && !backwards) second = known.update ? `b → ${number(state.update.b[l][j])}` : `b = ${number(state.b[l][j])}`;
      name = `${backwards ? "delta" : l ? "activation" : "input"} ${j} of layer ${l}`;
    }
    const now = place ? place[0] === known.layer : known.layer === null;
    g.classList.toggle("waiting", value === null);
    g.classList.toggle("now", now);
    say(inside, value === null ? "" : fitted(value, digits));
    inside.style.setProperty("--room", `${Math.min(0.5 * radius, (2.75 * radius) / inside.textContent.length).toFixed(1)}px`);
    say(above, head);
    say(below[0], first);
    say(below[1], second);
    g.setAttribute("aria-label", `${name}: ${value === null ? "not yet" : number(value)}`);
  }
  const shown = deltas ? "deltas" : "values";
  picture.svg.setAttribute("aria-label", `A network of ${state.sizes.join("-")} units with its ${shown}`);
}

// The whole experiment -----------------------------------------------------------------------------------------------

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="toolbar" aria-label="Steps">
    <button type="button" data-do="rewind">Rewind</button>
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="on" class="main">Step</button>
    <button type="button" data-do="play"></button>
    <span role="group" aria-label="Numbers in the units">
      <button type="button" data-do="values">values</button> <button type="button" data-do="deltas">deltas</button>
    </span>
    <label>example <select data-is="example"></select></label>
    <label>digits <select data-is="digits"></select></label>
    <label>eta <input type="text" inputmode="decimal" data-is="eta"></label>
  </div>
  <div class="picture"></div>
  <div class="where" aria-hidden="true"></div>
  <div class="legend">Blue: positive weight. Orange: negative. Width: size. Choose a weight or a unit (click, or Tab and Enter).
    With the deltas, the number on a wire is ∂C/∂w; its colour and width stay those of w.</div>
  <div class="words" role="status" aria-live="polite"></div>
  <div class="history"></div>
  <div class="chosen" role="region" aria-label="The chosen weight or unit">
    <div class="controls"><label><span class="name"></span> <input type="text" inputmode="decimal" data-is="number"></label>
      <input type="range" data-is="slider" min="-5" max="5" step="0.05"></div>
    <div class="rule" aria-live="polite"></div>
  </div>
  <div class="message" role="alert"></div>
  <details><summary>The lines of bpbook that make these numbers</summary><pre></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-network", FRAME);
  const find = (selector) => box.querySelector(selector), field = (name) => find(`[data-is=${name}]`);
  const complain = (text) => say(find(".message"), text);
  const python = questions(model, (text, refused) => { refresh(refused); complain(text); });
  let picture = null, sizes = "", asked = {}, pointed = null;

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const goTo = (step) => {
    const L = stateOf(model).sizes.length - 1;
    put({ step, show: step > L + 1 && step < 2 * L + 2 ? "deltas" : "values", message: "" });
  };
  const choose = (place) => {
    const same = String(model.get("selected")) === String(place);
    put({ selected: same ? [] : place, message: "" });
  };
  const showPointed = () => {
    say(find(".where"), pointed ? pointed.getAttribute("aria-label") : "");
    const unit = picture.nodes.find(({ g }) => g === pointed)?.place, chosen = model.get("selected");
    tell(picture, [unit, chosen.length === 2 ? chosen : null].filter(Boolean));
  };
  const point = (element) => { pointed = element; showPointed(); };
  for (const event of ["pointerover", "focusin"]) {
    find(".picture").addEventListener(event, ({ target }) => point(target.closest(".node, .edge")));
  }
  for (const event of ["pointerleave", "focusout"]) find(".picture").addEventListener(event, () => point(null));
  let clock = null;
  const pause = () => { clearInterval(clock); clock = null; showPlay(); };
  const showPlay = () => {
    say(find("[data-do=play]"), clock ? "❚❚" : "▶\uFE0E");
    find("[data-do=play]").setAttribute("aria-label", clock ? "Pause" : "Play");
    find("[data-do=play]").title = clock ? "Pause" : "Play: one step a second, up to the update";
  };
  const play = () => {
    const last = 2 * stateOf(model).sizes.length;
    if (model.get("step") === last) goTo(0);
    clock = setInterval(() => {
      if (model.get("step") < last) goTo(model.get("step") + 1);
      if (model.get("step") === last) pause();
    }, 1000);
    showPlay();
  };
  const act = {
    play: () => (clock ? pause() : play()),
    rewind: () => python.ask({ do: "rewind" }),
    back: () => goTo(model.get("step") - 1),
    on: () => {
      const last = 2 * stateOf(model).sizes.length;
      if (model.get("step") < last) goTo(model.get("step") + 1);
      else python.ask({ do: "update", eta: field("eta").value });
    },
    values: () => put({ show: "values" }),
    deltas: () => put({ show: "deltas" }),
  };
  for (const button of box.querySelectorAll("button")) button.addEventListener("click", () => {
    if (button.dataset.do !== "play") pause();
    act[button.dataset.do]();
  });
  showPlay();

  for (let k = 2; k <= 6; k++) make(field("digits"), "option", { value: k }, String(k));
  for (const name of ["example", "digits"]) {
    field(name).addEventListener("change", () => put({ [name]: Number(field(name).value) }));
  }
  const set = (text, onTheWay = false) => python.ask({ do: "set", place: model.get("selected"), text, onTheWay });
  onText(field("number"), set);
  onText(field("eta"), (text) => { if (text !== String(model.get("eta"))) python.ask({ do: "eta", text }); });
  field("slider").addEventListener("input", () => set(field("slider").value, true));
  field("slider").addEventListener("change", () => set(field("slider").value));

  function showChosen(view) {
    const { state, example, chosen, digits } = view;
    find(".chosen").hidden = !chosen;
    if (!chosen) return;
    const [l, ...units] = chosen, weight = units.length === 2;
    const value = weight ? state.W[l][units[0]][units[1]] : state.b[l][units[0]];
    say(find(".name"), `${symbol(weight ? "w" : "b", l, ...units)} =`);
    if (document.activeElement !== field("number") || view.refused) field("number").value = String(value);
    if (document.activeElement !== field("slider") || view.refused) {
      field("slider").min = Math.min(-5, value);
      field("slider").max = Math.max(5, value);
      field("slider").value = value;
    }
    field("slider").setAttribute("aria-label", `${weight ? "weight" : "bias"} ${chosen.join(" ")}`);
    const key = String(chosen), question = `${key} ${model.get("example")}`;
    let rule = weight ? example.weights[key] : example.units[key];
    if (rule === undefined) {
      if (asked.state !== state || asked.question !== question) {
        asked = { state, question, html: "Asking Python …" };
        python.ask({ do: "explain", place: chosen, example: model.get("example") });
      }
      rule = asked.html;
    }
    sayHtml(find(".rule"), rounded(rule, digits));
  }

  /** C after the last updates. */
  const past = ({ examples }) => {
    const losses = model.get("history").map((C) => written(C, model.get("digits"))), m = examples.length;
    if (losses.length < 2) return "";
    const shown = losses.length > 6 ? ["…", ...losses.slice(-6)] : losses;
    return `C${m > 1 ? `, the mean over ${m} examples` : ""}, update after update: ${shown.join(" → ")}`;
  };
  const said = ({ title, words }, step) =>
    rounded(`<b>${step} of ${2 * stateOf(model).sizes.length}. ${title}</b><br>${words}`, model.get("digits"));
  const makeRoom = keepRoom(find(".words"), () => stateOf(model).examples.flatMap(({ steps }) => steps.map(said)));

  function refresh(refused = false) {
    const state = stateOf(model), step = model.get("step"), L = state.sizes.length - 1;
    if (String(state.sizes) !== sizes) {
      sizes = String(state.sizes);
      find(".picture").replaceChildren();
      picture = draw(find(".picture"), state.sizes, choose);
      field("example").replaceChildren();
      state.examples.forEach((_, k) => make(field("example"), "option", { value: k }, String(k)));
      makeRoom();
    }
    const example = state.examples[model.get("example")], digits = model.get("digits");
    const chosen = model.get("selected").length ? model.get("selected") : null;
    const view = { state, example, digits, chosen, refused, deltas: model.get("show") === "deltas" };
    const known = progress(step, L);
    box.classList.toggle("path", Boolean(chosen));
    box.setAttribute("aria-label", model.get("title"));
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    showEdges(picture, view, known);
    showNodes(picture, view, known);
    showChosen(view);

    sayHtml(find(".words"), said(example.steps[step], step));
    say(find(".history"), past(state));
    complain(model.get("message"));
    find("[data-do=back]").disabled = step === 0;
    say(find("[data-do=on]"), step === 2 * L + 2 ? "Update weights" : "Step");
    for (const name of ["values", "deltas"]) find(`[data-do=${name}]`).setAttribute("aria-pressed", model.get("show") === name);
    field("example").value = model.get("example");
    field("digits").value = digits;
    if (document.activeElement !== field("eta") || refused) field("eta").value = model.get("eta");
    say(find("pre"), state.lines + example.lines);
    showPointed();
  }

  const hear = (answer) => {
    if (answer.did === "explain") asked.html = answer.html;
    python.answered();
    refresh(answer.refused);
  };
  const changed = () => refresh();
  model.on("change", changed);
  model.on("msg:custom", hear);
  refresh();
  return () => { pause(); model.off("change", changed); model.off("msg:custom", hear); };
}

export default { render };
