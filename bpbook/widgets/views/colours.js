// Colours of the page's theme, and maps of bytes painted with them: what planes and networks share.

const palettes = new WeakMap();
/** The theme's colours. To ask for them makes the browser style the whole page anew, so that they are kept for a theme. */
function palette(box) {
  const theme = `${document.body.dataset.jpThemeLight} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  if (palettes.get(box)?.theme === theme) return palettes.get(box).colour;
  const css = getComputedStyle(box), names = ["ink", "panel", "blue", "orange", "green", "purple", "grey", "line"];
  const colour = Object.fromEntries(names.map((name) => [name, css.getPropertyValue(`--${name}`).trim()]));
  if (colour.ink) palettes.set(box, { theme, colour }); // before it stands in the page it has none
  return colour;
}

const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

const tables = new WeakMap();
/** Return the 256 colours of a heat map as [red, green, blue]. Both ends keep apart from the points drawn upon them. */
function colours(scale, colour) {
  if (!tables.has(colour)) tables.set(colour, {});
  return (tables.get(colour)[scale] ??= mixedColours(scale, colour));
}
function mixedColours(scale, colour) {
  const mixed = (a, b, share) => a.map((channel, k) => channel + share * (b[k] - channel));
  const [panel, blue, orange, ink] = ["panel", "blue", "orange", "ink"].map((name) => channels(colour[name]));
  return Array.from({ length: 256 }, (_, byte) => {
    if (scale === "sequential") return mixed(panel, ink, (0.32 * byte) / 255);
    const t = byte === 128 ? 0 : (byte - 127.5) / 127.5;
    return mixed(panel, t > 0 ? blue : orange, 0.62 * Math.abs(t));
  });
}

const pixels = new WeakMap();
/** The same colours as a canvas keeps them, four bytes in one number. */
function asPixels(table) {
  const packed = () => new Uint32Array(Uint8ClampedArray.from(table.flatMap((channels) => [...channels, 255])).buffer);
  if (!pixels.has(table)) pixels.set(table, packed());
  return pixels.get(table);
}

const css = (channels) => `rgb(${channels.map(Math.round).join(" ")})`;

/** Return the byte of a heat map for a height from -1 to 1. */
const shade = (height) => Math.round((255 * (Math.max(-1, Math.min(1, height)) + 1)) / 2);

/** Write what the lowest, the middle and the highest colour mean on a bar of these colours. */
function showLegend(legend, texts, table) {
  legend.hidden = !texts.length;
  if (!texts.length) return;
  const [low, middle, high] = texts, shown = `${texts} ${table[255]}`;
  if (legend.dataset.shown === shown) return;
  legend.dataset.shown = shown;
  legend.setAttribute("aria-label", `Colours: ${low}, ${middle}, ${high}`);
  legend.innerHTML = "<span></span><i></i><span></span>";
  const [first, bar, last] = legend.children;
  [first.textContent, bar.textContent, last.textContent] = [low, middle, high];
  bar.style.background = `linear-gradient(to right, ${[0, 128, 255].map((byte) => css(table[byte])).join(", ")})`;
}

const small = new OffscreenCanvas(1, 1);
function drawHeat(pen, heat, [rows, columns], table, frame) {
  if (!rows || heat.byteLength !== rows * columns) return;
  const inner = small.getContext("2d");
  if (small.width !== columns || small.height !== rows) Object.assign(small, { width: columns, height: rows });
  const image = inner.createImageData(columns, rows), cells = new Uint32Array(image.data.buffer), colour = asPixels(table);
  for (let row = 0; row < rows; row++) {
    const at = (rows - 1 - row) * columns; // the lowest row comes first
    for (let column = 0; column < columns; column++) cells[at + column] = colour[heat.getUint8(row * columns + column)];
  }
  inner.putImageData(image, 0, 0);
  pen.drawImage(small, ...frame);
}

/** Leave of a map only on which side of the middle each cell lies. */
function split(heat) {
  return new DataView(Uint8Array.from({ length: heat.byteLength }, (_, k) => (heat.getUint8(k) > 127 ? 255 : 0)).buffer);
}
