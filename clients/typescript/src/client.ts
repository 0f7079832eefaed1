/** The generated types, wrapped so that a test reads well: `ok` for what must succeed, `refused` for what must not. */

import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./latchkey.js";

export type Schemas = components["schemas"];
export type Latchkey = Client<paths>;

/** The base URL of the running service. */
export const BASE_URL = environment("LATCHKEY_URL");

/** A client that sends the token, if any, with each request. */
export function latchkey(token?: string): Latchkey {
  return createClient<paths>({
    baseUrl: BASE_URL,
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
    // No request outlives its purpose.
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(10_000) }),
  });
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a reply that must be a success. */
export async function ok<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await outcome;
  assert.ok(response.ok, `${response.url}: ${response.status} ${JSON.stringify(error)}`);
  return data as T;
}

/** The problem of a reply that must be a refusal with this status and this code. */
export async function refused(
  outcome: Promise<Outcome<unknown>>,
  status: number,
  code: string,
): Promise<Schemas["Problem"]> {
  const { error, response } = await outcome;
  assert.equal(response.status, status, `${response.url}: ${response.status} ${JSON.stringify(error)}`);
  assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  const problem = error as Schemas["Problem"];
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  return problem;
}

/** A variable of the environment that has to be set. */
export function environment(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run this through scripts/with-server`);
  return value;
}
