"""Plays every flow of the product with a client generated from openapi.yaml.

First start, the switch, login, reset, sleep and wake, permissions, passwords, administration, sessions. Run it through
scripts/with-server; it stops at the first reply that is not as told.
"""

import base64
import json
import os
from dataclasses import dataclass
from uuid import UUID

import httpx
import jwt
from administration import administration
from authenticator import Authenticator, scan
from calls import BASE_URL, anonymous, bearer, done, ok, refused
from latchkey_client import AuthenticatedClient
from latchkey_client.api.accounts import create_account
from latchkey_client.api.activation import activate_user
from latchkey_client.api.login import (
    abandon_login,
    answer_totp,
    change_expired_password,
    check_password_at_login,
    confirm_totp_enrollment,
    get_login_challenge,
    get_totp_enrollment,
    start_login,
    use_recovery_code,
)
from latchkey_client.api.me import check_my_password, get_me
from latchkey_client.api.password_policies import (
    check_password,
    create_password_policy,
    delete_password_policy,
    get_password_policy,
    list_password_policies,
    list_password_policy_presets,
    preview_password_policy,
    replace_password_policy,
    replace_password_policy_assignments,
)
from latchkey_client.api.permissions import get_user_permissions, replace_user_permissions
from latchkey_client.api.tokens import get_jwks, logout, refresh_token
from latchkey_client.api.two_factor_policy import (
    get_two_factor_policy,
    preview_two_factor_policy,
    replace_two_factor_policy,
)
from latchkey_client.api.users import create_user, disable_user, enable_user, get_user, list_users, reset_two_factor
from latchkey_client.models import (
    Account,
    ActivateUser,
    AnswerTotp,
    ApplyToExisting,
    Authenticated,
    ChangeExpiredPassword,
    CheckOwnPassword,
    CheckPassword,
    ConfirmTotpEnrollment,
    CreateAccount,
    CreateUser,
    CustomPasswordStrength,
    LoginChallenge,
    LoginResult,
    PasswordPolicyAssignmentsDraft,
    PasswordPolicyDraft,
    PasswordStrength,
    Problem,
    RefreshSession,
    ReplaceUserPermissions,
    StartLogin,
    TwoFactorMode,
    TwoFactorPolicy,
    TwoFactorPolicyDraft,
    User,
    UseRecoveryCode,
)
from latchkey_client.types import Response

SLUG = "acme"
ACCOUNT_NAME = "Søren & Sons 100% 🔑"
Login = Response[LoginResult | Problem]


@dataclass
class Person:
    account: str
    username: str
    password: str

    def login(self) -> Login:
        body = StartLogin(account=self.account, username=self.username, password=self.password)
        return start_login.sync_detailed(client=anonymous, body=body)

    def sign_in(self) -> Authenticated:
        """Signs in somebody of whom no second factor is asked."""
        return session(ok(self.login()))

    def challenge(self, step: str) -> AuthenticatedClient:
        """Passes the password and stops at the second factor. The client sends the challenge token."""
        result = ok(self.login())
        assert result.status == "challenge", f"{self.username} is asked for a second step"
        assert result.next_ == step
        return bearer(LoginChallenge.from_dict(result.to_dict()).challenge_token)

    def answer(self, code: str) -> Authenticated:
        """Signs in with the six digits."""
        challenge = self.challenge("totp")
        return session(ok(answer_totp.sync_detailed(client=challenge, body=AnswerTotp(code=code))))


@dataclass
class Stage:
    """What the first start leaves to the later acts."""

    root: Authenticated
    account: Account
    boss: Authenticated
    ann: Person
    ann_id: UUID


@dataclass
class Enrolled:
    phone: Authenticator
    recovery_codes: list[str]
    session: Authenticated


def session(result: LoginResult) -> Authenticated:
    assert result.status == "authenticated", "the login is complete"
    return Authenticated.from_dict(result.to_dict())


def make_user(token: str, account: UUID, person: Person, permissions: list[str]) -> User:
    """Creates a user and sets the first password with the activation code."""
    body = CreateUser(username=person.username, permissions=permissions)
    created = ok(create_user.sync_detailed(account, client=bearer(token), body=body))
    activation = ActivateUser(code=created.activation.code, new_password=person.password)
    done(activate_user.sync_detailed(client=anonymous, body=activation))
    return created.user


def first_start() -> Stage:
    """1. From the activation code on the terminal to an account with an administrator and a user."""
    root = Person("platform", "root", "a long phrase for the root")
    activation = ActivateUser(code=os.environ["ACTIVATION_CODE"], new_password=root.password)
    done(activate_user.sync_detailed(client=anonymous, body=activation))
    again = activate_user.sync_detailed(client=anonymous, body=activation)
    assert 400 <= again.status_code < 500, "an activation code works once"

    # Who administers the platform signs in with two factors, always.
    root_session = enrol(root, "Platform").session
    token = root_session.access_token
    new = CreateAccount(slug=SLUG, name=ACCOUNT_NAME)
    account = ok(create_account.sync_detailed(client=bearer(token), body=new))
    assert account.name == ACCOUNT_NAME

    boss = Person(SLUG, "boss", "Königin der Nacht & Söhne")
    make_user(token, account.id, boss, ["account_settings", "password_management", "user_permissions"])
    boss_session = boss.sign_in()
    ann = Person(SLUG, "ann%40 & co", "correct horse 電池 staple")
    ann_id = make_user(boss_session.access_token, account.id, ann, []).id
    assert ann.sign_in().user.id == ann_id

    # Whatever was wrong, the refusal is the same.
    refusals = [
        refused(person.login(), 401, "invalid_credentials").to_dict()
        for person in (Person(SLUG, ann.username, "not this one"), Person(SLUG, "nobody", ann.password))
    ]
    for refusal in refusals:
        del refusal["instance"]
    assert refusals[0] == refusals[1]

    return Stage(root_session, account, boss_session, ann, ann_id)


def set_policy(stage: Stage, change: TwoFactorPolicyDraft) -> tuple[TwoFactorPolicy, str]:
    """Reads the policy for its ETag, and replaces it. Returns the new policy and the old ETag."""
    boss = bearer(stage.boss.access_token)
    etag = get_two_factor_policy.sync_detailed(stage.account.id, client=boss).headers["etag"]
    reply = replace_two_factor_policy.sync_detailed(stage.account.id, client=boss, body=change, if_match=etag)
    return ok(reply), etag


def the_switch(stage: Stage) -> None:
    """2. The switch: preview, the lists, and what is refused."""
    boss = bearer(stage.boss.access_token)
    account = stage.account.id
    assert ok(get_two_factor_policy.sync_detailed(account, client=boss)).mode == "disabled"

    everybody = TwoFactorPolicyDraft(mode=TwoFactorMode.ALL_USERS)
    preview = ok(preview_two_factor_policy.sync_detailed(account, client=boss, body=everybody))
    assert (preview.will_enroll.count, preview.already_enrolled.count) == (2, 0)

    change = TwoFactorPolicyDraft(mode=TwoFactorMode.SELECTED_USERS, user_ids=[stage.ann_id])
    policy, stale = set_policy(stage, change)
    assert policy.user_ids == [stage.ann_id]
    reply = replace_two_factor_policy.sync_detailed(account, client=boss, body=change, if_match=stale)
    refused(reply, 412, "precondition_failed")

    stranger = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    change = TwoFactorPolicyDraft(mode=TwoFactorMode.SELECTED_USERS, user_ids=[stranger])
    etag = get_two_factor_policy.sync_detailed(account, client=boss).headers["etag"]
    reply = replace_two_factor_policy.sync_detailed(account, client=boss, body=change, if_match=etag)
    problem = refused(reply, 422, "validation_failed")
    assert str(stranger) in json.dumps(problem.to_dict()), "the unknown user is named"


def fetch(challenge: AuthenticatedClient, content_type: str) -> bytes:
    """The QR code in another representation. The generated client knows the JSON one only, but lends its connection."""
    reply = challenge.get_httpx_client().get("/v1/login/challenge/totp-enrollment", headers={"Accept": content_type})
    assert reply.status_code == httpx.codes.OK, reply.text
    assert reply.headers["content-type"].startswith(content_type)
    return reply.content


def enrol(person: Person, issuer: str = ACCOUNT_NAME) -> Enrolled:
    """The first login with a QR code, from the password to the session."""
    challenge = person.challenge("totp_enrollment")
    assert ok(get_login_challenge.sync_detailed(client=challenge)).next_ == "totp_enrollment"

    payload = ok(get_totp_enrollment.sync_detailed(client=challenge))
    assert scan(fetch(challenge, "image/png")) == payload.otpauth_uri, "the picture says what the JSON says"
    assert scan(base64.b64decode(payload.qr_png, validate=True)) == payload.otpauth_uri
    assert b"<svg" in fetch(challenge, "image/svg+xml")
    assert "█" in fetch(challenge, "text/plain").decode()

    phone = Authenticator(payload.otpauth_uri)
    assert (phone.issuer, phone.account_name, phone.secret) == (payload.issuer, payload.account_name, payload.secret)
    assert phone.issuer == issuer

    body = ConfirmTotpEnrollment(code=phone.code(-1))
    confirmation = ok(confirm_totp_enrollment.sync_detailed(client=challenge, body=body))
    return Enrolled(phone, confirmation.recovery_codes, session(confirmation.result))


def the_login(stage: Stage) -> Enrolled:
    """3. Login: enrolment, then codes only, recovery codes, giving up."""
    ann = stage.ann
    enrolled = enrol(ann)

    challenge = ann.challenge("totp")
    step = refused(get_totp_enrollment.sync_detailed(client=challenge), 409, "wrong_step")
    assert step.next_ == "totp"
    code = enrolled.phone.code(0)
    spoilt = AnswerTotp(code=str((int(code[0]) + 5) % 10) + code[1:])
    problem = refused(answer_totp.sync_detailed(client=challenge, body=spoilt), 401, "invalid_code")
    assert problem.attempts_left == 4
    # People type codes in two groups.
    session(ok(answer_totp.sync_detailed(client=challenge, body=AnswerTotp(code=f"{code[:3]} {code[3:]}"))))
    refused(get_login_challenge.sync_detailed(client=challenge), 401, "challenge_invalid")

    challenge = ann.challenge("totp")
    refused(answer_totp.sync_detailed(client=challenge, body=AnswerTotp(code=code)), 401, "invalid_code")
    recovery = UseRecoveryCode(code=enrolled.recovery_codes[0])
    session(ok(use_recovery_code.sync_detailed(client=challenge, body=recovery)))
    challenge = ann.challenge("totp")
    refused(use_recovery_code.sync_detailed(client=challenge, body=recovery), 401, "invalid_code")
    done(abandon_login.sync_detailed(client=challenge))
    refused(get_login_challenge.sync_detailed(client=challenge), 401, "challenge_invalid")

    return enrolled


def the_reset(stage: Stage, old: Enrolled) -> Enrolled:
    """4. Reset: the factor and the sessions are gone, the next login enrols again."""
    boss = bearer(stage.boss.access_token)
    done(reset_two_factor.sync_detailed(stage.account.id, stage.ann_id, client=boss))
    refused(get_me.sync_detailed(client=bearer(old.session.access_token)), 401, "invalid_token")
    challenge = stage.ann.challenge("totp_enrollment")
    body = ConfirmTotpEnrollment(code=old.phone.code(1))
    refused(confirm_totp_enrollment.sync_detailed(client=challenge, body=body), 401, "invalid_code")
    enrolled = enrol(stage.ann)
    assert enrolled.phone.secret != old.phone.secret
    return enrolled


def sleep_and_wake(stage: Stage, phone: Authenticator) -> Authenticated:
    """5. Sleep and wake: switched off nobody is asked, switched on the same phone works."""
    set_policy(stage, TwoFactorPolicyDraft(mode=TwoFactorMode.DISABLED))
    assert stage.ann.sign_in().user.two_factor.status == "asleep"
    set_policy(stage, TwoFactorPolicyDraft(mode=TwoFactorMode.ALL_USERS))
    return stage.ann.answer(phone.code(0))


def who_may(stage: Stage, ann_session: Authenticated) -> None:
    """6. Who may: 403 names the permission, other accounts are 404, a disabled user is out."""
    boss, ann = bearer(stage.boss.access_token), bearer(ann_session.access_token)
    account, user = stage.account.id, stage.ann_id

    def grant(permissions: list[str]) -> None:
        etag = get_user_permissions.sync_detailed(account, user, client=boss).headers["etag"]
        body = ReplaceUserPermissions(permissions=permissions)
        reply = replace_user_permissions.sync_detailed(account, user, client=boss, body=body, if_match=etag)
        assert ok(reply).permissions == permissions

    problem = refused(get_two_factor_policy.sync_detailed(account, client=ann), 403, "permission_required")
    assert problem.permission == "account_settings"
    grant(["account_settings"])
    ok(get_two_factor_policy.sync_detailed(account, client=ann))
    grant([])
    refused(get_two_factor_policy.sync_detailed(account, client=ann), 403, "permission_required")

    new = CreateAccount(slug="other", name="Other")
    other = ok(create_account.sync_detailed(client=bearer(stage.root.access_token), body=new))
    refused(list_users.sync_detailed(other.id, client=boss), 404, "not_found")
    names = {item.username for item in ok(list_users.sync_detailed(account, client=boss)).items}
    assert names == {stage.ann.username, "boss"}

    done(disable_user.sync_detailed(account, user, client=boss))
    refused(stage.ann.login(), 401, "invalid_credentials")
    refused(get_me.sync_detailed(client=ann), 401, "invalid_token")
    done(enable_user.sync_detailed(account, user, client=boss))


def passwords(stage: Stage) -> None:
    """7. Passwords: a policy for one user, what it would mean, what it asks, and the step that it leads to."""
    boss, account = bearer(stage.boss.access_token), stage.account.id
    presets = ok(list_password_policy_presets.sync_detailed(client=boss))
    assert [preset.strength for preset in presets.items] == ["basic", "medium", "advanced", "modern"]
    policies = ok(list_password_policies.sync_detailed(account, client=boss))
    assert [(policy.name, policy.is_default) for policy in policies.items] == [("Basic", True)]

    set_policy(stage, TwoFactorPolicyDraft(mode=TwoFactorMode.SELECTED_USERS, user_ids=[stage.ann_id]))
    bob = Person(SLUG, "bob", "nine herons beside a kettle")
    bob_id = make_user(stage.boss.access_token, account, bob, []).id
    draft = PasswordPolicyDraft(
        name="Strict",
        strength=PasswordStrength.CUSTOM,
        custom_strength=CustomPasswordStrength(min_length=12, min_digits=2),
        expires_after_days=90,
        remember_last=3,
        apply_to_existing=ApplyToExisting.AT_NEXT_LOGIN,
    )
    policy = ok(create_password_policy.sync_detailed(account, client=boss, body=draft)).id
    assignments = PasswordPolicyAssignmentsDraft(user_ids=[bob_id])
    reply = replace_password_policy_assignments.sync_detailed(account, policy, client=boss, body=assignments)
    assert ok(reply).user_ids == [bob_id]
    preview = ok(preview_password_policy.sync_detailed(account, policy, client=boss, body=draft))
    assert preview.checked_at_next_login == 1
    etag = get_password_policy.sync_detailed(account, policy, client=boss).headers["etag"]
    draft.remember_last = 5
    replaced = replace_password_policy.sync_detailed(account, policy, client=boss, body=draft, if_match=etag)
    assert ok(replaced).remember_last == draft.remember_last
    stale = replace_password_policy.sync_detailed(account, policy, client=boss, body=draft, if_match=etag)
    refused(stale, 412, "precondition_failed")
    told = ok(get_user.sync_detailed(account, bob_id, client=boss)).password
    assert told.policy_id == policy and "assigned to the user" in told.policy_reason

    challenge = bob.challenge("password_change")
    typed = CheckOwnPassword(password="kettle")
    assert not ok(check_password_at_login.sync_detailed(client=challenge, body=typed)).acceptable
    weak, good = (ChangeExpiredPassword(new_password=text) for text in ("kettle", "47 herons beside a kettle"))
    refused(change_expired_password.sync_detailed(client=challenge, body=weak), 422, "password_refused")
    changed = session(ok(change_expired_password.sync_detailed(client=challenge, body=good)))
    assert changed.password_expires_at is not None
    own = check_my_password.sync_detailed(client=bearer(changed.access_token), body=typed)
    assert not ok(own).acceptable
    candidate = CheckPassword(password="47 swans beside a lake")
    assert ok(check_password.sync_detailed(account, policy, client=boss, body=candidate)).acceptable
    done(delete_password_policy.sync_detailed(account, policy, client=boss))


def sessions(stage: Stage, phone: Authenticator) -> None:
    """9. Sessions: tokens verified offline, refresh with rotation and reuse detection, logout that counts at once."""
    first = stage.ann.answer(phone.code(1))
    keys = jwt.PyJWKSet.from_dict(ok(get_jwks.sync_detailed(client=anonymous)).to_dict())

    def verify(token: str) -> dict[str, object]:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims: dict[str, object] = jwt.decode(
            token,
            key,
            algorithms=["ES256", "EdDSA"],
            issuer=BASE_URL,
            audience="latchkey",
            options={"require": ["sub", "exp", "iat", "iss", "aud", "jti"]},
        )
        return claims

    claims = verify(first.access_token)
    assert claims["sub"] == str(stage.ann_id)
    assert claims["sid"] == str(first.session.id)
    assert claims["account"] == str(stage.account.id)
    assert claims["permissions"] == []
    amr = claims["amr"]
    assert isinstance(amr, list) and "otp" in amr, "the second factor is on record"
    head, _, signature = first.access_token.split(".")
    changed = json.dumps({**claims, "permissions": ["account_settings"]}).encode()
    forged = f"{head}.{base64.urlsafe_b64encode(changed).rstrip(b'=').decode()}.{signature}"
    try:
        verify(forged)
        raise AssertionError("a forged token passed")
    except jwt.InvalidSignatureError:
        pass
    refused(get_me.sync_detailed(client=bearer(forged)), 401, "invalid_token")

    old = RefreshSession(refresh_token=first.refresh_token)
    second = ok(refresh_token.sync_detailed(client=anonymous, body=old, idempotency_key="lost"))
    again = ok(refresh_token.sync_detailed(client=anonymous, body=old, idempotency_key="lost"))
    assert again.to_dict() == second.to_dict(), "a lost reply"
    tab = ok(refresh_token.sync_detailed(client=anonymous, body=old))
    assert tab.refresh_token == second.refresh_token, "a second tab"
    ok(get_me.sync_detailed(client=bearer(second.access_token)))
    newer = RefreshSession(refresh_token=second.refresh_token)
    third = ok(refresh_token.sync_detailed(client=anonymous, body=newer))
    refused(refresh_token.sync_detailed(client=anonymous, body=old), 401, "invalid_token")
    refused(get_me.sync_detailed(client=bearer(second.access_token)), 401, "invalid_token")
    newest = RefreshSession(refresh_token=third.refresh_token)
    refused(refresh_token.sync_detailed(client=anonymous, body=newest), 401, "invalid_token")

    boss = bearer(stage.boss.access_token)
    ok(get_me.sync_detailed(client=boss))
    done(logout.sync_detailed(client=boss))
    refused(get_me.sync_detailed(client=boss), 401, "invalid_token")


def main() -> None:
    stage = first_start()
    the_switch(stage)
    lost = the_login(stage)
    found = the_reset(stage, lost)
    ann_session = sleep_and_wake(stage, found.phone)
    who_may(stage, ann_session)
    passwords(stage)
    administration(stage.root.access_token, stage.boss.access_token, stage.account.id, SLUG)
    sessions(stage, found.phone)
    print("python: 9 passed, 0 failed")


if __name__ == "__main__":
    main()
