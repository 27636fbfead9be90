// One request to a service, and its answer or an error whose message is for people.

export async function call(address, key, options = {}) {
  if (!/^https?:\/\//.test(address)) {
    throw new Error("Enter the service's address, such as http://127.0.0.1:5001/score.");
  }
  const headers = new Headers(options.headers);
  // Only with a key: without one a picture needs no preflight, which some front ends refuse.
  if (key) headers.set("Authorization", `Bearer ${key}`);
  let answer;
  try {
    answer = await fetch(address, { ...options, headers });
  } catch {
    // The browser tells a page no more than this, on purpose.
    throw new Error(
      `The browser could not read an answer from ${address}. Either nothing answers there, or the `
      + `service does not allow pages from ${location.origin} (its setting AML_CORS_ORIGINS).`);
  }
  const text = await answer.text();
  const body = parsed(text);
  if (!answer.ok) {
    throw new Error(`${answer.status}: ${body?.message ?? (text || answer.statusText)}`);
  }
  if (body === undefined) throw new Error(`${address} answered something that is not JSON.`);
  return body;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
