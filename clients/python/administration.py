"""What administrators do with many people: the users page, roles, the catalogue of permissions, imports.

Played by flow.py.
"""

import time
from io import BytesIO
from uuid import UUID

from calls import anonymous, bearer, done, ok, refused
from latchkey_client import AuthenticatedClient
from latchkey_client.api.login import start_login
from latchkey_client.api.password_policies import (
    create_password_policy,
    delete_password_policy,
    get_password_policy,
    get_password_policy_assignments,
    list_password_policies,
    replace_password_policy,
)
from latchkey_client.api.permissions import list_permissions, register_permission, unregister_permission
from latchkey_client.api.roles import (
    create_role,
    delete_role,
    get_role,
    get_user_roles,
    list_roles,
    replace_role,
    replace_user_roles,
)
from latchkey_client.api.user_imports import (
    cancel_user_import,
    get_user_import,
    import_users,
    list_user_import_errors,
    list_user_imports,
)
from latchkey_client.api.users import (
    create_user,
    delete_user,
    get_user,
    list_users,
    require_password_change,
    revoke_user_sessions,
    send_activation,
    unlock_user,
    update_user,
)
from latchkey_client.models import (
    CreateUser,
    ListUserImportsStatus,
    ListUsersSort,
    ListUsersStatus,
    PasswordPolicyDraft,
    PasswordStrength,
    RegisterPermission,
    ReplaceUserRoles,
    RoleDraft,
    StartLogin,
    UpdateUser,
    UserImport,
)
from latchkey_client.types import File

# Of "seven purple herons", made elsewhere.
HASH = "$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS"

# An import of a few lines takes milliseconds; one that takes this long has failed.
PATIENCE_SECONDS = 60


def the_default_policy(boss: AuthenticatedClient, account: UUID) -> None:
    """Another policy becomes the default, and the former one again; what is the default cannot be deleted."""
    former = ok(list_password_policies.sync_detailed(account, client=boss)).items[0]
    assert former.is_default
    draft = PasswordPolicyDraft(name="Careful", strength=PasswordStrength.MODERN, is_default=True)
    careful = ok(create_password_policy.sync_detailed(account, client=boss, body=draft))
    assert careful.is_default and careful.conformance, "a policy says what standards say to it"
    assert not ok(get_password_policy_assignments.sync_detailed(account, careful.id, client=boss)).user_ids
    refused(delete_password_policy.sync_detailed(account, careful.id, client=boss), 409, "conflict")

    etag = get_password_policy.sync_detailed(account, former.id, client=boss).headers["etag"]
    again = PasswordPolicyDraft(name=former.name, strength=PasswordStrength(former.strength), is_default=True)
    replaced = replace_password_policy.sync_detailed(account, former.id, client=boss, body=again, if_match=etag)
    assert ok(replaced).is_default
    assert not ok(get_password_policy.sync_detailed(account, careful.id, client=boss)).is_default
    done(delete_password_policy.sync_detailed(account, careful.id, client=boss))


def the_catalogue(root: AuthenticatedClient) -> str:
    """Applications bring permissions along. Returns the name of one."""
    name = "crm.invoices.approve"
    new = RegisterPermission(name=name, description="Approves invoices.")
    assert ok(register_permission.sync_detailed(client=root, body=new)).application == "crm"
    other = RegisterPermission(name="crm.invoices.read", description="Reads invoices.")
    ok(register_permission.sync_detailed(client=root, body=other))
    done(unregister_permission.sync_detailed("crm.invoices.read", client=root))
    names = [permission.name for permission in ok(list_permissions.sync_detailed(client=root)).items]
    assert "user_permissions" in names and name in names and "crm.invoices.read" not in names
    return name


def the_users_page(boss: AuthenticatedClient, account: UUID, permission: str) -> None:
    """Search, order and pages; changes; what is done to one user; roles and who has them."""
    cora, dora = (
        ok(create_user.sync_detailed(account, client=boss, body=CreateUser(username=name, display_name=text))).user
        for name, text in (("cora", "Cora Lind"), ("dora", "Dora Lind"))
    )
    page = ok(list_users.sync_detailed(account, client=boss, q="lind", sort=ListUsersSort.VALUE_3, limit=1))
    assert [user.username for user in page.items] == ["dora"], "from the end of the alphabet"
    assert isinstance(page.next_cursor, str)
    rest = list_users.sync_detailed(
        account, client=boss, q="lind", sort=ListUsersSort.VALUE_3, limit=1, cursor=page.next_cursor
    )
    assert [user.username for user in ok(rest).items] == ["cora"]
    assert not ok(list_users.sync_detailed(account, client=boss, q="lind", status=ListUsersStatus.DISABLED)).items
    assert not ok(list_users.sync_detailed(account, client=boss, q="lind", locked=True)).items

    change = UpdateUser(display_name=None, email="cora@example.org")
    etag = get_user.sync_detailed(account, cora.id, client=boss).headers["etag"]
    changed = ok(update_user.sync_detailed(account, cora.id, client=boss, body=change, if_match=etag))
    assert (changed.display_name, changed.email) == (None, "cora@example.org")
    stale = update_user.sync_detailed(account, cora.id, client=boss, body=change, if_match=etag)
    refused(stale, 412, "precondition_failed")
    assert ok(send_activation.sync_detailed(account, cora.id, client=boss)).code
    done(require_password_change.sync_detailed(account, cora.id, client=boss))
    done(revoke_user_sessions.sync_detailed(account, cora.id, client=boss))
    done(unlock_user.sync_detailed(account, cora.id, client=boss))

    draft = RoleDraft(name="Clerks", permissions=[permission])
    role = ok(create_role.sync_detailed(account, client=boss, body=draft))
    refused(create_role.sync_detailed(account, client=boss, body=draft), 409, "conflict")
    assert [item.id for item in ok(list_roles.sync_detailed(account, client=boss)).items] == [role.id]
    etag = get_role.sync_detailed(account, role.id, client=boss).headers["etag"]
    draft.description = "Who handles invoices."
    replaced = replace_role.sync_detailed(account, role.id, client=boss, body=draft, if_match=etag)
    assert ok(replaced).description == draft.description
    given = ReplaceUserRoles(role_ids=[str(role.id)])
    ok(replace_user_roles.sync_detailed(account, dora.id, client=boss, body=given))
    assert ok(get_user_roles.sync_detailed(account, dora.id, client=boss)).role_ids == [role.id]
    for holders in (
        list_users.sync_detailed(account, client=boss, role=role.id),
        list_users.sync_detailed(account, client=boss, permission=permission, q="dora"),
    ):
        assert [user.id for user in ok(holders).items] == [dora.id]
    done(delete_role.sync_detailed(account, role.id, client=boss))
    for user in (cora, dora):
        done(delete_user.sync_detailed(account, user.id, client=boss))
    refused(get_user.sync_detailed(account, cora.id, client=boss), 404, "not_found")


def imports(boss: AuthenticatedClient, account: UUID, slug: str) -> None:
    """A file with good and bad lines is imported, once; another one is cancelled."""

    def send(text: str) -> UserImport:
        # Of the two media types the generated client sends the one that it knows last: CSV.
        return ok(import_users.sync_detailed(account, client=boss, body=File(payload=BytesIO(text.encode()))))

    def ended(begun: UserImport) -> UserImport:
        for _ in range(PATIENCE_SECONDS * 10):
            now = ok(get_user_import.sync_detailed(account, begun.id, client=boss))
            if now.finished_at is not None:
                return now
            time.sleep(0.1)
        raise AssertionError(f"the import {begun.id} does not end")

    file = f'username,email,password_hash\nedna,edna@example.org,{HASH}\nfritz,"fritz@example.org",hunter2\n'
    first, second = ended(send(file)), ended(send(file))
    assert (first.status, first.imported, first.unchanged, first.failed_lines) == ("done", 1, 0, 1)
    assert (second.imported, second.unchanged, second.failed_lines) == (0, 1, 1), "a second run changes nothing"
    assert first.errors_not_kept == 0
    errors = ok(list_user_import_errors.sync_detailed(account, first.id, client=boss)).items
    assert [(error.line, error.code) for error in errors] == [(3, "invalid_password_hash")]
    login = StartLogin(account=slug, username="edna", password="seven purple herons")
    assert ok(start_login.sync_detailed(client=anonymous, body=login)).status == "authenticated"

    many = "username\n" + "".join(f"number-{number}\n" for number in range(50_000))
    begun = send(many)
    for _ in range(2):
        done(cancel_user_import.sync_detailed(account, begun.id, client=boss))
    cancelled = ended(begun)
    assert cancelled.status == "cancelled" and cancelled.imported < cancelled.total_lines
    refused(cancel_user_import.sync_detailed(account, first.id, client=boss), 409, "conflict")
    listed = ok(list_user_imports.sync_detailed(account, client=boss, limit=2))
    assert [item.id for item in listed.items] == [begun.id, second.id] and isinstance(listed.next_cursor, str)
    rest = ok(list_user_imports.sync_detailed(account, client=boss, limit=2, cursor=listed.next_cursor))
    assert [item.id for item in rest.items] == [first.id] and rest.next_cursor is None
    status = ListUserImportsStatus.CANCELLED
    only = ok(list_user_imports.sync_detailed(account, client=boss, status=status))
    assert [item.id for item in only.items] == [begun.id]


def administration(root_token: str, boss_token: str, account: UUID, slug: str) -> None:
    """All of it, by the administrator of the platform and by one of the account."""
    boss = bearer(boss_token)
    the_default_policy(boss, account)
    permission = the_catalogue(bearer(root_token))
    the_users_page(boss, account, permission)
    imports(boss, account, slug)
