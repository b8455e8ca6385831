// GraphDiagram in the browser. Python sends every number, place and formula; here they are drawn, frame after frame.

const NODE = 31;

// The picture ------------------------------------------------------------------------------------------------------

/** A smooth curve through the points, level at each of them. */
function curve(points) {
  return points.map(([x, y], k) => {
    if (k === 0) return `M${x} ${y}`;
    const [x0, y0] = points[k - 1], middle = (x0 + x) / 2;
    return `C${middle} ${y0} ${middle} ${y} ${x} ${y}`;
  }).join(" ");
}

function drawLink(svg, { path, label }, k) {
  const g = make(svg, "g", { class: "link", role: "img", "data-of": `l${k}` }), [x, y] = path.at(-1);
  const d = curve([...path.slice(0, -1), [x - 7, y]]);
  make(g, "path", { class: "hit", d });
  make(g, "path", { d });
  make(g, "path", { class: "tip", d: `M${x} ${y}l-9 -4.5v9z` });
  return { g, text: make(g, "text", { x: label[0], y: label[1] }) };
}

function drawNode(svg, { at: [x, y], formula }, k) {
  const g = make(svg, "g", { class: "node", role: "button", tabindex: 0, "data-of": `n${k}` });
  make(g, "circle", { cx: x, cy: y, r: NODE });
  const number = make(g, "text", { x, y });
  make(g, "text", { class: "above", x, y: y - NODE - 11 }, formula);
  const below = ["first", "second"].map((rank, k) => make(g, "text", { class: `below ${rank}`, x, y: y + NODE + 11 + 14 * k }));
  return { g, number, below };
}

function drawGraph(parent, state, choose) {
  const [width, height] = state.size;
  const svg = make(parent, "svg", { viewBox: `0 0 ${width} ${height}`, role: "group", class: width > 1000 ? "dense" : "" });
  svg.style.minWidth = `${Math.round(0.62 * width)}px`;
  svg.style.maxWidth = `${Math.round(1.1 * width)}px`;
  const links = state.links.map((link, k) => drawLink(svg, link, k));
  const nodes = state.nodes.map((node, k) => drawNode(svg, node, k));
  nodes.forEach(({ g }, k) => {
    onChoice(g, () => choose(k));
    g.addEventListener("keydown", (event) => {
      const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      nodes[(k + move + nodes.length) % nodes.length].g.focus();
    });
  });
  return { svg, links, nodes };
}

function showGraph(picture, state, frame, digits) {
  const shown = (value) => (value === null ? "" : written(value, digits));
  picture.nodes.forEach(({ g, number, below }, k) => {
    const { value, lines, look } = frame.nodes[k], texts = lines.map((line) => rounded(line, digits));
    g.setAttribute("class", `node ${value === null ? "waiting" : ""} ${look}`);
    g.setAttribute("aria-pressed", look === "now");
    const said = `${state.nodes[k].formula}: ${value === null ? "not yet" : shown(value)}`;
    g.setAttribute("aria-label", [said, ...texts.filter(Boolean)].join(". "));
    say(number, value === null ? "" : fitted(value, digits));
    number.setAttribute("class", number.textContent.length > 7 ? "long" : "");
    below.forEach((text, n) => say(text, texts[n]));
  });
  picture.links.forEach(({ g, text }, k) => {
    const { slope, on } = frame.links[k], { start, end } = state.links[k];
    g.setAttribute("class", on ? "link on" : "link");
    g.setAttribute("aria-label", `from ${state.nodes[start].name} to ${state.nodes[end].name}: ` +
      (slope === null ? "not yet" : `local derivative ${shown(slope)}`));
    say(text, slope === null ? "" : "× " + shown(slope));
  });
}

// What the reader can set --------------------------------------------------------------------------------------------

/** A text, and beside it a slider over a range or over given stops. */
function addField(parent, field, set) {
  const group = make(parent, "span", { class: field.wide ? "field wide" : "field" }), label = make(group, "label", {}, `${field.label} `);
  const text = make(label, "input", { type: "text", "data-is": field.name, spellcheck: "false" });
  onText(text, (value) => set(field.name, value));
  if (field.wide) return { text };
  const range = field.stops ? { min: 0, max: field.stops.length - 1, step: 1 } : { min: field.min, max: field.max, step: field.step };
  const slider = make(group, "input", { type: "range", "data-is": `${field.name}-slider`, "aria-label": `${field.label}, slider`, ...range });
  slider.addEventListener("input", () => set(field.name, String(field.stops ? field.stops[slider.value] : slider.value)));
  return { text, slider };
}

function showField({ text, slider }, field, refused) {
  if (document.activeElement !== text || refused) text.value = field.value;
  if (!slider) return;
  slider.setAttribute("aria-valuetext", field.value);
  if (document.activeElement === slider && !refused) return; // the hand on it is ahead of Python's answer
  if (!field.stops) {
    slider.value = field.value;
    return;
  }
  const far = (stop) => Math.abs(stop - field.value);
  slider.value = field.stops.reduce((best, stop, k) => (far(stop) < far(field.stops[best]) ? k : best), 0);
}

// The whole experiment -----------------------------------------------------------------------------------------------

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls fields"></div>
  <div class="controls" role="toolbar" aria-label="Steps">
    <button type="button" data-do="rewind">Rewind</button>
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="on" class="main">Step</button>
    <label>digits <select data-is="digits"></select></label>
  </div>
  <div class="message" role="alert"></div>
  <div class="scroll"><div class="picture"></div></div>
  <div class="legend"></div>
  <div class="words" role="status" aria-live="polite"></div>
  <div class="numbers" role="region" aria-label="All nodes" tabindex="0"></div>
  <details><summary>The lines of bpbook that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-graph", FRAME);
  const find = (selector) => box.querySelector(selector);
  const python = questions(model, el, (text, refused) => { refresh(refused); say(find(".message"), text); });
  const light = linkFactors(box);
  let picture = null, drawn = "", fields = [];

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    tellPython(model);
  };
  const set = (place, text) => python.ask({ do: "set", place, text });
  const choose = (k) => {
    const { frames } = stateOf(model).nodes[k];
    put({ frame: frames[(frames.indexOf(model.get("frame")) + 1) % frames.length], message: "" });
  };
  const act = {
    rewind: () => python.ask({ do: "rewind" }),
    back: () => put({ frame: model.get("frame") - 1, message: "" }),
    on: () => put({ frame: model.get("frame") + 1, message: "" }),
  };
  for (const button of box.querySelectorAll("button")) button.addEventListener("click", () => act[button.dataset.do]());
  for (let k = 2; k <= 6; k++) make(find("[data-is=digits]"), "option", { value: k }, String(k));
  find("[data-is=digits]").addEventListener("change", (event) => put({ digits: Number(event.target.value) }));

  function redraw(state) {
    const graph = JSON.stringify([state.size, state.links, state.nodes]);
    if (graph === drawn) return;
    drawn = graph;
    find(".picture").replaceChildren();
    picture = drawGraph(find(".picture"), state, choose);
    makeRoom();
    const names = state.fields.map((field) => field.name);
    if (String(names) === String(fields.map((field) => field.name))) return;
    find(".fields").replaceChildren();
    fields = state.fields.map((field) => ({ name: field.name, ...addField(find(".fields"), field, set) }));
  }

  const said = ({ title, words }, count) => rounded(`<b>${count}${title}</b><br>${words}`, model.get("digits"));
  const makeRoom = keepRoom(find(".words"), () => stateOf(model).frames.map((frame) => said(frame, "10 of 10. ")));

  function refresh(refused = false) {
    const state = stateOf(model), last = state.frames.length - 1, step = Math.min(model.get("frame"), last);
    const frame = state.frames[step], digits = model.get("digits");
    redraw(state);
    showGraph(picture, state, frame, digits);
    fields.forEach((field, k) => showField(field, state.fields[k], refused));
    box.setAttribute("aria-label", model.get("title"));
    picture.svg.setAttribute("aria-label", `A graph of ${state.nodes.length} nodes. ${frame.title}`);
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    say(find(".legend"), state.legend);
    const count = state.stepped ? `${step} of ${last}. ` : "";
    sayFormula(find(".words"), said(frame, count));
    sayHtml(find(".numbers"), rounded(frame.table, digits));
    find(".numbers").hidden = !frame.table;
    say(find(".message"), model.get("message"));
    for (const name of ["back", "on"]) find(`[data-do=${name}]`).hidden = !state.stepped;
    find("[data-do=back]").disabled = step === 0;
    find("[data-do=on]").disabled = step === last;
    find("[data-is=digits]").value = digits;
    say(find("pre"), state.code + (frame.code ?? ""));
    light();
  }

  const hear = ({ refused }) => { python.answered(); refresh(refused); };
  const changed = () => refresh();
  model.on("change", changed);
  model.on("msg:custom", hear);
  refresh();
  return () => { model.off("change", changed); model.off("msg:custom", hear); };
}

export default { render };
