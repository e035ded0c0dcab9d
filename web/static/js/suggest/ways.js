// Where a suggestion leads. What else is chosen in the form stays chosen.

function withTopic(form, slug) {
  const said = new URLSearchParams(new FormData(form));
  said.delete("q");
  said.set("thema", slug);
  return `${form.action}?${said}`;
}

/** Opens what was suggested; a place has no page of its own, so its name is searched for. */
export function go({ kind, key, label }, input, { offerPath, spacePath }) {
  if (kind === "place") {
    input.value = label;
    input.form.submit();
    return;
  }
  const addresses = {
    topic: () => withTopic(input.form, key),
    space: () => spacePath + encodeURIComponent(key),
    offer: () => offerPath + encodeURIComponent(key),
  };
  location.assign(addresses[kind]());
}
