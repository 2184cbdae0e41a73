// Lets the browser keep the page that checks a certificate without a network.
if ("serviceWorker" in navigator)
  navigator.serviceWorker
    .register("/verify-worker.js", { scope: "/verify" })
    .then(() => navigator.serviceWorker.ready)
    .then((kept) => kept.active.postMessage("keep"))
    .catch(() => {});
