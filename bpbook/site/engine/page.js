// Makes a built chapter a live one: every cell can be run, every exercise answered, every experiment moved.

import { fault, make, markdown, shown } from "./show.js";
import { Experiments } from "./experiments.js";
import { Session } from "./session.js";
import { Store, download, filled, taken } from "./store.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const root = new URL(meta("bpbook-root") || "./", location.href).href, chapter = meta("bpbook-chapter");
const VIEW = "application/vnd.jupyter.widget-view+json";
const LONG = 5000, TOO_LONG = 30000; // ms after which a running cell can be stopped, and a check is stopped
/** A verdict's words for a page, where an answer and its check are one, and hints have a button. */
const forPage = (words) => words.replace("and run both cells", "and press Check").replace(/Ask for a hint with `q\.\w+\.hint\(\)`/, "Press Hint for help");
const UNCHECKED = "Not checked yet. The line at the foot of the page says why.";
const STOPPED = "Python was stopped and begins again, so the page's variables are gone. What a cell needs is run again with it.";
const DIFFERENCES = [
  [/sklearn|scipy/, "This chapter uses scikit-learn or SciPy. They are fetched, 9 MB more, when a cell first needs them."],
  [/parallel\.|distributed|dask/i, "There is one process in a page, so a cell that asks for Dask says that it is missing and goes on without."],
  [/tempfile|open\(|savefig|\.save\(/, "Files that a cell writes are kept in memory, and are gone when you leave the page."],
  [/timeit|perf_counter|tracemalloc/, "Times and bytes that a cell measures are those of a page, where Python computes about half as fast."],
];

// The line at the foot of the page ---------------------------------------------------------------------------------

const words = make("span", { role: "status" }), bar = make("progress", { hidden: true, "aria-label": "Fetched" });
const stopper = make("button", { type: "button", class: "bp-button", hidden: true, onclick: () => session.stop(STOPPED) }, "Stop");
const closer = make("button", { type: "button", class: "bp-button", "aria-label": "Close this message", onclick: () => say("") }, "×");
const line = make("div", { class: "bp-line", hidden: true }, words, bar, stopper, closer);

let since = null;
function say(text, { busy = false, quiet = false, come = null, of = null } = {}) {
  clearTimeout(since);
  stopper.hidden = true;
  closer.hidden = busy;
  if (!quiet) words.textContent = text;
  line.hidden = quiet ? true : !text;
  bar.hidden = come === null;
  if (come !== null) Object.assign(bar, { value: come, max: of });
  if (!busy || come !== null) return;
  since = setTimeout(() => {
    line.hidden = stopper.hidden = false;
    words.textContent = quiet ? "Python is still at work." : text;
  }, LONG);
}

// Cells --------------------------------------------------------------------------------------------------------------

const store = new Store(root, say);
const cells = [];

/** What a reader types in: Tab indents, Escape and then Tab leaves, Shift and Enter run. */
function editor(value, name, { change, run }) {
  const field = make("textarea", { class: "bp-editor", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": name, title: "Shift+Enter runs it. Tab indents; Esc and then Tab leaves the field." });
  let leaving = false;
  const fit = () => { field.rows = Math.max(2, field.value.split("\n").length); };
  const put = (text) => {
    if (!document.execCommand("insertText", false, text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  };
  field.value = value;
  fit();
  field.addEventListener("input", () => { fit(); change(field.value); });
  field.addEventListener("blur", () => { leaving = false; });
  field.addEventListener("keydown", (event) => {
    const before = field.value.slice(0, field.selectionStart).split("\n").pop();
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) run();
    else if (event.key === "Enter") put(`\n${/^\s*/.exec(before)[0]}${/:\s*$/.test(before) ? "    " : ""}`);
    else if (event.key === "Tab" && !event.shiftKey && !leaving) put("    ");
    else if (event.key === "Escape") return void (leaving = true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.refresh = (text) => { field.value = text; fit(); };
  return field;
}

const button = (text, act, more = {}) => make("button", { type: "button", class: "bp-button", onclick: act, ...more }, text);

/** Run cells; an error in starting Python was said already. */
const run = (which, options) => session.run(which, options).catch(() => false);

/** Where a cell's outputs go. */
function outputs(cell) {
  cell.out ??= cell.element.querySelector(":scope > .cell_output") ?? cell.element.appendChild(make("div", { class: "cell_output docutils container" }));
  return cell.out;
}

function adornCell(cell) {
  const above = cells.indexOf(cell), bar = make("div", { class: "bp-bar", role: "group", "aria-label": `Cell ${above + 1}` });
  const toggle = button("Edit", () => {
    cell.edit();
    cell.field.focus();
  });
  cell.edit = () => { // without the focus, which would take the page there
    cell.field ??= editor(cell.now, `Python of cell ${above + 1}`, { change: (text) => changed(cell, text), run: () => run([cell]) });
    if (!cell.field.isConnected) cell.input.after(cell.field);
    cell.input.hidden = true;
    toggle.hidden = true;
    cell.back.hidden = false;
  };
  cell.back = button("As in the book", () => {
    changed(cell, cell.source);
    cell.field.remove();
    cell.field = null;
    cell.input.hidden = toggle.hidden = false;
    cell.back.hidden = true;
    toggle.focus();
  }, { hidden: true });
  bar.append(button("Run", () => run([cell])), button("Run all above", () => run(cells.slice(0, above).filter((one) => !one.exercise), { above: true }), above ? {} : { hidden: true }), toggle, cell.back);
  cell.input.after(bar);
  if (cell.now !== cell.source) cell.edit();
}

/** Show what the storage holds: a file was brought in, or the book is open in another window as well. */
function refresh() {
  const answers = store.answers(chapter), edits = store.edits(chapter);
  for (const cell of cells) {
    const now = kept(cell, answers, edits);
    if (now === cell.now) continue;
    cell.now = now;
    if (cell.role !== "answer" && !cell.field) cell.edit();
    cell.field.refresh(now);
  }
}

const kept = (cell, answers, edits) => (cell.role === "answer" ? answers[cell.exercise] : edits[cell.source]) ?? cell.source;

function changed(cell, text) {
  cell.now = text;
  if (cell.exercise) store.answer(chapter, cell.exercise, text);
  else store.edit(chapter, cell.source, text);
}

// Exercises ----------------------------------------------------------------------------------------------------------

function adornExercise(cell, check) {
  const points = check.points, said = make("div", { class: "cell_output bp-said" }), verdict = make("div", { class: "bp-verdict", role: "status" }), hints = make("ol", { class: "bp-hints", "aria-live": "polite" });
  let given = 0;
  const judge = async () => {
    verdict.replaceChildren("Checking …");
    check.verdict = verdict;
    const late = setInterval(() => {
      if (session.cell !== cell && session.cell !== check) return;
      if (Date.now() - session.started < TOO_LONG) return;
      session.stop(STOPPED);
      verdict.replaceChildren(markdown("✗ Your answer had not come to its end after 30 seconds, so Python was stopped. Is there a loop that never ends?"));
      clearInterval(late);
    }, 500);
    cell.failed = false;
    const checked = (await run([cell])) && (await run([check]));
    clearInterval(late);
    if (verdict.textContent === "Checking …") verdict.replaceChildren(...(checked || cell.failed ? [] : [markdown(UNCHECKED)]));
  };
  const hint = button("Hint", () => {
    if (given < check.hints.length) hints.append(make("li", {}, markdown(check.hints[given++])));
    hint.textContent = given < check.hints.length ? `Hint (${given} of ${check.hints.length} seen)` : "No more hints";
    hint.disabled = given >= check.hints.length;
  });
  cell.field = editor(cell.now, `Your answer to ${cell.exercise}`, { change: (text) => changed(cell, text), run: judge });
  cell.input.hidden = true;
  cell.mark = make("span", { class: "bp-mark" });
  const again = button("Begin again", () => { changed(cell, cell.source); cell.field.refresh(cell.source); cell.field.focus(); });
  const bar = make("div", { class: "bp-bar", role: "group", "aria-label": `Exercise ${cell.exercise}, ${points} ${points === 1 ? "point" : "points"}` },
    button("Check", judge, { class: "bp-button bp-main" }), hint, again, cell.mark);
  cell.out = said;
  cell.input.after(cell.field, bar, said, verdict, hints);
  check.element.classList.add("bp-check");
}

/** The marks of the chapter at each exercise and at the top, and those of the book where a page asks for them. */
async function showMarks() {
  const { marks } = store.progress(), here = marks[chapter] ?? {};
  let earned = 0, of = 0;
  for (const cell of cells.filter((one) => one.role === "check")) {
    const answer = cells.find((one) => one.role === "answer" && one.exercise === cell.exercise), mark = here[cell.exercise];
    earned += mark ?? 0;
    of += cell.points;
    if (answer?.mark) answer.mark.textContent = mark === undefined ? "" : `${mark >= cell.points ? "✓ " : ""}best so far: ${mark} of ${cell.points}`;
  }
  const place = document.querySelector(".bp-score");
  if (place && of) place.replaceChildren(make("progress", { value: earned, max: of, "aria-label": "Points in this chapter" }), ` ${earned} of ${of} points in this chapter`);
  const whole = document.querySelector("[data-bpbook-progress]");
  if (!whole) return;
  const book = await (await fetch(`${root}_engine/book.json`)).json(), rows = [];
  let all = 0, top = 0;
  for (const [number, exercises] of Object.entries(book)) {
    const most = Object.values(exercises).reduce((sum, points) => sum + points, 0);
    const got = Object.entries(marks[number] ?? {}).reduce((sum, [name, points]) => sum + (name in exercises ? points : 0), 0);
    if (most) rows.push(make("li", {}, `${number}: ${got} of ${most} `, make("progress", { value: got, max: most, "aria-label": `Points in chapter ${number}` })));
    all += got;
    top += most;
  }
  whole.replaceChildren(make("p", {}, `Your answers: ${all} of ${top} points in the whole book.`), make("ul", { class: "bp-book" }, ...rows));
}

// To keep and to bring back ------------------------------------------------------------------------------------------

const fileName = () => decodeURIComponent(location.pathname.split("/").pop()).replace(/(\.html)?$/, ".ipynb"); // some servers leave .html out

async function save() {
  const response = await fetch(`${root}_sources/notebooks/${fileName()}`);
  if (!response.ok) return say("The notebook of this chapter is not beside the page, so nothing can be saved.");
  const notebook = filled(await response.json(), store.answers(chapter), store.edits(chapter));
  download(fileName(), `${JSON.stringify(notebook, null, 1)}\n`);
}

async function load(file) {
  try {
    const content = JSON.parse(await file.text());
    if (content.cells) {
      const { answers, edits, known } = taken(content, cells.whole);
      if (!known) return say(`${file.name} is not a notebook of this chapter, so nothing was brought in.`);
      for (const [name, source] of Object.entries(answers)) store.answer(chapter, name, source);
      for (const [source, now] of Object.entries(edits)) store.edit(chapter, source, now);
      refresh();
      say(`The answers of ${file.name} are here now.`);
    } else if (content.marks) {
      store.merge(content);
      if (session.running) session.turn({ do: "marks", text: JSON.stringify(store.progress()) }).catch(() => null); // one that begins anew is told them
      await showMarks();
      say(`The marks of ${file.name} are here now; of two marks the better one is kept.`);
    } else say(`${file.name} is neither a notebook nor a progress.json.`);
  } catch (reason) {
    say(`${file.name} could not be read: ${reason.message}`);
  }
}

function tools() {
  const chosen = make("input", { type: "file", accept: ".ipynb,.json", class: "bp-file", "aria-label": "A notebook or progress.json to bring in", onchange: () => { load(chosen.files[0]); chosen.value = ""; } });
  const code = cells.map((cell) => cell.now).join("\n"), notes = DIFFERENCES.filter(([sign]) => sign.test(code)).map(([, text]) => make("li", {}, text));
  return make("details", { class: "bp-tools" }, make("summary", {}, "Run this chapter here"),
    make("p", {}, "Every cell has a Run button, which first runs what the cell needs. Python is fetched once, about 33 MB, and your browser then keeps it. Your answers stay in this browser."),
    notes.length ? make("ul", {}, ...notes) : "",
    make("div", { class: "bp-bar", role: "group", "aria-label": "The whole chapter" },
      button("Run all", () => run(cells.filter((cell) => !cell.exercise), { above: true })),
      button("Stop Python", () => session.stop(STOPPED)),
      button("Save as notebook", save), button("Save marks", () => download("progress.json", `${JSON.stringify(store.progress(), null, 2)}\n`)),
      button("Bring in a notebook or marks", () => chosen.click()), chosen));
}

// What the session needs of the page ---------------------------------------------------------------------------------

const session = new Session(root, {
  cells, say,
  source: (cell) => cell.now,
  progress: () => store.progress(),
  busy(pending) {
    document.documentElement.dataset.bpbook = pending ? "busy" : "ready";
    document.documentElement.dataset.status = pending ? "busy" : "idle"; // which experiments look for in JupyterLab
  },
  lives(here) {
    document.querySelector("article")?.classList.toggle("jp-Notebook", here); // as there, they wait while Python is busy
  },
  begins(cell) {
    session.started = Date.now();
    cell.element.classList.add("bp-running");
    cell.fresh = false;
  },
  ends(cell, ok) {
    cell.element.classList.remove("bp-running");
    if (ok && !cell.fresh && session.quiet !== cell) this.clear(cell);
  },
  clear(cell) {
    cell.fresh = true;
    cell.last = null;
    if (cell.verdict) cell.verdict.replaceChildren();
    else outputs(cell).replaceChildren();
  },
  show(id, message) {
    const cell = cells.find((one) => one.id === id);
    if (!cell) return say(message.type === "error" ? `${message.name}: ${message.words}` : "");
    if (!cell.fresh) this.clear(cell);
    const place = cell.verdict ?? outputs(cell);
    if (message.type === "stream") {
      if (cell.last?.dataset.stream !== message.name) place.append((cell.last = make("pre", { class: `bp-text bp-${message.name}`, "data-stream": message.name, tabindex: 0 })));
      cell.last.append(message.text);
      const whole = cell.last.textContent;
      if (whole.includes("\r")) cell.last.textContent = whole.replace(/[^\n]*\r(?=[^\n])/g, ""); // a bar drawn anew
      return;
    }
    cell.last = null;
    if (message.type === "error") {
      cell.failed = true;
      place.append(fault(message, cell.now));
    } else if (message.data[VIEW]) {
      const box = place.appendChild(make("div", { class: "widget-subarea" }));
      session.hearing = (session.hearing ?? Promise.resolve()).then(() => session.experiments.show(message.data[VIEW].model_id, box)).catch((reason) => box.append(String(reason)));
    } else {
      const words = message.data["text/markdown"], data = cell.verdict && words ? { ...message.data, "text/markdown": forPage(words) } : message.data;
      place.append(make("div", { class: "output bp-output" }, shown(data)));
    }
  },
  marks(kept) {
    store.merge(kept);
    showMarks();
  },
});
session.experiments = new Experiments(session);

async function begin() {
  document.body.append(line);
  session.page.lives(true);
  if (chapter) {
    const response = await fetch(`${root}_engine/chapters/${chapter}.json`);
    if (!response.ok) return;
    cells.whole = await response.json();
    const elements = [...document.querySelectorAll(".cell")].filter((element) => element.querySelector(".cell_input"));
    const answers = store.answers(chapter), edits = store.edits(chapter);
    cells.whole.filter((cell) => cell.type === "code").forEach((cell, k) => {
      if (!elements[k]) return;
      cells.push({ ...cell, now: kept(cell, answers, edits), element: elements[k], input: elements[k].querySelector(".cell_input") });
    });
    cells.forEach((cell, k) => {
      if (cell.role === "answer") adornExercise(cell, cells[k + 1]);
      else if (cell.role !== "check") adornCell(cell);
    });
    (document.querySelector("article h1") ?? document.querySelector("h1"))?.after(make("p", { class: "bp-score" }), tools());
  }
  if (!chapter) await bringExperiment();
  await showMarks();
  addEventListener("storage", ({ key }) => { // from another window of the book
    if (!key?.startsWith(store.place)) return;
    if (chapter) refresh();
    showMarks().catch(() => null);
  });
  document.documentElement.dataset.bpbook = "ready";
}

/** The first page shows one experiment without its chapter, whose other cells run out of sight when it needs them. */
async function bringExperiment() {
  const place = document.querySelector("[data-bpbook-cell]");
  if (!place) return;
  const { bpbookChapter, bpbookCell } = place.dataset, response = await fetch(`${root}_engine/chapters/${bpbookChapter}.json`).catch(() => null);
  for (const cell of response?.ok ? await response.json() : []) {
    if (cell.type === "code") cells.push({ ...cell, now: cell.source, element: cell.id === bpbookCell ? place.closest(".cell") : make("div") });
  }
}
begin();
