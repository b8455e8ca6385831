// Python in a Web Worker: a WebAssembly module, files in memory, one turn after another, and a door for messages.
//
// The page sends {start} once and then requests; each request is one turn of guest.py, which asks the door for it. What
// the guest says through the door goes to the page as it comes, and {answered} follows the last of it.

import { WASI, ConsoleStdout, Directory, File, OpenFile, PreopenDirectory } from "./shim/index.js";

const LIBRARY = "/usr/local/lib";
const encoder = new TextEncoder(), decoder = new TextDecoder();
let exports, request = "", science = null, library = null, beat = null;

const say = (message) => postMessage(message);

/** The bytes of a piece: kept from an earlier visit, or fetched with progress and then kept. */
async function piece(base, { file, bytes, plain }, kept, progress) {
  const whole = (content) => content.length === bytes || content.length === plain; // a server may unpack it on the way
  const address = new URL(file, base), found = await kept?.match(address).catch(() => null);
  if (found) {
    const content = new Uint8Array(await found.arrayBuffer());
    if (whole(content)) {
      progress(bytes);
      return content;
    }
  }
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${file} could not be fetched (${response.status})`);
  const parts = [], reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    progress(part.value.length);
  }
  const blob = new Blob(parts), content = new Uint8Array(await blob.arrayBuffer());
  if (!whole(content)) throw new Error(`The network gave ${content.length} of the ${bytes} bytes of ${file}`);
  await kept?.put(address, new Response(blob)).catch(() => null);
  return content;
}

/** The content of a piece, packed with gzip unless the server has unpacked it. */
function unzipped(bytes) {
  const stream = new Blob([bytes]).stream(), packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new Response(packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream);
}

/** The files of a tar archive as directories in memory. */
function untar(bytes) {
  const root = new Map(), text = (from, length) => decoder.decode(bytes.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at < bytes.length && bytes[at]; ) {
    const size = parseInt(text(at + 124, 12), 8), name = [text(at + 345, 155), text(at, 100)].filter(Boolean).join("/");
    const parts = name.split("/"), last = parts.pop();
    let folder = root;
    for (const part of parts) {
      if (!folder.has(part)) folder.set(part, new Directory(new Map()));
      folder = folder.get(part).contents;
    }
    folder.set(last, new File(bytes.subarray(at + 512, at + 512 + size), { readonly: true }));
    at += 512 + 512 * Math.ceil(size / 512);
  }
  return root;
}

/** The cache of this book, if there is one, without what an earlier edition left there. */
async function cacheOf(pieces, base) {
  try {
    const kept = await caches.open("bpbook-engine");
    const wanted = new Set(Object.values(pieces).map(({ file }) => new URL(file, base).href));
    for (const { url } of await kept.keys()) if (url.startsWith(base) && !wanted.has(url)) await kept.delete(url);
    return kept;
  } catch {
    return null;
  }
}

/** Put the bytes of an answer where the guest finds them. */
function hand(bytes) {
  const place = exports.host_alloc(bytes.length) >>> 0;
  new Uint8Array(exports.memory.buffer).set(bytes, place);
  return place;
}

/** What the guest asks of the page in the middle of a turn. */
const asked = {
  next: () => request,
  science: () => {
    if (library.has("science.zip")) return "here";
    const get = new XMLHttpRequest();
    get.open("GET", science.address, false); // a turn cannot wait for a promise
    get.responseType = "arraybuffer";
    get.send();
    if (get.status !== 200) return `could not be fetched (${get.status})`;
    if (get.response.byteLength !== science.bytes) return `was cut off (${get.response.byteLength} of ${science.bytes} bytes); run the cell again`;
    library.set("science.zip", new File(new Uint8Array(get.response), { readonly: true }));
    science.kept?.put(science.address, new Response(get.response)).catch(() => null);
    return "here";
  },
};

function call(place, length, whereTo, howLong) {
  const message = JSON.parse(decoder.decode(new Uint8Array(exports.memory.buffer, place >>> 0, length >>> 0)));
  let answer = "";
  try {
    if (asked[message.ask]) answer = asked[message.ask]();
    else if (message.type === "beat") beat = setTimeout(() => serve({ do: "beat" }), 1000 * message.wait);
    else say(message);
  } catch (reason) {
    answer = `could not be fetched (${reason})`;
  }
  const bytes = encoder.encode(answer), at = hand(bytes), view = new DataView(exports.memory.buffer);
  view.setUint32(whereTo >>> 0, at, true);
  view.setUint32(howLong >>> 0, bytes.length, true);
  return 0;
}

function turn(code) {
  const bytes = encoder.encode(code), place = hand(bytes);
  return exports.turn(place, bytes.length);
}

async function start({ base, pieces }) {
  const kept = await cacheOf(pieces, base), all = pieces.python.bytes + pieces.library.bytes;
  let come = 0, told = 0;
  const progress = (bytes) => {
    come = Math.min(all, come + bytes);
    if (come - told > 2e5 || come >= all) say({ progress: (told = come), of: all });
  };
  const [compiled, files] = await Promise.all([
    piece(base, pieces.python, kept, progress).then(async (bytes) => {
      const plain = unzipped(bytes);
      return WebAssembly.compileStreaming(new Response(plain.body, { headers: { "Content-Type": "application/wasm" } }));
    }),
    piece(base, pieces.library, kept, progress).then(async (bytes) => untar(new Uint8Array(await unzipped(bytes).arrayBuffer()))),
  ]);
  library = files.get("lib").contents;
  science = { address: new URL(pieces.science.file, base).href, bytes: pieces.science.bytes, kept };
  const early = await (await kept?.match(science.address).catch(() => null))?.arrayBuffer();
  if (early?.byteLength === science.bytes) library.set("science.zip", new File(new Uint8Array(early), { readonly: true }));
  const said = (line) => say({ type: "stream", name: "stderr", text: `${line}\n` });
  const descriptors = [
    new OpenFile(new File([])), ConsoleStdout.lineBuffered(said), ConsoleStdout.lineBuffered(said),
    new PreopenDirectory(LIBRARY, library),
    new PreopenDirectory(`${LIBRARY}/python315.zip/matplotlib/mpl-data`, files.get("mpl-data").contents),
    new PreopenDirectory("/book", files.get("book").contents),
    new PreopenDirectory("/tmp", new Map()), new PreopenDirectory("/home", new Map([["matplotlib", new Directory(new Map())]])),
  ];
  const environment = ["TMPDIR=/tmp", "HOME=/home", "BPBOOK_HOME=/home", "MPLCONFIGDIR=/home/matplotlib", "MPLBACKEND=agg", "PYTHONTZPATH="];
  const wasi = new WASI(["/usr/local/bin/python.wasm"], environment, descriptors, { debug: false });
  const imports = { wasi_snapshot_preview1: { ...wasi.wasiImport }, host: { call } };
  for (const { module, name } of WebAssembly.Module.imports(compiled)) imports[module][name] ??= () => 58; // not supported
  const instance = await WebAssembly.instantiate(compiled, imports);
  exports = instance.exports;
  wasi.initialize(instance);
  if (turn("import sys; sys.path.insert(0, '/book'); from bpbook.site.engine import guest; guest.begin()") !== 0) throw new Error("Python did not begin");
  say({ ready: true });
}

/** One turn; an experiment that goes on by itself gets its next one as soon as its picture was drawn, or a little later. */
function serve(asking) {
  request = JSON.stringify(asking);
  clearTimeout(beat);
  let status, trapped = null;
  try {
    status = turn("__import__('sys').modules['bpbook.site.engine.guest'].serve()");
  } catch (reason) {
    trapped = String(reason);
  }
  say({ answered: asking.number ?? null, status, trapped });
  if (trapped) close();
}

onmessage = ({ data }) => {
  if (data.start) start(data.start).catch((reason) => say({ failed: String(reason?.message ?? reason) }));
  else serve(data);
};
