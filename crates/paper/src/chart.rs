//! Charts of a paper: bars or lines over labels, with an axis in round steps.

use serde::Serialize;

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// A bar for each value.
    Bars,
    /// A line through the values; it breaks where one is missing.
    Lines,
}

/// The values of one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Series {
    /// What it is.
    pub name: String,
    /// One value per label; none where there is none.
    pub values: Vec<Option<f64>>,
}

/// A chart.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// What it shows, with the unit.
    pub title: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// The labels along the axis.
    pub labels: Vec<String>,
    /// What is drawn.
    pub series: Vec<Series>,
}

/// The value axis: from, to, and where it is marked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Axis {
    pub from: f64,
    pub to: f64,
    pub marks: Vec<(f64, String)>,
}

impl Chart {
    /// An axis that holds all values and zero, in four to eight round steps.
    pub(crate) fn axis(&self) -> Axis {
        let values = || {
            let all = self.series.iter().flat_map(|series| series.values.iter().flatten());
            all.copied().filter(|value| value.is_finite())
        };
        let low = values().fold(0.0_f64, f64::min);
        let high = values().fold(0.0_f64, f64::max);
        let span = if high > low { high - low } else { 1.0 };
        let rough = span / 5.0;
        let power = 10.0_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= rough)
            .unwrap_or(10.0 * power);
        let (first, last) = ((low / step).floor(), (high.max(low + span) / step).ceil());
        let count = (last - first).clamp(1.0, 12.0) as u32;
        let digits = if step >= 1.0 && step.fract() == 0.0 {
            0
        } else {
            (1.0 - step.log10().floor()).clamp(1.0, 6.0) as usize
        };
        let mark = |number: u32| {
            let value = (first + f64::from(number)) * step;
            (value, format!("{value:.digits$}"))
        };
        Axis {
            from: first * step,
            to: (first + f64::from(count)) * step,
            marks: (0..=count).map(mark).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[f64]) -> Chart {
        Chart {
            title: String::new(),
            kind: ChartKind::Bars,
            labels: Vec::new(),
            series: vec![Series {
                name: String::new(),
                values: values.iter().map(|value| Some(*value)).collect(),
            }],
        }
    }

    #[test]
    fn an_axis_holds_all_values_in_round_steps() {
        let axis = chart(&[12.0, 95.0]).axis();
        assert_eq!((axis.from, axis.to), (0.0, 100.0));
        assert_eq!(axis.marks[1].1, "20");
        let below = chart(&[-30.0, 40.0]).axis();
        assert!(below.from <= -30.0 && below.to >= 40.0);
        assert!(below.marks.iter().any(|(value, _)| *value == 0.0));
        let flat = chart(&[0.0, 0.0]).axis();
        assert!(flat.to > flat.from, "a chart of zeros has an axis");
        let small = chart(&[0.012]).axis();
        assert!(small.marks.iter().all(|(_, text)| text.len() <= 8), "{:?}", small.marks);
        let odd = chart(&[f64::NAN, f64::INFINITY, 5.0]).axis();
        assert_eq!(odd.to, 5.0);
    }
}
