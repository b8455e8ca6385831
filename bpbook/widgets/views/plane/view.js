// PlaneView in the browser. Python sends a heat map, lines, paths and points; here they are drawn, and clicks and
// keys are sent back. Nothing is computed here but places on the screen and colours.

const NEAR = 9; // pixels within which a click means the point that is there

// The whole view -----------------------------------------------------------------------------------------------------

const FRAME = `<canvas></canvas><div class="legend" role="img" hidden></div><div class="hint"></div><div class="where" role="status" aria-live="polite"></div>
  <div class="words" aria-live="polite"></div><div class="message" role="alert"></div>`;

function render({ model, el }) {
  el.innerHTML = `<div class="bpbook-plane">${FRAME}</div>`;
  const box = el.firstChild;
  box.style.width = `${model.get("size")[0]}px`;
  const find = (selector) => box.querySelector(selector), canvas = find("canvas");
  const say = (selector, text) => { if (find(selector).textContent !== text) find(selector).textContent = text; };
  let place = null, cursor = null, preview = null, frame = model.get("frame");
  let brush = {}; // what was typed here and Python may not have heard of; else it is Python that knows

  function redraw() {
    const colour = palette(box);
    place = draw(canvas, model, colour, document.activeElement === canvas ? cursor : null, preview);
    showLegend(find(".legend"), model.get("legend"), colours(model.get("scale"), colour));
  }
  function refresh() {
    if (model.get("brush") !== brush.brush) brush = {};
    if (model.get("frame") !== frame) { // first, so that Python goes on while this is drawn
      frame = model.get("frame");
      model.send({ do: "drawn", frame });
    }
    redraw();
    const edit = model.get("edit"), keys = edit === "start" || edit === "points";
    give(canvas, "class", edit);
    give(canvas, "role", keys ? "application" : "img");
    give(canvas, "aria-label", `${model.get("name")}. ${model.get("alt")}${keys ? " " + model.get("hint") : ""}`);
    if (keys) give(canvas, "tabindex", 0);
    give(find(".words"), "aria-live", model.get("busy") ? "off" : "polite");
    say(".words", model.get("quiet") ? "" : model.get("alt"));
    say(".hint", model.get("hint"));
    say(".message", model.get("message"));
    if (box.closest(".bpbook-board")) nameSliders(box.closest(".bpbook-board"));
  }
  const python = questions(model, el, (text) => say(".message", text));
  function nearest(u, v) {
    const away = ([a, b]) => Math.hypot(place.x(a) - place.x(u), place.y(b) - place.y(v));
    return model.get("points").reduce((best, point) => (!best || away(point) < away(best) ? point : best), null);
  }
  function at(event) {
    const shown = canvas.getBoundingClientRect(), [width, height] = model.get("size");
    return [place.u(((event.clientX - shown.left) * width) / shown.width), place.v(((event.clientY - shown.top) * height) / shown.height)];
  }
  /** Open or remove the point below the cursor; where there is none, add one. */
  function choose(wish) {
    const point = model.get("edit") === "points" ? nearest(...cursor) : null;
    const hit = point && Math.hypot(place.x(point[0]) - place.x(cursor[0]), place.y(point[1]) - place.y(cursor[1])) < NEAR;
    python.ask(hit ? { do: wish, at: point.slice(0, 2) } : { do: "add", at: cursor, ...brush });
  }
  const inside = ([u, v], [left, right, bottom, top]) => left <= u && u <= right && bottom <= v && v <= top;

  canvas.addEventListener("click", (event) => {
    const edit = model.get("edit"), there = at(event);
    if (!edit || !inside(there, model.get("bounds"))) return;
    cursor = there;
    choose(event.shiftKey ? "remove" : "open");
  });
  canvas.addEventListener("keydown", (event) => {
    const edit = model.get("edit"), [left, right, bottom, top] = model.get("bounds");
    const step = event.shiftKey ? 0.005 : 0.025;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!edit) return;
    cursor ??= [(left + right) / 2, (bottom + top) / 2];
    if (move) {
      const within = (value, low, high) => Math.min(high, Math.max(low, value));
      cursor = [within(cursor[0] + move[0] * step * (right - left), left, right), within(cursor[1] + move[1] * step * (top - bottom), bottom, top)];
      say(".where", `Cursor at (${atTick(cursor[0])}, ${atTick(cursor[1])})`);
      redraw();
    } else if (event.key === "Enter" || event.key === " ") choose("open");
    else if (edit === "points" && (event.key === "Delete" || event.key === "Backspace")) {
      const point = nearest(...cursor);
      if (point) python.ask({ do: "remove", at: point.slice(0, 2) });
    } else if (edit === "points" && (event.key === "0" || event.key === "1")) {
      model.set("brush", Number(event.key));
      brush = { brush: Number(event.key) };
      tellPython(model);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener("focus", () => {
    const [left, right, bottom, top] = model.get("bounds");
    cursor ??= [(left + right) / 2, (bottom + top) / 2];
    redraw();
  });

  canvas.addEventListener("blur", () => { brush = {}; say(".where", ""); redraw(); }); // a button may choose now
  const answered = () => { python.answered(); refresh(); };
  const theme = new MutationObserver(redraw);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", redraw);
  // Without this attribute JupyterLab takes Enter for itself and opens the cell's text; it needs its place in the page.
  const settled = requestAnimationFrame(() => {
    const board = box.closest(".bpbook-board") || box;
    board.setAttribute(OWN_KEYS, "true");
    // What is pointed at on a picture beside is seen large here.
    if (model.get("edit") === "points") board.addEventListener("bpbook-look", ({ detail }) => { preview = detail; redraw(); });
    refresh();
  });
  model.on("change", refresh);
  model.on("msg:custom", answered);
  return () => {
    cancelAnimationFrame(settled);
    theme.disconnect();
    dark.removeEventListener("change", redraw);
    model.off("change", refresh);
    model.off("msg:custom", answered);
  };
}

export default { render };
