// Signs in, enrols, starts a bulk job and downloads two files, with openapi-generator's client on fetch.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import {
  AccountsApi,
  ActivationApi,
  AuditEventsApi,
  BulkActionName,
  BulkJobsApi,
  LoginApi,
  ReportsApi,
  UsersApi,
} from "./client";
import { PASSWORD, bearer, code, env } from "./shared";

/** Passes the password and returns what is allowed to go on. */
async function login(next: string): Promise<LoginApi> {
  const startLogin = { account: "platform", username: "root", password: PASSWORD };
  const result = await new LoginApi(bearer()).startLogin({ startLogin });
  assert.deepEqual([result.status, result.next], ["challenge", next]);
  return new LoginApi(bearer(result.challengeToken));
}

async function main() {
  const activateUser = { code: env("ACTIVATION_CODE"), newPassword: PASSWORD };
  await new ActivationApi(bearer()).activateUser({ activateUser });

  const challenge = await login("totp_enrollment");
  const { secret } = await challenge.getTotpEnrollment();
  const confirmed = await challenge.confirmTotpEnrollment({ confirmTotpEnrollment: { code: code(secret, -1) } });
  assert.ok(confirmed.recoveryCodes.length > 0);
  assert.equal(confirmed.result.status, "authenticated");

  const result = await (await login("totp")).answerTotp({ answerTotp: { code: code(secret, 0) } });
  assert.ok(result.status === "authenticated" && result.session?.id);
  const root = bearer(result.accessToken);

  const account = await new AccountsApi(root).createAccount({ createAccount: { slug: "acme", name: "Acme" } });
  const accountId = account.id;
  const { user: ann } = await new UsersApi(root).createUser({ accountId, createUser: { username: "ann" } });

  const jobs = new BulkJobsApi(root);
  let job = await jobs.startBulkJob({ accountId, startBulkJob: { action: BulkActionName.Disable, users: [ann.id] } });
  for (let tries = 0; job.finishedAt === null && tries < 300; tries++) {
    await setTimeout(100);
    job = await jobs.getBulkJob({ accountId, jobId: job.id });
  }
  assert.ok(job.finishedAt !== null && job.succeeded === 1, JSON.stringify(job));

  const events = (await (await new AuditEventsApi(root).exportAuditEvents({ accountId })).text()).split("\n");
  assert.ok(events.length > 2);
  assert.equal(JSON.parse(events[0] ?? "").sequence, 1);
  const table = await (await new ReportsApi(root).exportPasswordReport({ accountId })).text();
  assert.match(table, /^section,policy_id,/);
  console.log("typescript-fetch: 1 passed, 0 failed");
}

void main();
