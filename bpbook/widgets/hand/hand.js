// A canvas to draw on, and what a network makes of the drawing. Python computes every number; here they become pictures.

const SIDE = 280, PIXELS = 28, STEP = 10, FINE = 2;
const PICTURES = [
  { of: "x", title: "what it sees", unit: "ink" },
  { of: "saliency", title: "ink for and against that", unit: "saliency", signed: true },
];
const AFTER = [
  { of: "pushed", title: "the nudge, magnified", unit: "change of ink", signed: true },
  { of: "x", title: "nudged", unit: "ink" },
  { of: "random", title: "nudged at random", unit: "ink" },
];

// Pictures ---------------------------------------------------------------------------------------------------------

const channels = (css) => (css.trim().match(/[0-9a-f]{2}/gi) ?? ["80", "80", "80"]).map((two) => parseInt(two, 16));

/** Paint 28 x 28 numbers: ink from paper to full, or orange for what is above 0 and purple for what is below. */
function paint(canvas, values, signed) {
  const style = getComputedStyle(canvas), tone = (name) => channels(style.getPropertyValue(`--${name}`));
  const [paper, ink, orange] = ["panel", "ink", "orange"].map(tone), purple = [122, 88, 178];
  const most = signed ? Math.max(1e-12, ...values.map(Math.abs)) : 1, pen = canvas.getContext("2d");
  const image = pen.createImageData(PIXELS, PIXELS);
  values.forEach((value, k) => {
    const full = signed ? (value > 0 ? orange : purple) : ink, share = Math.min(1, Math.abs(value) / most);
    image.data.set([...paper.map((channel, c) => channel + share * (full[c] - channel)), 255], 4 * k);
  });
  pen.putImageData(image, 0, 0);
}

/** A picture of 28 x 28 pixels that names the one that is pointed at, by mouse or by arrow keys. */
function addPicture(parent, { of, title, unit, signed }, point) {
  const figure = make(parent, "figure"), canvas = make(figure, "canvas", { width: PIXELS, height: PIXELS, role: "img", tabindex: 0 });
  const caption = make(figure, "figcaption", {}, title), shown = { values: [], said: "" };
  let at = null;
  const name = () => point(`${title}: row ${Math.floor(at / PIXELS)}, column ${at % PIXELS}, ${unit} ${written(shown.values[at], 3)}`);
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((PIXELS * (event.clientX - box.left)) / box.width), row = Math.floor((PIXELS * (event.clientY - box.top)) / box.height);
    if (!shown.values.length || row < 0 || row >= PIXELS || column < 0 || column >= PIXELS) return;
    at = row * PIXELS + column;
    name();
  });
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: PIXELS, ArrowUp: -PIXELS }[event.key];
    if (!move || !shown.values.length) return;
    event.preventDefault();
    at = at === null ? 14 * PIXELS + 14 : (at + move + PIXELS * PIXELS) % (PIXELS * PIXELS);
    name();
  });
  return (values, text) => {
    shown.values = values ?? [];
    canvas.setAttribute("aria-label", values ? `${title}. ${text}` : `${title}: not yet`);
    say(caption, values && text ? `${title}: ${text}` : title);
    figure.classList.toggle("waiting", !values);
    paint(canvas, values ?? new Array(PIXELS * PIXELS).fill(0), signed);
    return of;
  };
}

function addBars(parent) {
  const list = make(parent, "ol", { class: "bars", "aria-label": "Probabilities" });
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = make(list, "li"), name = make(row, "b", {}, String(digit));
    return { row, name, bar: make(make(row, "span", { class: "track" }), "i"), text: make(row, "span", { class: "share" }) };
  });
  return (p, answer) => rows.forEach(({ row, bar, text }, digit) => {
    bar.style.width = `${100 * (p ? p[digit] : 0)}%`;
    say(text, p ? p[digit].toFixed(3) : "");
    row.classList.toggle("now", digit === answer);
  });
}

// The canvas -------------------------------------------------------------------------------------------------------

/** Draw the strokes as Python will, and the place of the pen for those who move it by keys. */
function drawStrokes(canvas, strokes, width, cursor, down) {
  const ratio = window.devicePixelRatio || 1, pen = canvas.getContext("2d"), style = getComputedStyle(canvas);
  if (canvas.width !== Math.round(SIDE * ratio)) canvas.width = canvas.height = Math.round(SIDE * ratio);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, SIDE, SIDE);
  pen.lineCap = pen.lineJoin = "round";
  pen.lineWidth = width;
  pen.strokeStyle = style.getPropertyValue("--ink");
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) pen.lineTo(...point);
    pen.stroke();
  }
  if (!cursor) return;
  pen.lineWidth = 2;
  pen.strokeStyle = style.getPropertyValue(down ? "--orange" : "--blue");
  pen.beginPath();
  pen.arc(...cursor, width / 2 + 3, 0, 2 * Math.PI);
  pen.stroke();
}

// The whole experiment ---------------------------------------------------------------------------------------------

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="toolbar" aria-label="Drawing">
    <button type="button" data-do="clear">Clear</button>
    <button type="button" data-do="undo">Undo</button>
    <button type="button" data-do="rewind">Rewind</button>
    <label>pen <input type="range" data-is="pen" min="8" max="36" step="1"> <output></output></label>
    <button type="button" data-do="nudge" class="main">Nudge it</button>
  </div>
  <div class="board">
    <figure><canvas class="drawing" tabindex="0" role="application" width="280" height="280"></canvas><figcaption>draw here</figcaption></figure>
    <div class="seen"></div>
  </div>
  <div class="words" role="status" aria-live="polite"></div>
  <div class="after"></div>
  <div class="where" role="status" aria-live="polite"></div>
  <div class="message" role="alert"></div>
  <div class="legend">Draw with the mouse or a finger. By keys: Tab to the canvas, move the pen by the arrow keys (with Shift
    in small steps), lower and lift it by the space bar, take a stroke back by Backspace. Orange ink speaks for the answer, purple
    against it.</div>
  <details><summary>The lines of bpbook that make these numbers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-hand", FRAME);
  const find = (selector) => box.querySelector(selector), canvas = find(".drawing"), slider = find("[data-is=pen]");
  const python = questions(model, el, (text) => say(find(".message"), text));
  const point = (text) => say(find(".where"), text);
  const pictures = PICTURES.map((picture) => addPicture(find(".seen"), picture, point));
  const bars = addBars(find(".seen")), after = AFTER.map((picture) => addPicture(find(".after"), picture, point));
  let strokes = [], width = 18, cursor = [SIDE / 2, SIDE / 2], down = false, drawing = false, ahead = false;

  const redraw = () => drawStrokes(canvas, strokes, width, document.activeElement === canvas ? cursor : null, down);
  function changed() {
    ahead = true; // of Python, until it has these strokes too
    redraw();
    python.ask({ do: "set", place: "drawing", strokes, pen: width });
  }
  const begin = (at) => { strokes = [...strokes, [at]]; changed(); };
  const extend = (at) => { strokes = [...strokes.slice(0, -1), [...strokes.at(-1), at]]; changed(); };
  const lift = () => { drawing = down = false; };
  const act = {
    clear: () => { lift(); strokes = []; changed(); },
    undo: () => { lift(); strokes = strokes.slice(0, -1); changed(); },
    rewind: () => { lift(); ahead = false; python.ask({ do: "rewind" }); },
    nudge: () => python.ask({ do: "nudge" }),
  };
  for (const button of box.querySelectorAll("button")) button.addEventListener("click", () => act[button.dataset.do]());
  slider.addEventListener("input", () => { width = Number(slider.value); say(find("output"), `${width} pixels`); changed(); });

  // By mouse and finger
  const within = (value) => Math.round(Math.max(0, Math.min(SIDE, value)));
  function place(event) {
    const shown = canvas.getBoundingClientRect();
    return [within((SIDE * (event.clientX - shown.left)) / shown.width), within((SIDE * (event.clientY - shown.top)) / shown.height)];
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    [drawing, down, cursor] = [true, false, place(event)];
    begin(cursor);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const at = place(event);
    if (Math.hypot(at[0] - cursor[0], at[1] - cursor[1]) < 3) return;
    cursor = at;
    extend(at);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drawing = false; });

  // By keys
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const step = event.shiftKey ? FINE : STEP;
    if (move) {
      cursor = cursor.map((value, axis) => within(value + step * move[axis]));
      if (down) extend(cursor);
    } else if (event.key === " " || event.key === "Enter") {
      down = !down;
      if (down) begin(cursor);
    } else if (event.key === "Backspace" || event.key === "Delete") act.undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
    point(`The pen is ${down ? "down" : "up"} at ${cursor[0]} across and ${cursor[1]} down.`);
    redraw();
  });
  for (const name of ["focus", "blur"]) canvas.addEventListener(name, redraw);

  function refresh() {
    const state = stateOf(model), { answer, nudge } = state;
    box.setAttribute("aria-label", model.get("title"));
    canvas.setAttribute("aria-label", "Canvas to draw a digit on. Arrow keys move the pen, the space bar lowers and lifts it.");
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    if (ahead) ahead = JSON.stringify([strokes, width]) !== JSON.stringify([state.strokes, state.pen]);
    else [strokes, width] = [state.strokes, state.pen];
    slider.value = width;
    say(find("output"), `${width} pixels`);
    const read = answer === null ? "" : `read as ${answer}`;
    pictures.forEach((show, k) => show(answer === null ? null : state[PICTURES[k].of], k ? "" : read));
    bars(answer === null ? null : state.p, answer);
    const texts = nudge ? ["", `read as ${nudge.answer}`, `read as ${nudge.random_answer}`] : [];
    after.forEach((show, k) => show(nudge ? nudge[AFTER[k].of] : null, texts[k]));
    find("[data-do=nudge]").disabled = answer === null;
    sayHtml(find(".words"), state.words);
    say(find(".message"), model.get("message"));
    say(find("pre"), state.code);
    redraw();
  }

  const hear = () => { python.answered(); refresh(); };
  const theme = new MutationObserver(refresh);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", refresh);
  model.on("change", refresh);
  model.on("msg:custom", hear);
  const settled = requestAnimationFrame(refresh); // colours are known once the experiment stands in the page
  refresh();
  return () => {
    cancelAnimationFrame(settled);
    theme.disconnect();
    dark.removeEventListener("change", refresh);
    model.off("change", refresh);
    model.off("msg:custom", hear);
  };
}

export default { render };
