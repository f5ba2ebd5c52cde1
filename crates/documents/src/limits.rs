//! How much a file may ask of us.

/// The bounds a file is read within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The size of the file as it arrives.
    pub max_bytes: u64,
    /// Data rows of one table.
    pub max_rows: usize,
    /// Columns of one table.
    pub max_columns: usize,
    /// Cells of all sheets together, where a file is read as grids.
    pub max_grid_cells: usize,
    /// Merged ranges of one sheet.
    pub max_merged: usize,
    /// Characters of one cell; a longer one is cut and its row says so.
    pub max_cell_chars: usize,
    /// The size of a package after unpacking, all parts together.
    pub max_unpacked_bytes: u64,
    /// The size after unpacking of one part that has to be held in memory, such as the shared
    /// strings; sheets are read as a stream and are not bound by it.
    pub max_part_bytes: u64,
    /// How many times larger than the file the unpacked package may be.
    pub max_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 100 << 20,
            max_rows: 1_200_000,
            max_columns: 512,
            max_grid_cells: 4_000_000,
            max_merged: 5_000,
            max_cell_chars: 32_767,
            max_unpacked_bytes: 2 << 30,
            max_part_bytes: 256 << 20,
            max_ratio: 200,
        }
    }
}
