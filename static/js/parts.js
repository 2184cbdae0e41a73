/* Small comforts of the parts. Every page works without them. */

/* A toast can be put away. */
document.querySelectorAll(".toast").forEach((toast) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Tutup";
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
});

/* The list of what to mend takes the focus, so that it is read first. */
document.querySelector("[data-errors]")?.focus();

/* Printing. */
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

/* Ticking all boxes of a name at once. */
document.querySelectorAll("[data-tick]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...button.form.querySelectorAll(`input[name="${button.dataset.tick}"]`)];
    const all = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !all; });
  });
});

/* A form that changes something is sent once, however often its button is tapped. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
