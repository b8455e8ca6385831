// The picture of NetworkDiagram: units, wires, and the numbers on them at a step.
// Layers count from 1 as in the book: state.W[1][0][1] is w_01^1, and index 0 of every list is null.

const NARROW = 480, WIDE = 1000, MARGIN = 50;

function symbol(letter, layer, ...units) {
  return letter + units.map(lower).join(Math.max(...units) > 9 ? "," : "") + upper(layer);
}

// Units and wires ----------------------------------------------------------------------------------------------------

/** Every layer takes the height it needs, up to that of the widest, and all the width there is. */
function places(sizes, width) {
  const widest = width < 600 ? 95 : 102, most = Math.max(...sizes), room = most * Math.max(26, Math.min(widest, 440 / most));
  const gap = sizes.map((n) => Math.min(widest, room / n)), radius = gap.map((room) => Math.min(26, 0.42 * room));
  const middle = room / 2 - Math.min(...gap) / 2 + Math.max(...radius) + 20, height = 2 * middle + 12;
  const end = width - MARGIN, last = end - Math.max(90, 0.14 * width);
  const x = (layer) => MARGIN + (layer * (last - MARGIN)) / (sizes.length - 1);
  const y = (layer, unit) => middle + (unit - (sizes[layer] - 1) / 2) * gap[layer];
  return { x, y, end, middle, gap, radius, height };
}

const along = ({ x1, y1, x2, y2 }, t) => ({ x: x1 + t * (x2 - x1), y: y1 + t * (y2 - y1) });

const LABEL = { width: 104, height: 18 };

/** A place on a wire for its number: off the circles at its ends, and clear of the numbers before it where it can be. */
function free(ends, taken) {
  const over = (a, b) => Math.max(0, 1 - Math.abs(a.x - b.x) / LABEL.width) * Math.max(0, 1 - Math.abs(a.y - b.y) / LABEL.height);
  const crowd = (place) => taken.reduce((sum, other) => sum + over(place, other), 0);
  const level = Math.abs(ends.y2 - ends.y1) < LABEL.height, far = Math.max(0.08, 0.5 - 0.54 * (LABEL.width / (ends.x2 - ends.x1)));
  const aside = [0.14, 0.08, 0.2, 0.02, 0.26].filter((off) => off <= far).flatMap((off) => [0.5 - off, 0.5 + off]);
  const places = (level ? [0.5, ...aside] : aside).map((t) => along(ends, t));
  const best = places.reduce((a, b) => (crowd(b) < crowd(a) - 1e-9 ? b : a));
  taken.push(best);
  return best;
}

/** Draw the network for this width of the page, so that its type is as large as that around it. */
function draw(parent, sizes, choose, room) {
  const width = Math.max(NARROW, Math.min(WIDE, room)), { x, y, end, middle, gap, radius, height } = places(sizes, width);
  const L = sizes.length - 1;
  const svg = make(parent, "svg", { viewBox: `0 0 ${width} ${height}`, role: "group" });
  const wires = make(svg, "g"), edges = [], outputs = [], nodes = [], taken = []; // all wires first, below every number
  const labelled = sizes.every((n, l) => l === 0 || n * sizes[l - 1] <= 9);
  for (let l = 1; l <= L; l++) {
    for (let i = 0; i < sizes[l - 1]; i++) {
      for (let j = 0; j < sizes[l]; j++) {
        const ends = { x1: x(l - 1) + radius[l - 1], y1: y(l - 1, i), x2: x(l) - radius[l], y2: y(l, j) };
        const g = make(svg, "g", { class: "edge", role: "button", "data-of": `w${l},${i},${j}` });
        const wire = make(wires, "line", ends);
        make(g, "line", { class: "hit", "stroke-width": labelled ? 14 : 7, ...ends });
        edges.push({ g, wire, text: make(g, "text", labelled ? free(ends, taken) : along(ends, 0.26)), ends, place: [l, i, j] });
      }
    }
  }
  for (let j = 0; j < sizes[L]; j++) {
    const ends = { x1: x(L) + radius[L], y1: y(L, j), x2: end - 26, y2: middle };
    make(wires, "line", { class: "end", "data-of": `C${j}`, ...ends });
    outputs.push({ ends });
  }
  const flow = make(svg, "g", { class: "flow", "aria-hidden": "true" });
  flow.addEventListener("animationend", () => rest({ svg, flow }));
  for (let l = 0; l <= L; l++) {
    for (let j = 0; j < sizes[l]; j++) nodes.push(node(svg, x(l), y(l, j), radius[l], [l, j], gap[l] >= 90));
  }
  nodes.push(node(svg, end, middle, 26, null, true, outputs.map((_, j) => `C${j}`).join(" ")));
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
  return { svg, flow, edges, outputs, nodes, labelled };
}

/** A unit; where there is no room for its symbols, pointing at it tells them. */
function node(svg, x, y, radius, place, room, of = `u${place}`) {
  const unit = place && place[0] > 0;
  const role = unit ? { class: "node unit", role: "button", tabindex: 0 } : { class: "node", role: "img" };
  const g = make(svg, "g", { "data-of": of, ...role });
  make(g, "circle", { cx: x, cy: y, r: radius });
  const number = make(g, "text", { class: "inside", x, y });
  const above = make(g, "text", { class: "above", x, y: y - radius - 8 });
  const below = [0, 1].map((k) => make(g, "text", { class: "below", x, y: y + radius + 10, dy: `${1.08 * k}em` }));
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

function rest({ svg, flow }) {
  flow.replaceChildren();
  svg.classList.remove("flowing");
}

/** Let what a step sends along the wires run along them once; what was still on its way is gone. */
function travel(picture, sizes, step, L) {
  const back = step > L + 1, l = back ? 2 * L + 3 - step : step; // the layer of the wires; beyond L they are those of C
  const wires = l > L ? picture.outputs : picture.edges.filter(({ place }) => place[0] === l);
  const from = ({ x1, y1 }) => `translate(${x1}px, ${y1}px)`, to = ({ x2, y2 }) => `translate(${x2}px, ${y2}px)`;
  rest(picture);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  picture.flow.classList.toggle("back", back);
  wires.forEach(({ ends }, k) => {
    if (!sizes[k]) return;
    picture.svg.classList.add("flowing");
    const bead = make(picture.flow, "circle", { r: (4 + 6 * sizes[k]).toFixed(2) });
    bead.style.setProperty("--from", (back ? to : from)(ends));
    bead.style.setProperty("--to", (back ? from : to)(ends));
  });
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
    if (deltas) say(text, gradient === null ? "" : "∂C/∂w = " + written(gradient, digits));
    else say(text, after ? "w → " + after : "w = " + written(w, digits));
    g.setAttribute("aria-label", `weight ${l} ${i} ${j}, from unit ${i} of layer ${l - 1} to unit ${j} of layer ${l}: ` +
      written(w, digits) + (gradient === null ? "" : `, gradient ${written(gradient, digits)}`) + (after ? `, after the update ${after}` : ""));
    g.setAttribute("aria-pressed", Boolean(self));
  }
}

/** Several numbers, one below the other: those of the examples of a batch. */
function stack(text, numbers) {
  if (numbers.length < 2) return say(text, numbers[0] ?? "");
  if (text.dataset.numbers === String(numbers) && text.childElementCount) return;
  text.dataset.numbers = numbers;
  text.replaceChildren();
  numbers.forEach((number, k) => {
    const dy = k ? "1.05em" : `${-0.525 * (numbers.length - 1)}em`;
    make(text, "tspan", { x: text.getAttribute("x"), dy }, number);
  });
}

function showNodes(picture, view, known) {
  const { state, example, deltas, digits } = view, L = state.sizes.length - 1;
  const number = (value) => [value].flat().map((value) => written(value, digits)).join(", ");
  for (const { g, number: inside, above, below, place, radius } of picture.nodes) {
    let [head, value, first, second, name, mark] = ["C", known.loss ? example.C : null, `y = ${example.y}`, "", "loss C", ""];
    if (place) {
      const [l, j] = place, backwards = deltas && l > 0, slope = l > 0 ? `f′ = ${number(example.slope[l][j])}` : "";
      head = symbol(backwards ? "δ" : "a", l, j);
      const ready = backwards ? known.backward(l) : known.forward(l);
      value = ready ? (backwards ? example.delta : example.a)[l][j] : null;
      mark = l > 0 && known.forward(l) ? example.marks[l][j] : "";
      first = second = "";
      if (backwards) first = ready || mark ? slope : "";
      else if (l > 0) first = ready ? `z = ${number(example.z[l][j])}` : "";
      if (l > 0 && !backwards) second = known.update ? `b → ${number(state.update.b[l][j])}` : `b = ${number(state.b[l][j])}`;
      name = `${backwards ? "delta" : l ? "activation" : "input"} ${j} of layer ${l}`;
      if (mark) {
        head = `${head} ${mark}`;
        if (!backwards) second = `${slope}, ${second}`;
        name = `${name}, ${mark}, ${slope}`;
      }
    }
    const now = place ? place[0] === known.layer : known.layer === null;
    g.classList.toggle("waiting", value === null);
    g.classList.toggle("now", now);
    g.classList.toggle("closed", Boolean(mark));
    const numbers = value === null ? [] : [value].flat().map((value) => fitted(value, digits));
    const longest = Math.max(1, ...numbers.map(({ length }) => length));
    stack(inside, numbers);
    inside.style.setProperty("--room", `${Math.min(0.5 * radius, (2.75 * radius) / longest).toFixed(1)}px`);
    say(above, head);
    say(below[0], first);
    say(below[1], second);
    g.setAttribute("aria-label", `${name}: ${value === null ? "not yet" : number(value)}`);
  }
  const shown = deltas ? "deltas" : "values";
  picture.svg.setAttribute("aria-label", `A network of ${state.sizes.join("-")} units with its ${shown}`);
}
