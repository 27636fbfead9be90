// Swagger UI for the service in the link (#service=…): its documents, and requests to try.
import { addresses } from "./service.js";
import { keyFor, originOf } from "./keys.js";

const service = new URLSearchParams(location.hash.slice(1)).get("service") ?? "";
const origin = originOf(service);

function say(text) {
  document.getElementById("status").textContent = text;
}

if (!window.SwaggerUIBundle) {
  say("Swagger UI is not there: `make page` installs it where npm is.");
} else if (!origin) {
  say("Enter a service's address on the page before, and follow its link.");
} else {
  window.SwaggerUIBundle({
    dom_id: "#swagger",
    url: `${addresses(service).swagger}?version=3`,
    // No outside service is asked whether the document is valid.
    validatorUrl: null,
    // The key goes to the origin that it was typed for.
    requestInterceptor: (request) => {
      const key = new URL(request.url, location.href).origin === origin ? keyFor(service) : "";
      if (key) request.headers.Authorization = `Bearer ${key}`;
      request.credentials = "omit";
      return request;
    },
  });
}
