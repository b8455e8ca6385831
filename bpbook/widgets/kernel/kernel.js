// A kernel on a small image. Python has computed z, dx and dW; here the products of one sum are pointed at.

const CELL = 34, WIDE = 700, HIGH = 462;
const GRIDS = {
  x: { left: 40, top: 32, name: "x, the image" }, W: { left: 290, top: 66, name: "W, the kernel" }, z: { left: 470, top: 32, name: "z, the output" },
  dx: { left: 40, top: 264, name: "∂C/∂x" }, dW: { left: 290, top: 298, name: "∂C/∂W" }, u: { left: 470, top: 264, name: "u = ∂C/∂z, from above" },
};
const CHOOSES = { x: "x", dx: "x", W: "W", dW: "W", z: "z", u: "z" }, GRADIENT = { x: "dx", W: "dW", z: "z" };

const signed = (value) => String(value).replace("-", "−");
const inBrackets = (value) => (value < 0 ? `(${signed(value)})` : signed(value));
const at = (letter, i, j) => `${letter}${lower(i)}${lower(j)}`;

/** The products of the chosen sum: the places of both factors, and whether the pixel is one of the padding. */
function termsOf({ x, W }, numbers, stride, padding, [kind, row, column]) {
  const found = [], size = numbers.z.length, k = W.length;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) {
    const a = stride * i + p - padding, b = stride * j + q - padding;
    const own = { z: [i, j], x: [a, b], W: [p, q] }[kind];
    if (own[0] !== row || own[1] !== column) continue;
    found.push({ z: [i, j], W: [p, q], x: [a, b], pixel: x[a]?.[b] ?? 0, weight: W[p][q], u: numbers.u[i][j], outside: x[a]?.[b] === undefined });
  }
  return found;
}

function wordsOf(kind, row, column, terms, sum) {
  const left = { z: at("z", row, column), x: `∂C/∂${at("x", row, column)}`, W: `∂C/∂${at("w", row, column)}` }[kind];
  const symbols = { z: (t) => `${t.outside ? "0" : at("x", ...t.x)} ${at("w", ...t.W)}`, x: (t) => `${at("u", ...t.z)} ${at("w", ...t.W)}`,
    W: (t) => `${at("u", ...t.z)} ${t.outside ? "0" : at("x", ...t.x)}` }[kind];
  const pair = { z: (t) => [t.pixel, t.weight], x: (t) => [t.u, t.weight], W: (t) => [t.u, t.pixel] }[kind];
  const product = (t) => pair(t).map(inBrackets).join("·");
  if (!terms.length) return `${left} = 0: no window covers this pixel.`;
  return `${left} = ${terms.map(symbols).join(" + ")}<br>= ${terms.map(product).join(" + ")} = <b>${signed(sum)}</b>`;
}

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="group" aria-label="Controls">
    <button type="button" data-grid="z">An output</button>
    <button type="button" data-grid="x">A pixel</button>
    <button type="button" data-grid="W">A weight</button>
    <label>stride <select data-is="stride"><option>1</option><option>2</option></select></label>
    <label>padding <select data-is="padding"><option>0</option><option>1</option></select></label>
    <button type="button" data-do="rewind">Rewind</button>
  </div>
  <div class="message" role="alert"></div>
  <div class="picture"></div>
  <div class="words" role="status" aria-live="polite"></div>
  <div class="legend">Click a number, or Tab to the picture and move with the arrow keys. Ringed is what you chose,
    <b class="one">blue</b> is one factor of each product and <b class="other">orange</b> the other.</div>
  <details><summary>The lines that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-kernel", FRAME), state = stateOf(model), find = (selector) => box.querySelector(selector);
  const svg = make(find(".picture"), "svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "application", tabindex: 0 });
  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const numbersAt = (stride, padding) => state.numbers[`${stride} ${padding}`];
  const numbers = () => numbersAt(model.get("stride"), model.get("padding"));
  const sizeOf = (kind) => (kind === "z" ? numbers().z.length : state[kind].length);
  const choose = (kind, row, column) => put({ chosen: [kind, row, column], message: "" });
  const cells = {};
  for (const [name, { left, top, name: heading }] of Object.entries(GRIDS)) {
    const side = ["W", "dW"].includes(name) ? 3 : 5;
    make(svg, "text", { class: "name", x: left + (side * CELL) / 2, y: top - 14 }, heading);
    cells[name] = Array.from({ length: side }, (_, row) => Array.from({ length: side }, (_, column) => {
      const g = make(svg, "g", { "data-cell": `${name} ${row} ${column}`, transform: `translate(${left + column * CELL} ${top + row * CELL})` });
      make(g, "rect", { x: 1, y: 1, width: CELL - 2, height: CELL - 2, rx: 3 });
      make(g, "text", { x: CELL / 2, y: CELL / 2 });
      g.addEventListener("click", () => choose(CHOOSES[name], row, column));
      return g;
    }));
  }
  for (const button of box.querySelectorAll("[data-grid]")) button.addEventListener("click", () => {
    const middle = Math.floor(sizeOf(button.dataset.grid) / 2);
    choose(button.dataset.grid, middle, middle);
  });
  for (const field of box.querySelectorAll("select")) field.addEventListener("change", () => {
    const next = { stride: model.get("stride"), padding: model.get("padding"), [field.dataset.is]: Number(field.value) };
    const [kind, row, column] = model.get("chosen"), last = numbersAt(next.stride, next.padding).z.length - 1;
    const chosen = kind === "z" ? [kind, Math.min(row, last), Math.min(column, last)] : [kind, row, column];
    put({ ...next, chosen, message: "" });
  });
  find("[data-do=rewind]").addEventListener("click", () => put({ ...state.first, message: "" }));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [kind, row, column] = model.get("chosen"), size = sizeOf(kind);
    const moved = [row + step[0], column + step[1]];
    if (moved.every((n) => n >= 0 && n < size)) choose(kind, ...moved);
  });

  function refresh() {
    const now = numbers(), [kind, row, column] = model.get("chosen");
    const stride = model.get("stride"), padding = model.get("padding");
    const terms = termsOf(state, now, stride, padding, [kind, row, column]);
    const sum = now[GRADIENT[kind]][row][column];
    const one = new Set(), other = new Set(), shown = { x: state.x, W: state.W, ...now };
    for (const term of terms) {
      if (kind === "z") { one.add(`x ${term.x.join(" ")}`); other.add(`W ${term.W.join(" ")}`); }
      if (kind === "x") { one.add(`u ${term.z.join(" ")}`); other.add(`W ${term.W.join(" ")}`); }
      if (kind === "W") { one.add(`u ${term.z.join(" ")}`); other.add(`x ${term.x.join(" ")}`); }
    }
    for (const [name, rows] of Object.entries(cells)) rows.forEach((line, i) => line.forEach((g, j) => {
      const value = shown[name][i]?.[j], key = `${name} ${i} ${j}`;
      const ringed = [kind, GRADIENT[kind]].includes(name) && i === row && j === column;
      g.setAttribute("class", `cell${one.has(key) ? " one" : ""}${other.has(key) ? " other" : ""}${ringed ? " ringed" : ""}`);
      g.style.display = value === undefined ? "none" : "";
      say(g.querySelector("text"), value === undefined ? "" : signed(value));
    }));
    for (const name of ["title", "question", "message"]) say(find(`.${name}`), model.get(name));
    box.setAttribute("aria-label", model.get("title"));
    for (const button of box.querySelectorAll("[data-grid]")) button.setAttribute("aria-pressed", String(button.dataset.grid === kind));
    find("[data-is=stride]").value = stride;
    find("[data-is=padding]").value = padding;
    sayHtml(find(".words"), wordsOf(kind, row, column, terms, sum));
    const named = { z: "output", x: "pixel", W: "weight" }[kind];
    svg.setAttribute("aria-label", `${named} in row ${row}, column ${column} of an image, a kernel and an output, with their gradients. Arrow keys move.`);
    say(find("pre"), state.lines.replace("{stride}", stride).replace("{padding}", padding).replace("{u}", listed(now.u)));
  }

  model.on("change", refresh);
  refresh();
  return () => model.off("change", refresh);
}

/** A nested list as Python writes it. */
const listed = (rows) => JSON.stringify(rows).replaceAll(",", ", ");

export default { render };
