//! Matching and planning by rules alone; the whole way of a file over a real store.

use fiscal::capital::Unit;
use jiff::civil::date;

use super::matching::{Mapping, guess, layout_of, unit_of};
use super::rules::{Mode, Planned, Planner};
use super::template;
use crate::clients::fields::{SPECS, Spec};

fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn shipped() -> Vec<&'static Spec> {
    SPECS.iter().collect()
}

fn guessed(names: &[&str]) -> Vec<String> {
    guess(&shipped(), &headers(names)).into_iter().map(Option::unwrap_or_default).collect()
}

#[test]
fn the_usual_names_of_columns_are_known() {
    let found = guessed(&[
        "企业名称",
        "统一社会信用代码",
        "注册日期",
        "企业类型",
        "法人代表",
        "注册资金",
        "经营范围",
        "所在省份",
        "地区",
        "注册地址",
    ]);
    assert_eq!(
        found,
        [
            "name",
            "uscc",
            "registered_on",
            "enterprise_kind",
            "legal_rep_name",
            "registered_capital_fen",
            "scope",
            "province",
            "city",
            "address"
        ]
    );
}

#[test]
fn variants_in_width_blanks_brackets_and_marks_are_known() {
    for (header, path) in [
        (" 公司 名称 ", "name"),
        ("＊客户名称（必填）", "name"),
        ("统一社会信用代码/税号", "uscc"),
        ("税号", "uscc"),
        ("信用代码（18位）", "uscc"),
        ("法定代表人", "legal_rep_name"),
        ("法人身份证号", "legal_rep_id_no"),
        ("注册资本(万元)", "registered_capital_fen"),
        ("注册资金（万元人民币）", "registered_capital_fen"),
        ("联系人", "contacts.name"),
        ("联系电话", "contacts.mobile"),
        ("手机", "contacts.mobile"),
        ("担保人手机", "guarantors.mobile"),
        ("股东证件号", "shareholders.id_no"),
        ("开户行", "bank_accounts.bank"),
        ("银行帐号", "bank_accounts.account_no"),
        ("contacts.mobile", "contacts.mobile"),
        ("备注", ""),
        ("序号", ""),
        ("编号", ""),
    ] {
        assert_eq!(guessed(&[header]), [path], "{header}");
    }
}

#[test]
fn a_telephone_beside_a_mobile_is_the_landline() {
    assert_eq!(guessed(&["联系电话", "手机"]), ["contacts.landline", "contacts.mobile"]);
    assert_eq!(guessed(&["手机", "联系方式"]), ["contacts.mobile", "contacts.landline"]);
    assert_eq!(guessed(&["名称", "企业名称"]), ["name", ""]);
}

#[test]
fn the_name_of_an_amount_says_its_unit() {
    assert_eq!(unit_of("注册资本(万元)"), Some(Unit::TenThousand));
    assert_eq!(unit_of("注册资金（万）"), Some(Unit::TenThousand));
    assert_eq!(unit_of("注册资本万元"), Some(Unit::TenThousand));
    assert_eq!(unit_of("注册资本(元)"), Some(Unit::Yuan));
    assert_eq!(unit_of("注册资本"), None);
}

#[test]
fn a_layout_is_known_again_whatever_its_spacing() {
    let one = layout_of(&headers(&["企业名称", "税号(必填)"]));
    assert_eq!(one, layout_of(&headers(&[" 企业名称", "税号（必填）"])));
    assert_ne!(one, layout_of(&headers(&["税号(必填)", "企业名称"])));
}

#[test]
fn the_template_is_understood_by_its_own_names() {
    let names: Vec<String> = template::fields(&shipped()).map(template::header).collect();
    let found = guess(&shipped(), &names);
    for ((spec, name), path) in template::fields(&shipped()).zip(&names).zip(found) {
        assert_eq!(path, Some(spec.path()), "{name}");
    }
    assert!(template::workbook(&shipped()).unwrap().starts_with(b"PK"));
}

#[test]
fn a_matching_needs_what_its_mode_needs() {
    let names = headers(&["甲", "乙"]);
    let code = |fields: [Option<&str>; 2], mode| {
        let fields = fields.map(|field| field.map(str::to_owned));
        Mapping::new(&shipped(), &names, &fields, mode).map(|_| ()).map_err(|error| error.code())
    };
    assert_eq!(code([Some("name"), None], Mode::Create), Ok(()));
    assert_eq!(code([Some("uscc"), None], Mode::Create), Err("import.field_needed"));
    assert_eq!(code([Some("name"), None], Mode::Both), Err("import.field_needed"));
    assert_eq!(code([Some("uscc"), None], Mode::Update), Ok(()));
    assert_eq!(code([Some("name"), Some("name")], Mode::Create), Err("import.field_twice"));
    assert_eq!(code([Some("name"), Some("nil")], Mode::Create), Err("import.field_unknown"));
}

const CODE: &str = "91110000600037341L";

fn planned(text: &str, mode: Mode) -> Vec<Planned> {
    let mut book = documents::open(text.as_bytes(), &documents::Limits::default()).unwrap();
    let table = book.table().unwrap();
    let specs = shipped();
    let fields = guess(&specs, &table.header);
    let mapping = Mapping::new(&specs, &table.header, &fields, mode).unwrap();
    let mut planner = Planner::new(&mapping, table.header.len(), date(2026, 6, 1), mode);
    let rows: Vec<_> = book.rows(&table).unwrap().map(Result::unwrap).collect();
    rows.iter().map(|row| planner.plan(row)).collect()
}

fn verdicts(text: &str, mode: Mode) -> Vec<String> {
    let word = |planned: Planned| match planned {
        Planned::Draft(draft) if draft.notes.is_empty() => "ok".to_owned(),
        Planned::Draft(draft) => {
            let codes: Vec<&str> = draft.notes.iter().map(|note| note.code).collect();
            format!("ok {}", codes.join(" "))
        }
        Planned::Rejected(refusal) => refusal.code.to_owned(),
        Planned::Duplicate(refusal) => format!("again {}", refusal.code),
    };
    planned(text, mode).into_iter().map(word).collect()
}

#[test]
fn validity_is_looked_at_before_repetition() {
    let text = format!(
        "企业名称,税号,注册日期,注册资本(万元)\n\
         示例甲公司,{CODE},2001-02-03,200\n\
         ,{CODE},2001-02-03,200\n\
         示例乙公司,110108000000017,2001-02-03,200\n\
         示例丙公司,91110000600037341K,2001-02-03,200\n\
         示例丁公司,9111,2001-02-03,200\n\
         示例戊公司,{CODE},2001-02-03,200\n\
         示例己公司,,1900-01-01,N/A\n\
         示例庚公司,暂无,2001-02-03,200\n\
         N/A,,2001-02-03,200\n\
         示例\u{FFFD}公司,,2001-02-03,200\n\
         示例辛公司,,去年,很多\n"
    );
    assert_eq!(
        verdicts(&text, Mode::Create),
        [
            "ok",
            "name.missing",
            "uscc.old_15",
            "uscc.check",
            "uscc.length",
            "again uscc.repeated",
            "ok",
            "uscc.placeholder",
            "name.missing",
            "row.garbled",
            "ok date.unreadable capital.unreadable"
        ]
    );
}

#[test]
fn amounts_count_in_the_unit_of_their_column() {
    let text = "企业名称,注册资本(万元)\n示例甲公司,200\n示例乙公司,300万美元\n";
    let rows = planned(text, Mode::Create);
    let Planned::Draft(first) = &rows[0] else { panic!() };
    assert_eq!(first.fields["registered_capital_fen"], "200000000");
    let Planned::Draft(second) = &rows[1] else { panic!() };
    assert_eq!(second.fields["registered_capital_fen"], "300000000");
    assert_eq!(second.fields["capital_currency"], "USD");
}

#[test]
fn a_shifted_row_is_refused_or_keeps_only_what_is_surely_in_its_place() {
    let text = format!(
        "企业名称,税号,注册日期,注册资金,经营范围\n\
         示例甲公司,{CODE},2001-02-03,1,000(万元人民币),批发\n\
         示例乙公司,某地,91110000600037341L,2001-02-03,批发,零售\n\
         示例丙公司,,2001-02-03\n\
         示例丁公司,110108000000017,2001-02-03,1,000(万元人民币),批发\n"
    );
    assert_eq!(verdicts(&text, Mode::Create), ["ok row.width", "row.width", "ok", "uscc.old_15"]);
    let Planned::Draft(first) = &planned(&text, Mode::Create)[0] else { panic!() };
    assert_eq!(first.fields.keys().copied().collect::<Vec<_>>(), ["name", "uscc"]);
}

#[test]
fn an_update_needs_the_code_and_lets_empty_cells_be() {
    let text = format!("税号,联系人,手机\n{CODE},,13800001234\n,张三,13800001234\n");
    assert_eq!(verdicts(&text, Mode::Update), ["ok", "uscc.missing"]);
    let Planned::Draft(draft) = &planned(&text, Mode::Update)[0] else { panic!() };
    assert_eq!(draft.lists["contacts"].len(), 1);
}

#[test]
fn a_bare_amount_under_a_silent_head_is_read_as_yuan_and_noted() {
    let text = "企业名称,注册资金\n示例甲公司,200\n示例乙公司,300万元\n示例丙公司,壹佰万元整\n";
    assert_eq!(verdicts(text, Mode::Create), ["ok capital.unit_assumed", "ok", "ok"]);
    let rows = planned(text, Mode::Create);
    let capital = |row: &Planned| match row {
        Planned::Draft(draft) => draft.fields["registered_capital_fen"].clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(rows.iter().map(capital).collect::<Vec<_>>(), ["20000", "300000000", "100000000"]);
    let Planned::Draft(first) = &rows[0] else { panic!() };
    assert_eq!((first.notes[0].position, first.notes[0].value.as_deref()), (Some(1), Some("200")));
    for head in ["注册资金(元)", "注册资金（万元）"] {
        let text = format!("企业名称,{head}\n示例甲公司,200\n");
        assert_eq!(verdicts(&text, Mode::Create), ["ok"], "{head}");
    }
}

#[test]
fn a_note_keeps_no_confidential_value() {
    let text = "企业名称,手机,注册日期\n示例甲公司,12345,去年\n";
    let Planned::Draft(draft) = &planned(text, Mode::Create)[0] else { panic!() };
    let kept: Vec<_> = draft.notes.iter().map(|n| (n.position, n.value.as_deref())).collect();
    assert_eq!(kept, [(Some(1), None), (Some(2), Some("去年"))]);
    assert!(!draft.notes[0].zh.contains("12345"), "{:?}", draft.notes);
}

#[test]
fn a_row_says_where_its_client_is_to_stand() {
    let text = "企业名称,阶段,负责人,部门\n示例甲公司,服务中,匡计,代理一部\n示例乙公司,别处,,\n";
    assert_eq!(verdicts(text, Mode::Create), ["ok", "ok choice.unknown"]);
    let Planned::Draft(draft) = &planned(text, Mode::Create)[0] else { panic!() };
    let place: Vec<_> = draft.place.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(place, [("department", "代理一部"), ("lead", "匡计"), ("stage", "active")]);
    assert_eq!(draft.fields.len(), 1, "these are no fields of the archive");
}
