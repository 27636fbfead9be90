// Starts the page: addresses and keys, then its two halves.
import { bind } from "./keys.js";
import { $ } from "./page.js";
import "./pictures.js";
import "./table.js";

const linked = new URLSearchParams(location.hash.slice(1));
for (const half of ["image", "table"]) {
  const address = $(`${half}-url`);
  bind(address, $(`${half}-key`), linked.get(half));
  const docs = $(`${half}-docs`);
  const point = () => {
    docs.href = `docs.html#${new URLSearchParams({ service: address.value })}`;
  };
  address.addEventListener("input", point);
  point();
}
