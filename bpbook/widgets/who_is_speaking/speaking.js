// A word to listen to, its picture, and what networks hear in it. Python sends sounds, pictures and answers; nothing is
// computed here but the noise that is played, and that is the noise whose picture is shown.

const RATE = 8000, STEPS = ["no noise", "a little noise", "much noise", "as loud as the word"];

/** A probability, which Python sends in hundred-thousandths. */
const percent = (p) => (p > 0 && p < 1000 ? "< 1 %" : `${Math.round(p / 1000)} %`);

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** The samples of a clip: 8 bits by the mu-law of telephones, as Python squeezed them. */
function samplesOf(state, k) {
  state.soundBytes ??= new Int8Array(bytesOf(state.sounds).buffer);
  const part = state.soundBytes.subarray(k ? state.ends[k - 1] : 0, state.ends[k]);
  return Float32Array.from(part, (value) => (Math.sign(value) * (256 ** Math.abs(value / 127) - 1)) / 255);
}

function deviation(values) {
  let mean = 0, square = 0;
  for (const value of values) { mean += value / values.length; square += (value * value) / values.length; }
  return Math.sqrt(square - mean * mean);
}

function withNoise(state, k, level) {
  const samples = samplesOf(state, k);
  if (level === null) return samples;
  state.noiseBytes ??= new Int8Array(bytesOf(state.noise).buffer);
  const noise = state.noiseBytes.subarray(0, samples.length);
  const strength = (10 ** (-level / 20) * deviation(samples)) / deviation(noise);
  const sum = samples.map((value, n) => value + strength * noise[n]), loudest = Math.max(...sum.map(Math.abs), 1);
  return sum.map((value) => value / loudest);
}

/** A sound as a file that a player can take, so that it works without a network and without Python. */
function fileOf(samples) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const word = (at, text) => [...text].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  word(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); word(8, "WAVEfmt "); view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); view.setUint16(22, 1, true); view.setUint32(24, RATE, true); view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true); view.setUint16(34, 16, true); word(36, "data"); view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, n) => view.setInt16(44 + 2 * n, Math.round(32767 * Math.max(-1, Math.min(1, value))), true));
  let text = "";
  for (const byte of new Uint8Array(view.buffer)) text += String.fromCharCode(byte);
  return `data:audio/wav;base64,${btoa(text)}`;
}

/** Draw a picture with time to the right and pitch upwards. */
function draw(canvas, state, k, level) {
  const [columns, bands] = state.size;
  state.pictureBytes ??= bytesOf(state.pictures);
  const part = state.pictureBytes.subarray((k * state.levels.length + level) * columns * bands), context = canvas.getContext("2d");
  const image = context.createImageData(columns, bands);
  for (let t = 0; t < columns; t++)
    for (let band = 0; band < bands; band++) {
      const at = 4 * ((bands - 1 - band) * columns + t), shade = 255 - part[t * bands + band];
      image.data.set([shade, shade, shade, 255], at);
    }
  context.putImageData(image, 0, 0);
}

/** Rows of bars under a name; returns what shows probabilities in them and marks the row that was said. */
function bars(parent, name, labels) {
  make(parent, "div", { class: "name" }, name);
  const rows = labels.map((label) => {
    const row = make(parent, "div", { class: "bar" });
    make(row, "span", {}, label);
    const bar = make(make(row, "span"), "i");
    return { row, bar, share: make(row, "span") };
  });
  return (values, said) => {
    const best = values.indexOf(Math.max(...values));
    rows.forEach(({ row, bar, share }, n) => {
      row.className = `bar${n === best ? " best" : ""}${n === said ? " said" : ""}`;
      bar.style.width = `${values[n] / 1000}%`;
      say(share, percent(values[n]));
    });
  };
}

const FRAME = `
  <div class="title"></div><div class="question"></div>
  <div class="controls" role="group" aria-label="Controls">
    <button type="button" class="main" data-do="play">▶ Play</button>
    <label>Voice <select data-is="voice"></select></label>
    <label>Noise <select data-is="level"></select></label>
    <button type="button" data-do="rewind">Rewind</button>
    <div class="digits" role="group" aria-label="The digit that is said"></div>
  </div>
  <div class="message" role="alert"></div>
  <div class="panels">
    <div class="sight"><div class="name">what they are given</div><canvas role="img"></canvas>
      <div class="axis"><span>start</span><span>time →, pitch ↑</span><span>end</span></div><div class="who"></div></div>
    <div class="heard"></div>
  </div>
  <div class="status" role="status" aria-live="polite"></div>
  <div class="legend">The bar of the digit that was said is blue, a wrong favourite is orange. Keys: Tab to a control, arrow keys for voice
    and noise, 0 to 9 for the digit, p to play.</div>
  <details><summary>The lines that give these answers</summary><pre tabindex="0"></pre></details>`;

function render({ model, el }) {
  const box = frame(el, "bpbook-speaking", FRAME), state = stateOf(model), find = (selector) => box.querySelector(selector);
  const field = (name) => find(`[data-is=${name}]`), clipOf = new Map(state.clips.map(([voice, digit, k]) => [`${voice} ${digit}`, k]));
  const canvas = find("canvas"), player = new Audio();
  [canvas.width, canvas.height] = state.size;
  state.voices.forEach((voice, n) => make(field("voice"), "option", { value: n }, voice));
  state.levels.forEach((level, n) => make(field("level"), "option", { value: n }, level === null ? STEPS[0] : `${level} dB below: ${STEPS[n]}`));
  const heard = state.nets.map((name) => bars(make(find(".heard"), "div", { class: "net" }), name, [..."0123456789"]));
  const whom = state.who.length ? bars(find(".who"), "who is speaking?", state.who) : null;
  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    tellPython(model);
  };
  const there = (voice, digit) => clipOf.has(`${voice} ${digit}`);
  const act = {
    digit: (digit) => there(model.get("voice"), digit) && put({ digit, message: "" }),
    level: (level) => put({ level, message: "" }),
    voice: (voice) => {
      const digit = there(voice, model.get("digit")) ? model.get("digit") : state.clips.find((clip) => clip[0] === voice)[1];
      put({ voice, digit, message: "" });
    },
    play: () => {
      player.src = fileOf(withNoise(state, chosen(), state.levels[model.get("level")]));
      player.play().catch(() => say(find(".message"), "The browser would not play the sound. Click Play once more."));
    },
    rewind: () => put({ ...state.first, message: "" }),
  };
  const digits = [..."0123456789"].map((digit) => {
    const button = make(find(".digits"), "button", { type: "button" }, digit);
    button.addEventListener("click", () => act.digit(Number(digit)));
    return button;
  });
  for (const name of ["voice", "level"]) field(name).addEventListener("change", () => act[name](Number(field(name).value)));
  for (const name of ["play", "rewind"]) find(`[data-do=${name}]`).addEventListener("click", act[name]);
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("pre")) return;
    if (/^\d$/.test(event.key)) act.digit(Number(event.key));
    else if (event.key === "p" && !event.target.matches("select")) act.play(); // in a list, p begins a name
    else return;
    event.preventDefault();
  });
  const chosen = () => clipOf.get(`${model.get("voice")} ${model.get("digit")}`);

  function refresh() {
    const [voice, digit, level] = ["voice", "digit", "level"].map((name) => model.get(name)), k = chosen();
    say(find(".title"), model.get("title"));
    say(find(".question"), model.get("question"));
    say(find(".message"), model.get("message"));
    box.setAttribute("aria-label", model.get("title"));
    field("voice").value = voice;
    field("level").value = level;
    digits.forEach((button, n) => {
      button.setAttribute("aria-pressed", n === digit);
      button.disabled = !there(voice, n);
    });
    draw(canvas, state, k, level);
    canvas.setAttribute("aria-label", `Log-mel picture of ${state.voices[voice]} saying ${digit}, ${STEPS[level]}`);
    heard.forEach((show, n) => show(state.p[n][k][level], digit));
    whom?.(state.by[k][level], state.who.indexOf(state.voices[voice]));
    const favourite = (values) => values.indexOf(Math.max(...values));
    const answers = state.nets.map((name, n) => `${name}: ${favourite(state.p[n][k][level])}`).join("; ");
    say(find(".status"), `${state.voices[voice]} says ${digit}. Heard by the network ${answers}.` +
      (whom ? ` The voice sounds to the third network like ${state.who[favourite(state.by[k][level])]}.` : ""));
    const decibels = state.levels[level], strength = decibels === null ? "0" : `10 ** (-${decibels} / 20)`;
    say(find("pre"), state.lines.replace("{k}", k).replace("{speaker}", state.voices[voice]).replace("{digit}", digit).replace("{strength}", strength));
  }

  model.on("change", refresh);
  refresh();
  return () => { model.off("change", refresh); player.pause(); };
}

export default { render };
