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
    /// What is wrong with the archive: a stable code, what it is, and how many.
    pub quality: Vec<(&'static str, &'static str, i64)>,
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
    let all = || list::filtered(app, actor, &scope, &ListQuery::default());
    let mut overview = Overview::default();
    {
        let mut tx = app.db.read(&permit).await?;
        overview.clients = counted(&mut tx, all()?).await?;
        let unassigned =
            ListQuery { view: Some("unassigned".to_owned()), ..ListQuery::default() };
        let unassigned = list::filtered(app, actor, &scope, &unassigned)?;
        overview.unassigned = counted(&mut tx, unassigned).await?;
        let lacking = |column: &'static str| -> Result<SelectStatement> {
            let mut query = all()?;
            query.and_where(Expr::col(("client", column)).is_null());
            Ok(query)
        };
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
        overview.quality = vec![
            ("unassigned", "未指定负责人", overview.unassigned),
            ("incomplete", "档案不完整（低于 60%）", overview.incomplete),
            ("findings", "标识或内容存疑", overview.findings),
            ("uscc_missing", "缺统一社会信用代码", counted(&mut tx, lacking("uscc")?).await?),
            (
                "legal_rep_missing",
                "缺法定代表人",
                counted(&mut tx, lacking("legal_rep_name")?).await?,
            ),
            (
                "taxpayer_kind_missing",
                "缺纳税人类型",
                counted(&mut tx, lacking("taxpayer_kind")?).await?,
            ),
            ("industry_missing", "缺行业", counted(&mut tx, lacking("industry_code")?).await?),
        ];
    }
    let recent = ListQuery {
        limit: Some(8),
        count: Some("none".to_owned()),
        ..ListQuery::default()
    };
    overview.recent = list::list(app, actor, &recent).await?.items;
    Ok(overview)
}
