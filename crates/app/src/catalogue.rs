//! 分类分级目录: every kind of information that Heng keeps, in the words that people read.

use trust::access::{Action, Actor};
use trust::vault::{Catalogue, Item};
use values::Result;

use crate::App;

/// Opening the catalogue.
pub struct ListCatalogue;

impl Action for ListCatalogue {
    const NAME: &'static str = "catalogue.list";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Said {
    fn of((zh, en): (&str, &str)) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    fn joined(parts: impl Iterator<Item = Self>) -> Self {
        let (zh, en): (Vec<_>, Vec<_>) = parts.map(|said| (said.zh, said.en)).unzip();
        Self { zh: zh.join("、"), en: en.join(", ") }
    }
}

/// An item as people read it.
#[derive(Debug, Clone)]
pub struct CatalogueRow {
    /// Its name in code and data.
    pub item: String,
    /// Its name.
    pub name: Said,
    /// What kind of information it is.
    pub category: Said,
    /// 1 to 4.
    pub level: u8,
    /// How it is masked.
    pub masking: Said,
    /// Who sees it by default.
    pub read: Said,
    /// Who enters it by default.
    pub write: Said,
    /// Who may reveal it, where it must be revealed.
    pub reveal: Said,
    /// How long it is kept.
    pub retention: Said,
    /// Whether it is encrypted field by field.
    pub sealed: bool,
    /// Whether it can be searched, in clear or by exact value.
    pub searchable: bool,
}

/// The catalogue, in its order.
///
/// # Errors
/// Denied without the right.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<CatalogueRow>> {
    let permit = app.access.authorize::<ListCatalogue>(actor, ()).await?;
    drop(app.db.read(&permit).await?);
    rows()
}

fn rows() -> Result<Vec<CatalogueRow>> {
    Ok(Catalogue::embedded()?.items().iter().map(row).collect())
}

fn row(item: &Item) -> CatalogueRow {
    let holders = |list: &[String]| Said::joined(list.iter().map(|word| holder(word)));
    CatalogueRow {
        item: item.key.clone(),
        name: Said::of((&item.zh, &item.en)),
        category: Said::of(category(item.category.as_str())),
        level: item.level,
        masking: Said::joined(item.mask.iter().map(|mask| Said::of(masking(mask.as_str())))),
        read: holders(&item.readers),
        write: holders(&item.writers),
        reveal: holders(&item.reveal_roles),
        retention: retention(item),
        sealed: item.sealed,
        searchable: item.searchable.as_str() != "none",
    }
}

fn holder(word: &str) -> Said {
    let said = match word {
        "all" => ("全体在职人员", "all staff"),
        "self" => ("本人", "the person"),
        "system" => ("系统", "the system"),
        "client" => ("客户（仅本企业）", "the client (its own)"),
        "external" => ("外部机构（共享链接）", "outside parties (shared link)"),
        role => crate::identity::role(role).map_or((word, word), |role| (role.zh, role.en)),
    };
    Said::of(said)
}

fn category(word: &str) -> (&str, &str) {
    match word {
        "organisation_public" => ("企业公开信息", "organisation, public"),
        "organisation_business" => ("企业经营信息", "organisation, business"),
        "organisation_finance" => ("企业财务信息", "organisation, finance"),
        "organisation_tax" => ("企业税务信息", "organisation, tax"),
        "organisation_secret" => ("企业商业秘密", "organisation, secret"),
        "organisation_personal" => ("企业与个人信息", "organisation and persons"),
        "personal" => ("个人信息", "personal"),
        "personal_sensitive" => ("敏感个人信息", "personal, sensitive"),
        "authentication" => ("鉴别信息", "authentication"),
        "record" => ("业务记录", "records of work"),
        "internal" => ("机构内部信息", "internal"),
        "internal_secret" => ("机构内部秘密", "internal, secret"),
        "derived" => ("衍生信息", "derived"),
        "public" => ("公开信息", "public"),
        "security" => ("安全信息", "security"),
        "mixed" => ("混合", "mixed"),
        "operational" => ("运行数据", "operational"),
        _ => (word, word),
    }
}

fn masking(word: &str) -> (&str, &str) {
    match word {
        "id_number" => ("证件号仅显示首末各一位", "first and last character"),
        "phone" => ("手机号前三后四，座机区号与后两位", "first three and last four digits"),
        "person_name" => ("姓名仅显示首字", "first character of the name"),
        "bank_account" => ("账号仅显示后四位", "last four digits"),
        "email" => ("邮箱仅显示首字符与域名", "first character and domain"),
        "address" => ("地址仅显示到区县", "down to the district"),
        "amount_band" => ("金额显示为区间", "a band of amounts"),
        "first_character" => ("仅显示首字符", "first character"),
        "counterparty" => ("隐去交易对方名称", "without the other party's name"),
        "hidden" => ("不显示", "hidden"),
        "digest" => ("以摘要代替身份", "a digest in place of identities"),
        _ => (word, word),
    }
}

fn basis(word: &str) -> (&str, &str) {
    match word {
        "created" => ("形成之日", "made"),
        "year_end" => ("所属年度终了", "end of its year"),
        "client_end" => ("客户关系终止", "end of the client relation"),
        "engagement_end" => ("委托终止", "end of the engagement"),
        "engagement_or_consent_end" => {
            ("委托终止或撤回同意（以先到者为准）", "end of the engagement or of consent")
        }
        "relation_end" => ("关系终止", "end of the relation"),
        "employment_end" => ("离职", "end of employment"),
        "purpose_end" => ("用途完成", "end of its purpose"),
        "loan_end" => ("贷款结清", "end of the loan"),
        "complaint_close" => ("投诉办结", "close of the complaint"),
        "validity_end" => ("有效期届满", "end of its validity"),
        "annual_permanent" => {
            ("年度资料永久；其余自形成之日", "annual ones for ever; others: made")
        }
        "with_statements" => ("与所依据报表相同", "as the statements it comes from"),
        "in_use" => ("使用期间", "while in use"),
        "by_version" => ("当前版本有效期间", "while its version is current"),
        "none" => ("不作要求", "no rule"),
        _ => (word, word),
    }
}

fn retention(item: &Item) -> Said {
    let kept = item.retention;
    let (zh, en) = basis(kept.basis.as_str());
    let length =
        [(kept.years, "年", "years"), (kept.months, "个月", "months"), (kept.days, "天", "days")];
    match length.into_iter().find_map(|(n, zh, en)| n.map(|n| (n, zh, en))) {
        Some((n, unit_zh, unit_en)) => {
            Said { zh: format!("{zh}起 {n} {unit_zh}"), en: format!("{n} {unit_en} from: {en}") }
        }
        None => Said::of((zh, en)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_told_in_words_and_none_of_them_is_left_in_code() {
        let rows = rows().unwrap();
        assert_eq!(rows.len(), 60);
        let code = |text: &str| text.contains('_') || (!text.is_empty() && text.is_ascii());
        for row in rows {
            for said in
                [&row.name, &row.category, &row.masking, &row.read, &row.write, &row.retention]
            {
                assert!(!code(&said.zh), "{}: {}", row.item, said.zh);
                assert!(!said.en.contains('_'), "{}: {}", row.item, said.en);
            }
        }
    }
}
