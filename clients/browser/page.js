// The page: what is typed and dropped goes to the services, what they answer is shown.
import { call } from "./service.js";
import { build, read } from "./form.js";

const $ = (id) => document.getElementById(id);

// Addresses may come with the link (#image=…&table=…), a key never does: links get around.
const linked = new URLSearchParams(location.hash.slice(1));
for (const id of ["image-url", "table-url", "image-key", "table-key"]) {
  const fromLink = id.endsWith("-url") ? linked.get(id.slice(0, -4)) : null;
  $(id).value = fromLink ?? sessionStorage.getItem(id) ?? "";
  $(id).addEventListener("input", () => sessionStorage.setItem(id, $(id).value));
}

function say(id, text, isError = false) {
  $(id).textContent = text;
  $(id).classList.toggle("error", isError);
}

// -- pictures -----------------------------------------------------------------------

async function scorePictures(files) {
  if (!files.length) return;
  const body = new FormData();
  for (const file of files) body.append("image", file, file.name || "drawing.png");
  $("pictures").replaceChildren();
  say("image-status", "Scoring …");
  try {
    const answer = await call($("image-url").value, $("image-key").value, { method: "POST", body });
    const results = Array.isArray(answer) ? answer : [answer];
    $("pictures").replaceChildren(...results.map((result, i) => pictureResult(files[i], result)));
    say("image-status", results.length === 1 ? "Scored." : `${results.length} pictures scored.`);
  } catch (error) {
    say("image-status", error.message, true);
  }
}

function pictureResult(file, { label, probabilities, width, height }) {
  const article = document.createElement("article");
  const image = new Image();
  image.alt = `Preview of ${file.name || "the drawing"}`;
  image.src = URL.createObjectURL(file);
  image.onload = () => URL.revokeObjectURL(image.src);
  const text = document.createElement("div");
  const title = document.createElement("h3");
  title.textContent = label;
  const size = document.createElement("p");
  size.className = "size";
  size.textContent = `${width} × ${height} pixels`;
  const list = document.createElement("ol");
  for (const [name, share] of Object.entries(probabilities)) {
    list.append(bar(name, share, name === String(label)));
  }
  text.append(title, size, list);
  article.append(image, text);
  return article;
}

function bar(name, share, isTop) {
  const item = document.createElement("li");
  item.classList.toggle("top", isTop);
  const track = document.createElement("div");
  track.className = "bar";
  const fill = document.createElement("div");
  fill.style.width = `${share * 100}%`;
  track.append(fill);
  const [label, percent] = ["span", "span"].map((tag) => document.createElement(tag));
  label.textContent = name;
  percent.className = "share";
  percent.textContent = `${(share * 100).toFixed(1)} %`;
  item.append(label, track, percent);
  return item;
}

$("file").addEventListener("change", () => scorePictures([...$("file").files]));
for (const type of ["dragenter", "dragover"]) {
  $("drop").addEventListener(type, (event) => {
    event.preventDefault();
    $("drop").classList.add("over");
  });
}
$("drop").addEventListener("dragleave", () => $("drop").classList.remove("over"));
$("drop").addEventListener("drop", (event) => {
  event.preventDefault();
  $("drop").classList.remove("over");
  scorePictures([...event.dataTransfer.files]);
});

// -- drawing ------------------------------------------------------------------------

const pen = $("canvas").getContext("2d");

function clear() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
}

function place(event) {
  const box = pen.canvas.getBoundingClientRect();
  const scale = pen.canvas.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}

pen.canvas.addEventListener("pointerdown", (event) => {
  pen.canvas.setPointerCapture(event.pointerId);
  pen.lineWidth = 18;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(...place(event));
  pen.lineTo(...place(event));
  pen.stroke();
});
pen.canvas.addEventListener("pointermove", (event) => {
  if (!pen.canvas.hasPointerCapture(event.pointerId)) return;
  pen.lineTo(...place(event));
  pen.stroke();
});
$("clear").addEventListener("click", clear);
$("score-drawing").addEventListener("click", () => {
  pen.canvas.toBlob((blob) => scorePictures([blob]), "image/png");
});
clear();

// -- table --------------------------------------------------------------------------

async function load() {
  $("table").hidden = $("result").hidden = true;
  say("table-status", "Loading …");
  try {
    const address = $("table-url").value.replace(/\/score\/?$/, "") + "/swagger.json";
    build($("fields"), await call(address, $("table-key").value));
    $("table").hidden = false;
    say("table-status", "The form holds the service's own example.");
  } catch (error) {
    say("table-status", error.message, true);
  }
}

$("load").addEventListener("click", load);
$("table").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("result").hidden = true;
  say("table-status", "Scoring …");
  try {
    const body = JSON.stringify(read($("fields")));
    const headers = { "Content-Type": "application/json" };
    const answer = await call($("table-url").value, $("table-key").value,
      { method: "POST", headers, body });
    $("result").textContent = JSON.stringify(answer, null, 2);
    $("result").hidden = false;
    say("table-status", "Scored.");
  } catch (error) {
    say("table-status", error.message, true);
  }
});
