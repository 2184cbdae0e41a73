/* The text of a file in a proper editor: live preview, messages in the margin, drafts that outlive the network.
   Without this script the textarea and its button do the same. */
const form = document.querySelector("[data-editor]");
const area = form.querySelector("textarea");
const saved = form.querySelector("[data-saved]");
const key = `draft:${form.dataset.key}`;
const SAVE_AFTER = 1500;
const PREVIEW_AFTER = 600;
const HERE_EVERY = 45000;
const RETRY_AFTER = 5000;

const host = document.createElement("div");
area.hidden = true;
area.after(host);
const label = form.querySelector("label[for=text]").textContent;
const editor = window.elearnEditor.create({ host, text: area.value, label, changed: typed, pasted });
form.querySelector("[data-tools]").hidden = false;
form.querySelector("label[for=text]").addEventListener("click", () => editor.focus());

let known = area.value;
let sending = false;
let stopped = false;
let saveTimer, previewTimer;

function tell(words, state) {
  saved.textContent = words;
  saved.dataset.state = state;
}

/* ---- What is typed is kept here first, then on the server ---- */
function typed() {
  area.value = editor.text();
  keep();
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, SAVE_AFTER);
  clearTimeout(previewTimer);
  previewTimer = setTimeout(preview, PREVIEW_AFTER);
}

function keep() {
  try {
    localStorage.setItem(key, JSON.stringify({ text: area.value, number: form.elements.based_on.value }));
  } catch {
    /* The storage is full or closed: the server still gets it. */
  }
}

async function save() {
  if (sending || stopped || area.value === known) return;
  sending = true;
  const text = area.value;
  tell("Menyimpan …", "sending");
  try {
    const body = new FormData(form);
    body.set("text", text);
    body.set("act", "autosaved");
    const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (reply.status === 409) return conflict();
    if (reply.status === 422) return tell("Belum dapat disimpan. Isinya terlalu besar atau tidak terbaca.", "failed");
    if (!reply.ok) throw new Error(reply.status);
    form.elements.based_on.value = (await reply.json()).number;
    known = text;
    if (area.value === text) localStorage.removeItem(key);
    tell("Tersimpan", "sent");
    document.dispatchEvent(new Event("elearn:saved"));
  } catch {
    tell("Jaringan terputus. Tulisan Anda aman di peramban ini dan dikirim begitu tersambung.", "waiting");
    setTimeout(save, RETRY_AFTER);
  } finally {
    sending = false;
  }
  if (area.value !== known && !stopped) {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, SAVE_AFTER);
  }
}

function conflict() {
  stopped = true;
  keep();
  tell("Orang lain sudah menyimpan berkas ini. Tekan Simpan untuk membandingkan; tidak ada yang ditimpa.", "failed");
}

addEventListener("online", save);
form.addEventListener("submit", () => {
  area.value = editor.text();
  keep();
});

/* A text that never reached the server comes back; one that did is forgotten. */
function restore() {
  let held;
  try {
    held = JSON.parse(localStorage.getItem(key));
  } catch {
    return;
  }
  if (!held || held.text === area.value) return localStorage.removeItem(key);
  form.elements.based_on.value = held.number;
  editor.replace(held.text);
  tell("Tulisan yang belum terkirim dikembalikan.", "waiting");
}

/* ---- Preview, problems, and who else is here ---- */
const live = document.querySelector("[data-live]");
const shown = document.querySelector("[data-live-body]");
const others = form.querySelector("[data-others]");
const problems = document.querySelector("[data-problems]");

async function preview() {
  try {
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("text", editor.text());
    const reply = await fetch(form.dataset.preview, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!reply.ok) return;
    const told = await reply.json();
    const page = new DOMParser().parseFromString(told.html, "text/html");
    shown.replaceChildren(...page.body.childNodes);
    live.hidden = false;
    editor.show(told.problems);
    list(told.problems);
    others.hidden = !told.others.length;
    others.textContent = told.others.length ? `${told.others.join(", ")} juga sedang membuka berkas ini.` : "";
  } catch {
    /* Without the network the last preview stays. */
  }
}

function list(found) {
  problems.hidden = !found.length;
  const rows = document.createElement("ul");
  rows.className = "plain-list";
  for (const problem of found) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn ghost small";
    button.textContent = `Baris ${problem.line || 1}`;
    button.addEventListener("click", () => editor.goTo(problem.line || 1));
    row.append(button, ` ${problem.message}`);
    rows.append(row);
  }
  document.querySelector("[data-problem-list]").replaceChildren(rows);
}

setInterval(() => document.visibilityState === "visible" && preview(), HERE_EVERY);

/* Lines of the figures are those of the saved text. */
document.addEventListener("elearn:figures", (event) => {
  if (area.value === known) editor.beside(event.detail);
});

/* ---- Toolbar, insert menu, paste ---- */
form.addEventListener("click", (event) => {
  const tool = event.target.closest("[data-wrap], [data-lead]");
  if (tool?.dataset.wrap) editor.wrap(tool.dataset.wrap);
  else if (tool) editor.lead(tool.dataset.lead);
});

form.querySelector("[data-insert]").addEventListener("change", (event) => {
  if (event.target.value) editor.insertBlock(event.target.value);
  event.target.value = "";
});

function pasted(event) {
  const data = event.clipboardData || event.dataTransfer;
  const picture = [...(data?.files || [])].find((file) => file.type.startsWith("image/"));
  const html = data?.getData("text/html");
  if (picture && !html) {
    event.preventDefault();
    upload(picture);
    return true;
  }
  if (html && event.clipboardData) {
    event.preventDefault();
    editor.insert(window.elearnEditor.markdownOf(html));
    return true;
  }
  return false;
}

/* ---- Pictures ---- */
const picture = document.querySelector("[data-picture]");

function upload(file) {
  const held = new DataTransfer();
  held.items.add(file);
  picture.querySelector("input[type=file]").files = held.files;
  picture.open = true;
  picture.querySelector("[name=alt]").focus();
}

picture.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const complaint = picture.querySelector("[data-complaint]");
  complaint.textContent = "";
  try {
    const body = new FormData(event.target);
    const reply = await fetch(event.target.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await reply.json();
    if (!reply.ok) {
      const said = { no_alt: "noAlt", too_many_pixels: "tooManyPixels" }[told.reason] || "notAPicture";
      complaint.textContent = complaint.dataset[said];
      return;
    }
    editor.insertBlock(told.markdown);
    event.target.reset();
    picture.open = false;
  } catch {
    complaint.textContent = "Gambar belum dapat dikirim. Periksa jaringan, lalu coba lagi.";
  }
});

restore();
preview();
const asked = Number(new URLSearchParams(location.search).get("baris"));
if (asked) editor.goTo(asked);
