// One request to a service, and its answer or an error whose message is for people.
import { keyFor } from "./keys.js";

const SHOWN = 2000;

// `/score` may be left out of an address.
export function addresses(address) {
  const root = address.trim().replace(/\/+$/, "").replace(/\/score$/, "");
  return { score: `${root}/score`, swagger: `${root}/swagger.json` };
}

export async function call(address, options = {}) {
  if (!/^https?:\/\//.test(address)) {
    throw new Error("Enter the service's address, such as http://127.0.0.1:5001/score.");
  }
  const headers = new Headers(options.headers);
  const key = keyFor(address);
  // Only with a key: without one a picture needs no preflight, which some front ends refuse.
  if (key) headers.set("Authorization", `Bearer ${key}`);
  let answer;
  try {
    answer = await fetch(address, {
      ...options, headers, credentials: "omit", referrerPolicy: "no-referrer",
      // A service does not move in the middle of a request; whoever points elsewhere gets no key.
      redirect: "error",
    });
  } catch {
    // The browser tells a page no more than this, on purpose.
    throw new Error(
      `The browser could not read an answer from ${address}. Either nothing answers there, or the `
      + `service does not allow pages from ${location.origin} (its setting AML_CORS_ORIGINS).`);
  }
  const text = await answer.text();
  const body = parsed(text);
  if (!answer.ok) {
    const said = body?.message ?? (text || answer.statusText);
    const error = new Error(`${answer.status}: ${clean(said)}`);
    error.faults = Array.isArray(body?.errors) ? body.errors : [];
    throw error;
  }
  if (body === undefined) throw new Error(`${address} answered something that is not JSON.`);
  return body;
}

// Text of a service for people: one line, not endless, without control characters.
export function clean(text) {
  const shown = String(text).replace(/[\p{C}\s]+/gu, " ").trim();
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
