// FigureView in the browser: an image, and what it shows in words: to be heard as its description, to be read below.

const QUIET = 700, GONE = 4000; // milliseconds without a change before it is read aloud, and until it is taken away

function render({ model, el }) {
  const box = make(el, "figure", { class: "bpbook-figure", "aria-label": "picture" });
  const image = make(box, "img"), words = make(box, "figcaption", { "aria-hidden": "true" });
  const aloud = make(box, "div", { class: "aloud", role: "status" });
  let address = "", waiting = null;
  function readAloud() {
    say(aloud, model.get("alt"));
    waiting = setTimeout(() => say(aloud, ""), GONE);
  }
  function refresh() {
    const old = address;
    const png = model.get("png");
    address = URL.createObjectURL(new Blob([png], { type: "image/png" }));
    image.width = model.get("width");
    if (png.byteLength > 24) image.height = png.getUint32(20); // from its first block: there is room before it is decoded
    image.src = address;
    image.alt = model.get("alt");
    words.replaceChildren();
    for (const [k, line] of model.get("lines").entries()) make(words, "span", {}, k ? ` ${line}` : line);
    if (old) URL.revokeObjectURL(old);
    setTimeout(() => nameSliders(el.closest(".widget-vbox")));
  }
  function changed() {
    refresh();
    clearTimeout(waiting);
    waiting = setTimeout(readAloud, QUIET);
  }
  model.on("change", changed);
  refresh();
  return () => { clearTimeout(waiting); model.off("change", changed); URL.revokeObjectURL(address); };
}

export default { render };
