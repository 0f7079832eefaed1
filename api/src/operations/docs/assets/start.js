// Shows the document with Swagger UI, with less in it: tasks first, errors by name, and code to copy.

import { arrange } from "./arrange.js";
import { followLinks } from "./links.js";
import { Search } from "./search.js";

// The document lies beside this page's folder, also where the service has a path of its own.
const reply = await fetch(new URL("../openapi.json", import.meta.url));
if (!reply.ok) throw new Error(`openapi.json: ${reply.status}`);
const base = new URL("..", import.meta.url).href.replace(/\/$/, "");

// No validator and no layout with a top bar: both ask other servers.
const reference = SwaggerUIBundle({
  spec: arrange(await reply.json(), base),
  dom_id: "#reference",
  deepLinking: true,
  displayOperationId: true,
  defaultModelsExpandDepth: 0,
  filter: true,
  plugins: [Search],
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
  queryConfigEnabled: false,
  layout: "BaseLayout",
});
followLinks(reference);
