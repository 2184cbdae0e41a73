// Makes a passkey, or asks one, and sends the answer with the form around it; where the browser
// cannot, the form stays hidden and codes remain.
const wire = (form, act, parse) => {
  const options = form.dataset.making || form.dataset.asking;
  const said = form.querySelector("[data-said]");
  if (!options || !window.PublicKeyCredential?.[parse]) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      const publicKey = PublicKeyCredential[parse](JSON.parse(options));
      const answer = await navigator.credentials[act]({ publicKey });
      form.elements.answer.value = JSON.stringify(answer.toJSON());
      form.submit();
    } catch {
      said.hidden = false;
    }
  });
};
for (const form of document.querySelectorAll("[data-making]")) wire(form, "create", "parseCreationOptionsFromJSON");
for (const form of document.querySelectorAll("[data-asking]")) wire(form, "get", "parseRequestOptionsFromJSON");
