// NetworkDiagram in the browser. Python sends every number and every formula; here they are placed and shown.

const FRAME = `
  <div class="title"></div><div class="question"></div>
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
  <div class="where" aria-hidden="true"><div></div></div>
  <div class="legend">Blue: positive weight. Orange: negative. Width: size. Choose a weight or a unit (click, or Tab and Enter).
    With the deltas, the number on a wire is ∂C/∂w; its colour and width stay those of w.
    What travels in a step: the terms of z in blue, those of δ in orange; a larger bead is a larger term, and 0 sends none.
    Point at a factor of a formula to see where it belongs, or at a wire or a unit to see its factors.</div>
  <div class="words" role="status" aria-live="polite"></div>
  <div class="history"></div>
  <div class="chosen" role="region" aria-label="The chosen weight or unit">
    <div class="controls"><label><span class="name"></span> <input type="text" inputmode="decimal" data-is="number"></label>
      <input type="range" data-is="slider" min="-5" max="5" step="0.05"></div>
    <div class="rule" aria-live="polite"></div>
  </div>
  <div class="message" role="alert"></div>
  <details><summary>The lines of bpbook that make these numbers</summary><pre></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-network", FRAME);
  const find = (selector) => box.querySelector(selector), field = (name) => find(`[data-is=${name}]`);
  const complain = (text) => say(find(".message"), text);
  const python = questions(model, el, (text, refused) => { refresh(refused); complain(text); });
  let picture = null, sizes = "", asked = {}, before = null;

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
    say(find(".where div"), part ? part.getAttribute("aria-label") : "");
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
  const set = (text, onTheWay = false) => python.ask({ do: "set", place: model.get("selected"), text, onTheWay });
  onText(field("number"), set);
  onText(field("eta"), (text) => { if (text !== String(model.get("eta"))) python.ask({ do: "eta", text }); });
  field("slider").addEventListener("input", () => set(field("slider").value, true));
  field("slider").addEventListener("change", () => set(field("slider").value));

  function showChosen(view) {
    const { state, example, chosen, digits } = view;
    find(".chosen").hidden = !chosen;
    if (!chosen) return;
    const [l, ...units] = chosen, weight = units.length === 2;
    const value = weight ? state.W[l][units[0]][units[1]] : state.b[l][units[0]];
    say(find(".name"), `${symbol(weight ? "w" : "b", l, ...units)} =`);
    if (document.activeElement !== field("number") || view.refused) field("number").value = String(value);
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
        asked = { state, question, html: "Asking Python …" };
        python.ask({ do: "explain", place: chosen, example: model.get("example") });
      }
      rule = asked.html;
    }
    sayFormula(find(".rule"), marked(rounded(rule, digits)));
  }

  /** C after the last updates. */
  const past = ({ examples }) => {
    const losses = model.get("history").map((C) => written(C, model.get("digits"))), m = examples.length;
    if (losses.length < 2) return "";
    const shown = losses.length > 6 ? ["…", ...losses.slice(-6)] : losses;
    return `C${m > 1 ? `, the mean over ${m} examples` : ""}, update after update: ${shown.join(" → ")}`;
  };
  const said = ({ title, words }, step) =>
    rounded(`<b>${step} of ${2 * stateOf(model).sizes.length}. ${title}</b><br>${words}`, model.get("digits"));
  const makeRoom = keepRoom(find(".words"), () => stateOf(model).examples.flatMap(({ steps }) => steps.map(said)));

  function refresh(refused = false) {
    const state = stateOf(model), step = model.get("step"), L = state.sizes.length - 1;
    if (String(state.sizes) !== sizes) {
      sizes = String(state.sizes);
      find(".picture").replaceChildren();
      picture = draw(find(".picture"), state.sizes, choose);
      field("example").replaceChildren();
      state.examples.forEach((_, k) => make(field("example"), "option", { value: k }, String(k)));
      makeRoom();
    }
    const example = state.examples[model.get("example")], digits = model.get("digits");
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
    showChosen(view);

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
    if (answer.did === "explain") asked.html = answer.html;
    python.answered();
    refresh(answer.refused);
  };
  const changed = () => refresh();
  model.on("change", changed);
  model.on("msg:custom", hear);
  refresh();
  return () => { pause(); model.off("change", changed); model.off("msg:custom", hear); };
}

export default { render };
