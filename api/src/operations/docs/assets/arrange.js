// Makes the document shorter to read: each operation lists its own errors by name, and those that every operation can
// answer with are described once, at the top. A schema or an example of an error is the same everywhere, so none is repeated.

import { samples } from "./samples.js";
import { tasks, tasksOf } from "./tasks.js";

const METHODS = ["get", "put", "post", "patch", "delete"];

/// Errors that say nothing about the operation.
const COMMON = new Set([
  "malformed_request", "invalid_token", "not_acceptable", "request_timeout", "payload_too_large", "uri_too_long",
  "unsupported_media_type", "headers_too_large", "internal_error", "overloaded", "database_unavailable",
]);

export function arrange(document, base) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })),
  );
  const common = new Map();
  for (const { path, method, operation } of operations) {
    const errors = takeErrors(operation, document.components.responses);
    errors.filter(({ code }) => COMMON.has(code)).forEach((error) => common.set(error.code, error));
    const own = errors.filter(({ code }) => !COMMON.has(code));
    // What the search looks at, besides names.
    operation["x-words"] = [operation.description, ...tasksOf(operation)].join(" ");
    operation.description = [
      operation.description,
      own.length && `**Errors:** ${own.map(line).join(" · ")}`,
      samples(base, path, method, operation),
    ].filter(Boolean).join("\n\n");
  }
  const shared = [...common.values()].sort((a, b) => a.status - b.status);
  const [opening, ...rest] = document.info.description.split("\n\n");
  document.info.description = [
    opening,
    tasks(operations),
    "### What holds everywhere",
    ...rest,
    `**Every operation** can also answer with one of these errors, where it applies: ${shared.map(line).join(" · ")}`,
  ].join("\n\n");
  return document;
}

/// Takes the problems out of the replies of an operation. The name of such a reply lists its codes.
function takeErrors(operation, responses) {
  return Object.entries(operation.responses).flatMap(([status, { $ref }]) => {
    const name = $ref?.replace("#/components/responses/", "");
    if (!responses[name]?.content?.["application/problem+json"]) return [];
    delete operation.responses[status];
    return name.split(".").map((code) => ({ status: Number(status), code }));
  });
}

/// A code that leads to the page which explains it.
function line({ status, code }) {
  return `${status} [\`${code}\`](problems/${code})`;
}
