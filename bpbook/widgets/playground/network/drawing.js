// What the playground's picture of its network is made of: places, wires, maps, numbers and thumbnails.

const HEIGHT = 388, TOP = 30, SMALLEST = 40, LARGEST = 64, ROOM_RIGHT = 64, BETWEEN = 28, THUMB = 34;

const named = (letter, layer, ...units) => letter + units.map(lower).join("") + upper(layer);

// Places -------------------------------------------------------------------------------------------------------------

/** Columns from left to right, with the largest tiles for which there is room: in the widest layer, and between layers for wires. */
function columns({ sizes }, width) {
  const L = sizes.length - 1, most = Math.max(...sizes.slice(0, L));
  const last = width - ROOM_RIGHT, beside = Math.floor((last - 74 - BETWEEN * (L - 1)) / L);
  const tile = Math.max(SMALLEST, Math.min(LARGEST, Math.floor((HEIGHT - TOP) / most) - 5, beside));
  const step = L > 1 ? Math.min(190, (last - tile - 70 - 4) / (L - 1)) : 0;
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
  return { svg, lines, items, tile, x, y, L };
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

/** Give wires and biases their width and colour; what is read aloud of them only where it can be read in peace. */
function showNumbers(picture, numbers, look, busy) {
  for (const { g, place, kind, wire } of picture.items) {
    const value = numbers.get(String(place)), text = value === undefined ? "" : written(value, 4);
    const aloud = (label) => { if (!busy || !g.hasAttribute("aria-label")) give(g, "aria-label", label); };
    const [l, ...units] = place;
    if (kind === "weight") {
      give(wire, "stroke-width", (0.5 + 6.5 * Math.min(1, Math.abs(value) / 3)).toFixed(2));
      wire.classList.toggle("negative", value < 0);
      aloud(`weight from unit ${units[0]} of layer ${l - 1} to unit ${units[1]} of layer ${l}: ${text}`);
    } else if (kind === "bias") {
      g.classList.toggle("negative", value < 0);
      give(g, "style", `--strength: ${(0.25 + 0.75 * Math.min(1, Math.abs(value) / 2)).toFixed(2)}`);
      aloud(`bias of unit ${units[0]} of layer ${l}: ${text}`);
    } else {
      const output = l === picture.L, pressed = output ? !look.length : String(look) === String(place);
      aloud(output ? `output ${units[0]}` : l ? `unit ${units[0]} of layer ${l}` : `input ${units[0]}`);
      give(g, "aria-pressed", pressed);
    }
  }
}

/** Let the dashes of the wires move on with each picture: an animation would have the browser draw them all in between. */
function flow({ lines }) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  give(lines, "stroke-dashoffset", (-(performance.now() / 40) % 22).toFixed(1));
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
