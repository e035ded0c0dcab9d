// Asks the device for a passkey, then sends the form as any other: the server sees only its fields.
const form = document.querySelector("[data-passkey]");
const reads = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && globalThis.PublicKeyCredential.parseCreationOptionsFromJSON;

if (form && reads) {
  form.hidden = false;
  const missing = document.querySelector("[data-passkey-missing]");
  if (missing) missing.hidden = true;
  form.addEventListener("submit", ask);
}

async function ask(event) {
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const credential = await (form.dataset.passkey === "create" ? create() : get());
    form.elements.antwort.value = JSON.stringify(credential.toJSON());
  } catch {
    failed.hidden = false;
    return;
  }
  form.submit(); // without this handler once more
}

function create() {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(form.dataset.options));
  return navigator.credentials.create({ publicKey });
}

function get() {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(form.dataset.options));
  return navigator.credentials.get({ publicKey });
}
