/* The browser holds what the editor could not send; once it is merged or thrown away here, it is held no more. */
const form = document.querySelector("[data-key]");
const key = `draft:${form.dataset.key}`;

form.addEventListener("submit", () => {
  hold(JSON.stringify({ text: form.elements.text.value, number: form.elements.based_on.value }));
});
form.querySelector("[data-discard]").addEventListener("click", () => hold(null));

function hold(value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    /* The storage is full or closed: the editor held nothing either. */
  }
}
