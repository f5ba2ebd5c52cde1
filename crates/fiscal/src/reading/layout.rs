//! Which row list a statement was printed with, and a name for it under which matches are kept.

use super::blocks::Block;
use super::heads::Role;
use super::lines::{Fate, OLDER};
use super::{Cell, amounts};
use crate::statements::{Layout, Standard};

/// How many rows without a line a form may have that still counts as prescribed: firms add
/// headings and empty rows.
const STRANGERS: usize = 2;

/// The row list, by the rows that have a line and those that have none.
pub(crate) fn layout(
    block: &Block<'_>,
    standard: Standard,
    fates: &[Fate],
    unlisted: usize,
) -> Layout {
    let strangers = block
        .rows
        .iter()
        .zip(fates)
        .filter(|(row, fate)| {
            matches!(fate, Fate::Unknown | Fate::OutOfPlace)
                && !row.name.key.is_empty()
                && !row.name.heading
                && has_a_cell(block, row.row, row.side)
        })
        .count();
    let older = fates.iter().any(|fate| matches!(fate, Fate::Line(line, _) if *line >= OLDER));
    if unlisted > 0 || strangers > STRANGERS {
        Layout::Foreign
    } else if standard == Standard::General && older {
        Layout::Before2019
    } else {
        Layout::Prescribed
    }
}

/// Whether a row has a figure, or a sign for none, beside its name.
fn has_a_cell(block: &Block<'_>, row: usize, side: usize) -> bool {
    let Some(row) = block.sheet.rows.get(row) else { return false };
    let columns = block.columns.get(side).map(|column| column.figures.as_slice());
    columns.unwrap_or_default().iter().any(|column| match row.cells.get(column.index) {
        Some(cell @ Cell::Text(_)) => !matches!(amounts::read(cell), amounts::Amount::Words),
        Some(Cell::Number(_)) => true,
        _ => false,
    })
}

/// A name for the row list and its heads: the same for every period and whatever the figures.
pub(crate) fn key(block: &Block<'_>) -> String {
    let mut hash = Fnv::new();
    hash.add(&format!("{:?}", block.kind));
    for column in &block.columns {
        hash.add("|");
        for figures in &column.figures {
            let head = match figures.role {
                Some(Role::When(_)) => "when".to_owned(),
                other => format!("{other:?}"),
            };
            hash.add(&head);
        }
    }
    for row in &block.rows {
        hash.add(&row.name.key);
    }
    hash.hex()
}

/// FNV-1a with 128 bits: stable over versions and machines, and guards nothing.
struct Fnv(u128);

impl Fnv {
    const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    }

    fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }
}
