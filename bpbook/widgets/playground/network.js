// The playground's network: every input and unit a map of the plane, every weight a wire, left to right.
// Python sends maps and numbers; here they are drawn, pointed at, and sent back when the reader changes one.

const HEIGHT = 388, TOP = 30, SMALLEST = 40, LARGEST = 64, ROOM_RIGHT = 64, THUMB = 34;

const FRAME = `
  <div class="strip">
    <span class="data" role="group" aria-label="Data"></span>
    <span class="count"><button type="button" data-do="shallower" aria-label="one hidden layer less">−</button>
      <span class="said"></span> <button type="button" data-do="deeper" aria-label="one hidden layer more">+</button></span>
  </div>
  <div class="picture"><canvas></canvas></div>
  <div class="tip" hidden><span></span><input type="text" inputmode="decimal" hidden></div>
  <div class="hint"></div><div class="aloud" role="status"></div><div class="message" role="alert"></div>`;

const named = (letter, layer, ...units) => letter + units.map(lower).join("") + upper(layer);

// Places -------------------------------------------------------------------------------------------------------------

/** Columns from left to right, with the largest tiles that the widest layer has room for. */
function columns({ sizes }, width) {
  const L = sizes.length - 1, most = Math.max(...sizes.slice(0, L));
  const tile = Math.max(SMALLEST, Math.min(LARGEST, Math.floor((HEIGHT - TOP) / most) - 5));
  const last = width - ROOM_RIGHT, step = L > 1 ? Math.min(190, (last - tile - 70 - 4) / (L - 1)) : 0;
  const gap = (l) => (l === L ? 60 : Math.min(tile + 26, (HEIGHT - TOP) / sizes[l]));
  const middle = TOP + (HEIGHT - TOP) / 2;
  const x = (l) => (l === L ? last : 4 + l * (L > 1 ? (last - tile - 74) / (L - 1) : step));
  const y = (l, j) => middle + (j - (sizes[l] - 1) / 2) * gap(l);
  return { tile, x, y, L };
}

// Numbers ------------------------------------------------------------------------------------------------------------

/** Take weights and biases out of the bytes that Python sent: W of every layer, then b of every layer. */
function numbersOf(model, sizes) {
  const bytes = model.get("numbers"), at = new Map();
  let k = 0;
  const next = () => bytes.getFloat64(8 * k++, true);
  for (let l = 1; l < sizes.length; l++)
    for (let i = 0; i < sizes[l - 1]; i++) for (let j = 0; j < sizes[l]; j++) at.set(`${l},${i},${j}`, next());
  for (let l = 1; l < sizes.length; l++) for (let j = 0; j < sizes[l]; j++) at.set(`${l},${j}`, next());
  return at;
}

/** The bytes of one map: inputs first, then the units of each hidden layer. */
function mapOf(model, { sizes, side }, l, j) {
  const before = sizes.slice(0, l).reduce((sum, n) => sum + n, j), bytes = model.get("maps");
  return new DataView(bytes.buffer, bytes.byteOffset + before * side * side, side * side);
}

// Drawing ------------------------------------------------------------------------------------------------------------

/** Draw wires, tiles, biases and names once; `show` later gives them their numbers. */
function drawNetwork(picture, state, width, act) {
  picture.querySelector("svg")?.remove();
  for (const head of picture.querySelectorAll(".head")) head.remove();
  const { sizes, names, outputs } = state, { tile, x, y, L } = columns(state, width), items = [];
  const svg = make(picture, "svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "group" });
  const lines = make(svg, "g"), hits = make(svg, "g"), groups = [];
  const item = (g, place, kind, more = {}) => {
    const entry = { g, place, kind, ...more };
    items.push(entry);
    act.wire(entry);
    return entry;
  };
  const unit = (l, j) => {
    const g = make(svg, "g", { class: `unit${l === L ? " out" : ""}`, role: "button", tabindex: -1 });
    if (l < L) make(g, "rect", { x: x(l), y: y(l, j) - tile / 2, width: tile, height: tile, rx: 4 });
    else make(g, "circle", { cx: x(l) + 7, cy: y(l, j), r: 7 });
    if (l === 0) make(g, "text", { x: x(l) + tile / 2, y: y(l, j) - tile / 2 + 10 }, names[j]);
    if (l === L) make(g, "text", { x: x(l) + 7, y: y(l, j) - 17 }, outputs[j]);
    item(g, [l, j], "unit");
    if (l === 0) return;
    const b = make(svg, "g", { class: "bias", role: "button", tabindex: -1 });
    make(b, "rect", { x: x(l) - 11, y: y(l, j) + (l === L ? 12 : tile / 2 - 9), width: 9, height: 9, rx: 2 });
    item(b, [l, j], "bias");
  };
  for (let l = 0; l <= L; l++) {
    groups.push(items.length);
    for (let i = 0; l && i < sizes[l - 1]; i++) for (let j = 0; j < sizes[l]; j++) {
      const [x1, y1, x2, y2] = [x(l - 1) + tile, y(l - 1, i), x(l), y(l, j)], bend = (x2 - x1) / 2;
      const d = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
      const g = make(hits, "g", { class: "edge", role: "button", tabindex: -1 }), wire = make(lines, "path", { d, class: "wire" });
      make(g, "path", { d, class: "hit" });
      item(g, [l, i, j], "weight", { wire });
    }
    if (l) groups.push(items.length);
    for (let j = 0; j < sizes[l]; j++) unit(l, j);
    if (l && l < L) act.head(make(picture, "div", { class: "head", style: `left: ${x(l) + tile / 2}px` }), l, sizes);
  }
  items.forEach((entry, k) => entry.g.addEventListener("keydown", (event) => {
    const group = groups.findLastIndex((first) => first <= k);
    const to = { ArrowDown: k + 1, ArrowUp: k - 1, ArrowRight: groups[group + 1], ArrowLeft: groups[group - 1] }[event.key];
    if (to === undefined || !items[to]) return;
    event.preventDefault();
    event.stopPropagation();
    entry.g.setAttribute("tabindex", -1);
    items[to].g.setAttribute("tabindex", 0);
    items[to].g.focus();
  }));
  items[0].g.setAttribute("tabindex", 0);
  return { svg, items, tile, x, y, L };
}

/** Paint the maps onto the canvas below the wires. */
function paint(canvas, model, state, picture, width, colour) {
  const ratio = window.devicePixelRatio || 1, table = colours("diverging", colour), pen = canvas.getContext("2d");
  const [w, h] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, HEIGHT);
  const { tile, x, y, L } = picture;
  for (let l = 0; l < L; l++) for (let j = 0; j < state.sizes[l]; j++)
    drawHeat(pen, mapOf(model, state, l, j), [state.side, state.side], table, [x(l), y(l, j) - tile / 2, tile, tile]);
}

function showNumbers(picture, numbers, look) {
  for (const { g, place, kind, wire } of picture.items) {
    const value = numbers.get(String(place)), text = value === undefined ? "" : written(value, 4);
    const [l, ...units] = place;
    if (kind === "weight") {
      wire.setAttribute("stroke-width", (0.5 + 6.5 * Math.min(1, Math.abs(value) / 3)).toFixed(2));
      wire.classList.toggle("negative", value < 0);
      g.setAttribute("aria-label", `weight from unit ${units[0]} of layer ${l - 1} to unit ${units[1]} of layer ${l}: ${text}`);
    } else if (kind === "bias") {
      g.classList.toggle("negative", value < 0);
      g.style.setProperty("--strength", (0.25 + 0.75 * Math.min(1, Math.abs(value) / 2)).toFixed(2));
      g.setAttribute("aria-label", `bias of unit ${units[0]} of layer ${l}: ${text}`);
    } else {
      const output = l === picture.L, pressed = output ? !look.length : String(look) === String(place);
      g.setAttribute("aria-label", output ? `output ${units[0]}` : l ? `unit ${units[0]} of layer ${l}` : `input ${units[0]}`);
      g.setAttribute("aria-pressed", pressed);
    }
  }
}

/** Thumbnails of the data sets, as buttons. */
function drawThumbs(box, data, colour, choose) {
  box.replaceChildren();
  for (const [name, { points, valued }] of Object.entries(data)) {
    const button = make(box, "button", { type: "button", title: name, "aria-label": `data: ${name}`, "data-name": name });
    const ratio = 2 * (window.devicePixelRatio || 1), canvas = make(button, "canvas", { width: THUMB * ratio, height: THUMB * ratio });
    const pen = canvas.getContext("2d"), at = (v) => ((v + 1.5) / 3) * THUMB * ratio;
    for (const [u, v, k] of points) {
      pen.fillStyle = (valued ? k > 0 : k) ? colour.blue : colour.orange;
      pen.globalAlpha = valued ? 0.15 + 0.85 * Math.min(1, Math.abs(k)) : 1;
      pen.fillRect(at(u) - ratio, at(-v) - ratio, 2 * ratio, 2 * ratio);
    }
    button.addEventListener("click", () => choose(name));
  }
}

// The whole view -----------------------------------------------------------------------------------------------------

function render({ model, el }) {
  el.innerHTML = `<div class="bpbook-layers">${FRAME}</div>`;
  const box = el.firstChild, find = (selector) => box.querySelector(selector);
  const tip = find(".tip"), field = find(".tip input"), board = () => box.closest(".bpbook-board") || box;
  const python = questions(model, el, (text) => say(find(".message"), text));
  let picture = null, drawn = "", width = 0, numbers = new Map(), pointed = null, editing = null;
  const state = () => JSON.parse(model.get("state"));

  const widths = (change) => {
    const hidden = state().sizes.slice(1, -1);
    change(hidden);
    python.ask({ do: "widths", widths: hidden });
  };
  const act = {
    head(head, l, sizes) {
      for (const [sign, by, words] of [["−", -1, "less"], ["", 0], ["+", 1, "more"]]) {
        if (!sign) { make(head, "span", {}, String(sizes[l])); continue; }
        const button = make(head, "button", { type: "button", "aria-label": `one unit ${words} in layer ${l}` }, sign);
        button.disabled = sizes[l] + by < 1 || sizes[l] + by > state().widest;
        button.addEventListener("click", () => widths((hidden) => { hidden[l - 1] += by; }));
      }
    },
    wire(entry) {
      const { g, place, kind } = entry;
      g.addEventListener("pointerenter", () => point(entry));
      g.addEventListener("pointerleave", () => point(null));
      g.addEventListener("focus", () => point(entry));
      g.addEventListener("blur", () => { if (!editing) point(null); });
      onChoice(g, () => {
        if (kind === "unit") python.ask({ do: "look", place: place[0] === picture.L ? [] : place });
        else edit(entry);
      });
    },
  };
  find("[data-do=deeper]").addEventListener("click", () => widths((hidden) => hidden.push(hidden.at(-1) ?? 4)));
  find("[data-do=shallower]").addEventListener("click", () => widths((hidden) => hidden.pop()));

  /** Tell what is pointed at: a number beside the pointer, or a unit's map large on the plane. */
  function point(entry) {
    if (editing) return;
    pointed = entry;
    tell();
  }
  function tell() {
    const own = state(), unit = pointed?.kind === "unit" ? pointed.place : null, [l, j] = unit ?? [];
    const there = unit && String(model.get("look")) === String(unit); // the plane shows it already, with its line
    const map = unit && l < picture.L && !there ? { heat: mapOf(model, own, l, j), side: own.side } : null;
    board().dispatchEvent(new CustomEvent("bpbook-look", { detail: map }));
    tip.hidden = !pointed || (unit && l === picture.L);
    if (tip.hidden) return;
    const [layer, ...units] = pointed.place, value = numbers.get(String(pointed.place));
    const name = unit ? (l ? `unit ${j} of layer ${l}` : own.names[j]) : named(pointed.kind === "bias" ? "b" : "w", layer, ...units);
    say(tip.firstChild, unit ? `${name}, large in the plane` : editing ? `${name} =` : `${name} = ${written(value, 4)}`);
    const at = pointed.g.getBBox(), middle = [at.x + at.width / 2, at.y + (unit ? 0 : at.height / 2)];
    tip.style.left = `${Math.max(60, Math.min(width - 60, middle[0]))}px`;
    tip.style.top = `${find(".picture").offsetTop + middle[1]}px`;
  }
  function edit(entry) {
    editing = null;
    point(entry);
    editing = entry;
    field.hidden = false;
    field.value = String(Number(numbers.get(String(entry.place)).toPrecision(6)));
    field.setAttribute("aria-label", entry.g.getAttribute("aria-label"));
    tell();
    field.select();
  }
  function closeEditor(set) {
    if (!editing) return;
    const { g, place } = editing, text = field.value;
    editing = null;
    field.hidden = true;
    if (set) python.ask({ do: "set", place, text });
    point(null);
    g.focus();
  }
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    closeEditor(event.key === "Enter");
  });
  field.addEventListener("blur", () => closeEditor(false));

  function refresh() {
    const own = state();
    if (!width) return;
    if (drawn !== `${own.sizes} ${own.names} ${own.outputs} ${width}`) {
      drawn = `${own.sizes} ${own.names} ${own.outputs} ${width}`;
      picture = drawNetwork(find(".picture"), own, width, act);
      editing = pointed = null;
      field.hidden = tip.hidden = true;
    }
    numbers = numbersOf(model, own.sizes);
    paint(find(".picture canvas"), model, own, picture, width, palette(box));
    showNumbers(picture, numbers, model.get("look"));
    picture.svg.setAttribute("aria-label", model.get("alt"));
    box.classList.toggle("busy", model.get("busy"));
    const L = own.sizes.length - 2;
    say(find(".said"), `${L} hidden layer${L === 1 ? "" : "s"}`);
    find("[data-do=deeper]").disabled = L >= own.deepest;
    find("[data-do=shallower]").disabled = !L;
    for (const button of box.querySelectorAll(".data button")) button.setAttribute("aria-pressed", button.dataset.name === own.data);
    say(find(".hint"), model.get("hint"));
    if (pointed) tell();
  }
  const thumbs = () => {
    drawThumbs(find(".data"), JSON.parse(model.get("thumbs")), palette(box), (name) => python.ask({ do: "data", name }));
    refresh();
  };
  const sized = new ResizeObserver(() => {
    const now = Math.floor(find(".picture").clientWidth);
    if (now === width || !now) return;
    width = now;
    requestAnimationFrame(thumbs);
  });
  sized.observe(find(".picture"));
  const theme = new MutationObserver(thumbs);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const answered = () => { python.answered(); say(find(".message"), ""); refresh(); };
  model.on("change", refresh);
  model.on("msg:custom", answered);
  return () => {
    sized.disconnect();
    theme.disconnect();
    model.off("change", refresh);
    model.off("msg:custom", answered);
  };
}

export default { render };
