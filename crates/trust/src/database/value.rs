//! The three kinds of column that both databases share, and a row of them.

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};
use values::{ClientId, DepartmentId, EntryId, Error, ImportId, ItemId, Micros, Result, UserId};

/// A value of a column: text, a 64-bit integer, bytes, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A number, a moment in microseconds, money in fen, a truth as 0 or 1.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes: ids and sealed values.
    Bytes(Vec<u8>),
}

macro_rules! value_from {
    ($($from:ty => |$v:ident| $to:expr),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from($v: $from) -> Self {
                $to
            }
        }
    )*};
}

value_from! {
    i64 => |v| Self::Int(v),
    i32 => |v| Self::Int(i64::from(v)),
    u32 => |v| Self::Int(i64::from(v)),
    u8 => |v| Self::Int(i64::from(v)),
    bool => |v| Self::Int(i64::from(v)),
    Micros => |v| Self::Int(v.0),
    String => |v| Self::Text(v),
    &str => |v| Self::Text(v.to_owned()),
    &String => |v| Self::Text(v.clone()),
    Vec<u8> => |v| Self::Bytes(v),
    &[u8] => |v| Self::Bytes(v.to_vec()),
    ClientId => |v| Self::Bytes(v.as_bytes().to_vec()),
    UserId => |v| Self::Bytes(v.as_bytes().to_vec()),
    DepartmentId => |v| Self::Bytes(v.as_bytes().to_vec()),
    ItemId => |v| Self::Bytes(v.as_bytes().to_vec()),
    ImportId => |v| Self::Bytes(v.as_bytes().to_vec()),
    EntryId => |v| Self::Bytes(v.as_bytes().to_vec()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(v) if *ty == Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
            Self::Int(v) => v.to_sql(ty, out),
            Self::Text(v) => v.to_sql(ty, out),
            Self::Bytes(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(v) => ValueRef::Integer(*v),
            Self::Text(v) => ValueRef::Text(v.as_bytes()),
            Self::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

impl Value {
    /// The value of a query builder's parameter; numbers widen, anything else is a fault.
    pub(crate) fn from_built(value: sea_query::Value) -> Result<Self> {
        use sea_query::Value as Built;
        Ok(match value {
            Built::Bool(v) => v.into(),
            Built::Int(v) => v.into(),
            Built::BigInt(v) => v.into(),
            Built::Unsigned(v) => v.into(),
            Built::BigUnsigned(v) => {
                v.map(i64::try_from).transpose().map_err(Error::internal)?.into()
            }
            Built::String(v) => v.into(),
            Built::Bytes(v) => v.into(),
            other => return Err(Error::internal(format!("no column kind for {other:?}"))),
        })
    }
}

/// A row, read by position.
#[derive(Debug, Clone)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    fn at(&self, index: usize) -> Result<&Value> {
        self.0.get(index).ok_or_else(|| Error::internal(format!("no column {index} in the row")))
    }

    fn wrong(index: usize, value: &Value, wanted: &str) -> Error {
        let kind = match value {
            Value::Null => "null",
            Value::Int(_) => "integer",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
        };
        Error::internal(format!("column {index} holds {kind}, not {wanted}"))
    }

    /// An integer.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn int(&self, index: usize) -> Result<i64> {
        self.opt_int(index)?.ok_or_else(|| Self::wrong(index, &Value::Null, "an integer"))
    }

    /// An integer or nothing.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>> {
        match self.at(index)? {
            Value::Null => Ok(None),
            Value::Int(v) => Ok(Some(*v)),
            other => Err(Self::wrong(index, other, "an integer")),
        }
    }

    /// A truth.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn bool(&self, index: usize) -> Result<bool> {
        Ok(self.int(index)? != 0)
    }

    /// A moment.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn micros(&self, index: usize) -> Result<Micros> {
        self.int(index).map(Micros)
    }

    /// Text.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn text(&self, index: usize) -> Result<String> {
        self.opt_text(index)?.ok_or_else(|| Self::wrong(index, &Value::Null, "text"))
    }

    /// Text or nothing.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn opt_text(&self, index: usize) -> Result<Option<String>> {
        match self.at(index)? {
            Value::Null => Ok(None),
            Value::Text(v) => Ok(Some(v.clone())),
            other => Err(Self::wrong(index, other, "text")),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn bytes(&self, index: usize) -> Result<Vec<u8>> {
        self.opt_bytes(index)?.ok_or_else(|| Self::wrong(index, &Value::Null, "bytes"))
    }

    /// Bytes or nothing.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn opt_bytes(&self, index: usize) -> Result<Option<Vec<u8>>> {
        match self.at(index)? {
            Value::Null => Ok(None),
            Value::Bytes(v) => Ok(Some(v.clone())),
            other => Err(Self::wrong(index, other, "bytes")),
        }
    }

    /// Text as it lies in the row, for passes over very many rows.
    pub(crate) fn lent_text(&self, index: usize) -> Result<&str> {
        match self.at(index)? {
            Value::Text(v) => Ok(v),
            other => Err(Self::wrong(index, other, "text")),
        }
    }

    /// Bytes as they lie in the row, for passes over very many rows.
    pub(crate) fn lent_bytes(&self, index: usize) -> Result<&[u8]> {
        match self.at(index)? {
            Value::Bytes(v) => Ok(v),
            other => Err(Self::wrong(index, other, "bytes")),
        }
    }

    /// An id.
    ///
    /// # Errors
    /// Internal when the column does not hold sixteen bytes.
    pub fn id<T: FromId>(&self, index: usize) -> Result<T> {
        T::from_id(self.lent_bytes(index)?)
    }

    /// An id or nothing.
    ///
    /// # Errors
    /// Internal when the column holds something else.
    pub fn opt_id<T: FromId>(&self, index: usize) -> Result<Option<T>> {
        self.opt_bytes(index)?.map(|bytes| T::from_id(&bytes)).transpose()
    }
}

/// The typed ids that a row can give.
pub trait FromId: Sized {
    /// The id of its stored bytes.
    ///
    /// # Errors
    /// Internal when there are not sixteen.
    fn from_id(bytes: &[u8]) -> Result<Self>;
}

macro_rules! from_id {
    ($($id:ty),*) => {$(
        impl FromId for $id {
            fn from_id(bytes: &[u8]) -> Result<Self> {
                Self::from_bytes(bytes)
            }
        }
    )*};
}

from_id!(ClientId, UserId, DepartmentId, ItemId, ImportId, EntryId);
