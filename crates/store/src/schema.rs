//! The tables as the migrations create them; a test compares both trails.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    accounts (id) {
        id -> EntityId,
        slug -> Text,
        name -> Text,
        status -> Text,
        created_at -> Moment,
        name_key -> Text,
        suspended_at -> Nullable<Moment>,
        delete_at -> Nullable<Moment>,
        purge_started_at -> Nullable<Moment>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    user_quotas (account_id) {
        account_id -> EntityId,
        max_users -> Nullable<BigInt>,
        user_count -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    bulk_jobs (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        creator -> Text,
        action -> Text,
        parameters -> Text,
        status -> Text,
        failure -> Nullable<Text>,
        total -> Nullable<BigInt>,
        succeeded -> BigInt,
        unchanged -> BigInt,
        failed -> BigInt,
        created_at -> Moment,
        started_at -> Nullable<Moment>,
        finished_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    bulk_job_users (account_id, job_id, member) {
        account_id -> EntityId,
        job_id -> EntityId,
        member -> EntityId,
        outcome -> Text,
        username -> Nullable<Text>,
        code -> Nullable<Text>,
        message -> Nullable<Text>,
        sealed_activation -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    bulk_queues (account_id) {
        account_id -> EntityId,
        waiting -> Bool,
        turn -> BigInt,
        lease_holder -> Nullable<Binary>,
        lease_until -> Nullable<Moment>,
        attempts -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    users (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        username -> Text,
        username_key -> Text,
        display_name -> Nullable<Text>,
        email -> Nullable<Text>,
        status -> Text,
        password_hash -> Nullable<Text>,
        password_changed_at -> Nullable<Moment>,
        password_change_required -> Bool,
        version -> BigInt,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    user_permissions (account_id, user_id, permission) {
        account_id -> EntityId,
        user_id -> EntityId,
        permission -> Text,
        granted_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    two_factor_policies (account_id) {
        account_id -> EntityId,
        mode -> Text,
        version -> BigInt,
        updated_at -> Moment,
        asked_since -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::sql_types::{EntityId, Moment};

    two_factor_policy_users (account_id, user_id) {
        account_id -> EntityId,
        user_id -> EntityId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    two_factor_due (account_id, user_id) {
        account_id -> EntityId,
        user_id -> EntityId,
        since -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    two_factor_days (account_id, day) {
        account_id -> EntityId,
        day -> Integer,
        users -> BigInt,
        asked -> BigInt,
        enrolled -> BigInt,
        not_enrolled -> BigInt,
        asleep -> BigInt,
        taken_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    authenticators (account_id, user_id) {
        account_id -> EntityId,
        user_id -> EntityId,
        sealed_secret -> Binary,
        by_choice -> Bool,
        last_step -> BigInt,
        confirmed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    recovery_codes (account_id, user_id, digest) {
        account_id -> EntityId,
        user_id -> EntityId,
        digest -> Binary,
        used_at -> Nullable<Moment>,
        acknowledged -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    challenges (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        user_id -> EntityId,
        token_digest -> Binary,
        proof -> Nullable<Text>,
        wrong_codes -> Integer,
        sealed_secret -> Nullable<Binary>,
        source_digest -> Binary,
        ended -> Nullable<Text>,
        created_at -> Moment,
        expires_at -> Moment,
        password_failures -> Nullable<Text>,
        password_judged_by -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    sessions (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        user_id -> EntityId,
        amr -> Text,
        auth_time -> Moment,
        created_at -> Moment,
        expires_at -> Moment,
        idle_expires_at -> Moment,
        ended -> Nullable<Text>,
        predecessor_digest -> Nullable<Binary>,
        sealed_successor -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    refresh_tokens (token_digest) {
        token_digest -> Binary,
        account_id -> EntityId,
        session_id -> EntityId,
        created_at -> Moment,
        used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    activations (token_digest) {
        token_digest -> Binary,
        account_id -> EntityId,
        user_id -> EntityId,
        issuer_account_id -> Nullable<EntityId>,
        issuer_user_id -> Nullable<EntityId>,
        issuer_key_account -> Nullable<EntityId>,
        issuer_key -> Nullable<EntityId>,
        created_at -> Moment,
        expires_at -> Moment,
        mailed_to -> Nullable<Text>,
        address_author_account -> Nullable<EntityId>,
        address_author -> Nullable<EntityId>,
        address_author_key_account -> Nullable<EntityId>,
        address_author_key -> Nullable<EntityId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    address_authors (account_id, user_id) {
        account_id -> EntityId,
        user_id -> EntityId,
        author_account -> Nullable<EntityId>,
        author -> Nullable<EntityId>,
        author_key_account -> Nullable<EntityId>,
        author_key -> Nullable<EntityId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    throttles (kind, key_digest) {
        kind -> Text,
        key_digest -> Binary,
        failures -> Integer,
        last_failure_at -> Moment,
        blocked_until -> Moment,
        of_account -> Nullable<EntityId>,
        of_user -> Nullable<EntityId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    known_sources (account_id, user_id, source_digest) {
        account_id -> EntityId,
        user_id -> EntityId,
        source_digest -> Binary,
        last_used_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    signing_keys (kid) {
        kid -> Text,
        sealed_key -> Binary,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    idempotency_keys (account_id, user_id, key_digest) {
        account_id -> EntityId,
        user_id -> EntityId,
        key_digest -> Binary,
        request_digest -> Binary,
        sealed_reply -> Binary,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    one_time_replies (token_digest, key_digest) {
        token_digest -> Binary,
        key_digest -> Binary,
        account_id -> EntityId,
        user_id -> EntityId,
        request_digest -> Binary,
        sealed_reply -> Binary,
        expires_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    roles (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        name -> Text,
        name_key -> Text,
        description -> Nullable<Text>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    role_permissions (account_id, role_id, permission) {
        account_id -> EntityId,
        role_id -> EntityId,
        permission -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{EntityId, Moment};

    user_roles (account_id, user_id, role_id) {
        account_id -> EntityId,
        user_id -> EntityId,
        role_id -> EntityId,
        assigned_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::Moment;

    application_permissions (name) {
        name -> Text,
        description -> Text,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    password_policies (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        name -> Text,
        is_default -> Bool,
        strength -> Text,
        custom_strength -> Nullable<Text>,
        expires_after_days -> Nullable<Integer>,
        existing_passwords -> Text,
        spread_expiry_over_days -> Integer,
        expiry_counted_from -> Nullable<Moment>,
        expiry_shortened_at -> Nullable<Moment>,
        remember_last -> Integer,
        apply_to_existing -> Text,
        priority -> Integer,
        version -> BigInt,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    password_policy_words (account_id, policy_id, place) {
        account_id -> EntityId,
        policy_id -> EntityId,
        place -> Integer,
        word -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    password_policy_users (account_id, policy_id, user_id) {
        account_id -> EntityId,
        policy_id -> EntityId,
        user_id -> EntityId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    password_policy_permissions (account_id, policy_id, permission) {
        account_id -> EntityId,
        policy_id -> EntityId,
        permission -> Text,
    }
}

diesel::table! {
    use crate::sql_types::EntityId;

    password_policy_roles (account_id, policy_id, role_id) {
        account_id -> EntityId,
        policy_id -> EntityId,
        role_id -> EntityId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    password_history (account_id, user_id, number) {
        account_id -> EntityId,
        user_id -> EntityId,
        number -> BigInt,
        password_hash -> Text,
        set_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    password_history_trims (account_id) {
        account_id -> EntityId,
        number -> BigInt,
        done_up_to -> Nullable<EntityId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    outbox (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        kind -> Text,
        user_id -> EntityId,
        once_key -> Text,
        payload -> Text,
        created_at -> Moment,
        sealed -> Nullable<Binary>,
        send_at -> Nullable<Moment>,
        send_before -> Nullable<Moment>,
        turn -> BigInt,
        attempts -> Integer,
        over_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    user_imports (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        importer_account_id -> Nullable<EntityId>,
        importer_id -> Nullable<EntityId>,
        format -> Text,
        header -> Text,
        status -> Text,
        failure -> Nullable<Text>,
        total_lines -> BigInt,
        imported -> BigInt,
        unchanged -> BigInt,
        failed_lines -> BigInt,
        created_at -> Moment,
        finished_at -> Nullable<Moment>,
        errors_not_kept -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    user_import_queue (account_id, import_id) {
        account_id -> EntityId,
        import_id -> EntityId,
        turn -> BigInt,
        place -> BigInt,
        attempts -> BigInt,
        lease_holder -> Nullable<Binary>,
        lease_until -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    user_import_batches (account_id, import_id, number) {
        account_id -> EntityId,
        import_id -> EntityId,
        number -> BigInt,
        sealed_records -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    user_import_errors (account_id, import_id, line) {
        account_id -> EntityId,
        import_id -> EntityId,
        line -> BigInt,
        code -> Text,
        message -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    imported_users (account_id, user_id) {
        account_id -> EntityId,
        user_id -> EntityId,
        record_digest -> Binary,
        importer_account -> Nullable<EntityId>,
        importer -> Nullable<EntityId>,
        check_milliseconds -> Nullable<BigInt>,
        importer_key_account -> Nullable<EntityId>,
        importer_key -> Nullable<EntityId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    known_factors (account_id, user_id) {
        account_id -> EntityId,
        user_id -> EntityId,
        importer_account -> Nullable<EntityId>,
        importer -> Nullable<EntityId>,
        importer_key_account -> Nullable<EntityId>,
        importer_key -> Nullable<EntityId>,
    }
}

diesel::table! {
    use crate::sql_types::{EntityId, Moment};

    user_import_keys (account_id, import_id) {
        account_id -> EntityId,
        import_id -> EntityId,
        importer_key_account -> EntityId,
        importer_key -> EntityId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    api_keys (account_id, id) {
        account_id -> EntityId,
        id -> EntityId,
        name -> Text,
        name_key -> Text,
        description -> Nullable<Text>,
        networks -> Text,
        expires_at -> Nullable<Moment>,
        last_used_at -> Nullable<Moment>,
        last_used_from -> Nullable<Text>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    api_key_permissions (account_id, api_key_id, permission) {
        account_id -> EntityId,
        api_key_id -> EntityId,
        permission -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    api_key_secrets (token_digest) {
        token_digest -> Binary,
        account_id -> EntityId,
        api_key_id -> EntityId,
        answerable_account_id -> EntityId,
        answerable_id -> EntityId,
        recipient_account_id -> Nullable<EntityId>,
        recipient_id -> Nullable<EntityId>,
        created_at -> Moment,
        ends_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::{EntityId, Moment};

    audit_events (account_id, sequence) {
        account_id -> EntityId,
        sequence -> BigInt,
        occurred_at -> Moment,
        actor_kind -> Text,
        actor_account -> Nullable<EntityId>,
        actor -> Nullable<EntityId>,
        actor_name -> Nullable<Text>,
        action -> Text,
        target_kind -> Nullable<Text>,
        target -> Nullable<EntityId>,
        target_name -> Nullable<Text>,
        outcome -> Text,
        source -> Nullable<Text>,
        details -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::EntityId;

    audit_heads (account_id) {
        account_id -> EntityId,
        sequence -> BigInt,
        hash -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    api_key_secrets,
    api_keys,
    authenticators,
    bulk_job_users,
    bulk_jobs,
    bulk_queues,
    imported_users,
    known_factors,
    password_policies,
    password_policy_roles,
    password_policy_words,
    refresh_tokens,
    role_permissions,
    roles,
    sessions,
    two_factor_days,
    two_factor_policies,
    two_factor_policy_users,
    user_import_keys,
    user_imports,
    user_import_queue,
    user_permissions,
    user_quotas,
    user_roles,
    users,
);
