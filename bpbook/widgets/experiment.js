// What every experiment drawn in the browser shares: notation, elements, and questions to Python.

const NO_PYTHON = "No answer from Python: this page has no kernel, or it is busy. Stepping and clicking work without; " +
  "to change numbers, open the chapter in Jupyter and run its cells.";

// Notation ---------------------------------------------------------------------------------------------------------

const lower = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
const upper = (n) => String(n).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).replace("-", "⁻");

function written(value, digits) {
  const [mantissa, exponent] = String(Number(value.toPrecision(digits))).split("e");
  return mantissa.replace("-", "−") + (exponent ? "×10" + upper(Number(exponent)) : "");
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

/** Like `say`, in HTML that Python wrote; what does not change is not read aloud again. */
function sayHtml(element, html) {
  if (element.dataset.html !== html) element.innerHTML = element.dataset.html = html;
}

/** The frame of an experiment, in which keys are its own: JupyterLab would move cells by arrows and cut them by x. */
function frame(el, name, html) {
  const own = "data-lm-suppress-shortcuts", box = make(el, "div", { class: `bpbook-experiment ${name}`, role: "region" });
  box.innerHTML = html;
  box.setAttribute(own, "true");
  box.addEventListener("focusin", (event) => event.target.setAttribute(own, "true"));
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
    handle?.setAttribute("data-lm-suppress-shortcuts", "true");
    if (handle && label) handle.setAttribute("aria-label", label.textContent);
  }
}

// Asking Python ----------------------------------------------------------------------------------------------------

/** One question at a time; while one is on its way, a newer one for the same place replaces one that waits. */
function questions(model, complain) {
  const waiting = [];
  let timer = null;
  const next = () => {
    if (timer !== null || !waiting.length) return;
    timer = setTimeout(() => { timer = null; waiting.length = 0; complain(NO_PYTHON); }, 3000);
    model.send(waiting.shift());
  };
  return {
    ask(question) {
      const last = waiting.at(-1);
      if (last && question.do === "set" && last.do === "set" && String(last.place) === String(question.place)) waiting.pop();
      waiting.push(question);
      next();
    },
    answered() { clearTimeout(timer); timer = null; next(); },
  };
}
