// Checks the signed record behind the # of a certificate's address; docs/certificates.md says its format.
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*-./:";
const BODY = 73; // after version, id of the key and signature
const FIXED = 40;
const UNKNOWN = 0xffff;

function bytesOf(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    const digits = [...group].map((sign) => ALPHABET.indexOf(sign));
    const value = digits.reduceRight((sum, digit) => sum * 41 + digit, 0);
    const size = group.length - 1;
    if (!size || digits.includes(-1) || value >= 256 ** size) throw new RangeError("malformed");
    if (size === 2) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}

const VERSIONS = [1, 2]; // the second begins its body with the last day on which it is valid

// Days since 1 January 2000 in WIB, by the clock of this phone.
const today = () => Math.floor((Date.now() + 7 * 3600000) / 86400000) - 10957;

function day(number) {
  const moment = new Date(Date.UTC(2000, 0, 1 + number));
  return moment.toLocaleDateString("id-ID", { dateStyle: "long", timeZone: "UTC" });
}

function textsOf(body) {
  const texts = [];
  let at = FIXED;
  while (texts.length < 3) {
    const end = at + 1 + body[at];
    if (!(end <= body.length)) throw new RangeError("cut off");
    texts.push(new TextDecoder("utf-8", { fatal: true }).decode(body.slice(at + 1, end)));
    at = end;
  }
  if (at !== body.length) throw new RangeError("something follows");
  return texts;
}

function fieldsOf(body) {
  if (body.length < FIXED) throw new RangeError("cut off");
  const view = new DataView(body.buffer);
  const [jp, completed, issued, end] = [0, 2, 4, 6].map((at) => view.getUint16(at));
  const [number, name, title] = textsOf(body);
  const nip = end === UNKNOWN ? "" : `… ${String(end).padStart(3, "0")}`;
  return { number, name, nip, title, jp, completed: day(completed), issued: day(issued) };
}

function termOf(version, body) {
  if (version === 1) return { fields: fieldsOf(body), isOver: false };
  if (body.length < 2) throw new RangeError("cut off");
  const last = new DataView(body.buffer).getUint16(0);
  return { fields: { ...fieldsOf(body.slice(2)), expires: day(last) }, isOver: today() > last };
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function isGenuine(id, bytes, raw) {
  const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  const mark = new TextEncoder().encode(`elearn certificate ${bytes[0]}\n${id}\n`);
  const message = Uint8Array.from([...mark, ...bytes.slice(BODY)]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, bytes.slice(9, BODY), message);
}

// The start of the SHA-256 of an id: the kept page names what is revoked by it.
async function markOf(id) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  return hex(new Uint8Array(digest)).slice(0, 16);
}

async function standing(id, isOver, place) {
  const mark = await markOf(id);
  for (const word of ["replaced", "revoked"])
    if (place.dataset[word].split(" ").includes(mark)) return word;
  return isOver ? "expired" : "genuine";
}

async function check(id, text, place) {
  let bytes, term;
  try {
    bytes = bytesOf(text);
    if (bytes[0] > Math.max(...VERSIONS)) return { word: "newer" };
    if (!VERSIONS.includes(bytes[0])) return { word: "malformed" };
    term = termOf(bytes[0], bytes.slice(BODY));
  } catch {
    return { word: "malformed" };
  }
  const raw = JSON.parse(place.dataset.keys)[hex(bytes.slice(1, 9))];
  if (!raw) return { word: "unknown-key" };
  try {
    const pairs = raw.match(/../g).map((pair) => parseInt(pair, 16));
    const genuine = await isGenuine(id, bytes, Uint8Array.from(pairs));
    if (!genuine) return { word: "forged" };
    return { word: await standing(id, term.isOver, place), fields: term.fields };
  } catch {
    return { word: "unable" };
  }
}

async function show() {
  const place = document.querySelector("[data-keys]");
  const id = location.pathname.split("/")[2].toLowerCase();
  const text = decodeURIComponent(location.hash.slice(1));
  const found = text ? await check(id, text, place) : { word: "nothing" };
  for (const part of place.querySelectorAll("[data-word]"))
    part.hidden = !part.dataset.word.split(" ").includes(found.word);
  for (const line of place.querySelectorAll("[data-only]"))
    line.hidden = !found.fields || !(line.dataset.only in found.fields);
  for (const [name, value] of Object.entries(found.fields || {}))
    place.querySelector(`[data-field="${name}"]`).textContent = value;
}

addEventListener("hashchange", show);
show();
