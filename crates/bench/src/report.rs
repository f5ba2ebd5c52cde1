//! The table and the file of figures.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::Outcome;

/// One line of the table.
#[derive(Debug, Default)]
pub struct Figure {
    /// The work.
    pub work: &'static str,
    /// What was measured, in words.
    pub figure: String,
    /// What the bare metal needs, in words.
    pub baseline: String,
    /// How many times the bare metal, where that can be said.
    pub ratio: Option<f64>,
    /// The bar.
    pub bar: &'static str,
    /// Whether it is met; nothing where the bar does not speak of it.
    pub met: Option<bool>,
    /// What explains the figure.
    pub note: String,
    /// The numbers themselves.
    pub numbers: Value,
}

/// All figures of a run.
#[derive(Debug, Default)]
pub struct Report {
    size: u64,
    figures: Vec<(u64, Figure)>,
}

impl Report {
    /// What follows was measured on a store of so many clients.
    pub fn size(&mut self, size: u64) {
        self.size = size;
        println!("── {size} clients");
    }

    /// How many clients the present store has.
    pub const fn clients(&self) -> u64 {
        self.size
    }

    /// Adds a line and says it at once.
    pub fn add(&mut self, figure: Figure) {
        println!("   {}: {} | {}", figure.work, figure.figure, figure.baseline);
        self.figures.push((self.size, figure));
    }

    /// Prints the table.
    pub fn print(&self) {
        let heads = ["clients", "work", "figure", "bare", "ratio", "bar", "met?"];
        let mut lines = vec![heads.map(str::to_owned)];
        for (size, figure) in &self.figures {
            lines.push([
                size.to_string(),
                figure.work.to_owned(),
                figure.figure.clone(),
                figure.baseline.clone(),
                figure.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}×")),
                figure.bar.to_owned(),
                met(figure.met).to_owned(),
            ]);
        }
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        println!();
        for line in &lines {
            let cells: Vec<String> = line
                .iter()
                .enumerate()
                .map(|(column, cell)| format!("{cell:<width$}", width = width(column)))
                .collect();
            println!("{}", cells.join("  ").trim_end());
        }
        for (size, figure) in self.figures.iter().filter(|(_, figure)| !figure.note.is_empty()) {
            println!("  {size} {}: {}", figure.work, figure.note);
        }
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) -> Outcome {
        let figures: Vec<Value> = self
            .figures
            .iter()
            .map(|(size, figure)| {
                json!({
                    "clients": size, "work": figure.work, "figure": figure.figure,
                    "baseline": figure.baseline, "ratio": figure.ratio, "bar": figure.bar,
                    "met": figure.met, "note": figure.note, "numbers": figure.numbers,
                })
            })
            .collect();
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let mut file = Map::new();
        file.insert("cores".to_owned(), cores.into());
        file.insert("figures".to_owned(), figures.into());
        std::fs::write(path, serde_json::to_string_pretty(&file)?)?;
        Ok(())
    }
}

const fn met(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "-",
    }
}

/// Durations in milliseconds, sorted when asked.
#[derive(Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Adds one.
    pub fn add(&mut self, took: std::time::Duration) {
        self.0.push(took.as_secs_f64() * 1_000.0);
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// The value below which so many of a hundred lie.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_durations() {
        let mut times = Times::default();
        for ms in (1..=100).rev() {
            times.add(Duration::from_millis(ms));
        }
        assert!((times.percentile(50) - 51.0).abs() < 0.001);
        assert!((times.percentile(99) - 100.0).abs() < 0.001);
        assert!(Times::default().percentile(50).is_nan());
    }
}
