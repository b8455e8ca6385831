// What the page keeps for its reader: answers, changed cells and marks, in the browser's own storage.

const NEVER = "This browser keeps nothing for this page (its storage is off or full). Save your answers as a notebook before you leave.";

export class Store {
  /** @param {string} root the address of the book, for one server may hold several; `complain` hears that nothing is kept. */
  constructor(root, complain) {
    Object.assign(this, { place: `bpbook ${new URL(root, location.href).pathname} `, complain, kept: new Map() });
  }

  read(name, otherwise) {
    try {
      const text = localStorage.getItem(this.place + name);
      return text === null ? this.kept.get(name) ?? otherwise : JSON.parse(text);
    } catch {
      return this.kept.get(name) ?? otherwise;
    }
  }

  write(name, value) {
    this.kept.set(name, value);
    try {
      localStorage.setItem(this.place + name, JSON.stringify(value));
    } catch {
      this.complain(NEVER);
    }
  }

  /** An exercise's answer by its name, so that an update of the book finds it again. */
  answers(chapter) { return this.read(`answers ${chapter}`, {}); }
  answer(chapter, name, source) { this.write(`answers ${chapter}`, { ...this.answers(chapter), [name]: source }); }

  /** Changed cells by what the book has there, so that an update that leaves a cell as it is leaves the change. */
  edits(chapter) { return this.read(`edits ${chapter}`, {}); }
  edit(chapter, source, now) {
    const edits = this.edits(chapter);
    if (now === source) delete edits[source];
    else edits[source] = now;
    this.write(`edits ${chapter}`, edits);
  }

  /** Name and marks, as progress.json holds them for JupyterLab's book. */
  progress() { return this.read("progress", { name: "", marks: {} }); }

  /** Take the better of two marks, for the reader may have answered in two windows, or on two machines. */
  merge({ name, marks }) {
    const kept = this.progress();
    for (const [chapter, of] of Object.entries(marks ?? {})) for (const [exercise, points] of Object.entries(of)) {
      const here = (kept.marks[chapter] ??= {});
      here[exercise] = Math.max(points, here[exercise] ?? 0);
    }
    kept.name = name || kept.name;
    this.write("progress", kept);
    return kept;
  }
}

// Notebooks --------------------------------------------------------------------------------------------------------

const CHECK = /^\w+\.(\w+)\(\)$/;
const text = (source) => (Array.isArray(source) ? source.join("") : source);
const lines = (source) => source.split(/(?<=\n)/);

/** Which exercise each code cell of a notebook answers: the one that the next code cell checks. */
function exercises(notebook) {
  const code = notebook.cells.filter((cell) => cell.cell_type === "code"), found = new Map();
  code.forEach((cell, k) => {
    const check = CHECK.exec(text(code[k + 1]?.source ?? "").trim());
    if (check) found.set(cell, check[1]);
  });
  return found;
}

/** Put the reader's answers and changes into the book's notebook. */
export function filled(notebook, answers, edits) {
  const asked = exercises(notebook);
  for (const cell of notebook.cells) {
    const was = text(cell.source), now = answers[asked.get(cell)] ?? edits[was];
    if (cell.cell_type !== "code" || now === undefined || now === was) continue;
    Object.assign(cell, { source: lines(now), outputs: [], execution_count: null });
  }
  return notebook;
}

/** What a reader's notebook has that the book's has not: answers by name, changed cells by what the book has there.
 * `known` says whether it is this chapter at all. */
export function taken(notebook, book) {
  const asked = exercises(notebook), answers = {}, edits = {}, original = new Map(book.map((cell) => [cell.id, cell]));
  const empty = new Map(book.filter((cell) => cell.role === "answer").map((cell) => [cell.exercise, cell.source]));
  const title = (cell) => text(cell?.source ?? "").split("\n")[0], sources = new Set(book.map((cell) => cell.source));
  let known = title(notebook.cells[0]) === title(book[0]);
  for (const cell of notebook.cells.filter((cell) => cell.cell_type === "code")) {
    const now = text(cell.source), there = original.get(cell.id);
    known ||= empty.has(asked.get(cell));
    if (empty.has(asked.get(cell))) {
      if (now !== empty.get(asked.get(cell))) answers[asked.get(cell)] = now; // an empty one takes no answer's place
    } else if (there?.type === "code" && !there.exercise && !sources.has(now)) edits[there.source] = now;
  }
  return { answers, edits, known };
}

/** Hand the reader a file. */
export function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
