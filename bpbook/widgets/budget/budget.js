// One gradient within a budget. Python has counted what every share costs with every interval; here it is looked up.

const WIDE = 740, LEFT = 24, RIGHT = 716, ROW = 34, TALL = 64, MOST = 64;
const MEMORY = 142, TIME = 208, HIGH = 254;

/** A number of bytes in words. */
const megabytes = (bytes) => `${Number((bytes / 1e6).toPrecision(3)).toLocaleString("en")} MB`;
const duration = (s) => (s >= 1 ? `${Number(s.toPrecision(3))} s` : `${Number((1000 * s).toPrecision(3))} ms`);
const rate = (bytes) => (bytes >= 1e9 ? `${bytes / 1e9} GB/s` : `${bytes / 1e6} MB/s`);
const PLACES = { 1e7: "home", 1e8: "office", 1e9: "fast office", 1e10: "data centre" };

function costsOf(state, { batch, every, machines, link }) {
  const share = state.shares.indexOf(batch / machines), k = state.choices.every.indexOf(every), none = state.choices.every.length - 1;
  const compute = state.work[share][k] / state.speed, travel = machines > 1 ? (2 * state.weights) / link : 0;
  const alone = state.work[state.shares.indexOf(batch)][none] / state.speed;
  return { memory: state.bytes[share][k], compute, travel, alone, speedUp: alone / (compute + travel) };
}

/** What one layer holds while the last segment is worked on: all three arrays, a checkpoint, or nothing. */
function heldBy(layer, L, every) {
  const start = Math.floor((L - 1) / every) * every;
  if (layer > start) return "whole";
  return layer % every === 0 ? "checkpoint" : "empty";
}

const WORDS = {
  whole: (l) => `Layer ${l}: z, a and delta are held, because the way back is in this segment now.`,
  checkpoint: (l) => `Layer ${l}: its a is kept as a checkpoint. The segment after it will be computed again from here.`,
  empty: (l, every) => `Layer ${l}: forgotten. It will be computed again from ` +
    (l <= every ? "the input." : `the checkpoint in layer ${Math.floor((l - 1) / every) * every}.`),
};

function drawBar(svg, y, name, kinds) {
  const heading = make(svg, "text", { class: "name", x: LEFT, y: y - 10 });
  const parts = kinds.map((kind) => make(svg, "rect", { class: kind, y, height: 18, x: LEFT }));
  const line = make(svg, "line", { class: "limit", y1: y - 5, y2: y + 23 });
  const text = make(svg, "text", { class: "limit", y: y + 36 });
  return (values, most, mark, markWords, words) => {
    const x = (value) => ((RIGHT - LEFT) * value) / most;
    let at = 0;
    parts.forEach((part, i) => {
      part.setAttribute("x", LEFT + x(at));
      part.setAttribute("width", Math.max(0, x(values[i])));
      at += values[i];
    });
    const place = LEFT + x(mark);
    line.setAttribute("x1", place);
    line.setAttribute("x2", place);
    text.setAttribute("x", Math.min(RIGHT, Math.max(LEFT, place)));
    text.setAttribute("text-anchor", place > WIDE - 130 ? "end" : place < 130 ? "start" : "middle");
    say(text, markWords);
    say(heading, `${name}: ${words}`);
  };
}

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="group" aria-label="Controls">
    <label>Batch: <output data-says="batch"></output><input type="range" data-is="batch" min="0" step="1"></label>
    <label>Checkpoints: <output data-says="every"></output><input type="range" data-is="every" min="0" step="1"></label>
    <label>Machines: <output data-says="machines"></output><input type="range" data-is="machines" min="0" step="1"></label>
    <label>Link: <output data-says="link"></output><input type="range" data-is="link" min="0" step="1"></label>
    <button type="button" data-do="rewind">Rewind</button>
  </div>
  <div class="message" role="alert"></div>
  <div class="picture"></div>
  <div class="where" role="status" aria-live="polite"></div>
  <div class="verdict" role="status" aria-live="polite"></div>
  <div class="legend">Above, the layers of one machine while the way back is in its last segment: <b class="whole">three arrays</b>,
    <b class="checkpoint">a checkpoint</b>, or nothing. Below, blue computes and orange travels; memory in orange does not fit.
    Point at a layer, or Tab to the picture and walk with the arrow keys. A machine does 10¹⁰ multiply-adds a second.</div>
  <details><summary>The lines that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-budget", FRAME), state = stateOf(model), L = state.layers;
  const find = (selector) => box.querySelector(selector), says = (name) => find(`[data-says=${name}]`);
  const field = (name) => find(`[data-is=${name}]`);
  const svg = make(find(".picture"), "svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "application", tabindex: 0 });
  const shown = Math.min(L, MOST), wide = (RIGHT - LEFT) / shown;
  make(svg, "text", { class: "name", x: LEFT, y: ROW - 12 }, "layers of one machine");
  const machinesText = make(svg, "text", { class: "value", x: RIGHT, y: ROW - 12 });
  const layers = Array.from({ length: shown }, (_, i) =>
    make(svg, "rect", { x: LEFT + i * wide + 0.1 * wide, y: ROW, width: 0.8 * wide, height: TALL, rx: Math.min(3, wide / 4) }));
  const memory = drawBar(svg, MEMORY, "memory on each machine", ["memory"]);
  const time = drawBar(svg, TIME, "time of one step", ["compute", "travel"]);
  let pointed = null;

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    tellPython(model);
  };
  for (const [name, choices] of Object.entries(state.choices)) {
    field(name).max = choices.length - 1;
    field(name).addEventListener("input", () => put({ [name]: choices[field(name).value], message: "" }));
  }
  find("[data-do=rewind]").addEventListener("click", () => { pointed = null; put({ ...state.first, message: "" }); });
  svg.addEventListener("pointermove", (event) => {
    const rect = svg.getBoundingClientRect(), scale = WIDE / rect.width;
    const x = (event.clientX - rect.left) * scale, y = (event.clientY - rect.top) * scale;
    const layer = Math.floor((x - LEFT) / wide) + 1;
    if (y < ROW || y > ROW + TALL || layer < 1 || layer > shown || layer === pointed) return;
    pointed = layer;
    refresh();
  });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    pointed = pointed === null ? (step > 0 ? 1 : shown) : ((pointed - 1 + step + shown) % shown) + 1;
    refresh();
  });

  function refresh() {
    const now = Object.fromEntries(Object.keys(state.choices).map((name) => [name, model.get(name)]));
    const costs = costsOf(state, now), { every, machines, batch, link } = now, share = batch / machines, seconds = costs.compute + costs.travel;
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    say(find(".message"), model.get("message"));
    box.setAttribute("aria-label", model.get("title"));
    layers.forEach((rect, i) => rect.setAttribute("class", `layer ${heldBy(i + 1, L, every)}${i + 1 === pointed ? " pointed" : ""}`));
    say(machinesText, machines === 1 ? "one machine has all" : `${machines} machines, each like this`);
    const fits = costs.memory <= state.memory;
    memory([costs.memory], 1.15 * Math.max(costs.memory, state.memory), state.memory, `there is ${megabytes(state.memory)}`, megabytes(costs.memory));
    find("rect.memory").classList.toggle("over", !fits);
    time([costs.compute, costs.travel], 1.15 * Math.max(seconds, costs.alone), costs.alone, `one machine, one pass: ${duration(costs.alone)}`,
      costs.travel ? `${duration(costs.compute)} to compute, ${duration(costs.travel)} to travel` : `${duration(costs.compute)} to compute`);
    say(says("batch"), `${batch.toLocaleString("en")} examples`);
    say(says("every"), every === L ? "none" : every === 1 ? "every layer" : `every ${every} layers`);
    say(says("machines"), String(machines));
    say(says("link"), `${rate(link)}, ${PLACES[link]}`);
    for (const [name, choices] of Object.entries(state.choices)) {
      field(name).value = choices.indexOf(now[name]);
      field(name).setAttribute("aria-valuetext", says(name).textContent);
    }
    const each = machines === 1 ? "" : `, ${share.toLocaleString("en")} examples each`;
    say(find(".verdict"), `${fits ? "It fits" : "It does not fit"}: ${megabytes(costs.memory)} of ${megabytes(state.memory)}${each}. ` +
      `A step takes ${duration(seconds)}, ${Number(costs.speedUp.toPrecision(3))} times as fast as one machine with enough memory, ` +
      `and costs ${Number((machines * seconds).toPrecision(3))} machine-seconds.`);
    svg.setAttribute("aria-label", `${L} layers, checkpoints ${says("every").textContent}, ${machines} machines. Arrow keys walk from layer to layer.`);
    say(find(".where"), pointed === null ? "Point at a layer to see what it holds." : WORDS[heldBy(pointed, L, every)](pointed, every));
    say(find("pre"), linesOf(state, now));
  }

  model.on("change", refresh);
  refresh();
  return () => model.off("change", refresh);
}

/** The same lines that Python gives. */
function linesOf(state, { batch, every, machines, link }) {
  const travel = machines === 1 ? "0.0  # one machine" : `2 * ${state.weights} / 1e+${String(Math.log10(link)).padStart(2, "0")}  # bytes, bytes a second`;
  return state.lines.replace("{share}", batch / machines).replace("{every}", every).replace("{travel}", travel).replace("{machines}", machines);
}

export default { render };
