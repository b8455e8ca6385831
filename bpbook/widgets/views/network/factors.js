// The formulas of NetworkDiagram: each symbol with units is a factor, and belongs to a wire, a unit or C in the picture.

const SYMBOL = /<i>([azδwb])<\/i><sub>([\d,]+)<\/sub><sup>(\d+)<\/sup>/;
const FACTOR = /<i>f<\/i><sub>\d+<\/sub>′\(.*?\)|(?:∂<i>C<\/i>\/∂)?<i>[azδwb]<\/i><sub>[\d,]+<\/sub><sup>\d+<\/sup>/g;
const NUMBER = /(?<![\w.])−?\d[\d.]*(?:×10(?:<sup>−?\d+<\/sup>|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/g;
const KINDS = { a: "activation", z: "weighted input", δ: "delta", b: "bias" };

/** What one factor stands for: dC/da_j^L belongs to the wire from C, all else of a unit to the unit. */
function factorOf(written) {
  const [symbol, letter, numbers, layer] = SYMBOL.exec(written), l = Number(layer);
  const gradient = written.startsWith("∂"), slope = !gradient && written !== symbol;
  if (letter === "w") {
    const [i, j] = numbers.includes(",") ? numbers.split(",") : numbers, of = `w${l},${i},${j}`;
    const label = `weight from unit ${i} of layer ${l - 1} to unit ${j} of layer ${l}`;
    return { of, same: gradient ? `d${of}` : of, label: gradient ? `gradient of the ${label}` : label };
  }
  const of = gradient && letter === "a" ? `C${numbers}` : `u${l},${numbers}`;
  const label = `${l ? KINDS[letter] : "input"} ${numbers} of layer ${l}`;
  const begins = gradient ? "gradient of the " : slope ? "slope f′ at the " : "";
  return { of, same: `${begins[0] ?? ""}${letter}${l},${numbers}`, label: begins + label };
}

/** Mark the factors of formulas, and the numbers that stand for them: as many behind an equals sign as before it. */
function marked(html) {
  let left = [], before = [], opens = true;
  const span = ({ of, same, label }, written, more) =>
    `<span class="factor" data-of="${of}" data-same="${same}"${more ? ` role="math" tabindex="-1" aria-label="${label}"` : ""}>${written}</span>`;
  return html.split(/( = | ← |, |; |: |<br>)/).map((piece, k) => {
    if (k % 2) {
      opens = piece !== " = ";
      return piece;
    }
    const found = (piece.match(FACTOR) ?? []).map(factorOf), numbers = piece.match(NUMBER) ?? [];
    const only = found.length > 0 && /^[\s·+()]*$/.test(piece.replace(FACTOR, ""));
    if (opens) left = only && found.length === 1 ? found : [];
    const stand = !opens && !found.length ? [before, left].find(({ length }) => length && length === numbers.length) ?? [] : [];
    before = only ? found : [];
    let n = 0;
    if (found.length) return piece.replace(FACTOR, (written) => span(found[n++], written, true));
    return stand.length ? piece.replace(NUMBER, (written) => span(stand[n++], written, false)) : piece;
  }).join("");
}
