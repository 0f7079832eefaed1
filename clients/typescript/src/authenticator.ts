/** A phone: it knows only what it read from the QR picture. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { TOTP, URI } from "otpauth";

const STEP_SECONDS = 30;

/** The text in a picture of a QR code, read by zbarimg, which has nothing in common with what drew it. */
export function scan(png: Uint8Array): string {
  const args = ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-"];
  return execFileSync("zbarimg", args, { input: png, encoding: "utf8", timeout: 10_000 }).trimEnd();
}

/**
 * The codes of one secret. Each code counts once, and the service takes those of the neighbouring steps too, so that three
 * logins need no waiting: enrol with the code before, then use that of now, then the one after.
 */
export class Authenticator {
  readonly #totp: TOTP;

  constructor(uri: string) {
    const parsed = URI.parse(uri);
    assert.ok(parsed instanceof TOTP, "the QR code is one for TOTP");
    this.#totp = parsed;
  }

  get issuer(): string {
    return this.#totp.issuer;
  }

  get accountName(): string {
    return this.#totp.label;
  }

  get secret(): string {
    return this.#totp.secret.base32;
  }

  /** The code that is shown `steps` half minutes from now. Waits, three seconds at most, for a step that is about to end. */
  async code(steps: -1 | 0 | 1): Promise<string> {
    const left = STEP_SECONDS - ((Date.now() / 1000) % STEP_SECONDS);
    if (left < 3) await sleep(left * 1000 + 100);
    return this.#totp.generate({ timestamp: Date.now() + steps * STEP_SECONDS * 1000 });
  }
}
