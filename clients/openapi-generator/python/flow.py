"""Signs in, enrols, starts a bulk job and downloads two files, with the client in Python of openapi-generator."""

import json
import os
import subprocess
import time

from openapi_client import (
    AccountsApi,
    ActivateUser,
    ActivationApi,
    AnswerTotp,
    ApiClient,
    AuditEventsApi,
    BulkActionName,
    BulkJobsApi,
    Configuration,
    ConfirmTotpEnrollment,
    CreateAccount,
    CreateUser,
    LoginApi,
    ReportsApi,
    StartBulkJob,
    StartLogin,
    UsersApi,
)

PASSWORD = "a long phrase for the root"


def bearer(token: str | None) -> ApiClient:
    """A client that sends the token, if there is one, with each request."""
    return ApiClient(Configuration(host=os.environ["LATCHKEY_URL"], access_token=token))


def code(secret: str, steps: int) -> str:
    """What the authenticator app shows."""
    command = [os.environ["TOTP_CODE"], secret, str(steps)]
    return subprocess.run(command, capture_output=True, check=True, timeout=10, text=True).stdout.strip()


def login(step: str) -> LoginApi:
    """Passes the password and returns what is allowed to go on."""
    body = StartLogin(account="platform", username="root", password=PASSWORD)
    result = LoginApi(bearer(None)).start_login(body)
    assert (result.status, result.next) == ("challenge", step), result
    return LoginApi(bearer(result.challenge_token))


activation = ActivateUser(code=os.environ["ACTIVATION_CODE"], new_password=PASSWORD)
ActivationApi(bearer(None)).activate_user(activation)

challenge = login("totp_enrollment")
secret = challenge.get_totp_enrollment().secret
confirmed = challenge.confirm_totp_enrollment(ConfirmTotpEnrollment(code=code(secret, -1)))
assert confirmed.recovery_codes and confirmed.result.status == "authenticated"

result = login("totp").answer_totp(AnswerTotp(code=code(secret, 0)))
assert result.status == "authenticated" and result.session is not None
root = bearer(result.access_token)

account = AccountsApi(root).create_account(CreateAccount(slug="acme", name="Acme")).id
ann = UsersApi(root).create_user(account, CreateUser(username="ann")).user

jobs = BulkJobsApi(root)
job = jobs.start_bulk_job(account, StartBulkJob(action=BulkActionName.DISABLE, users=[ann.id]))
for _ in range(300):
    if job.finished_at is not None:
        break
    time.sleep(0.1)
    job = jobs.get_bulk_job(account, job.id)
assert job.finished_at is not None and job.succeeded == 1, job

events = AuditEventsApi(root).export_audit_events(account).decode().splitlines()
assert len(events) > 2 and json.loads(events[0])["sequence"] == 1
assert ReportsApi(root).export_password_report(account).startswith(b"section,policy_id,")
print("python by openapi-generator: 1 passed, 0 failed")
