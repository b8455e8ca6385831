// FigureView in the browser: an image, and what it shows in words, as its description and below it.

function render({ model, el }) {
  const box = make(el, "figure", { class: "bpbook-figure" });
  const image = make(box, "img"), words = make(box, "figcaption", { "aria-live": "polite" });
  let address = "";
  function refresh() {
    const old = address;
    address = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    image.src = address;
    image.alt = model.get("alt");
    image.width = model.get("width");
    say(words, model.get("alt"));
    if (old) URL.revokeObjectURL(old);
    setTimeout(() => nameSliders(el.closest(".widget-vbox")));
  }
  model.on("change:png", refresh);
  refresh();
  return () => { model.off("change:png", refresh); URL.revokeObjectURL(address); };
}

export default { render };
