// Counts whom an assignment means while it is filled in; without this the button does.
const form = document.querySelector("[data-count]");
const effect = form.querySelector("[data-effect]");
let waiting = 0;
let newest = 0;

async function count() {
  const mine = ++newest;
  const body = new FormData(form);
  body.set("act", "count");
  try {
    const told = await fetch(form.dataset.count, { method: "POST", body, headers: { "X-Part": "effect" } });
    if (told.ok && mine === newest) effect.innerHTML = await told.text();
  } catch {
    // Without a signal the button counts later.
  }
}

form.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(count, 400);
});
form.addEventListener("submit", () => clearTimeout(waiting));
