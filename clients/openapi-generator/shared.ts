// What the two drivers in TypeScript share, whichever client it is that lies beside it.
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";

import { Configuration } from "./client";

export const PASSWORD = "a long phrase for the root";

export function env(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is set`);
  return value;
}

/** How to reach the service, with the token, if there is one, in each request. */
export function bearer(accessToken?: string): Configuration {
  const basePath = env("LATCHKEY_URL");
  return new Configuration(accessToken === undefined ? { basePath } : { basePath, accessToken });
}

/** What the authenticator app shows. */
export function code(secret: string, steps: number): string {
  return execFileSync(env("TOTP_CODE"), [secret, String(steps)], { encoding: "utf8" }).trim();
}
