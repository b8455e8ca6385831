// The playground's network: every input and unit a map of the plane, every weight a wire, left to right.
// Python sends maps and numbers; here they are drawn, pointed at, and sent back when the reader changes one.

const FRAME = `
  <div class="strip">
    <span class="data" role="group" aria-label="Data"></span>
    <span class="count"><button type="button" data-do="shallower" aria-label="one hidden layer less">−</button>
      <span class="said"></span> <button type="button" data-do="deeper" aria-label="one hidden layer more">+</button></span>
  </div>
  <div class="picture"><canvas></canvas></div>
  <div class="tip" hidden><span></span><input type="text" inputmode="decimal" hidden></div>
  <div class="hint"></div><div class="aloud" role="status"></div><div class="message" role="alert"></div>`;

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
      editing = null;
      field.hidden = true;
      point(null); // what was pointed at is gone, and the plane must not go on showing it
    }
    numbers = numbersOf(model, own.sizes);
    paint(find(".picture canvas"), model, own, picture, width, palette(box));
    showNumbers(picture, numbers, model.get("look"), model.get("busy"));
    if (model.get("busy")) flow(picture);
    give(picture.svg, "aria-label", model.get("alt"));
    box.classList.toggle("busy", model.get("busy"));
    const L = own.sizes.length - 2;
    say(find(".said"), `${L} hidden layer${L === 1 ? "" : "s"}`);
    find("[data-do=deeper]").disabled = L >= own.deepest;
    find("[data-do=shallower]").disabled = !L;
    for (const button of box.querySelectorAll(".data button")) give(button, "aria-pressed", button.dataset.name === own.data);
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
