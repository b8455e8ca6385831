// A query among keys. The same equations as bpbook.layers, for one query of two numbers and u = 1.

const SIDE = 380, MIDDLE = [190, 190], UNIT = 42;
const ROOT = Math.SQRT2, LONG = 1.6, STEP = 0.1;

function attended({ keys, values }, q, seen) {
  const s = keys.slice(0, seen).map((k) => (q[0] * k[0] + q[1] * k[1]) / ROOT), most = Math.max(...s);
  const e = s.map((value) => Math.exp(value - most)), sum = e.reduce((a, b) => a + b, 0), A = e.map((value) => value / sum);
  const z = A.reduce((total, share, t) => total + share * values[t], 0);
  const ds = A.map((share, t) => share * (values[t] - z));
  const dq = [0, 1].map((c) => ds.reduce((total, d, t) => total + (d * keys[t][c]) / ROOT, 0));
  return { s, A, z, ds, dq, dk: ds.map((d) => q.map((c) => (d * c) / ROOT)) };
}

const short = (value) => (Math.abs(value) < 0.005 ? "0" : value.toFixed(2).replace("-", "−"));
const point = ([x, y]) => [MIDDLE[0] + UNIT * x, MIDDLE[1] - UNIT * y];

function arrow(svg, kind) {
  const g = make(svg, "g", { class: `arrow ${kind}` }), line = make(g, "line"), head = make(g, "path", { d: "M0 0L-9 -4.5L-9 4.5Z" });
  return ([x1, y1], [x2, y2]) => {
    const length = Math.hypot(x2 - x1, y2 - y1);
    g.style.display = length < 3 ? "none" : "";
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
    head.setAttribute("transform", `translate(${x2} ${y2}) rotate(${(Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI})`);
  };
}

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="group" aria-label="Controls">
    <label>query, across: <output data-says="q0"></output><input type="range" data-is="q0" step="0.1"></label>
    <label>query, up: <output data-says="q1"></output><input type="range" data-is="q1" step="0.1"></label>
    <label>keys it may look at: <output data-says="seen"></output><input type="range" data-is="seen" min="1" step="1"></label>
    <button type="button" data-do="rewind">Rewind</button>
  </div>
  <div class="message" role="alert"></div>
  <div class="picture"><div class="ground"></div><div class="shares"></div></div>
  <div class="words" role="status" aria-live="polite"></div>
  <div class="legend">Drag the query, or Tab to the picture and use the arrow keys. Bars are the softmax weights. An orange
    arrow is a gradient of the output, drawn ${LONG} times as long: where the point would have to move for z to grow fastest.</div>
  <details><summary>The lines that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-attention", FRAME), state = stateOf(model), find = (selector) => box.querySelector(selector);
  const says = (name) => find(`[data-says=${name}]`), field = (name) => find(`[data-is=${name}]`), reach = state.reach;
  const svg = make(find(".ground"), "svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "application", tabindex: 0 });
  const [x0, y0] = point([-reach, reach]), side = 2 * reach * UNIT;
  make(svg, "rect", { class: "plane", x: x0, y: y0, width: side, height: side });
  make(svg, "line", { class: "axis", x1: x0, x2: x0 + side, y1: MIDDLE[1], y2: MIDDLE[1] });
  make(svg, "line", { class: "axis", x1: MIDDLE[0], x2: MIDDLE[0], y1: y0, y2: y0 + side });
  const query = arrow(svg, "query");
  const keys = state.keys.map((k, t) => {
    const [x, y] = point(k), g = make(svg, "g", { class: "key" });
    make(g, "circle", { cx: x, cy: y });
    return g;
  });
  const pulls = state.keys.map(() => arrow(svg, "gradient")), pull = arrow(svg, "gradient");
  state.keys.forEach((k, t) => make(svg, "text", { class: "key-name", x: point(k)[0], y: point(k)[1] }, String(t)));
  const grip = make(svg, "circle", { class: "grip" }), gripName = make(svg, "text", { class: "grip" }, "q");
  const rows = state.keys.map((k, t) => {
    const row = make(find(".shares"), "div", { class: "share" }), part = (name, parent = row) => make(parent, "div", { class: name });
    say(part("of"), `key ${t}, value ${short(state.values[t]).replace(".00", "")}`);
    const bar = part("bar", part("room"));
    return { row, bar, weight: part("weight"), slope: part("slope") };
  });
  const total = make(find(".shares"), "div", { class: "total" });

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const cut = (value) => Math.min(reach, Math.max(-reach, Math.round(value / STEP) * STEP));
  const look = (q0, q1) => put({ q0: Number(cut(q0).toFixed(1)), q1: Number(cut(q1).toFixed(1)), message: "" });
  for (const name of ["q0", "q1"]) { field(name).min = -reach; field(name).max = reach; }
  field("seen").max = state.keys.length;
  field("q0").addEventListener("input", () => look(Number(field("q0").value), model.get("q1")));
  field("q1").addEventListener("input", () => look(model.get("q0"), Number(field("q1").value)));
  field("seen").addEventListener("input", () => put({ seen: Number(field("seen").value), message: "" }));
  find("[data-do=rewind]").addEventListener("click", () => put({ ...state.first, message: "" }));
  const drag = (event) => {
    const shown = svg.getBoundingClientRect(), scale = SIDE / shown.width;
    look(((event.clientX - shown.left) * scale - MIDDLE[0]) / UNIT, (MIDDLE[1] - (event.clientY - shown.top) * scale) / UNIT);
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    drag(event);
  });
  svg.addEventListener("pointermove", (event) => { if (svg.hasPointerCapture(event.pointerId)) drag(event); });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [STEP, 0], ArrowLeft: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[event.key];
    if (!step) return;
    event.preventDefault();
    look(model.get("q0") + step[0], model.get("q1") + step[1]);
  });

  function refresh() {
    const q = [model.get("q0"), model.get("q1")], seen = model.get("seen"), now = attended(state, q, seen);
    for (const name of ["title", "question", "message"]) say(find(`.${name}`), model.get(name));
    box.setAttribute("aria-label", model.get("title"));
    for (const name of ["q0", "q1", "seen"]) { field(name).value = model.get(name); say(says(name), name === "seen" ? String(seen) : q[Number(name[1])].toFixed(1).replace("-", "−")); }
    const tip = point(q), end = (start, d) => [start[0] + LONG * UNIT * d[0], start[1] - LONG * UNIT * d[1]];
    query(MIDDLE, tip);
    grip.setAttribute("cx", tip[0]);
    grip.setAttribute("cy", tip[1]);
    gripName.setAttribute("x", tip[0]);
    gripName.setAttribute("y", tip[1]);
    pull(tip, end(tip, now.dq));
    state.keys.forEach((k, t) => {
      const hidden = t >= seen, share = hidden ? 0 : now.A[t];
      keys[t].setAttribute("class", hidden ? "key hidden" : "key");
      pulls[t](point(k), hidden ? point(k) : end(point(k), now.dk[t]));
      rows[t].row.className = hidden ? "share hidden" : "share";
      rows[t].bar.style.width = `${100 * share}%`;
      say(rows[t].weight, hidden ? "masked" : short(share));
      say(rows[t].slope, hidden ? "no gradient" : `∂z/∂v ${short(share)}, ∂z/∂k (${now.dk[t].map(short).join(", ")})`);
    });
    const sum = now.A.map((share, t) => `${short(share)}·${short(state.values[t]).replace(".00", "")}`).join(" + ").replaceAll("·−", "·(−").replace(/\(−[\d.]+/g, "$&)");
    say(total, `z = ${short(now.z)},  ∂z/∂q (${now.dq.map(short).join(", ")})`);
    sayHtml(find(".words"), `z = ${sum} = <b>${short(now.z)}</b>. ` + now.ds.map((d, t) => `∂z/∂s${lower(t)} = ${short(now.A[t])}·(${short(state.values[t]).replace(".00", "")} − ${now.z < 0 ? `(${short(now.z)})` : short(now.z)}) = ${short(d)}`).join("; ") + ".");
    svg.setAttribute("aria-label", `A query at ${q.map(short).join(", ")} among ${state.keys.length} keys, of which it may look at ${seen}. Arrow keys move the query.`);
    let lines = state.lines;
    for (const name of ["q0", "q1", "seen"]) lines = lines.replaceAll(`{${name}}`, String(Number(model.get(name).toPrecision(6))));
    say(find("pre"), lines);
  }

  model.on("change", refresh);
  refresh();
  return () => model.off("change", refresh);
}

export default { render };
