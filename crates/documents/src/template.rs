//! Templates to fill in: column names with notes and lists to choose from, and a second sheet
//! that explains them.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

use crate::error::WriteError;
use crate::layout::{Column, Kind, Layout, yes_no};
use crate::xlsx_out::{Looks, head};

const GUIDE: &str = "填写说明";
const CHOICES: &str = "选项";
/// The last row of a sheet.
const LAST_ROW: u32 = 1_048_575;

/// A template: an empty table, and the instructions given, one paragraph a row, above a list of
/// all columns.
///
/// # Errors
/// If there are no columns, or the workbook cannot be built.
pub fn write_template(layout: &Layout, instructions: &[String]) -> Result<Vec<u8>, WriteError> {
    if layout.columns.is_empty() || layout.columns.len() > 16_384 {
        return Err(WriteError::Columns(layout.columns.len()));
    }
    let looks = Looks::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(crate::name::safe_sheet_name(&layout.sheet))?;
    let first = head(sheet, layout, &looks)?;
    let mut lists = 0_u16;
    for (index, column) in (0_u16..).zip(&layout.columns) {
        sheet.set_column_format(index, looks.of(column.kind))?;
        if let Some(note) = note_text(column) {
            let note = Note::new(note).add_author_prefix(false).set_width(220).set_height(110);
            sheet.insert_note(first - 1, index, &note)?;
        }
        if !column.choices.is_empty() {
            let rule = choice_rule(lists, column.choices.len())?;
            sheet.add_data_validation(first, index, LAST_ROW, index, &rule)?;
            lists += 1;
        }
    }
    guide(book.add_worksheet(), &layout.columns, instructions, &looks)?;
    if lists > 0 {
        choices(book.add_worksheet(), &layout.columns)?;
    }
    Ok(book.save_to_buffer()?)
}

fn note_text(column: &Column) -> Option<String> {
    let required = column.required.then(|| "必填".to_owned());
    let parts: Vec<String> = required.into_iter().chain(column.note.clone()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The list stands on its own sheet: within a rule it could hold neither commas nor many entries.
fn choice_rule(list: u16, entries: usize) -> Result<DataValidation, XlsxError> {
    let letters = crate::error::column_letters(usize::from(list));
    DataValidation::new()
        .allow_list_formula(Formula::new(format!("='{CHOICES}'!${letters}$1:${letters}${entries}")))
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("不在可选范围内")?
        .set_error_message("请从下拉列表中选择一项。")
}

fn choices(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_name(CHOICES)?;
    sheet.set_hidden(true);
    let lists = columns.iter().map(|column| &column.choices).filter(|list| !list.is_empty());
    for (index, list) in (0_u16..).zip(lists) {
        for (row, choice) in (0_u32..).zip(list) {
            sheet.write_string(row, index, choice)?;
        }
    }
    Ok(())
}

fn guide(
    sheet: &mut Worksheet,
    columns: &[Column],
    instructions: &[String],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (index, width) in (0_u16..).zip([24.0, 10.0, 22.0, 60.0, 60.0]) {
        sheet.set_column_width(index, width)?;
    }
    let mut row = 0;
    for paragraph in instructions {
        sheet.merge_range(row, 0, row, 4, paragraph, &wrapped)?;
        row += 1;
    }
    for (index, title) in (0_u16..).zip(["列名", "必填", "格式", "说明", "可选值"]) {
        sheet.write_string_with_format(row, index, title, &looks.header)?;
    }
    for column in columns {
        row += 1;
        let note = column.note.as_deref().unwrap_or_default();
        let choices = column.choices.join("、");
        let texts = [&column.header, yes_no(column.required), form(column.kind), note, &choices];
        for (index, text) in (0_u16..).zip(texts) {
            sheet.write_string_with_format(row, index, text, &wrapped)?;
        }
    }
    Ok(())
}

const fn form(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "文本",
        Kind::Integer => "整数",
        Kind::Money => "金额（元，两位小数）",
        Kind::Date => "日期（如 YYYY-MM-DD）",
        Kind::Bool => "是 / 否",
    }
}
