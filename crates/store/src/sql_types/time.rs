//! Times: `timestamptz` on PostgreSQL, microseconds since 1970 as an `INTEGER` on SQLite.
//!
//! SQLite has no type for time. diesel's own mapping writes text that drops trailing zeros of the fraction, and then
//! `12:00:00` sorts after `12:00:00.5`. A number sorts correctly, is exact to the microsecond (what PostgreSQL keeps
//! and [`kernel::Time`] promises), takes eight bytes in row and index, and costs no parsing. To read one manually:
//! `datetime(column / 1000000, 'unixepoch')`.

use chrono::DateTime;
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, HasSqlType, SqlOrd, SqlType, Timestamptz},
    sqlite::Sqlite,
};
use kernel::Time;

use crate::connection::MultiBackend;

/// The column type of every time.
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Moment;

/// `max` and `min` are the latest and the earliest.
impl SqlOrd for Moment {}

impl HasSqlType<Moment> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Moment>(lookup)
    }
}

/// A [`Time`] as a column's value, in whole microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Moment)]
pub struct SqlTime(pub(crate) Time);

impl From<Time> for SqlTime {
    fn from(time: Time) -> Self {
        Self(time)
    }
}
impl From<SqlTime> for Time {
    fn from(time: SqlTime) -> Self {
        time.0
    }
}

impl ToSql<Moment, MultiBackend> for SqlTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Moment, self));
        Ok(IsNull::No)
    }
}
impl ToSql<Moment, Pg> for SqlTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Time as ToSql<Timestamptz, Pg>>::to_sql(&self.0, out)
    }
}
impl ToSql<Moment, Sqlite> for SqlTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.timestamp_micros());
        Ok(IsNull::No)
    }
}

impl FromSql<Moment, MultiBackend> for SqlTime {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Moment>()
    }
}
impl FromSql<Moment, Pg> for SqlTime {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Time as FromSql<Timestamptz, Pg>>::from_sql(value).map(Self)
    }
}
impl FromSql<Moment, Sqlite> for SqlTime {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Ok(Self(DateTime::from_timestamp_micros(micros).ok_or("a moment outside the range of dates")?))
    }
}
