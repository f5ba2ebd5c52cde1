//! `heng calendar`: due dates and years, from nothing but the binary.

use crate::binary::Folder;

fn due(folder: &Folder, tax: &str, period: &str) -> serde_json::Value {
    let words = ["calendar", "due", "--tax", tax, "--period", period, "--format", "json"];
    folder.heng(&words).good().json()
}

#[test]
fn a_due_date_has_its_basis_and_its_steps() {
    let folder = Folder::new();
    let answer = due(&folder, "VAT_G", "2026-09");
    assert_eq!((&answer["due"], &answer["basis"]), (&"2026-10-26".into(), &"published".into()));
    assert!(answer["steps"].as_array().unwrap().len() >= 3);
    assert_eq!(answer.as_object().unwrap().len(), 3, "due, basis, steps and nothing else");
    let asked = [
        ("VAT_S", "2026Q3", "2026-10-26", "published"),
        ("CIT_P", "2026Q1", "2026-04-20", "published"),
        ("CIT_Y", "2024", "2025-06-03", "computed"),
        ("IIT_W", "2026-08", "2026-09-15", "published"),
        ("STAMP", "2025", "2026-01-20", "published"),
    ];
    for (tax, period, day, basis) in asked {
        let answer = due(&folder, tax, period);
        assert_eq!((&answer["due"], &answer["basis"]), (&day.into(), &basis.into()), "{tax}");
    }
    let told = folder.heng(&["calendar", "due", "--tax", "VAT_G", "--period", "2026-09"]).good();
    assert!(told.out.starts_with("2026-10-26") && told.out.contains("第 7 个工作日"));
}

#[test]
fn a_year_that_is_not_announced_is_never_taken_for_granted() {
    let folder = Folder::new();
    let answer = due(&folder, "VAT_G", "2026-12");
    assert_eq!((&answer["due"], &answer["basis"]), (&"2027-01-15".into(), &"computed".into()));
    assert!(answer["steps"].to_string().contains("2027 年放假安排尚未公布"));
    let year = folder.heng(&["calendar", "year", "2027", "--format", "json"]).good().json();
    assert_eq!(
        (&year["announced"], &year["months"][4]["announced"]),
        (&false.into(), &false.into())
    );
    let told = folder.heng(&["calendar", "year", "2027"]).good();
    assert!(told.out.starts_with("2027 年放假安排尚未公布"), "{}", told.out);
}

#[test]
fn a_year_has_twelve_months_with_their_rest_days() {
    let folder = Folder::new();
    let year = folder.heng(&["calendar", "year", "2026", "--format", "json"]).good().json();
    assert_eq!(year["months"].as_array().unwrap().len(), 12);
    let october = &year["months"][9];
    assert_eq!((&october["due"], &october["basis"]), (&"2026-10-26".into(), &"published".into()));
    assert_eq!(october["holidays"].as_array().unwrap().len(), 7);
    assert_eq!(october["make_up_days"][0], "2026-10-10");
    let told = folder.heng(&["calendar", "year", "2026", "--region", "440000"]).good();
    assert_eq!(told.out.lines().count(), 12);
    assert!(told.out.contains("国庆节 10-01–10-07"), "{}", told.out);
}

#[test]
fn misuse_is_told_apart_from_what_is_not_known() {
    let folder = Folder::new();
    let code = |tax: &str, period: &str, region: &str| {
        let words = ["calendar", "due", "--tax", tax, "--period", period, "--region", region];
        folder.heng(&words).code
    };
    assert_eq!(code("VAT_G", "2026-09", "440300"), 0);
    assert_eq!(code("VAT_G", "2026", ""), 2, "no year of VAT");
    assert_eq!(code("VAT_G", "2026-9", ""), 2);
    assert_eq!(code("VAT", "2026-09", ""), 2);
    assert_eq!(code("VAT_G", "2026-09", "广东"), 2);
    assert_eq!(code("SOC", "2026-09", "440000"), 1, "the province's day is not on file");
    assert_eq!(folder.heng(&["calendar", "year", "99"]).code, 2);
    assert_eq!(folder.heng(&["calendar", "year", "soon"]).code, 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}
