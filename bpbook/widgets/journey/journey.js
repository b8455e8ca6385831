// One image on its way forward and its error on the way back. Python sends every number; here they become pictures.

const SIDE = 150, BARS = 216, LEFT = [24, 264, 500], TOP = [36, 256];
// In the order of the steps: which picture, where it stands, and how it is drawn.
const PANELS = [
  { of: "x", title: "the image, a⁰ = x", column: 0, row: 0, unit: "pixel" },
  { of: "a", title: "hidden activations a¹", column: 1, row: 0, unit: "hidden unit", loose: true },
  { of: "p", title: "probabilities p", column: 2, row: 0, unit: "digit", bars: true },
  { of: "error", title: "error at the output, δ² = p − y", column: 2, row: 1, unit: "digit", bars: true, signed: true },
  { of: "delta", title: "back at the hidden units, δ¹", column: 1, row: 1, unit: "hidden unit", signed: true, loose: true },
  { of: "dx", title: "back at the image, ∂C/∂x", column: 0, row: 1, unit: "pixel", signed: true },
];

// Pictures ---------------------------------------------------------------------------------------------------------

const colour = (value, signed) => (!signed ? "var(--ink)" : value > 0 ? "var(--orange)" : "var(--blue)");
const most = (values) => Math.max(1e-12, ...values.map(Math.abs));

/** A square of little squares, apart where they are not an image; the larger a number, the fuller its colour. */
function drawSquares(g, count, side, loose) {
  const columns = Math.ceil(Math.sqrt(count)), size = side / columns, gap = loose ? size / 4 : 0, width = size - gap;
  return Array.from({ length: count }, (_, k) => {
    const x = (k % columns) * size + gap / 2, y = Math.floor(k / columns) * size + gap / 2;
    return make(g, "rect", { x, y, width, height: width });
  });
}

function showSquares(cells, values, signed) {
  const limit = most(values);
  cells.forEach((cell, k) => {
    cell.style.fill = colour(values[k], signed);
    cell.style.fillOpacity = Math.abs(values[k]) / limit;
  });
}

function drawBars(g, count) {
  const room = BARS / count;
  make(g, "line", { class: "zero", x1: 0, x2: BARS, y1: 0, y2: 0 });
  return Array.from({ length: count }, (_, k) => {
    make(g, "text", { class: "digit", x: (k + 0.5) * room, y: SIDE + 12 }, String(k));
    return { bar: make(g, "rect", { x: k * room + 2, width: room - 4 }), text: make(g, "text", { class: "value", x: (k + 0.5) * room }) };
  });
}

/** Bars from 0 to 1, or where there is a sign from −1 to 1, each with its number. */
function showBars(g, cells, values, signed) {
  const zero = signed ? SIDE / 2 : SIDE, full = (signed ? SIDE / 2 : SIDE) - 16, line = g.querySelector(".zero");
  line.setAttribute("y1", zero);
  line.setAttribute("y2", zero);
  cells.forEach(({ bar, text }, k) => {
    const length = full * Math.abs(values[k]), top = values[k] >= 0 ? zero - length : zero;
    bar.setAttribute("y", top);
    bar.setAttribute("height", length);
    bar.style.fill = signed ? colour(values[k], true) : "var(--ink)";
    text.setAttribute("y", values[k] >= 0 ? top - 8 : top + length + 8);
    say(text, values[k].toFixed(2).replace(/^(-?)0/, "$1").replace("-", "−"));
  });
}

function drawPanel(svg, panel, count, point) {
  const g = make(svg, "g", { class: "panel", transform: `translate(${LEFT[panel.column]} ${TOP[panel.row]})`, role: "application", tabindex: 0 });
  const width = panel.bars ? BARS : SIDE, columns = panel.bars ? count : Math.ceil(Math.sqrt(count));
  make(g, "text", { class: "above", x: width / 2, y: -14 }, panel.title);
  make(g, "rect", { class: "ground", width, height: SIDE });
  const cells = panel.bars ? drawBars(g, count) : drawSquares(g, count, SIDE, panel.loose);
  const mark = make(g, "rect", { class: "mark" });
  let at = null;
  const to = (k) => {
    at = k;
    const wide = width / columns, high = panel.bars ? SIDE : SIDE / columns;
    const box = { x: (k % columns) * wide, y: Math.floor(k / columns) * high, width: wide, height: high };
    for (const [name, value] of Object.entries(box)) mark.setAttribute(name, value);
    point(panel, k);
  };
  g.addEventListener("pointermove", (event) => {
    const shown = g.querySelector(".ground").getBoundingClientRect();
    const column = Math.floor((columns * (event.clientX - shown.left)) / shown.width);
    const row = panel.bars ? 0 : Math.floor((columns * (event.clientY - shown.top)) / shown.height);
    const k = row * columns + column;
    if (column >= 0 && column < columns && row >= 0 && k < count && k !== at) to(k);
  });
  g.addEventListener("keydown", (event) => {
    const down = panel.bars ? 1 : columns, move = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: down, ArrowUp: -down }[event.key];
    if (!move) return;
    event.preventDefault();
    to((((at ?? -move) + move) % count + count) % count);
  });
  return { g, cells, ...panel };
}

function drawArrows(svg) {
  const y = TOP.map((top) => top + SIDE / 2), ends = [[LEFT[0] + SIDE, LEFT[1]], [LEFT[1] + SIDE, LEFT[2]]];
  return [
    ...ends.map(([from, to]) => arrow(svg, from + 16, to - 16, y[0])),
    null,
    ...ends.toReversed().map(([from, to]) => arrow(svg, to - 16, from + 16, y[1])),
  ];
}

function arrow(svg, from, to, y) {
  const g = make(svg, "g", { class: "arrow" }), back = to < from ? 9 : -9;
  make(g, "line", { x1: from, x2: to + back, y1: y, y2: y });
  make(g, "path", { d: `M${to} ${y}l${back} -5v10z` });
  return g;
}

// The whole experiment -----------------------------------------------------------------------------------------------

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="thumbs" role="group" aria-label="Choose an image"></div>
  <div class="controls" role="toolbar" aria-label="Steps">
    <button type="button" data-do="rewind">Rewind</button>
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="on" class="main">Step</button>
    <label>eta <input type="text" inputmode="decimal" data-is="eta"></label>
  </div>
  <div class="message" role="alert"></div>
  <div class="picture"></div>
  <div class="where" role="status" aria-live="polite"></div>
  <div class="legend">Point at a square or a bar for its number, or Tab to a picture and use the arrow keys.
    Hidden units are not an image, and their order means nothing.
    On the way back, orange says that a little more here would raise the loss, and blue that it would lower it.</div>
  <div class="words" role="status" aria-live="polite"></div>
  <details><summary>The lines of bpbook that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-journey", FRAME);
  const find = (selector) => box.querySelector(selector);
  const python = questions(model, el, (text, answered) => { refresh(answered); say(find(".message"), text); });
  const LAST = PANELS.length - 1, first = stateOf(model).images[0];
  const svg = make(find(".picture"), "svg", { viewBox: "0 0 740 436", role: "group" });
  let pointed = null;

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    tellPython(model);
  };
  const act = {
    rewind: () => python.ask({ do: "rewind" }),
    back: () => put({ step: model.get("step") - 1, message: "" }),
    on: () => {
      if (model.get("step") < LAST) put({ step: model.get("step") + 1, message: "" });
      else python.ask({ do: "update", eta: find("[data-is=eta]").value });
    },
  };
  for (const button of box.querySelectorAll("button")) button.addEventListener("click", () => act[button.dataset.do]());

  function showPointed() {
    if (!pointed) return;
    const [panel, k] = pointed, step = PANELS.findIndex(({ of }) => of === panel.of), image = stateOf(model).images[model.get("image")];
    const number = (value) => written(value, 4);
    let text = "not yet";
    if (step <= model.get("step")) {
      text = number(image[panel.of][k]);
      if (panel.of === "delta") text = `${number(image.arriving[k])} · ${number(image.slope[k])} = ${text}, what arrives times f′`;
      if (panel.of === "error") text = `${number(image.p[k])} − ${k === image.y ? 1 : 0} = ${text}`;
    }
    say(find(".where"), `${panel.unit} ${k}: ${text}`);
  }
  const panels = PANELS.map((panel) => drawPanel(svg, panel, first[panel.of].length, (...at) => { pointed = at; showPointed(); }));
  const arrows = drawArrows(svg);

  const thumbs = stateOf(model).images.map(({ x, name }, k) => {
    const button = make(find(".thumbs"), "button", { type: "button", "aria-label": name, title: name });
    showSquares(drawSquares(make(button, "svg", { viewBox: "0 0 40 40", "aria-hidden": "true" }), x.length, 40), x, false);
    button.addEventListener("click", () => put({ image: k, message: "" }));
    return button;
  });

  const said = ({ title, words }, step) => `<b>${step} of ${LAST}. ${title}</b><br>${words}`;
  keepRoom(find(".words"), () => stateOf(model).images.flatMap(({ steps }) => steps.map(said)));

  function refresh(answered = false) {
    const state = stateOf(model), step = model.get("step"), image = state.images[model.get("image")];
    box.setAttribute("aria-label", model.get("title"));
    svg.setAttribute("aria-label", `Six pictures: forward above, back below. ${image.name}`);
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    panels.forEach(({ g, cells, of, bars, signed, title }, k) => {
      const known = k <= step, values = image[of];
      g.setAttribute("class", `panel ${known ? "" : "waiting"} ${k === step ? "now" : ""}`);
      g.setAttribute("aria-label", `${title}: ${known ? `from ${written(Math.min(...values), 3)} to ${written(Math.max(...values), 3)}` : "not yet"}`);
      if (bars) showBars(g, cells, values, signed);
      else showSquares(cells, values, signed);
    });
    arrows.forEach((arrow, k) => arrow?.setAttribute("class", k < step ? "arrow known" : "arrow"));
    thumbs.forEach((button, k) => {
      button.setAttribute("aria-pressed", k === model.get("image"));
      for (const name of ["aria-label", "title"]) button.setAttribute(name, state.images[k].name);
    });
    sayHtml(find(".words"), said(image.steps[step], step));
    if (document.activeElement !== find("[data-is=eta]") || answered) find("[data-is=eta]").value = model.get("eta");
    say(find(".message"), model.get("message"));
    find("[data-do=back]").disabled = step === 0;
    say(find("[data-do=on]"), step === LAST ? "Update weights" : "Step");
    say(find("pre"), state.code + image.code);
    showPointed();
  }

  const hear = () => { python.answered(); refresh(true); };
  const changed = () => refresh();
  model.on("change", changed);
  model.on("msg:custom", hear);
  refresh();
  return () => { model.off("change", changed); model.off("msg:custom", hear); };
}

export default { render };
