//! For each rule one example that holds, one that is broken, one that is excepted and one whose
//! input is missing; a row each, in the notation of the fixture's edits.

use super::fixture::{Base, edit, period};
use super::*;

/// Rule, base and period, what makes it hold, what breaks it, what takes its input away.
type Example = (&'static str, Base, &'static str, &'static str, &'static str, &'static str);

use Base::{General as G, Returns as I, Small as S, VatSmall as V, Year as Y};

const M: &str = "2026-03";
const Q: &str = "2026Q1";
const YEAR: &str = "2026";
const INDIRECT: &str = "IndirectOperatingCash=222000";
const UNOWED: &str = "ShareholderReceivable=0";

#[rustfmt::skip]
const EXAMPLES: &[Example] = &[
    ("BS-01", S, M, "", "bs30+1", "-bs30"),
    ("BS-02", S, M, "", "bs0.30+1", "-bs0.30"),
    ("BS-03", S, M, "", "bs15+1", "-bs15"),
    ("BS-04", S, M, "", "bs29+1", "-bs29"),
    ("BS-05", S, M, "", "bs30+1", "-bs30"),
    ("BS-06", S, M, "", "bs20+1", "-bs20"),
    ("BS-07", S, M, "", "bs41+1", "-bs41"),
    ("BS-08", S, M, "", "bs46=1", "bs42=5"),
    ("BS-09", S, M, "", "bs47+1", "-bs47"),
    ("BS-10", S, M, "", "bs52+1", "-bs52"),
    ("BS-11", S, M, "", "bs53+1", "-bs53"),
    ("BS-12", S, M, "", "bs12+1", "-bs9"),
    ("BS-13", S, M, "", "bs19=400000", "~bs"),
    ("BS-14", S, M, "", "bs1=-5", "~bs"),
    ("BS-15", S, M, "", "bs9=-1", "~bs"),
    ("BS-16", S, M, "", "bs4=-1", "~bs"),
    ("BS-17", S, M, "", "bs36=-1", "~bs"),
    ("BS-18", S, M, "", "bs35=-1", "~bs"),
    ("BS-19", S, M, "", "bs52=-1", "~bs"),
    ("BS-20", S, M, "", "bs51=-1", "~bs"),
    ("BS-21", G, M, "", "bs50=1 bs51=2", "bs51=2"),
    ("BS-22", S, M, "", "bs8=900000", "-bs30"),
    ("IS-01", S, M, "", "isy21+1", "-isy21"),
    ("IS-02", G, M, "", "isy19+1", "-isy19"),
    ("IS-03", S, M, "", "isy30+1", "-isy30"),
    ("IS-04", S, M, "", "isy32+1", "-isy32"),
    ("IS-05", S, M, "", "isy6+5000", "-isy3"),
    ("IS-06", S, M, "", "isy12=99999", "isy12=1 -isy11"),
    ("IS-07", S, M, "", "isy16=999999", "isy16=1 -isy14"),
    ("IS-08", S, M, "", "isy22=1 isy23=2", "isy23=2"),
    ("IS-09", S, M, "", "isy24=1 isy29=2", "isy29=2"),
    ("IS-10", S, M, "", "isy5=1", "-is"),
    ("IS-11", G, M, "", "isy25+1", "-isy24"),
    ("IS-12", G, M, "", "isy27=5", "isy28=5"),
    ("IS-13", G, M, "", "isy27=5 isy40=1", "isy27=5"),
    ("IS-14", G, M, "", "isy16=5", "-is"),
    ("IS-15", S, M, "", "isy1=-5", "-is"),
    ("IS-16", S, M, "", "isy2=9999999", "-is"),
    ("IS-17", S, M, "", "isy31=-1", "-isy30"),
    ("IS-18", G, M, "", "isy7=1", "-is"),
    ("CF-01", S, M, "", "cfy7+1", "-cfy7"),
    ("CF-02", S, M, "", "cfy13+1", "-cfy13"),
    ("CF-03", S, M, "", "cfy19+1", "-cfy19"),
    ("CF-04", S, M, "", "cfy20+1", "-cfy20"),
    ("CF-05", S, M, "", "cfy22+1", "-cfy22"),
    ("CF-06", S, M, "", "cfy3=-1", "-cf"),
    ("CF-07", G, M, INDIRECT, "IndirectOperatingCash=1", "-IndirectOperatingCash"),
    ("X-01", S, M, "", "bs1-50000", "-bs"),
    ("X-02", G, M, "", "bs1-50", "-bs"),
    ("X-03", S, M, "", "bs0.1-5", "-bs"),
    ("X-04", S, M, "", "cfy20+5", "-bs"),
    ("X-05", S, M, "", "bs51+5", "-bs"),
    ("X-06", Y, YEAR, "RegisteredCapital=30000", "RegisteredCapital=500000", "-RegisteredCapital"),
    ("X-07", G, M, "", "bs67=5", "-is"),
    ("X-08", S, M, "", "cfy15=5000", "cfy15=5000 -bs"),
    ("X-09", S, M, "", "cfy14+50000", "-bs"),
    ("X-10", G, M, "", "cfy24=50000", "-bs"),
    ("X-11", S, M, "", "cfy17+5000", "-bs"),
    ("X-12", S, M, "ProfitDeclared=0", "ProfitDeclared=5", "-ProfitDeclared"),
    ("X-13", S, M, "DepreciationCharge=7500", "DepreciationCharge=1", "-DepreciationCharge"),
    ("X-14", S, M, "", "bs19=62500", "~bs"),
    ("X-15", S, M, "", "cfy12+900000", "-bs"),
    ("X-16", S, M, "", "cfy1+900000", "-bs"),
    ("X-17", S, M, "", "cfy3+900000", "-bs"),
    ("X-18", S, M, "PayrollAccrued=138000", "PayrollAccrued=1", "-PayrollAccrued"),
    ("X-19", S, M, "", "cfy5+90000", "-bs"),
    ("X-20", S, M, "", "isy19=0", "~bs"),
    ("X-21", S, M, "", "bs31=0 bs0.31=0", "~bs"),
    ("X-22", S, M, "", "isy19=90000", "~bs"),
    ("X-23", S, M, "vat20=100 VatDebitBalance=100", "VatDebitBalance=900", "-VatDebitBalance"),
    ("X-24", S, M, "isy23=5 GrantsReceived=5", "GrantsReceived=1", "-GrantsReceived"),
    ("P-01", Y, "2026-12", "", "bs0.1+1", "2025:-bs"),
    ("P-02", S, M, "", "bs0.1+1", "2026-01:-bs 2026-02:-bs"),
    ("P-03", S, M, "", "isy1+1", "2026-02:-is"),
    ("P-04", S, "2026-01", "", "isy1+1", "~ism"),
    ("P-05", Y, Q, "", "ism1+1", "~isy 2026-03:-is"),
    ("P-06", S, M, "", "cfy1+1", "2026-02:-cf"),
    ("P-07", S, M, "", "isy1=1", "2026-02:-is"),
    ("P-08", Y, YEAR, "", "isp1+1", "2025:-is"),
    ("P-09", Y, YEAR, "", "ism1+1", "2026-12:-is"),
    ("P-10", S, M, "", "bs19=1", "2026-02:-bs"),
    ("P-11", S, M, "", "bs48+5", "2026-02:-bs"),
    ("P-12", S, M, "Materiality=999999999", "Materiality=1", "2026-02:-is 2026-02:-bs"),
    ("P-13", I, M, "", "bs1+1", "-given"),
    ("P-14", S, M, "", "2026-02:-bs", "-bs -is -cf"),
    ("P-15", S, M, "", "std=General", "-bs -is -cf"),
    ("V-01", S, M, "", "vat17+1", "-vat"),
    ("V-02", S, M, "", "vat18+1", "-vat"),
    ("V-03", S, M, "", "vat19+1", "-vat"),
    ("V-04", S, M, "", "vat24+1", "-vat"),
    ("V-05", S, M, "", "vat27+1", "-vat"),
    ("V-06", S, M, "", "vat32+1", "-vat"),
    ("V-07", S, M, "", "vat38+1", "-vat"),
    ("V-08", S, M, "", "vat25+1", "2026-02:-vat"),
    ("V-09", S, "2026-01", "vaty1=400000 vaty2=400000 vaty11=52000 vaty12=33800 vaty19=18200 \
        vaty24=18200 vaty27=13000 vaty30=13000 vaty34=18200", "vaty1+1", "~vaty"),
    ("V-10", S, M, "", "vat2-5", "-vat"),
    ("V-11", S, M, "", "vat8=5", "-vat"),
    ("V-12", S, M, "", "vat11=1", "-vat"),
    ("V-13", S, M, "ConfirmedInputVat=45500", "ConfirmedInputVat=1", "-ConfirmedInputVat"),
    ("V-14", S, M, "DeclaredInvoicedSales=5 InvoicedSales=5", "InvoicedSales=9", "-InvoicedSales"),
    ("V-15", S, M, "", "vat39+5", "-vat"),
    ("V-16", S, M, "", "vat40+5", "-vat"),
    ("V-17", V, Q, "", "vats20+1", "-vats"),
    ("V-18", V, Q, "", "vats15+1", "-vats"),
    ("V-19", V, Q, "", "vats16=1", "-vats"),
    ("V-20", V, Q, "", "vats1=200000 vats3=200000", "-vats"),
    ("V-21", V, Q, "", "vats1=9000000", "2025Q4:-vats"),
    ("V-22", V, Q, "", "2025Q4:-vats", "-vats"),
    ("T-01", S, M, "", "isy1=9999999", "-is"),
    ("T-02", V, Q, "", "isy1=9999999", "-is"),
    ("T-03", S, Q, "", "cit1=1", "2026-03:-vat"),
    ("T-04", S, Q, "", "cit1+5", "2026-03:-is"),
    ("T-05", S, Q, "", "cit18+5", "2026-03:-is"),
    ("T-06", S, Q, "", "cit4+5", "2026-03:-is"),
    ("T-07", S, Q, "", "cit15+5", "-cit"),
    ("T-08", S, Q, "", "cit28.1+5", "-header"),
    ("T-09", S, Q, "", "cit30+5", "-cit"),
    ("T-10", S, Q, "", "2026-03:bs30+90000", "2026-03:-bs"),
    ("T-11", S, Q, "IitPersons=8 InsuredPersons=8", "InsuredPersons=20", "-InsuredPersons"),
    ("T-12", Y, YEAR, "", "year1+5", "-is 2026-12:-is"),
    ("T-13", Y, YEAR, "", "year15+5", "-year"),
    ("T-14", Y, YEAR, "CitPaid=14265.90", "CitPaid=1", "-CitPaid"),
    ("T-15", Y, YEAR, "year26=5 LossesAvailable=5", "LossesAvailable=1", "-LossesAvailable"),
    ("T-16", Y, YEAR, "IitWages=100000 DeductibleWages=100000 GrossPayrollPaid=100000",
        "DeductibleWages=1", "-DeductibleWages"),
    ("T-17", I, M, "GrossPayrollPaid=20000", "GrossPayrollPaid=1", "-GrossPayrollPaid"),
    ("T-18", I, M, "", "row36+1", "-rows"),
    ("T-19", I, M, "ProfitToPersons=1000", "ProfitToPersons=9000", "-ProfitToPersons"),
    ("T-20", Y, YEAR, UNOWED, "ShareholderReceivable=5", "-ShareholderReceivable"),
    ("T-21", I, Q, "", "2026-03:bs48+1000000", "2026-03:-bs"),
    ("T-22", I, Q, "NewBankLoans=100000", "NewBankLoans=9000000", "-NewBankLoans"),
    ("T-23", I, Q, "PurchaseContracts=1000000 SalesContracts=1000000", "SalesContracts=9000000",
        "-SalesContracts"),
    ("T-24", S, M, "Buildings=5 PropertyReturnFiled=1", "PropertyReturnFiled=0",
        "-PropertyReturnFiled"),
    ("T-25", S, M, "", "isy3+9000", "-is"),
    ("T-26", S, Q, "", "cit32+5", "2026-03:-is"),
    ("T-27", S, M, "IndustryVatBurden=425", "IndustryVatBurden=1", "-IndustryVatBurden"),
    ("T-28", S, M, "", "vat1=0 vat2=0 BankInflow=5", "vat1=0"),
    ("T-29", S, M, "ReceivablesAfterLoan=0", "ReceivablesAfterLoan=90000", "-ReceivablesAfterLoan"),
    ("T-30", I, M, "", "bs1+1", "-given"),
];

fn outcomes(case: &Case, settings: &Settings, (id, at): (&str, &str)) -> Vec<RuleResult> {
    check_with(case, settings, period(at), |rule| rule.id == id)
}

#[test]
fn every_rule_has_its_examples_and_they_come_out_so() {
    let ids: Vec<_> = EXAMPLES.iter().map(|example| example.0).collect();
    assert_eq!(ids, all().map(|rule| rule.id).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (id, base, at, makes, breaks, takes) in EXAMPLES {
        let mut good = base.case();
        edit(&mut good, period(at), makes);
        let settings = Settings::default();
        let found = outcomes(&good, &settings, (id, at));
        let holds = found.iter().any(|r| r.outcome == Outcome::Holds);
        if !holds || found.iter().any(RuleResult::is_broken) {
            wrong.push(format!("{id} should hold: {found:?}"));
        }
        let mut bad = good.clone();
        edit(&mut bad, period(at), breaks);
        let found = outcomes(&bad, &settings, (id, at));
        if !found.iter().any(RuleResult::is_broken) {
            wrong.push(format!("{id} should be broken: {found:?}"));
        }
        let accepted = Accepted {
            rule: (*id).to_owned(),
            period: None,
            by: "王复核".into(),
            why: "见附件".into(),
        };
        let excepting = Settings { accepted: vec![accepted], ..Settings::default() };
        let found = outcomes(&bad, &excepting, (id, at));
        let excepted = found.iter().any(|r| matches!(r.outcome, Outcome::Excepted(..)));
        if !excepted || found.iter().any(RuleResult::is_broken) {
            wrong.push(format!("{id} should be excepted: {found:?}"));
        }
        let mut less = good;
        edit(&mut less, period(at), takes);
        let found = outcomes(&less, &settings, (id, at));
        let says = found.iter().any(|r| matches!(r.outcome, Outcome::Uncheckable(_)));
        // Without the very thing a rule is about there is nothing to say.
        if !says && !found.is_empty() {
            wrong.push(format!("{id} should lack something: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}
