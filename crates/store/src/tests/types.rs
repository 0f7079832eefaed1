//! Every column type, in and out, in every kind of query that tables need.

use diesel::{connection::SimpleConnection as _, prelude::*};
use kernel::{AccountId, OsRandom, Time, UserId};

use super::database::Database;
use crate::{
    Conn,
    connection::MultiBackend,
    sql_types::{SqlId, SqlTime},
};

mod schema {
    diesel::table! {
        use diesel::sql_types::*;
        use crate::sql_types::{EntityId, Moment};

        things (account_id, id) {
            account_id -> EntityId,
            id -> EntityId,
            parent -> Nullable<EntityId>,
            made_at -> Moment,
            gone_at -> Nullable<Moment>,
            name -> Text,
            note -> Nullable<Text>,
            key -> Binary,
            old_key -> Nullable<Binary>,
            on -> Bool,
            small -> Integer,
            big -> BigInt,
            maybe -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        use diesel::sql_types::*;
        use crate::sql_types::EntityId;

        owners (id) {
            id -> EntityId,
            name -> Text,
        }
    }
    diesel::allow_tables_to_appear_in_same_query!(things, owners);
}
use schema::{owners, things};

#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = things, primary_key(account_id, id), check_for_backend(MultiBackend))]
struct Thing {
    account_id: SqlId<kernel::entity::Account>,
    id: SqlId<kernel::entity::User>,
    parent: Option<SqlId<kernel::entity::User>>,
    made_at: SqlTime,
    gone_at: Option<SqlTime>,
    name: String,
    note: Option<String>,
    key: Vec<u8>,
    old_key: Option<Vec<u8>>,
    on: bool,
    small: i32,
    big: i64,
    maybe: Option<i64>,
}

fn everything(conn: &mut Conn) {
    let at = |micros| Time::from_timestamp_micros(micros).unwrap();
    let account = SqlId(AccountId::generate(at(0), &mut OsRandom));
    let thing = |micros: i64, parent: Option<SqlId<_>>| Thing {
        account_id: account,
        id: SqlId(UserId::generate(at(1_700_000_000_000_000), &mut OsRandom)),
        parent,
        made_at: SqlTime(at(micros)),
        gone_at: parent.map(|_| SqlTime(at(micros + 1))),
        name: "n".to_owned(),
        note: parent.map(|_| "ä".to_owned()),
        key: vec![0, 255],
        old_key: parent.map(|_| vec![]),
        on: parent.is_some(),
        small: -1,
        big: i64::MAX,
        maybe: parent.map(|_| i64::MIN),
    };
    // Whole seconds, fractions with trailing zeros, one microsecond apart, before 1970 and far away.
    let moments = [
        -62_000_000_000_000_000,
        -1,
        0,
        1_700_000_000_000_000,
        1_700_000_000_000_001,
        1_700_000_000_500_000,
        250_000_000_000_000_000,
    ];
    let mut made: Vec<Thing> = vec![];
    for micros in moments {
        let new = thing(micros, made.last().map(|t| t.id));
        assert_eq!(diesel::insert_into(things::table).values(&new).execute(conn), Ok(1));
        made.push(new);
    }

    let all = things::table.order(things::made_at).select(Thing::as_select());
    assert_eq!(all.load(conn).unwrap(), made);
    let boxed = things::table.into_boxed().filter(things::id.ne(made[0].id)).order(things::made_at.desc()).limit(2);
    assert_eq!(boxed.select(Thing::as_select()).load(conn).unwrap(), [made[6].clone(), made[5].clone()]);
    for (n, one) in made.iter().enumerate() {
        let earlier = things::table.filter(things::made_at.lt(one.made_at)).count().get_result::<i64>(conn);
        assert_eq!(earlier, Ok(i64::try_from(n).unwrap()));
        let same = things::table.find((account, one.id)).select(Thing::as_select()).first(conn).optional().unwrap();
        assert_eq!(same.as_ref(), Some(one));
    }
    let ids = [made[1].id, made[3].id];
    let some = things::table.filter(things::id.eq_any(ids)).order(things::made_at).select(things::id);
    assert_eq!(some.load::<SqlId<kernel::entity::User>>(conn).unwrap(), ids);
    let children = things::table.filter(things::parent.eq(made[0].id)).select(things::id);
    assert_eq!(children.first::<SqlId<kernel::entity::User>>(conn), Ok(made[1].id));
    let latest = things::table.select(diesel::dsl::max(things::made_at)).first::<Option<SqlTime>>(conn);
    assert_eq!(latest, Ok(Some(made[6].made_at)));

    let swap = diesel::update(things::table.filter(things::id.eq(made[2].id)).filter(things::big.eq(i64::MAX))).set((
        things::parent.eq(None::<SqlId<kernel::entity::User>>),
        things::gone_at.eq(Some(SqlTime(at(7)))),
        things::big.eq(things::big - 1),
    ));
    assert_eq!(swap.execute(conn), Ok(1));
    assert_eq!(swap_again(conn, made[2].id), Ok(0));
    assert_eq!(made[3].clone().save_changes_by_hand(conn), 1);

    diesel::insert_into(owners::table).values((owners::id.eq(account), owners::name.eq("o"))).execute(conn).unwrap();
    let joined =
        things::table.inner_join(owners::table.on(owners::id.eq(things::account_id))).filter(things::id.eq(made[0].id));
    assert_eq!(joined.select((Thing::as_select(), owners::name)).first::<(Thing, String)>(conn).unwrap().1, "o");
    let exists =
        diesel::select(diesel::dsl::exists(things::table.filter(things::gone_at.is_null()))).get_result::<bool>(conn);
    assert_eq!(exists, Ok(true));
    let removed = diesel::delete(things::table.filter(things::id.eq(made[0].id)))
        .returning(things::made_at)
        .get_result::<SqlTime>(conn);
    assert_eq!(removed, Ok(made[0].made_at));
}

fn swap_again(conn: &mut Conn, id: SqlId<kernel::entity::User>) -> QueryResult<usize> {
    diesel::update(things::table.filter(things::id.eq(id)).filter(things::big.eq(i64::MAX)))
        .set(things::on.eq(true))
        .execute(conn)
}

impl Thing {
    fn save_changes_by_hand(&self, conn: &mut Conn) -> usize {
        diesel::update(self).set(self).execute(conn).unwrap()
    }
}

const SQLITE: &str = "
    CREATE TABLE things (
        account_id BLOB NOT NULL, id BLOB NOT NULL, parent BLOB, made_at INTEGER NOT NULL, gone_at INTEGER,
        name TEXT NOT NULL, note TEXT, key BLOB NOT NULL, old_key BLOB, \"on\" BOOLEAN NOT NULL,
        small INTEGER NOT NULL, big BIGINT NOT NULL, maybe BIGINT, PRIMARY KEY (account_id, id));
    CREATE TABLE owners (id BLOB PRIMARY KEY NOT NULL, name TEXT NOT NULL)";

const POSTGRES: &str = "
    CREATE TABLE things (
        account_id uuid NOT NULL, id uuid NOT NULL, parent uuid, made_at timestamptz NOT NULL, gone_at timestamptz,
        name text NOT NULL, note text, key bytea NOT NULL, old_key bytea, \"on\" boolean NOT NULL,
        small integer NOT NULL, big bigint NOT NULL, maybe bigint, PRIMARY KEY (account_id, id));
    CREATE TABLE owners (id uuid PRIMARY KEY NOT NULL, name text NOT NULL)";

#[test]
fn every_column_type_works_on_both() {
    for database in Database::each() {
        let mut conn = database.connect();
        let tables = if matches!(conn, Conn::Sqlite(_)) { SQLITE } else { POSTGRES };
        conn.batch_execute(tables).unwrap();
        everything(&mut conn);
    }
}

#[test]
fn bytes_that_are_no_id_and_numbers_that_are_no_moment_are_errors() {
    let database = Database::sqlite();
    let mut conn = database.connect();
    conn.batch_execute("CREATE TABLE owners AS SELECT x'0102' AS id, 'o' AS name").unwrap();
    let id = owners::table.select(owners::id).first::<SqlId<kernel::entity::User>>(&mut conn);
    assert!(matches!(id, Err(diesel::result::Error::DeserializationError(_))), "{id:?}");
    let far = diesel::dsl::sql::<crate::sql_types::Moment>("SELECT 9223372036854775807");
    let far = far.get_result::<SqlTime>(&mut conn);
    assert!(matches!(far, Err(diesel::result::Error::DeserializationError(_))), "{far:?}");
}
