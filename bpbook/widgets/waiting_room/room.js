// People in a waiting room, and a line that decides who is called back. Python sends logits; here they are counted.

const WIDE = 740, LEFT = 24, RIGHT = 716, MIDDLE = 146, GAP = 11, TALL = 104, TOP = 12, FLOOR = 266, HIGH = 354;
// Inside the axis a column for each of these bins; beyond either end a block of a few columns for everybody further out.
const BINS = 80, BEYOND = 48, COLUMNS = 6, START = LEFT + BEYOND, END = RIGHT - BEYOND, BAR = 130;
const TICKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

const logit = (p) => Math.log(p / (1 - p)), chance = (z) => 1 / (1 + Math.exp(-z));

/** A share in percent, with more digits where it is near 0 or 1. */
function percent(share) {
  if (Number.isNaN(share)) return "–";
  const near = Math.min(share, 1 - share), digits = near === 0 || near >= 0.1 ? 0 : near >= 0.01 ? 1 : near >= 0.001 ? 2 : 3;
  if (near > 0 && near < 0.00001) return share < 0.5 ? "under 0.001 %" : "over 99.999 %";
  return `${(100 * share).toFixed(digits)} %`;
}

const microscopeName = (scale) =>
  scale === 1 ? "the one it learned from" : `lengths ${Math.round(100 * Math.abs(1 - scale))} % ${scale < 1 ? "smaller" : "larger"}`;

// Counting ---------------------------------------------------------------------------------------------------------

function counted(z, y, line) {
  const counts = { found: 0, missed: 0, alarms: 0, rest: 0 };
  z.forEach((value, k) => { counts[value >= line ? (y[k] ? "found" : "alarms") : y[k] ? "missed" : "rest"] += 1; });
  return counts;
}

function ratesOf({ found, missed, alarms, rest }, prevalence) {
  const sensitivity = found / (found + missed), specificity = rest / (rest + alarms);
  const called = prevalence * sensitivity + (1 - prevalence) * (1 - specificity);
  const home = prevalence * (1 - sensitivity) + (1 - prevalence) * specificity;
  return { sensitivity, specificity, ppv: (prevalence * sensitivity) / called, npv: ((1 - prevalence) * specificity) / home };
}

// Pictures ---------------------------------------------------------------------------------------------------------

/** Where each dot stands: piled up over its logit, people with cancer above the axis, people without below. */
function piled(z, y, furthest) {
  const wide = (END - START) / BINS, heights = new Map(), places = new Array(z.length);
  const order = z.map((_, k) => k).sort((j, k) => z[j] - z[k] || j - k);
  for (const k of order) {
    const bin = Math.min(BINS, Math.max(-1, Math.floor(((z[k] + furthest) / (2 * furthest)) * BINS))), key = `${y[k]} ${bin}`;
    const nth = heights.get(key) ?? 0, beyond = bin < 0 || bin === BINS, row = beyond ? Math.floor(nth / COLUMNS) : nth;
    const out = 6 + (nth % COLUMNS) * wide;
    const x = bin < 0 ? START - out : bin === BINS ? END + out : START + (bin + 0.5) * wide;
    heights.set(key, nth + 1);
    places[k] = { x, row };
  }
  const rise = Math.min(wide, TALL / (1 + Math.max(...places.map(({ row }) => row))));
  return places.map(({ x, row }, k) => ({ x, y: MIDDLE + (y[k] ? -1 : 1) * (GAP + 4 + row * rise) }));
}

function drawAxis(svg, x) {
  make(svg, "line", { class: "axis", x1: LEFT, x2: RIGHT, y1: MIDDLE - GAP, y2: MIDDLE - GAP });
  make(svg, "line", { class: "axis", x1: LEFT, x2: RIGHT, y1: MIDDLE + GAP, y2: MIDDLE + GAP });
  make(svg, "text", { class: "tick", x: (LEFT + START) / 2 - 4, y: MIDDLE }, "below");
  make(svg, "text", { class: "tick", x: (END + RIGHT) / 2 + 4, y: MIDDLE }, "above");
  for (const p of TICKS) make(svg, "text", { class: "tick", x: x(logit(p)), y: MIDDLE }, `${Number((100 * p).toFixed(1))} %`);
  make(svg, "text", { class: "side ill", x: LEFT, y: TOP + 22 }, "people with cancer");
  make(svg, "text", { class: "side well", x: RIGHT, y: FLOOR - 8 }, "people without cancer");
}

/** One bar over the whole width, the part with cancer first. */
function drawBar(svg, y, label) {
  const g = make(svg, "g", { class: "bar" });
  make(g, "text", { class: "name", x: LEFT, y }, label);
  make(g, "rect", { class: "well", x: BAR, y: y - 8, width: RIGHT - BAR, height: 16 });
  const ill = make(g, "rect", { class: "ill", x: BAR, y: y - 8, width: 0, height: 16 });
  const text = make(g, "text", { class: "share", x: RIGHT - 6, y: y + 20 });
  return (share, words) => {
    ill.setAttribute("width", (RIGHT - BAR) * (Number.isNaN(share) ? 0 : share));
    g.classList.toggle("empty", Number.isNaN(share));
    say(text, words);
  };
}

// The whole experiment ---------------------------------------------------------------------------------------------

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="group" aria-label="Controls">
    <label>Call back from <output data-says="threshold"></output><input type="range" data-is="threshold" step="0.1"></label>
    <label>Who comes: <output data-says="prevalence"></output><input type="range" data-is="prevalence" min="0" step="1"></label>
    <label>Microscope: <output data-says="microscope"></output><input type="range" data-is="microscope" min="0" step="1"></label>
    <button type="button" data-do="rewind">Rewind</button>
  </div>
  <div class="message" role="alert"></div>
  <div class="picture"></div>
  <div class="where" role="status" aria-live="polite"></div>
  <table><thead><tr><td></td><th scope="col">with cancer</th><th scope="col">without</th><th scope="col" data-says="head"></th></tr></thead>
    <tbody>
      <tr><th scope="row">called back</th><td data-says="found"></td><td data-says="alarms"></td><td data-says="ppv"></td></tr>
      <tr><th scope="row">sent home</th><td data-says="missed"></td><td data-says="rest"></td><td data-says="npv"></td></tr>
      <tr><th scope="row">of these people</th><td data-says="sensitivity"></td><td data-says="specificity"></td><td></td></tr>
    </tbody></table>
  <div class="legend">Drag the line, or Tab to a slider and use the arrow keys. Point at a dot for that person, or Tab to the
    picture and walk from dot to dot with the arrow keys. Ringed dots are mistakes.</div>
  <details><summary>The lines that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-room", FRAME), state = stateOf(model);
  const find = (selector) => box.querySelector(selector), says = (name) => find(`[data-says=${name}]`);
  const field = (name) => find(`[data-is=${name}]`);
  const x = (z) => START + ((z + state.furthest) / (2 * state.furthest)) * (END - START);
  const svg = make(find(".picture"), "svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "application", tabindex: 0 });
  const home = make(svg, "rect", { class: "room", x: LEFT, y: TOP, height: FLOOR - TOP });
  drawAxis(svg, x);
  const dots = state.y.map((has) => make(svg, "circle", { class: has ? "ill" : "well", r: 3.4 }));
  const line = make(svg, "g", { class: "threshold" });
  make(line, "line", { y1: TOP - 4, y2: MIDDLE - GAP });
  make(line, "line", { y1: MIDDLE + GAP, y2: FLOOR });
  make(line, "rect", { class: "grip", x: -7, y: TOP - 10, width: 14, height: 14, rx: 4 });
  make(line, "text", { class: "left", x: -12, y: TOP - 1 }, "sent home");
  make(line, "text", { class: "right", x: 12, y: TOP - 1 }, "called back");
  const bars = { ppv: drawBar(svg, 286, "called back"), npv: drawBar(svg, 326, "sent home") };
  let places = [], pointed = null;

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    tellPython(model);
  };
  const cut = (z) => Math.min(state.furthest, Math.max(-state.furthest, Math.round(10 * z) / 10));
  const act = {
    threshold: (value) => put({ threshold: Number(chance(cut(Number(value))).toPrecision(6)), message: "" }),
    prevalence: (value) => put({ prevalence: state.prevalences[value], message: "" }),
    microscope: (value) => put({ microscope: state.scales[value], message: "" }),
  };
  field("threshold").min = -state.furthest;
  field("threshold").max = state.furthest;
  field("prevalence").max = state.prevalences.length - 1;
  field("microscope").max = state.scales.length - 1;
  field("microscope").disabled = state.scales.length === 1;
  for (const name of Object.keys(act)) field(name).addEventListener("input", () => act[name](field(name).value));
  find("[data-do=rewind]").addEventListener("click", () => { pointed = null; put({ ...state.first, message: "" }); });

  // The mouse: near a dot it points, anywhere it drags the line; the arrow keys walk from dot to dot.
  const place = (event) => {
    const shown = svg.getBoundingClientRect(), scale = WIDE / shown.width;
    return [(event.clientX - shown.left) * scale, (event.clientY - shown.top) * scale];
  };
  const nearest = ([px, py]) => {
    const far = places.map((at) => Math.hypot(at.x - px, at.y - py)), k = far.indexOf(Math.min(...far));
    return far[k] < 8 ? k : null;
  };
  const drag = (event) => act.threshold(((place(event)[0] - START) / (END - START)) * 2 * state.furthest - state.furthest);
  svg.addEventListener("pointerdown", (event) => {
    if (place(event)[1] > FLOOR) return;
    svg.setPointerCapture(event.pointerId);
    drag(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) return drag(event);
    const k = nearest(place(event));
    if (k !== null && k !== pointed) { pointed = k; refresh(); }
  });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const z = seen(), order = z.map((_, k) => k).sort((j, k) => z[j] - z[k] || j - k);
    const at = pointed === null ? (step > 0 ? -1 : 0) : order.indexOf(pointed);
    pointed = order[(at + step + order.length) % order.length];
    refresh();
  });

  const seen = () => state.z[state.scales.indexOf(model.get("microscope"))];

  function person(z, cutAt) {
    if (pointed === null) return "Point at a dot: every dot is a person.";
    const called = z[pointed] >= cutAt, has = state.y[pointed] === 1;
    const verdict = called ? (has ? "rightly called back" : "called back for nothing") : has ? "sent home: missed" : "rightly sent home";
    return `Person ${pointed}, ${has ? "with" : "without"} cancer: p = ${percent(chance(z[pointed]))}, ${verdict}.`;
  }

  function refresh() {
    const z = seen(), cutAt = logit(model.get("threshold")), prevalence = model.get("prevalence");
    const counts = counted(z, state.y, cutAt), rates = ratesOf(counts, prevalence);
    const ill = counts.found + counts.missed, well = counts.alarms + counts.rest;
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    say(find(".message"), model.get("message"));
    box.setAttribute("aria-label", model.get("title"));
    places = piled(z, state.y, state.furthest);
    dots.forEach((dot, k) => {
      dot.style.transform = `translate(${places[k].x.toFixed(2)}px, ${places[k].y.toFixed(2)}px)`;
      const wrong = (z[k] >= cutAt) !== (state.y[k] === 1);
      dot.setAttribute("class", `${state.y[k] ? "ill" : "well"}${wrong ? " wrong" : ""}${k === pointed ? " pointed" : ""}`);
    });
    const at = x(Math.min(state.furthest, Math.max(-state.furthest, cutAt)));
    line.setAttribute("transform", `translate(${at} 0)`);
    line.classList.toggle("far-left", at < LEFT + 90);
    line.classList.toggle("far-right", at > RIGHT - 100);
    home.setAttribute("width", at - LEFT);
    for (const [name, count] of Object.entries(counts)) says(name).innerHTML = `<b>${count}</b>`;
    say(says("sensitivity"), `sensitivity ${percent(rates.sensitivity)}`);
    say(says("specificity"), `specificity ${percent(rates.specificity)}`);
    say(says("head"), `where ${percent(prevalence)} have cancer`);
    say(says("ppv"), `PPV ${percent(rates.ppv)}`);
    say(says("npv"), `NPV ${percent(rates.npv)}`);
    bars.ppv(rates.ppv, Number.isNaN(rates.ppv) ? "nobody is called back" : `${percent(rates.ppv)} of them have cancer, ${percent(1 - rates.ppv)} do not`);
    bars.npv(1 - rates.npv, Number.isNaN(rates.npv) ? "nobody is sent home" : `${percent(1 - rates.npv)} of them have cancer, ${percent(rates.npv)} do not`);
    say(says("threshold"), `p = ${percent(model.get("threshold"))}`);
    say(says("prevalence"), `${percent(prevalence)} have cancer`);
    say(says("microscope"), microscopeName(model.get("microscope")));
    field("threshold").value = cutAt;
    field("prevalence").value = state.prevalences.reduce(
      (best, value, k) => (Math.abs(Math.log(value / prevalence)) < Math.abs(Math.log(state.prevalences[best] / prevalence)) ? k : best), 0);
    field("microscope").value = state.scales.indexOf(model.get("microscope"));
    for (const name of Object.keys(act)) field(name).setAttribute("aria-valuetext", says(name).textContent);
    svg.setAttribute("aria-label", `${state.y.length} people: ${counts.missed} of ${ill} with cancer are sent home, ` +
      `${counts.alarms} of ${well} without are called back. Arrow keys walk from person to person.`);
    say(find(".where"), person(z, cutAt));
    say(find("pre"), linesOf(model, state));
  }

  const changed = () => refresh();
  model.on("change", changed);
  refresh();
  return () => model.off("change", changed);
}

/** The same lines that Python gives. */
function linesOf(model, state) {
  const z = state.scales.length === 1 ? "z" : `z[${numeral(model.get("microscope"))}]`;
  return state.lines.replace("{z}", z).replace("{threshold}", numeral(model.get("threshold"))).replace("{prevalence}", numeral(model.get("prevalence")));
}

/** A number as Python writes it. */
const numeral = (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

export default { render };
