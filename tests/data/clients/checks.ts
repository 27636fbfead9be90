// What a typed TypeScript client must be able to do; prints what it saw, as JSON.
import { openAsBlob } from "node:fs";
import createClient from "openapi-fetch";
import type { components as Image, paths as ImagePaths } from "./image.js";
import type { components as Score, paths as ScorePaths } from "./score.js";
import type { paths as VisitPaths } from "./visits.js";

const score = createClient<ScorePaths>({ baseUrl: process.env["SCORE_ROOT"] ?? "" });
const visits = createClient<VisitPaths>({ baseUrl: process.env["VISITS_ROOT"] ?? "" });
const images = createClient<ImagePaths>({ baseUrl: process.env["IMAGE_ROOT"] ?? "" });

// openapi-fetch writes JSON; a form of files is the caller's own.
const data: Image["schemas"]["Options"] = { polarity: "light on dark" };
const upload = (...files: Blob[]) =>
  images.POST("/score", {
    body: { image: files, data },
    bodySerializer: () => {
      const form = new FormData();
      for (const file of files) form.append("image", file);
      form.append("data", JSON.stringify(data));
      return form;
    },
  });
const files = [process.env["FOUR"] ?? "", process.env["EIGHT"] ?? ""];
const pictures = await Promise.all(files.map((file) => openAsBlob(file)));
const both = await upload(...pictures);
const found = Array.isArray(both.data) ? both.data : [];
const noPicture = await upload(new Blob(["no picture"]));
const pictureErrors: Image["schemas"]["FieldError"][] = noPicture.error?.errors ?? [];

const begins = new Date("2024-01-02T03:04:05.000Z");
const scored = await visits.POST("/score", {
  body: { Inputs: { data: [{ begins: begins.toISOString(), hours: 1.5 }] } },
});
const ends = scored.data?.Results.map((row) => new Date(row.ends));

// NaN has no JSON form: it arrives as null, which the service refuses by the field's name.
const zeros = { age: 0, sex: 0, bmi: 0, bp: 0, s1: 0, s2: 0, s3: 0, s4: 0, s5: 0, s6: 0 };
const refused = await score.POST("/score", { body: { Inputs: { data: [{ ...zeros, bmi: NaN }] } } });
const errors: Score["schemas"]["FieldError"][] = refused.error?.errors ?? [];

console.log(
  JSON.stringify({
    labels: found.map((picture) => picture.label),
    ends: ends?.map((end) => end.toISOString()),
    statuses: [refused.response.status, noPicture.response.status],
    where: [...errors, ...pictureErrors].map((error) => error.where),
  }),
);
