//! The empty workbook to fill in: every field that the import knows, by the names it knows.

use documents::{Column, Kind as CellKind, Layout};
use values::{Error, Result};

use super::matching;
use crate::clients::fields::{Kind, LISTS, Spec};

/// Lists of which one row comes with the client.
const LISTED: &[&str] = &["contacts", "bank_accounts", "financing_needs"];

/// The fields of the template, in the order of its columns.
pub fn fields(specs: &[&'static Spec]) -> impl Iterator<Item = &'static Spec> {
    let places = matching::PLACES.iter();
    let specs = specs.iter().copied();
    specs.filter(|spec| spec.list.is_none_or(|list| LISTED.contains(&list))).chain(places)
}

/// What a field's column is called.
pub fn header(spec: &Spec) -> String {
    let plain = matches!(spec.zh, "说明" | "进度");
    let list = LISTS.iter().find(|list| Some(list.key) == spec.list);
    let name = match list {
        Some(list) if plain => format!("{}{}", list.zh, spec.zh),
        _ => spec.zh.to_owned(),
    };
    if spec.kind == Kind::Money { format!("{name}(元)") } else { name }
}

fn column(spec: &Spec) -> Column {
    let kind = match spec.kind {
        Kind::Money => CellKind::Money,
        Kind::Int => CellKind::Integer,
        Kind::Date => CellKind::Date,
        _ => CellKind::Text,
    };
    let mut column = Column::new(header(spec), kind);
    if spec.key == "name" && spec.list.is_none() {
        column = column.required();
    }
    if !spec.choices.is_empty() {
        column = column.choices(spec.choices.iter().map(|(_, zh, _)| *zh));
    }
    match note(spec) {
        Some(note) => column.note(note),
        None => column,
    }
}

fn note(spec: &Spec) -> Option<&'static str> {
    if matching::places(spec) {
        return match spec.key {
            "stage" => Some("仅用于新客户；留空则按导入时所选"),
            "lead" => Some("登录名或姓名，须唯一；查无此人的客户列入待分配"),
            _ => Some("部门名称；留空则归导入人所在部门"),
        };
    }
    Some(match spec.kind {
        Kind::Uscc if spec.list.is_none() => "18 位统一社会信用代码；暂无代码的客户请留空",
        Kind::Date => "如 2020-01-31",
        Kind::Money => "以元为单位；也可写成 200万元",
        Kind::Industry => "GB/T 4754-2017 的代码或名称",
        Kind::Phone => "手机或带区号的座机",
        Kind::IdentityNumber => "加密保存，只用于核对",
        _ => return None,
    })
}

/// The template as a workbook.
///
/// # Errors
/// Internal when it cannot be built.
pub fn workbook(specs: &[&'static Spec]) -> Result<Vec<u8>> {
    let layout = Layout::new("客户", fields(specs).map(column).collect());
    let instructions = [
        "每行一个客户。企业名称必填；统一社会信用代码填写后须为有效的 18 位代码。",
        "空单元格在更新时保留原值。列的顺序和多余的列不影响导入，列名可用常见叫法。",
        "阶段、负责人、部门只用于新客户；已有客户请在档案中修改。",
        "未能导入的行会连同原因一起返回，改正后可直接再次导入。",
    ]
    .map(str::to_owned);
    documents::write_template(&layout, &instructions).map_err(Error::internal)
}
