// A key belongs to the origin it was typed for: an address from a link, or one typed over another,
// starts without. Addresses may come with a link (#image=…&table=…), a key never does.

const PREFIX = "key of ";

export function originOf(address) {
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) ? url.origin : null;
  } catch {
    return null;
  }
}

// The key for an address, and nothing for any other origin.
export function keyFor(address) {
  const origin = originOf(address);
  return (origin && sessionStorage.getItem(PREFIX + origin)) ?? "";
}

// Binds the fields of an address and its key to each other and to this tab.
export function bind(address, key, linked) {
  if (linked) sessionStorage.setItem(address.id, linked);
  address.value = sessionStorage.getItem(address.id) ?? "";
  const show = () => {
    key.value = keyFor(address.value);
    key.disabled = originOf(address.value) === null;
  };
  address.addEventListener("input", () => {
    sessionStorage.setItem(address.id, address.value);
    show();
  });
  key.addEventListener("input", () => {
    sessionStorage.setItem(PREFIX + originOf(address.value), key.value);
    // The other form may show the key of the same origin.
    document.dispatchEvent(new Event("keychange"));
  });
  document.addEventListener("keychange", () => document.activeElement !== key && show());
  show();
}
