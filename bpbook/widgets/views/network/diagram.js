// NetworkDiagram in the browser. Python sends every number and every formula; here they are placed and shown.

const FRAME = `
  <div class="title"></div> <div class="question"></div>
  <div class="controls" role="toolbar" aria-label="Steps">
    <button type="button" data-do="rewind">Rewind</button>
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="on" class="main">Step</button>
    <button type="button" data-do="play"></button>
    <span role="group" aria-label="Numbers in the units">
      <button type="button" data-do="values">values</button> <button type="button" data-do="deltas">deltas</button>
    </span>
    <label>example <select data-is="example"></select></label>
    <label>digits <select data-is="digits"></select></label>
    <label>eta <input type="text" inputmode="decimal" data-is="eta"></label>
  </div>
  <div class="picture"></div>
  <div class="legend"><div class="where"></div><div class="message" role="alert"></div></div>
  <div class="columns">
    <div class="words" role="status" aria-live="polite"></div>
    <div class="chosen" role="region" aria-label="The chosen weight or unit">
      <div class="controls"><label><span class="name"></span> <input type="text" inputmode="decimal" data-is="number"></label>
        <input type="range" data-is="slider" min="-5" max="5" step="0.05"></div>
      <div class="rule" aria-live="polite"></div>
    </div>
  </div>
  <div class="history"></div>
  <details><summary>The lines of bpbook that make these numbers</summary><pre></pre></details>`;

const CHOOSE = "Choose a weight or a unit, by click or by Tab and Enter, to read its chain rule here.";
const FORWARD = "The beads are the terms of z: a larger term is a larger bead, and 0 sends none.";
const BACKWARD = "The beads are the terms of δ: a larger term is a larger bead, and 0 sends none.";

/** What helps to read the picture at this step, in one line. */
function hint(step, L) {
  if (step === 0) return "Blue wires have a positive weight, orange ones a negative; the width is its size.";
  if (step > 2 * L + 1) return "Beside each arrow is what the weight or bias will be after the update.";
  return step > L + 1 ? BACKWARD : step === L + 1 ? "Point at a factor of a formula to see where it belongs." : FORWARD;
}

function render({ model, el }) {
  const box = frame(el, "bpbook-network", FRAME);
  const find = (selector) => box.querySelector(selector), field = (name) => find(`[data-is=${name}]`);
  const complain = (text) => say(find(".message"), text);
  const python = questions(model, el, (text, refused) => { refresh(refused); complain(text); });
  let picture = null, width = find(".picture").clientWidth, drawn = "", asked = {}, before = null;

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    tellPython(model);
  };
  const goTo = (step) => {
    const L = stateOf(model).sizes.length - 1;
    put({ step, show: step > L + 1 && step < 2 * L + 2 ? "deltas" : "values", message: "" });
  };
  const choose = (place) => {
    const same = String(model.get("selected")) === String(place);
    put({ selected: same ? [] : place, message: "" });
  };
  const light = linkFactors(box, (part) => {
    const step = model.get("step"), L = stateOf(model).sizes.length - 1;
    say(find(".where"), part ? part.getAttribute("aria-label") : hint(step, L));
    const unit = picture.nodes.find(({ g }) => g === part)?.place, chosen = model.get("selected");
    tell(picture, [unit, chosen.length === 2 ? chosen : null].filter(Boolean));
  });
  let clock = null;
  const pause = () => { clearInterval(clock); clock = null; showPlay(); };
  const showPlay = () => {
    say(find("[data-do=play]"), clock ? "❚❚" : "▶\uFE0E");
    find("[data-do=play]").setAttribute("aria-label", clock ? "Pause" : "Play");
    find("[data-do=play]").title = clock ? "Pause" : "Play: one step a second, up to the update";
  };
  const play = () => {
    const last = 2 * stateOf(model).sizes.length;
    if (model.get("step") === last) goTo(0);
    clock = setInterval(() => {
      if (model.get("step") < last) goTo(model.get("step") + 1);
      if (model.get("step") === last) pause();
    }, 1000);
    showPlay();
  };
  const act = {
    play: () => (clock ? pause() : play()),
    rewind: () => python.ask({ do: "rewind" }),
    back: () => goTo(model.get("step") - 1),
    on: () => {
      const last = 2 * stateOf(model).sizes.length;
      if (model.get("step") < last) goTo(model.get("step") + 1);
      else python.ask({ do: "update", eta: field("eta").value });
    },
    values: () => put({ show: "values" }),
    deltas: () => put({ show: "deltas" }),
  };
  for (const button of box.querySelectorAll("button")) button.addEventListener("click", () => {
    if (button.dataset.do !== "play") pause();
    act[button.dataset.do]();
  });
  showPlay();

  for (let k = 2; k <= 6; k++) make(field("digits"), "option", { value: k }, String(k));
  for (const name of ["example", "digits"]) {
    field(name).addEventListener("change", () => put({ [name]: Number(field(name).value) }));
  }
  let brief = "";
  const set = (text, onTheWay = false) => python.ask({ do: "set", place: model.get("selected"), text, onTheWay });
  onText(field("number"), (text) => { if (text !== brief) set(text); }); // else it would lose the digits that are not shown
  onText(field("eta"), (text) => { if (text !== String(model.get("eta"))) python.ask({ do: "eta", text }); });
  field("slider").addEventListener("input", () => set(field("slider").value, true));
  field("slider").addEventListener("change", () => set(field("slider").value));

  function showChosen(view, known) {
    const { state, example, chosen, digits } = view;
    find(".chosen .controls").hidden = !chosen;
    if (!chosen) return sayFormula(find(".rule"), CHOOSE);
    const [l, ...units] = chosen, weight = units.length === 2;
    const value = weight ? state.W[l][units[0]][units[1]] : state.b[l][units[0]];
    say(find(".name"), `${symbol(weight ? "w" : "b", l, ...units)} =`);
    brief = String(Number(value.toPrecision(6)));
    if (document.activeElement !== field("number") || view.refused) field("number").value = brief;
    if (document.activeElement !== field("slider") || view.refused) {
      field("slider").min = Math.min(-5, value);
      field("slider").max = Math.max(5, value);
      field("slider").value = value;
    }
    field("slider").setAttribute("aria-label", `${weight ? "weight" : "bias"} ${chosen.join(" ")}`);
    const key = String(chosen), question = `${key} ${model.get("example")}`;
    let rule = weight ? example.weights[key] : example.units[key];
    if (rule === undefined) {
      if (asked.state !== state || asked.question !== question) {
        asked = { state, question };
        python.ask({ do: "explain", place: chosen, example: model.get("example") });
      }
      rule = asked.rule;
    }
    sayFormula(find(".rule"), rule ? marked(rounded(soFar(rule, known, l, state.sizes.length - 1), digits)) : "Asking Python …");
  }

  /** What of a rule is known at a step: nothing that the backward pass has not brought yet. */
  function soFar({ forward, backward, update }, known, l, L) {
    if (known.backward(l)) return known.update ? `${backward}<br>${update}` : backward;
    return `${known.forward(l) ? `${forward}<br>` : ""}Its gradient comes in step ${2 * L + 2 - l}, with the backward pass.`;
  }

  /** C after the last updates, and what came of the last one beside what its gradient promised. */
  const past = ({ examples }) => {
    const C = model.get("history"), m = examples.length, number = (value) => written(value, model.get("digits"));
    if (C.length < 2) return "";
    const shown = C.length > 4 ? ["…", ...C.slice(-4).map(number)] : C.map(number);
    const came = number(C.at(-1) - C.at(-2)), promised = number(model.get("promised"));
    return `C${m > 1 ? ` (mean of ${m})` : ""}: ${shown.join(" → ")}, a change of ${came}; promised by −η|∇C|²: ${promised}.`;
  };
  const said = ({ title, words }, step) =>
    rounded(`<b>${step} of ${2 * stateOf(model).sizes.length}. ${title}</b><br>${words}`, model.get("digits"));
  const all = () => [...stateOf(model).examples, stateOf(model).batch].filter(Boolean);
  const rulesOf = ({ weights, units }) => [...Object.values(weights), ...Object.values(units)];
  const longest = (texts) => texts.sort((a, b) => b.length - a.length).slice(0, 3);
  const makeRoom = [
    keepRoom(find(".words"), () => all().flatMap(({ steps }) => steps.map(said))),
    keepRoom(find(".rule"), () => longest(all().flatMap(rulesOf).map(({ backward, update }) => rounded(`${backward}<br>${update}`, model.get("digits"))))),
  ];

  function refresh(refused = false) {
    const state = stateOf(model), step = model.get("step"), L = state.sizes.length - 1;
    if (`${state.sizes} ${width}` !== drawn) {
      drawn = `${state.sizes} ${width}`;
      find(".picture").replaceChildren();
      picture = draw(find(".picture"), state.sizes, choose, width);
      const m = state.examples.length, names = [...state.examples.keys(), ...(state.batch ? [`all ${m}`] : [])];
      field("example").replaceChildren();
      names.forEach((name, k) => make(field("example"), "option", { value: k }, String(name)));
      for (const measure of makeRoom) measure();
    }
    const example = state.examples[model.get("example")] ?? state.batch, digits = model.get("digits");
    const chosen = model.get("selected").length ? model.get("selected") : null;
    const view = { state, example, digits, chosen, refused, deltas: model.get("show") === "deltas" };
    const known = progress(step, L);
    box.classList.toggle("path", Boolean(chosen));
    box.setAttribute("aria-label", model.get("title"));
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    showEdges(picture, view, known);
    showNodes(picture, view, known);
    if (step !== before) travel(picture, step - 1 === before ? example.flow[step] : [], step, L);
    before = step;
    showChosen(view, known);

    sayFormula(find(".words"), marked(said(example.steps[step], step)));
    say(find(".history"), past(state));
    complain(model.get("message"));
    find("[data-do=back]").disabled = step === 0;
    say(find("[data-do=on]"), step === 2 * L + 2 ? "Update weights" : "Step");
    for (const name of ["values", "deltas"]) find(`[data-do=${name}]`).setAttribute("aria-pressed", model.get("show") === name);
    field("example").value = model.get("example");
    field("digits").value = digits;
    if (document.activeElement !== field("eta") || refused) field("eta").value = model.get("eta");
    say(find("pre"), state.lines + example.lines);
    light();
  }

  const hear = (answer) => {
    if (answer.did === "explain") asked.rule = answer.rule;
    python.answered();
    refresh(answer.refused);
  };
  const changed = () => refresh();
  const widths = new ResizeObserver(([{ contentRect }]) => {
    width = contentRect.width;
    refresh();
  });
  widths.observe(find(".picture"));
  model.on("change", changed);
  model.on("msg:custom", hear);
  refresh();
  return () => { pause(); widths.disconnect(); model.off("change", changed); model.off("msg:custom", hear); };
}

export default { render };
