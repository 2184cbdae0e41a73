/* A quiz: one question at a time; every answer is sent as it is given, and kept on the phone until it is acknowledged. */
const form = document.getElementById("kuis");
const said = form.dataset;
const questions = [...form.querySelectorAll(".question")];
const steps = [...form.querySelectorAll(".steps a")];
const badge = document.querySelector(".saved");
const KEPT = `elearn-attempt-${said.attempt}`;
const SHAPES = { sent: "passed", waiting: "clock", kept: "phone", none: "circle" };
const RETRY_MS = [1000, 2000, 5000, 10000, 30000];

/* What has been answered here and not acknowledged yet: position -> {answer, counter}. */
const waiting = new Map(Object.entries(read()));
let failures = 0;
let sending = null;
let timer = 0;
let typing = 0;

function read() {
  try { return JSON.parse(localStorage.getItem(KEPT)) || {}; } catch { return {}; }
}

function keep() {
  try {
    if (waiting.size) localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(waiting)));
    else localStorage.removeItem(KEPT);
  } catch { /* a full or forbidden store: the answers still wait on this page */ }
}

function show(state, text) {
  badge.dataset.state = state;
  badge.querySelector("span").textContent = text;
  const shape = badge.querySelector("use");
  shape.setAttribute("href", shape.getAttribute("href").replace(/#.*/, `#${SHAPES[state]}`));
}

function fields(question) {
  return [...question.querySelectorAll("fieldset :is(input:not([type=hidden]), select, textarea)")];
}

function isPicked(field) { return field.type === "radio" || field.type === "checkbox"; }

/* "q3.p" is the part p of the answer to question 3; "q3" is the whole of it. */
function partOf(field) {
  const dot = field.name.indexOf(".");
  return dot < 0 ? "" : `${field.name.slice(dot + 1)}:`;
}

function answerOf(question) {
  return fields(question)
    .filter((field) => (isPicked(field) ? field.checked : field.value.trim()))
    .map((field) => partOf(field) + field.value);
}

function fill(question, answer) {
  for (const field of fields(question)) {
    const part = partOf(field);
    if (isPicked(field)) field.checked = answer.includes(field.value);
    else field.value = (answer.find((text) => text.startsWith(part)) || "").slice(part.length);
  }
  question.dispatchEvent(new CustomEvent("elearn:filled", { bubbles: true }));
}

function mark(question) {
  const step = steps[questions.indexOf(question)];
  const done = answerOf(question).length > 0;
  step.classList.toggle("done", done);
  step.classList.toggle("open", !done);
  step.querySelector("[data-answered]").textContent = done ? said.saidDone : said.saidUndone;
}

function changed(question) {
  clearTimeout(typing); // what was typed goes now: left waiting, it would be sent again, perhaps after the hand-in
  const counter = Number(question.dataset.counter) + 1;
  question.dataset.counter = counter;
  question.querySelector("[type=hidden]").value = counter - 1;
  waiting.set(question.dataset.position, { answer: answerOf(question), counter });
  keep();
  mark(question);
  send();
}

function send() {
  clearTimeout(timer);
  sending ??= sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  while (waiting.size) {
    const [position, item] = waiting.entries().next().value;
    show("waiting", said.saidWaiting);
    let reply;
    try {
      reply = await fetch(`${form.getAttribute("action")}/answers/${position}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(item),
      });
      if (reply.status >= 500 || reply.status === 429) throw new Error(reply.status);
    } catch {
      show("kept", said.saidKept);
      timer = setTimeout(send, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      return;
    }
    failures = 0;
    if (reply.status === 409) return handIn();
    if (reply.status === 401 || reply.redirected) { location.reload(); return; }
    if (!reply.ok) { refused(position, item); continue; }
    await acknowledged(position, item, await reply.json());
  }
}

async function acknowledged(position, item, saved) {
  if (waiting.get(position) === item) waiting.delete(position);
  keep();
  const question = questions[position];
  question.dataset.counter = Math.max(Number(question.dataset.counter), saved.counter);
  if (saved.stale) { show("sent", said.saidStale); location.reload(); return; }
  const time = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });
  if (!waiting.size) show("sent", `${said.saidSent} ${time.format(saved.saved_ms)} WIB`);
}

/* What the server will never take is not sent again. */
function refused(position, item) {
  if (waiting.get(position) === item) waiting.delete(position);
  keep();
  show("none", said.saidRefused);
}

/* The attempt takes no more answers: what was saved counts; the result says the rest. */
function handIn() {
  waiting.clear();
  keep();
  location.assign(`${form.getAttribute("action")}/result`);
}

/* One question at a time. */
let at = 0;

function go(index, focus = true) {
  at = Math.max(0, Math.min(index, questions.length - 1));
  questions.forEach((question, i) => { question.hidden = i !== at; });
  steps.forEach((step, i) => {
    if (i === at) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
  back.disabled = at === 0;
  next.hidden = at === questions.length - 1;
  submit.hidden = !next.hidden;
  if (focus) {
    const stem = questions[at].querySelector(".stem");
    stem.tabIndex = -1;
    stem.focus();
  }
}

function makeButton(text, kind, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `btn${kind}`;
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

const submit = form.querySelector("[data-submit]");
const back = makeButton(said.saidBack, " ghost", () => go(at - 1));
const next = makeButton(said.saidNext, "", () => go(at + 1));

function begin() {
  form.querySelector("[data-plain]")?.remove();
  form.querySelector(".actions").prepend(back);
  submit.before(next);
  document.querySelector("[data-scripted]").hidden = false;
  steps.forEach((step, i) => step.addEventListener("click", (event) => { event.preventDefault(); go(i); }));
  for (const [position, item] of waiting) {
    const question = questions[position];
    if (!question || item.counter <= Number(question.dataset.counter)) { waiting.delete(position); continue; }
    question.dataset.counter = item.counter;
    fill(question, item.answer);
    mark(question);
  }
  keep();
  const asked = questions.findIndex((question) => `#${question.id}` === location.hash);
  go(asked < 0 ? Math.max(0, questions.findIndex((question) => !answerOf(question).length)) : asked, false);
  if (waiting.size) send();
}

form.addEventListener("change", (event) => {
  const question = event.target.closest(".question");
  if (question) changed(question);
});
/* The enter key in a field goes on to the next question; it does not hand in. */
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  go(at + 1);
});
form.addEventListener("input", (event) => {
  const question = event.target.closest(".question");
  if (!question || !["text", "textarea"].includes(event.target.type)) return;
  clearTimeout(typing);
  typing = setTimeout(() => changed(question), 800);
});
form.addEventListener("submit", async (event) => {
  if (form.dataset.sure || event.submitter?.matches("[data-hint]")) return; // hints.js is away: the server opens it
  event.preventDefault();
  const open = questions.filter((question) => !answerOf(question).length).length;
  if (open && !timeIsOver() && !confirm(`${open} ${said.saidOpen}`)) { delete form.dataset.sent; return; }
  await send();
  if (waiting.size) { show("kept", said.saidUnsent); delete form.dataset.sent; return; }
  form.dataset.sure = "yes";
  delete form.dataset.sent;
  setTimeout(() => form.requestSubmit(submit)); // not while this event is still on its way
});
window.addEventListener("online", send);

/* The clock of a time limit runs on the server; the phone only shows what is left. */
const offset = Date.now() - Number(said.now);
function leftMs() { return Number(said.deadline) - (Date.now() - offset); }
function timeIsOver() { return Number(said.deadline) > 0 && leftMs() <= 0; }
if (Number(said.deadline)) {
  const left = document.querySelector("[data-left]");
  const tick = setInterval(() => {
    const seconds = Math.max(0, Math.ceil(leftMs() / 1000));
    left.textContent = `(${said.saidLeft} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")})`;
    if (!seconds) { clearInterval(tick); form.requestSubmit(submit); }
  }, 1000);
}

if (!questions[0]?.querySelector("fieldset").disabled) begin();
