//! How people stand to clients: one table, its predicates, and the six truths made from them.

use sea_query::{Cond, Condition, Expr, ExprTrait, Query};
use values::{ClientId, DepartmentId, Micros, Result, UserId};

use super::Actor;
use crate::database::{Reader, Value, Writer};

/// A way of standing to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// 负责人.
    Lead,
    /// 复核人.
    Reviewer,
    /// 项目组成员.
    Team,
    /// 协作人.
    Collaborator,
    /// A grant with an end.
    Granted,
    /// The client belongs to the department, or to one below it.
    Department,
}

impl RelationKind {
    /// All, in the order of their bits.
    pub const ALL: [Self; 6] = [
        Self::Lead,
        Self::Reviewer,
        Self::Team,
        Self::Collaborator,
        Self::Granted,
        Self::Department,
    ];

    /// The word in the store, in policy and on record.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Reviewer => "reviewer",
            Self::Team => "team",
            Self::Collaborator => "collaborator",
            Self::Granted => "granted",
            Self::Department => "department",
        }
    }

    /// The word that people use for it.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Lead => "负责人",
            Self::Reviewer => "复核人",
            Self::Team => "项目组成员",
            Self::Collaborator => "协作人",
            Self::Granted => "临时授权",
            Self::Department => "本部门",
        }
    }

    /// The kind of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    const fn bit(self) -> usize {
        1 << (self as usize)
    }

    /// Whom a holder must be for this to be true of the actor.
    fn holders(self, actor: &Actor) -> Vec<Vec<u8>> {
        match self {
            Self::Department => {
                actor.departments().iter().map(|id| id.as_bytes().to_vec()).collect()
            }
            _ => vec![actor.user().as_bytes().to_vec()],
        }
    }
}

/// How the rows of a list are held against relations; either way the same rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The clients of the actor are gathered first: quick where they are few.
    Gathered,
    /// Each row is looked up by itself: quick where most rows are the actor's.
    RowByRow,
}

/// The relations, of some kinds, in which an actor stands to whatever client.
fn standing_so(kinds: &[RelationKind], actor: &Actor) -> Option<Condition> {
    let (departments, own): (Vec<RelationKind>, Vec<RelationKind>) =
        kinds.iter().partition(|kind| **kind == RelationKind::Department);
    let mut any = Cond::any();
    for kinds in [own, departments] {
        let Some(first) = kinds.first() else { continue };
        let holders = first.holders(actor);
        if holders.is_empty() {
            continue;
        }
        let words = kinds.iter().map(|kind| kind.word());
        any = any.add(
            Cond::all()
                .add(Expr::col(("relation", "holder")).is_in(holders))
                .add(Expr::col(("relation", "kind")).is_in(words)),
        );
    }
    (!any.is_empty()).then_some(any)
}

/// The predicate: the column names a client that stands to the actor now in one of these ways.
pub(super) fn condition(
    kinds: &[RelationKind],
    client: (&'static str, &'static str),
    actor: &Actor,
    now: Micros,
    lookup: Lookup,
) -> Condition {
    let Some(so) = standing_so(kinds, actor) else {
        // Written out: PostgreSQL takes parameters on both sides for text.
        return Cond::all().add(Expr::cust("1 = 0"));
    };
    let until = || Expr::col(("relation", "until"));
    let mut standing = Query::select();
    standing
        .from("relation")
        .cond_where(so)
        .cond_where(Cond::any().add(until().is_null()).add(until().gt(now.0)));
    match lookup {
        Lookup::Gathered => {
            standing.column(("relation", "client_id"));
            Cond::all().add(Expr::col(client).in_subquery(standing))
        }
        Lookup::RowByRow => {
            standing
                .expr(Expr::cust("1"))
                .and_where(Expr::col(("relation", "client_id")).equals(client));
            Cond::all().add(Expr::exists(standing))
        }
    }
}

/// Whether an actor stands in some of these ways to more than `most` clients, ended or not.
pub(super) async fn is_beyond(
    reader: &mut Reader,
    kinds: &[RelationKind],
    actor: &Actor,
    most: u64,
) -> Result<bool> {
    let Some(so) = standing_so(kinds, actor) else { return Ok(false) };
    let mut some = Query::select();
    some.column(("relation", "client_id")).from("relation").cond_where(so).limit(most + 1);
    let mut counted = Query::select();
    counted.expr(Expr::cust("COUNT(*)")).from_subquery(some, "some");
    let rows = reader.select(&counted).await?;
    let count = rows.first().map_or(Ok(0), |row| row.int(0))?;
    Ok(u64::try_from(count).unwrap_or(0) > most)
}

/// The six truths about one client and one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Standing(usize);

impl Standing {
    pub(super) const NONE: Self = Self(0);
    pub(super) const COMBINATIONS: usize = 1 << RelationKind::ALL.len();

    pub(super) const fn from_bits(bits: usize) -> Self {
        Self(bits)
    }

    pub(super) fn of_kinds(kinds: &[RelationKind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | kind.bit()))
    }

    pub(super) const fn holds(self, kind: RelationKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// The closest of the relations that hold.
    pub(super) fn closest(self) -> Option<RelationKind> {
        RelationKind::ALL.into_iter().find(|kind| self.holds(*kind))
    }

    pub(super) fn names(self) -> Vec<&'static str> {
        RelationKind::ALL.into_iter().filter(|k| self.holds(*k)).map(RelationKind::word).collect()
    }
}

/// Looks the six truths up for the single decision.
pub(super) async fn standing(
    reader: &mut Reader,
    actor: &Actor,
    client: ClientId,
    now: Micros,
) -> Result<Standing> {
    let rows = reader
        .rows(
            "SELECT kind, holder FROM relation \
             WHERE client_id = $1 AND (until IS NULL OR until > $2)",
            &[client.into(), now.into()],
        )
        .await?;
    let mut bits = 0;
    for row in rows {
        let holder = row.bytes(1)?;
        if let Some(kind) = RelationKind::from_word(&row.text(0)?)
            && kind.holders(actor).contains(&holder)
        {
            bits |= kind.bit();
        }
    }
    Ok(Standing(bits))
}

/// Who holds a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A user.
    User(UserId),
    /// A department, for [`RelationKind::Department`] only.
    Department(DepartmentId),
}

impl From<Holder> for Value {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::User(id) => id.into(),
            Holder::Department(id) => id.into(),
        }
    }
}

/// A relation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The client.
    pub client: ClientId,
    /// The way.
    pub kind: RelationKind,
    /// The holder.
    pub holder: Holder,
    /// When it ends, if it does.
    pub until: Option<Micros>,
}

/// All relations of a client, ended ones too.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn relations_of(reader: &mut Reader, client: ClientId) -> Result<Vec<Relation>> {
    let rows = reader
        .rows(
            "SELECT kind, holder, until FROM relation WHERE client_id = $1 ORDER BY kind, since",
            &[client.into()],
        )
        .await?;
    let mut relations = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(kind) = RelationKind::from_word(&row.text(0)?) else { continue };
        let holder = match kind {
            RelationKind::Department => Holder::Department(row.id(1)?),
            _ => Holder::User(row.id(1)?),
        };
        relations.push(Relation { client, kind, holder, until: row.opt_int(2)?.map(Micros) });
    }
    Ok(relations)
}

/// Sets or, with no holder, clears the one 负责人, 复核人 or department of a client; adds to the
/// others.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn set_relation(
    writer: &mut Writer,
    client: ClientId,
    kind: RelationKind,
    holder: Option<Holder>,
    until: Option<Micros>,
    now: Micros,
) -> Result<()> {
    let single =
        matches!(kind, RelationKind::Lead | RelationKind::Reviewer | RelationKind::Department);
    if single || holder.is_none() {
        writer
            .execute(
                "DELETE FROM relation WHERE client_id = $1 AND kind = $2",
                &[client.into(), kind.word().into()],
            )
            .await?;
    }
    if let Some(holder) = holder {
        writer
            .execute(
                "INSERT INTO relation (client_id, kind, holder, until, since) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (client_id, kind, holder) \
                 DO UPDATE SET until = excluded.until",
                &[client.into(), kind.word().into(), holder.into(), until.into(), now.into()],
            )
            .await?;
    }
    Ok(())
}

/// Moves every relation of one client to another that lacks it; for merging.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn move_relations(writer: &mut Writer, from: ClientId, into: ClientId) -> Result<()> {
    writer
        .execute(
            "INSERT INTO relation (client_id, kind, holder, until, since) \
             SELECT $2, kind, holder, until, since FROM relation AS r WHERE r.client_id = $1 \
             AND (r.kind IN ('team', 'collaborator', 'granted') OR NOT EXISTS \
             (SELECT 1 FROM relation AS o WHERE o.client_id = $2 AND o.kind = r.kind)) \
             ON CONFLICT (client_id, kind, holder) DO NOTHING",
            &[from.into(), into.into()],
        )
        .await?;
    writer.execute("DELETE FROM relation WHERE client_id = $1", &[from.into()]).await?;
    Ok(())
}
