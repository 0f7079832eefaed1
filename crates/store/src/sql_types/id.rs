//! Ids: `uuid` on PostgreSQL, a `BLOB` of 16 bytes on SQLite.

use std::fmt;

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{Binary, HasSqlType, SqlType},
    sqlite::Sqlite,
};
use kernel::Id;

use crate::connection::MultiBackend;

/// The column type of every id. Both databases compare it byte by byte, so ids sort by time on both.
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct EntityId;

impl HasSqlType<EntityId> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<EntityId>(lookup)
    }
}

/// An [`Id`] as a column's value.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = EntityId)]
pub struct SqlId<T: 'static>(pub(crate) Id<T>);

impl<T> Clone for SqlId<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for SqlId<T> {}
impl<T> PartialEq for SqlId<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for SqlId<T> {}
impl<T> std::hash::Hash for SqlId<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for SqlId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> From<Id<T>> for SqlId<T> {
    fn from(id: Id<T>) -> Self {
        Self(id)
    }
}
impl<T> From<SqlId<T>> for Id<T> {
    fn from(id: SqlId<T>) -> Self {
        id.0
    }
}

impl<T> ToSql<EntityId, MultiBackend> for SqlId<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((EntityId, self));
        Ok(IsNull::No)
    }
}
impl<T> ToSql<EntityId, Pg> for SqlId<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The wire form of `uuid` is its 16 bytes.
        std::io::Write::write_all(out, self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl<T> ToSql<EntityId, Sqlite> for SqlId<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl<T> FromSql<EntityId, MultiBackend> for SqlId<T> {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, EntityId>()
    }
}
impl<T> FromSql<EntityId, Pg> for SqlId<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        from_bytes(value.as_bytes())
    }
}
impl<T> FromSql<EntityId, Sqlite> for SqlId<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        from_bytes(&<Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?)
    }
}

fn from_bytes<T>(bytes: &[u8]) -> deserialize::Result<SqlId<T>> {
    let uuid = uuid::Uuid::from_slice(bytes).map_err(|_| "an id that is not 16 bytes long")?;
    Ok(SqlId(Id::from_uuid(uuid)))
}
