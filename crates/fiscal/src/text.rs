//! Small text steps that several checks share.

/// Full-width letters, digits and signs as their half-width forms; the wide blank as a blank.
pub(crate) fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect()
}

/// One character of [`half_width`].
pub(crate) fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' | '\u{00A0}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        _ => c,
    }
}

/// Whether a character is invisible: a blank, a zero-width mark or a byte-order mark.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// The bytes `from..to` of an ASCII text, empty when they are not there.
pub(crate) fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// Whether a text is made of ASCII digits and not empty.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Σ value × weight, where `value` says what a character counts; `None` when one counts nothing.
pub(crate) fn weighted(
    text: &str,
    weights: &[u32],
    value: impl Fn(char) -> Option<u32>,
) -> Option<u32> {
    if text.chars().count() != weights.len() {
        return None;
    }
    text.chars().zip(weights).try_fold(0, |sum, (c, weight)| Some(sum + value(c)? * weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_become_narrow_and_han_stays() {
        assert_eq!(half_width("９１Ａ（公司）　x"), "91A(公司) x");
    }

    #[test]
    fn a_weighted_sum_needs_as_many_characters_as_weights() {
        let digit = |c: char| c.to_digit(10);
        assert_eq!(weighted("12", &[3, 5], digit), Some(13));
        assert_eq!(weighted("1", &[3, 5], digit), None);
        assert_eq!(weighted("1a", &[3, 5], digit), None);
    }
}
