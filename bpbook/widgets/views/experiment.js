// What every experiment drawn in the browser shares: notation, elements, and questions to Python.

// Notation ---------------------------------------------------------------------------------------------------------

const lower = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
const upper = (n) => String(n).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).replace("-", "⁻");

function withPower(text) {
  const [mantissa, exponent] = text.split("e");
  return mantissa.replace("-", "−") + (exponent ? "×10" + upper(Number(exponent)) : "");
}

const written = (value, digits) => withPower(String(Number(value.toPrecision(digits))));

/** With as many digits as there is room for: a node takes 8 signs. */
function fitted(value, digits) {
  const long = written(value, digits), short = withPower(value.toExponential(digits - 1).replace(/\.?0*e/, "e"));
  const text = [long, short].find((text) => text.length <= 8);
  return text ?? (digits > 2 ? fitted(value, digits - 1) : short);
}

function rounded(html, digits) {
  return html.replace(/\d+\.\d+/g, (number) => Number(Number(number).toPrecision(digits)));
}

/** What Python sent as one text; taken apart once. */
const parsed = new WeakMap();
function stateOf(model) {
  const text = model.get("state");
  if (parsed.get(model)?.text !== text) parsed.set(model, { text, state: JSON.parse(text) });
  return parsed.get(model).state;
}

// Elements ---------------------------------------------------------------------------------------------------------

function make(parent, tag, attributes = {}, text = "") {
  const drawn = parent.closest("svg") || tag === "svg";
  const element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Give an element an attribute; one that stays as it is makes the browser style nothing anew. */
function give(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Like `say`, in HTML that Python wrote; what does not change is not read aloud again. */
function sayHtml(element, html) {
  if (element.dataset.html !== html) element.innerHTML = element.dataset.html = html;
}

/** Keep the room that the longest of these texts takes, so that nothing below moves when they follow each other. */
function keepRoom(words, texts) {
  const measure = () => {
    const style = `position: absolute; visibility: hidden; min-height: 0; width: ${words.clientWidth}px;`;
    const ghost = make(words.parentElement, "div", { class: words.className, style, "aria-hidden": "true" });
    const heights = texts().map((html) => { ghost.innerHTML = html; return ghost.offsetHeight; });
    ghost.remove();
    words.style.cssText = `box-sizing: border-box; min-height: ${Math.max(...heights)}px;`;
  };
  let width = 0;
  new ResizeObserver(() => {
    if (words.clientWidth === width) return;
    width = words.clientWidth;
    measure();
  }).observe(words);
  return measure;
}

/** What bears this attribute keeps its keys from JupyterLab. */
const OWN_KEYS = "data-lm-suppress-shortcuts";

/** The frame of an experiment, in which keys are its own: JupyterLab would move cells by arrows and cut them by x. */
function frame(el, name, html) {
  const box = make(el, "div", { class: `bpbook-experiment ${name}`, role: "region" });
  box.innerHTML = html;
  box.setAttribute(OWN_KEYS, "true");
  box.addEventListener("focusin", (event) => event.target.setAttribute(OWN_KEYS, "true"));
  return box;
}

/** Call `act` with the text of a field when it was changed, or Enter was pressed in it. */
function onText(field, act) {
  field.addEventListener("change", () => act(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    act(field.value);
  });
}

/** Call `act` when an element is clicked, or Enter or the space bar is pressed on it. */
function onChoice(element, act) {
  element.addEventListener("click", act);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
}

/** Give sliders of ipywidgets the names that stand before them, and their arrow keys; they have neither of their own. */
function nameSliders(box) {
  for (const slider of box?.querySelectorAll(".widget-slider") ?? []) {
    const handle = slider.querySelector(".noUi-handle"), label = slider.querySelector(".widget-label");
    if (!handle) continue;
    give(handle, OWN_KEYS, "true");
    if (label) give(handle, "aria-label", label.textContent);
  }
}

/** Ctrl-S saves wherever the focus is: in an output, where keys do not reach JupyterLab, it hears them said again. */
window.bpbookSaves ??= window.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
  const output = event.target instanceof Element && event.target.closest(".jp-OutputArea"), notebook = output && output.closest(".jp-Notebook");
  if (!notebook) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { key, code, keyCode, ctrlKey, metaKey, shiftKey } = event;
  notebook.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
}, true) ?? true;

// Asking Python ----------------------------------------------------------------------------------------------------

const RUN_ALL = "choose Run > Run All Cells.";
const LOST = `The kernel was restarted or shut down, so this experiment has lost its Python. To begin it anew, ${RUN_ALL}`;

/** Tell Python what was chosen. A restarted kernel cannot be told; what is seen goes on without it. */
function tellPython(model) {
  try { model.save_changes(); } catch (error) { console.debug(error); }
}

/** Return why Python does not answer the experiment in `el`: `gone` at once where it cannot, `late` after a while.
 * What is stored in a chapter has no kernel until the chapter is run; what was alive has lost it. */
function silence(el) {
  const dead = () => el.closest(".jupyter-widgets-disconnected") !== null;
  const status = () => (el.closest(".jp-NotebookPanel") ?? document).querySelector("[data-status]")?.dataset.status;
  let lived = !dead();
  new MutationObserver(() => { lived ||= !dead(); }).observe(el, { attributes: true, attributeFilter: ["class"] });
  return {
    gone() {
      if (!dead()) return "";
      if (lived) return LOST;
      return `This chapter has not been run yet. To change numbers, ${RUN_ALL}`;
    },
    late() {
      if (!el.closest(".jp-Notebook")) return { text: "No answer from Python: this page has no kernel. To change numbers, open the chapter in Jupyter and run it." };
      const said = status();
      if (said === "busy") return { text: "Python is busy with another cell. Your change comes when that is done.", wait: true };
      return { text: `No answer from Python${said ? `: its kernel is ${said}` : ""}. Interrupt or restart it in the menu Kernel, then ${RUN_ALL}` };
    },
  };
}

/** One question at a time; while one is on its way, a newer one for the same place replaces one that waits.
 * `complain` hears that an answer is long in coming, and, with true, that none will come. */
function questions(model, el, complain) {
  const waiting = [], python = silence(el);
  let timer = null, soon = null;
  const drop = (text) => {
    clearTimeout(soon);
    timer = null;
    waiting.length = 0;
    complain(text, true);
  };
  const late = () => {
    const gone = python.gone(), { text, wait } = python.late();
    if (gone || !wait) return drop(gone || text);
    complain(text, false);
    timer = setTimeout(late, 500);
  };
  const next = () => {
    if (timer !== null || !waiting.length) return;
    const gone = python.gone();
    if (gone) return drop(gone);
    timer = setTimeout(late, 3000);
    soon = setTimeout(() => complain("Asking Python …", false), 400);
    try { model.send(waiting.shift()); } catch { drop(LOST); }
  };
  return {
    ask(question) {
      const last = waiting.at(-1);
      if (last && question.do === "set" && last.do === "set" && String(last.place) === String(question.place)) waiting.pop();
      waiting.push(question);
      next();
    },
    answered() { clearTimeout(timer); clearTimeout(soon); timer = null; next(); },
  };
}
