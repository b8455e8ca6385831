// Cars on a road. Python drives and sends a frame a step; here it is drawn: from above, through the camera, inside the net.

const ROWS = 30, COLUMNS = 32, VIEW = [64, 54], COLOURS = ["a", "b", "c", "d"];

const bytesOf = (text, Kind) => new Kind(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);

/** Paint 30 x 32 values with a colour for each. */
function paint(canvas, values, colour) {
  const context = canvas.getContext("2d"), picture = context.createImageData(COLUMNS, ROWS);
  values.forEach((value, k) => picture.data.set([...colour(value), 255], 4 * k));
  context.putImageData(picture, 0, 0);
}

const grey = (value) => [value, value, value];

/** Purple below zero, orange above, white at zero. */
function signed(value) {
  const share = Math.abs(value) / 127, end = value < 0 ? [84, 50, 143] : [203, 88, 12];
  return end.map((channel) => Math.round(247 + share * (channel - 247)));
}

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="group" aria-label="Controls">
    <button type="button" class="main" data-do="play">Drive</button><button type="button" data-do="step">Step</button>
    <button type="button" data-do="push" data-value="1">Push left</button><button type="button" data-do="push" data-value="-1">Push right</button>
    <button type="button" data-is="wheel" aria-pressed="false">Take the wheel</button>
    <button type="button" data-do="replay">Replay</button><button type="button" data-do="rewind">Rewind</button>
  </div>
  <div class="controls" role="group" aria-label="Road and car">
    <label>Road <select data-is="road"></select></label><label>Watch the car of <select data-is="watch"></select></label>
  </div>
  <div class="message" role="alert"></div>
  <div class="side">
    <div class="world"></div>
    <div class="inside">
      <div class="look"><canvas class="camera" width="${COLUMNS}" height="${ROWS}" role="img"></canvas><div class="caption">what the camera sees</div></div>
      <div class="units"></div><div class="caption" data-says="units"></div>
      <div class="steering"></div><div class="caption">30 output units: left … right</div>
    </div>
  </div>
  <div class="where" role="status"></div>
  <div class="legend">In the picture of the road: ← and → take the wheel and steer, Esc gives it back, the space bar drives or pauses.
    Light on the orange weights of a hidden unit excites it, light on the purple ones holds it back; the bar below is its activation.</div>
  <details><summary>The lines that bring the car here</summary><pre tabindex="0"></pre></details>`;

/** The road from above: a window that goes with the car, and the whole of it in a corner. */
function drawWorld(parent, state) {
  const svg = make(parent, "svg", { viewBox: `0 0 ${VIEW[0]} ${VIEW[1]}`, role: "application", tabindex: 0, class: "map" });
  const ground = make(svg, "g"), corner = make(svg, "svg", { class: "whole" });
  make(corner, "rect", { class: "panel", width: "100%", height: "100%" });
  const roads = [ground, make(corner, "g")].map((g) => ({
    g, road: make(g, "polyline", { class: "road", "stroke-width": 2 * state.half_width }), middle: make(g, "polyline", { class: "middle" }),
  }));
  const trails = state.nets.map((_, k) => make(ground, "polyline", { class: `trail ${COLOURS[k]}` }));
  const cars = state.nets.map((_, k) => make(ground, "path", { class: `car ${COLOURS[k]}`, d: "M -2 -0.9 H 1.2 L 2.2 0 L 1.2 0.9 H -2 Z" }));
  const dots = state.nets.map((_, k) => make(corner, "circle", { class: COLOURS[k] }));
  let shown = null, paths = state.nets.map(() => []), size = [1, 1], origin = [0, 0];

  function lay(road) {
    shown = road;
    const points = state.lines[road].slice(0, state.lengths[road] + 1), text = state.lines[road].map((p) => p.join()).join(" ");
    roads[0].road.setAttribute("points", text);
    roads[0].middle.setAttribute("points", text);
    roads[1].road.setAttribute("points", points.map((p) => p.join()).join(" "));
    const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]), edge = 8;
    origin = [Math.min(...xs) - edge, -Math.max(...ys) - edge];
    size = [Math.max(...xs) - Math.min(...xs) + 2 * edge, Math.max(...ys) - Math.min(...ys) + 2 * edge];
    const scale = Math.min(22 / size[0], 18 / size[1]);
    const wide = size[0] * scale, high = size[1] * scale;
    for (const [name, value] of Object.entries({ x: VIEW[0] - wide - 0.6, y: 0.6, width: wide, height: high, viewBox: `${origin} ${size}` })) corner.setAttribute(name, value);
    roads[1].g.setAttribute("transform", "scale(1 -1)");
    corner.querySelector(".road").setAttribute("stroke-width", Math.max(4, size[0] / 45));
    for (const dot of dots) dot.setAttribute("r", size[0] / 32);
    corner.querySelector("rect").setAttribute("x", origin[0]);
    corner.querySelector("rect").setAttribute("y", origin[1]);
  }

  return { svg, show(frame) {
    if (frame.road !== shown) lay(frame.road);
    const [x, y] = frame.poses[frame.car];
    ground.setAttribute("transform", `translate(${VIEW[0] / 2 - x} ${VIEW[1] / 2 + y}) scale(1 -1)`);
    frame.poses.forEach(([px, py, heading], k) => {
      if (frame.steps[k] === 0) paths[k] = [];
      const last = paths[k].at(-1), here = `${px},${py}`;
      if (last !== here) paths[k].push(here);
      trails[k].setAttribute("points", paths[k].join(" "));
      cars[k].setAttribute("transform", `translate(${px} ${py}) rotate(${(heading * 180) / Math.PI})`);
      cars[k].classList.toggle("watched", k === frame.car);
      cars[k].classList.toggle("ended", frame.ended[k]);
      dots[k].setAttribute("cx", px);
      dots[k].setAttribute("cy", -py);
    });
  } };
}

/** The 30 outputs as bars, and below them where the wheel is. */
function drawSteering(parent, state) {
  const svg = make(parent, "svg", { viewBox: "0 0 240 62", role: "img", "aria-label": "The 30 output units" });
  const bars = Array.from({ length: 30 }, (_, k) => make(svg, "rect", { class: "bar", x: 240 - 8 * (k + 1) + 1, width: 6 }));
  make(svg, "line", { class: "axis", x1: 0, x2: 240, y1: 46, y2: 46 });
  const pointer = make(svg, "path", { class: "pointer", d: "M 0 48 l 5 9 h -10 Z" });
  const [low, high] = state.arcs;
  return (frame) => {
    bars.forEach((bar, k) => {
      const tall = 42 * frame.outputs[k];
      bar.setAttribute("y", 46 - tall);
      bar.setAttribute("height", tall);
    });
    const arc = frame.wheel ?? frame.arc;
    pointer.setAttribute("transform", `translate(${236 - ((arc - low) / (high - low)) * 232} 0)`);
    pointer.classList.toggle("hand", frame.wheel !== null);
  };
}

function sentence(frame, state) {
  const k = frame.car, off = frame.offset[k], arc = frame.wheel ?? frame.arc;
  const bend = Math.abs(arc) < 0.002 ? "straight on" : `${arc > 0 ? "to the left" : "to the right"}, on a circle of ${Math.round(1 / Math.abs(arc))} m`;
  return `“${state.nets[k]}”: ${Math.round(frame.metres[k])} of ${state.lengths[frame.road]} m, ${Math.abs(off).toFixed(2)} m ` +
    `${off < 0 ? "right" : "left"} of the centre line; ${frame.wheel === null ? "the network steers" : "you steer"} ${bend}.`;
}

function render({ model, el }) {
  const box = frame(el, "bpbook-drive", FRAME), state = stateOf(model);
  const find = (selector) => box.querySelector(selector), field = (name) => find(`[data-is=${name}]`);
  const world = drawWorld(find(".world"), state), steering = drawSteering(find(".steering"), state);
  for (const name of state.roads) make(field("road"), "option", {}, name);
  for (const name of state.nets) make(field("watch"), "option", {}, name);
  let text = "", now = null, shownUnits = null, spoken = 0, waiting = null, held = 0, complaint = "";
  const python = silence(el), complain = (text) => { complaint = text; say(find(".message"), text); };

  function ask(question) {
    complain(python.gone());
    clearTimeout(waiting);
    if (complaint) return;
    waiting = setTimeout(() => complain(python.gone() || python.late().text), 3000);
    model.send(question);
  }
  for (const button of box.querySelectorAll("[data-do]")) button.addEventListener("click", () =>
    ask(button.dataset.value ? { do: button.dataset.do, value: Number(button.dataset.value) } : { do: button.dataset.do }));
  field("road").addEventListener("change", () => ask({ do: "road", value: field("road").selectedIndex }));
  field("watch").addEventListener("change", () => ask({ do: "watch", value: field("watch").selectedIndex }));
  field("wheel").addEventListener("click", () => {
    if (now.wheel === null) world.svg.focus({ preventScroll: true }); // where the arrow keys steer
    ask({ do: "steer", value: now.wheel === null ? 0 : null });
  });
  const turn = (value) => { if (value !== held || now.wheel === null) { held = value; ask({ do: "steer", value }); } };
  world.svg.addEventListener("keydown", (event) => {
    const acts = { ArrowLeft: () => turn(1), ArrowRight: () => turn(-1), " ": () => event.repeat || ask({ do: "play" }), Escape: () => ask({ do: "steer", value: null }) };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  });
  world.svg.addEventListener("keyup", (event) => { if (["ArrowLeft", "ArrowRight"].includes(event.key)) turn(0); });
  world.svg.addEventListener("blur", () => { if (held) turn(0); });

  function drawUnits(car) {
    shownUnits = car;
    find(".units").innerHTML = "";
    state.units[car].forEach((picture, j) => {
      const unit = make(find(".units"), "div", { class: "unit" });
      const canvas = make(unit, "canvas", { width: COLUMNS, height: ROWS, role: "img", "aria-label": `Weights into hidden unit ${j}` });
      paint(canvas, bytesOf(picture, Int8Array), signed);
      make(make(unit, "div", { class: "meter" }), "div", { class: "fill" });
    });
    const hidden = state.hidden[car], drawn = state.units[car].length;
    say(find("[data-says=units]"), !hidden ? "no hidden layer" : hidden > drawn ? `the first ${drawn} of ${hidden} hidden units` : `${hidden} hidden units: weights and activation`);
  }

  function refresh() {
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    box.setAttribute("aria-label", model.get("title"));
    const fresh = model.get("frame") !== text;
    if (fresh) { clearTimeout(waiting); complaint = ""; }
    say(find(".message"), model.get("message") || complaint);
    if (!fresh) return;
    text = model.get("frame");
    now = JSON.parse(text);
    if (now.playing) model.send({ do: "drawn" }); // first, so that Python drives on while this is drawn
    world.show(now);
    if (now.car !== shownUnits) drawUnits(now.car);
    paint(find(".camera"), bytesOf(now.camera, Uint8Array), grey);
    now.hidden.forEach((value, j) => { box.querySelectorAll(".fill")[j].style.width = `${100 * value}%`; });
    steering(now);
    say(find("[data-do=play]"), now.playing ? "Pause" : "Drive");
    say(field("wheel"), now.wheel === null ? "Take the wheel" : "Let the network drive");
    field("wheel").setAttribute("aria-pressed", String(now.wheel !== null));
    if (now.wheel === null) held = 0;
    field("road").selectedIndex = now.road;
    field("watch").selectedIndex = now.car;
    find(".camera").setAttribute("aria-label", `Camera picture of ${ROWS} by ${COLUMNS} pixels`);
    world.svg.setAttribute("aria-label", `The road from above. ${sentence(now, state)}`);
    const time = performance.now();
    if (!now.playing || time - spoken > 400) { say(find(".where"), sentence(now, state)); spoken = time; }
    if (!now.playing) say(find("pre"), now.lines);
    box.dataset.frames = Number(box.dataset.frames ?? 0) + 1;
  }
  model.on("change", refresh);
  refresh();
  return () => { clearTimeout(waiting); model.off("change", refresh); };
}

export default { render };
