// Pictures: chosen, dropped or drawn, scored, and shown with what the service reads in them.
import { $, dropZone, say } from "./page.js";
import { bar } from "./results.js";
import { addresses, call } from "./service.js";

async function scorePictures(files) {
  if (!files.length) return;
  const body = new FormData();
  for (const file of files) body.append("image", file, file.name || "drawing.png");
  $("pictures").replaceChildren();
  say("image-status", "Scoring …");
  try {
    const answer = await call(addresses($("image-url").value).score, { method: "POST", body });
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
  for (const [name, value] of Object.entries(probabilities)) {
    list.append(share(name, value, name === String(label)));
  }
  text.append(title, size, list);
  article.append(image, text);
  return article;
}

function share(name, value, isTop) {
  const item = document.createElement("li");
  const label = document.createElement("span");
  label.textContent = name;
  item.append(label, ...bar(value, isTop));
  return item;
}

$("file").addEventListener("change", () => scorePictures([...$("file").files]));
dropZone($("drop"), scorePictures);

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
