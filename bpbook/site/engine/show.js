// What a cell has to show, as elements: text, pictures, tables, formulas, Markdown, errors.

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside);
  return element;
}

/** Formulas are MathJax's, where the page has it. */
export function typeset(element) {
  window.MathJax?.startup?.promise?.then(() => window.MathJax.typesetPromise([element])).catch(() => null);
}

/** Markdown as verdicts, hints and tables of marks use it: paragraphs, tables, lists, code, bold, italics, formulas. */
export function markdown(text) {
  const kept = [], keep = (html) => `\u0000${kept.push(html) - 1}\u0000`;
  const inline = (line) => escaped(line)
    .replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>").replace(/\*(\S(?:.*?\S)?)\*/g, "<em>$1</em>")
    .replace(/\[([^\]]+)\]\(([\w./#:-]+)\)/g, '<a href="$2">$1</a>');
  const whole = text
    .replace(/```\w*\n([\s\S]*?)```/g, (_, code) => `\n\n${keep(`<pre><code>${escaped(code)}</code></pre>`)}\n\n`)
    .replace(/`([^`]+)`/g, (_, code) => keep(`<code>${escaped(code)}</code>`))
    .replace(/\$\$[\s\S]+?\$\$|\$[^$\n]+\$/g, (formula) => {
      const shown = formula.startsWith("$$"), inner = formula.replace(/^\$+|\$+$/g, "");
      return keep(`<span class="math">${shown ? "\\[" : "\\("}${escaped(inner)}${shown ? "\\]" : "\\)"}</span>`);
    });
  const cells = (line) => line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) => inline(cell.trim()));
  const block = (part) => {
    const lines = part.split("\n");
    if (lines.length > 1 && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[1])) {
      const row = (tag) => (line) => `<tr>${cells(line).map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
      return `<table class="table"><thead>${row("th")(lines[0])}</thead><tbody>${lines.slice(2).map(row("td")).join("")}</tbody></table>`;
    }
    if (lines.every((line) => /^\s*[-*] /.test(line))) return `<ul>${lines.map((line) => `<li>${inline(line.replace(/^\s*[-*] /, ""))}</li>`).join("")}</ul>`;
    return /^\u0000\d+\u0000$/.test(part) ? part : `<p>${inline(part)}</p>`;
  };
  const html = whole.trim().split(/\n{2,}/).map(block).join("");
  const element = make("div", { class: "bp-words" });
  element.innerHTML = html.replace(/\u0000(\d+)\u0000/g, (_, k) => kept[k]);
  typeset(element);
  return element;
}

function html(text, className) {
  const element = make("div", { class: className });
  element.innerHTML = text;
  return element;
}

const picture = (kind) => (data, words) => make("img", { src: `data:${kind};base64,${data}`, alt: words ?? "A figure" });
const FORMS = {
  "text/html": (data) => html(data, "bp-html"),
  "image/svg+xml": (data) => html(data, "bp-html"),
  "image/png": picture("image/png"),
  "image/jpeg": picture("image/jpeg"),
  "text/markdown": (data) => markdown(data),
  "text/latex": (data) => {
    const element = make("div", { class: "bp-formula math" });
    element.textContent = data.replace(/^\$([^$][\s\S]*)\$$/, "\\($1\\)");
    typeset(element);
    return element;
  },
  "text/plain": (data) => make("pre", { class: "bp-text", tabindex: 0 }, data),
};

/** The best form of something for a page. */
export function shown(data) {
  const kind = Object.keys(FORMS).find((kind) => kind in data);
  return kind ? FORMS[kind](data[kind], data["text/plain"]) : make("pre", { class: "bp-text" }, "(nothing that a page can show)");
}

/** An error: its sentence with the reader's own line, and all of it for who wants it. */
export function fault({ name, words, line, text }, source) {
  const own = line ? source?.split("\n")[line - 1]?.trim() : "";
  const first = make("p", {}, make("strong", {}, name), `${line ? ` in line ${line}` : ""}: ${words || "no more is said"}`);
  const box = make("div", { class: "bp-error", role: "alert" }, first);
  if (own) box.append(make("pre", {}, own));
  box.append(make("details", {}, make("summary", {}, "The whole error"), make("pre", { tabindex: 0 }, text)));
  return box;
}
