// Pointing at a factor of a formula lights its part of the picture, and pointing at a part lights its factors.
// Both carry data-of, the parts they belong to; factors of one data-same are one quantity, in symbols or as a number.

/** Say a formula; Tab reaches its first factor, and arrow keys go on from there. */
function sayFormula(element, html) {
  sayHtml(element, html);
  const first = element.querySelector("[role=math]");
  if (first) first.tabIndex = 0;
}

/** Return a function that lights anew what belongs to what is pointed at, by hand or by key.
 * `show` hears which labelled part of the picture that is, or null. */
function linkFactors(box, show = () => {}) {
  const all = (selector) => [...box.querySelectorAll(selector)];
  const parts = (element) => element.dataset.of.split(" ");
  let pointed = null;
  const light = () => {
    if (!pointed?.isConnected) pointed = null;
    const own = pointed ? parts(pointed) : [], same = pointed?.dataset.same;
    for (const other of all(pointed ? "[data-of]" : ".lit")) {
      const apart = same && other.dataset.same && other.dataset.same !== same;
      other.classList.toggle("lit", !apart && parts(other).some((part) => own.includes(part)));
    }
    show(box.querySelector("svg [aria-label].lit"));
  };
  const point = (element) => {
    if (element === pointed) return;
    pointed = element;
    light();
  };
  const under = ({ target }) => target.closest("[data-of]"), byKey = () => box.querySelector("[data-of]:focus-visible");
  box.addEventListener("pointerover", (event) => point(under(event) ?? byKey()));
  box.addEventListener("pointerleave", () => point(byKey()));
  box.addEventListener("focusin", (event) => point(under(event)));
  box.addEventListener("focusout", () => point(null));
  box.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!move || !event.target.matches("[role=math]")) return;
    event.preventDefault();
    const factors = [...event.target.closest("[data-html]").querySelectorAll("[role=math]")];
    factors.at((factors.indexOf(event.target) + move) % factors.length).focus();
  });
  return light;
}
