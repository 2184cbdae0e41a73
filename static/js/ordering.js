/* Steps to put in order: buttons for each, and dragging by the handle. Without this script each step has a list of places. */
(() => {function steps(list) { return [...list.children]; }
function placeOf(step) { return step.querySelector("select"); }

/* The places follow the order on the page, and the form learns of it. */
function settle(list) {
  steps(list).forEach((step, i) => { placeOf(step).value = String(i + 1); });
  placeOf(list.firstElementChild).dispatchEvent(new Event("change", { bubbles: true }));
}

function enable(list) {
  const all = steps(list);
  all.forEach((step, i) => {
    step.querySelector(".up").disabled = i === 0;
    step.querySelector(".down").disabled = i === all.length - 1;
  });
}

function tell(list, step) {
  const place = steps(list).indexOf(step) + 1;
  list.nextElementSibling.textContent = `${step.querySelector("span").textContent.trim()}: ${list.dataset.saidPlace}${place}`;
}

function sort(list) {
  const place = (step) => Number(placeOf(step).value) || 99;
  list.append(...steps(list).sort((a, b) => place(a) - place(b)));
}

function button(kind, sign, text, step) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn ghost ${kind}`;
  made.textContent = sign;
  made.setAttribute("aria-label", `${text}: ${step.querySelector("span").textContent.trim()}`);
  return made;
}

function order(list) {
  if (list.dataset.ready) return;
  list.dataset.ready = "yes";
  sort(list);
  for (const step of steps(list)) {
    const label = step.querySelector("label");
    const row = document.createElement("div");
    const handle = document.createElement("i");
    row.className = "pair";
    handle.className = "handle";
    handle.setAttribute("aria-hidden", "true");
    const select = placeOf(step);
    select.hidden = true;
    row.append(handle, label.querySelector("span"), button("up", "↑", list.dataset.saidUp, label), button("down", "↓", list.dataset.saidDown, label), select);
    label.replaceWith(row);
  }
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  list.after(said);
  enable(list);
}

function orderAll(root) {
  root.querySelectorAll("[data-ordering]").forEach(order);
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-ordering] .up, [data-ordering] .down");
  if (!pressed) return;
  const step = pressed.closest("li");
  const list = step.parentElement;
  if (pressed.classList.contains("up")) step.after(step.previousElementSibling);
  else step.before(step.nextElementSibling);
  enable(list);
  settle(list);
  tell(list, step);
  if (pressed.disabled) step.querySelector("button:not(:disabled)")?.focus();
  else pressed.focus();
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-ordering] .handle");
  const list = handle?.closest("[data-ordering]");
  if (!handle || event.button > 0 || list.closest("fieldset")?.disabled) return;
  event.preventDefault();
  const step = handle.closest("li");
  const before = steps(list).indexOf(step);
  handle.setPointerCapture(event.pointerId);
  step.classList.add("dragged");
  const middle = (other) => { const box = other.getBoundingClientRect(); return box.top + box.height / 2; };
  /* The others move around the step: one taken out of the page would lose the finger that drags it. */
  const move = ({ clientY }) => {
    while (step.previousElementSibling && clientY < middle(step.previousElementSibling)) step.after(step.previousElementSibling);
    while (step.nextElementSibling && clientY > middle(step.nextElementSibling)) step.before(step.nextElementSibling);
  };
  const drop = () => {
    handle.removeEventListener("pointermove", move);
    step.classList.remove("dragged");
    enable(list);
    if (steps(list).indexOf(step) !== before) { settle(list); tell(list, step); }
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", drop, { once: true });
});

/* Answers came from elsewhere, or a part of the page is new. */
document.addEventListener("elearn:filled", ({ target }) => {
  orderAll(target);
  target.querySelectorAll("[data-ordering]").forEach((list) => { sort(list); enable(list); });
});

/* A self-check takes the order that is seen as the answer. */
document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-check]")) target.querySelectorAll("[data-ordering]").forEach(settle);
}, true);

orderAll(document);
})();
