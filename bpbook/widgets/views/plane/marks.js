// What a plane is drawn with: places on the screen, axes and ticks, paths with their names, wires and points.

const CORNER = { left: 46, right: 14, top: 10, bottom: 38 }, BARE = { left: 2, right: 2, top: 2, bottom: 2 };
const STYLES = [["blue", "circle", []], ["orange", "square", [7, 4]], ["green", "triangle", [2, 3]], ["purple", "diamond", [9, 3, 2, 3]],
  ["ink", "circle", []]];

// Places and ticks ---------------------------------------------------------------------------------------------------

/** Return the functions between coordinates and pixels, and the frame of the plane in pixels. */
function places(bounds, [width, height], bare) {
  const [left, right, bottom, top] = bounds, corner = bare ? BARE : CORNER;
  const w = width - corner.left - corner.right, h = height - corner.top - corner.bottom;
  return {
    x: (u) => corner.left + ((u - left) / (right - left)) * w,
    y: (v) => corner.top + ((top - v) / (top - bottom)) * h,
    u: (x) => left + ((x - corner.left) / w) * (right - left),
    v: (y) => top - ((y - corner.top) / h) * (top - bottom),
    frame: [corner.left, corner.top, w, h],
  };
}

/** Return round numbers from low to high, about `count` of them. */
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((k) => k * power >= rough);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(Number((k * step).toPrecision(6)));
  return found;
}

const atTick = (number, digits = 3) => String(Number(number.toPrecision(digits))).replace("-", "−").replace("e+", "e");

// Drawing ------------------------------------------------------------------------------------------------------------

function drawAxes(pen, place, bounds, labels, colour) {
  const [left, right, bottom, top] = bounds, [x, y, w, h] = place.frame;
  pen.strokeStyle = pen.fillStyle = colour.grey;
  pen.lineWidth = 1;
  pen.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  pen.font = "12px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const u of ticks(left, right, w / 70)) {
    pen.fillRect(place.x(u) - 0.5, y + h, 1, 4);
    pen.fillText(atTick(u, 5), place.x(u), y + h + 6);
  }
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  let widest = 0;
  for (const v of ticks(bottom, top, h / 45)) {
    pen.fillRect(x - 4, place.y(v) - 0.5, 4, 1);
    pen.fillText(atTick(v, 5), x - 6, place.y(v));
    widest = Math.max(widest, pen.measureText(atTick(v, 5)).width);
  }
  pen.fillStyle = colour.ink;
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  pen.fillText(labels[0], x + w / 2, y + h + 38);
  if (widest > 26) return; // such long numbers take the place of the name
  pen.save();
  pen.translate(2, y + h / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "top";
  pen.fillText(labels[1], 0, 0);
  pen.restore();
}

function trace(pen, place, points) {
  pen.beginPath();
  for (const [u, v] of points) pen.lineTo(place.x(u), place.y(v));
  pen.stroke();
}

function marker(pen, kind, x, y, r) {
  pen.beginPath();
  if (kind === "circle") pen.arc(x, y, r, 0, 2 * Math.PI);
  if (kind === "square") pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  const corners = { triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]], diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]] }[kind];
  for (const [u, v] of corners || []) pen.lineTo(x + r * u, y + r * v);
  pen.closePath();
}

function drawPaths(pen, place, paths, colour) {
  const [left, top, w, h] = place.frame, ends = [];
  for (const { name, points, style, gone } of paths) {
    const [shade, kind, dash] = STYLES[style];
    pen.strokeStyle = pen.fillStyle = colour[shade];
    pen.lineWidth = 2;
    pen.setLineDash(dash);
    trace(pen, place, points);
    pen.setLineDash([]);
    if (!points.length) continue;
    const [u, v] = points.at(-1);
    const x = Math.max(left + 7, Math.min(left + w - 7, place.x(u))), y = Math.max(top + 7, Math.min(top + h - 7, place.y(v)));
    marker(pen, kind, x, y, 5.5);
    pen.fill();
    pen.strokeStyle = colour.panel;
    pen.lineWidth = 1.5;
    pen.stroke();
    if (name) ends.push({ text: gone ? `${name}: gone` : name, x, y, shade });
  }
  drawNames(pen, ends, place.frame, colour);
}

/** Write each name beside its end, one below the other where ends lie close together. */
function drawNames(pen, ends, [left, top, w, h], colour) {
  pen.font = "600 12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  ends.sort((a, b) => a.y - b.y);
  const lowest = top + h - 10, step = 15;
  let above = -Infinity;
  for (const end of ends) above = end.at = Math.max(end.y, above + step, top + 10);
  let below = lowest + step;
  for (const end of ends.toReversed()) below = end.at = Math.min(end.at, below - step);
  for (const { text, x, at, shade } of ends) {
    const fits = x + 12 + pen.measureText(text).width < left + w;
    pen.textAlign = fits ? "left" : "right";
    halo(pen, text, x + (fits ? 11 : -11), at, colour[shade], colour.panel);
  }
}

function halo(pen, text, x, y, fill, edge) {
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = edge;
  pen.strokeText(text, x, y);
  pen.fillStyle = fill;
  pen.fillText(text, x, y);
}

/** A weight is blue above 0, orange below, and the thicker the further it is from 0. */
function drawWires(pen, place, wires, colour) {
  for (const [u, v, toU, toV, weight] of wires) {
    const share = Math.min(1, Math.abs(weight) / 3);
    pen.strokeStyle = weight > 0 ? colour.blue : colour.orange;
    pen.globalAlpha = 0.35 + 0.65 * share;
    pen.lineWidth = 0.4 + 3.2 * share;
    trace(pen, place, [[u, v], [toU, toV]]);
  }
  pen.globalAlpha = 1;
}

/** Class 0 is an orange square, class 1 a blue circle; what is held out is hollow. */
function drawPoints(pen, place, points, colour) {
  for (const [u, v, label, heldOut] of points) {
    marker(pen, label ? "circle" : "square", place.x(u), place.y(v), 4.2);
    pen.lineWidth = heldOut ? 2 : 1.2;
    pen.fillStyle = heldOut ? colour.panel : label ? colour.blue : colour.orange;
    pen.strokeStyle = heldOut ? (label ? colour.blue : colour.orange) : colour.panel;
    pen.fill();
    pen.stroke();
  }
}

/** A point with a value has the colour that the heat map has for it: where it stands out, the two differ. */
function drawGraded(pen, place, points, table, colour) {
  for (const [u, v, value, heldOut] of points) {
    const kind = value < 0 ? "square" : "circle", x = place.x(u), y = place.y(v);
    marker(pen, kind, x, y, heldOut ? 4.8 : 4.2);
    pen.lineWidth = 1;
    pen.fillStyle = css(table[shade(value)]);
    pen.strokeStyle = colour.grey;
    pen.fill();
    pen.stroke();
    if (!heldOut) continue;
    marker(pen, kind, x, y, 1.8);
    pen.fillStyle = colour.panel;
    pen.fill();
    pen.stroke();
  }
}

function draw(canvas, model, colour, cursor, preview) {
  const [width, height] = model.get("size"), ratio = window.devicePixelRatio || 1, bounds = model.get("bounds");
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    [canvas.style.width, canvas.style.aspectRatio] = [`${width}px`, `${width} / ${height}`];
  }
  const pen = canvas.getContext("2d"), bare = !model.get("labels")[0], place = places(bounds, [width, height], bare);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colour.panel;
  pen.fillRect(0, 0, width, height);
  const table = colours(model.get("scale"), colour);
  const heat = preview ? preview.heat : model.get("heat"), shape = preview ? [preview.side, preview.side] : model.get("shape");
  drawHeat(pen, model.get("discrete") ? split(heat) : heat, shape, table, place.frame);
  pen.save();
  pen.beginPath();
  pen.rect(...place.frame);
  pen.clip();
  pen.strokeStyle = colour.grey;
  pen.lineWidth = 0.8;
  for (const line of preview ? [] : model.get("lines")) trace(pen, place, line);
  drawWires(pen, place, model.get("wires"), colour);
  if (model.get("graded")) drawGraded(pen, place, model.get("points"), table, colour);
  else drawPoints(pen, place, model.get("points"), colour);
  pen.font = "12px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [u, v, text] of model.get("texts")) halo(pen, text, place.x(u), place.y(v), colour.ink, colour.panel);
  drawPaths(pen, place, model.get("paths"), colour);
  if (cursor) {
    const [x, y] = [place.x(cursor[0]), place.y(cursor[1])];
    pen.strokeStyle = colour.ink;
    pen.lineWidth = 2;
    for (const [a, b] of [[9, 0], [0, 9]]) {
      pen.beginPath();
      for (const [from, to] of [[-1, -0.35], [0.35, 1]]) { pen.moveTo(x + from * a, y + from * b); pen.lineTo(x + to * a, y + to * b); }
      pen.stroke();
    }
  }
  pen.restore();
  if (!bare) drawAxes(pen, place, bounds, model.get("labels"), colour);
  return place;
}
