//! The archive in numbers, within the caller's row scope.

use sea_query::{Expr, ExprTrait, Func, Order, SelectStatement};
use trust::access::Actor;
use trust::database::ReadTx;
use values::Result;

use super::actions::ListClients;
use super::list::{self, ClientRow, ListQuery};
use crate::App;

/// Archives below this are called incomplete.
const COMPLETE: i64 = 60;

/// Columns whose absence is counted.
const MISSED: [(&str, &str, &str); 4] = [
    ("uscc", "缺统一社会信用代码", "No credit code"),
    ("legal_rep_name", "缺法定代表人", "No legal representative"),
    ("taxpayer_kind", "缺纳税人类型", "No taxpayer kind"),
    ("industry_code", "缺行业", "No industry"),
];

/// The archive in numbers.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// Clients in scope.
    pub clients: i64,
    /// Clients without a 负责人.
    pub unassigned: i64,
    /// Clients whose archive is incomplete.
    pub incomplete: i64,
    /// Clients with warnings.
    pub findings: i64,
    /// Clients by stage.
    pub by_stage: Vec<(String, i64)>,
    /// The clients changed last.
    pub recent: Vec<ClientRow>,
    /// What is doubtful in the archive.
    pub quality: Vec<Doubt>,
}

/// A kind of doubtful or missing content, and how many clients have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// Its stable code.
    pub code: &'static str,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// How many clients.
    pub count: i64,
}

async fn counted(tx: &mut ReadTx, mut query: SelectStatement) -> Result<i64> {
    query.expr(Expr::cust("COUNT(*)"));
    tx.select(&query).await?.first().map_or(Ok(0), |row| row.int(0))
}

/// The archive in numbers; all zero for a caller who may see no client.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview> {
    let Some((permit, scope)) = app.access.may_list::<ListClients>(actor)? else {
        return Ok(Overview::default());
    };
    let mut overview = Overview::default();
    {
        let mut tx = app.db.read(&permit).await?;
        let scope = scope.suited(&mut tx).await?;
        let all = || list::filtered(app, actor, &scope, &ListQuery::default());
        overview.clients = counted(&mut tx, all()?).await?;
        let unassigned = ListQuery { view: Some("unassigned".to_owned()), ..ListQuery::default() };
        let unassigned = list::filtered(app, actor, &scope, &unassigned)?;
        overview.unassigned = counted(&mut tx, unassigned).await?;
        let mut incomplete = all()?;
        incomplete.and_where(Expr::col(("client", "completeness")).lt(COMPLETE));
        overview.incomplete = counted(&mut tx, incomplete).await?;
        let mut findings = all()?;
        findings.and_where(Expr::col(("client", "findings")).gt(0));
        overview.findings = counted(&mut tx, findings).await?;
        let mut stages = all()?;
        stages
            .column(("client", "stage"))
            .expr(Func::count(Expr::col(("client", "id"))))
            .group_by_col(("client", "stage"))
            .order_by(("client", "stage"), Order::Asc);
        for row in tx.select(&stages).await? {
            overview.by_stage.push((row.text(0)?, row.int(1)?));
        }
        let doubt = |code, zh, en, count| Doubt { code, zh, en, count };
        overview.quality = vec![
            doubt("unassigned", "未指定负责人", "No 负责人", overview.unassigned),
            doubt("incomplete", "档案不完整（低于 60%）", "Below 60%", overview.incomplete),
            doubt("findings", "标识或内容存疑", "With warnings", overview.findings),
        ];
        for (column, zh, en) in MISSED {
            let mut lacking = all()?;
            lacking.and_where(Expr::col(("client", column)).is_null());
            overview.quality.push(doubt(column, zh, en, counted(&mut tx, lacking).await?));
        }
    }
    let recent =
        ListQuery { limit: Some(8), count: Some("none".to_owned()), ..ListQuery::default() };
    overview.recent = list::list(app, actor, &recent).await?.items;
    Ok(overview)
}
