//! The encoding and shape of a text table, and its lines one by one.

use std::io::{self, BufRead, Read};

use encoding_rs::GB18030;

use crate::csv_in::{Quotes, split};
use crate::error::{ReadError, Reason};
use crate::source::{Origin, Source};

/// No line of a table is longer than this.
const MAX_LINE: u64 = 8 << 20;
/// How many lines the delimiter is guessed from.
const SAMPLE: usize = 64;

/// How the bytes spell characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Gb18030,
}

/// What has to be known to read a text table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) encoding: Encoding,
    /// Bytes before the first line.
    mark: u64,
    /// The byte that ends a line.
    end: u8,
    pub(crate) delimiter: char,
    /// The first line only names the delimiter.
    pub(crate) names_delimiter: bool,
    /// How many fields most records have.
    pub(crate) width: usize,
}

/// One line, decoded.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) garbled: bool,
}

/// A whole file in UTF-16 as UTF-8; nothing if it does not carry that mark.
pub(crate) fn from_utf16(origin: &Origin) -> Result<Option<Origin>, ReadError> {
    let mut source = origin.open().map_err(ReadError::io)?;
    let mut mark = [0; 2];
    if source.read_exact(&mut mark).is_err() {
        return Ok(None);
    }
    let encoding = match mark {
        [0xFF, 0xFE] => encoding_rs::UTF_16LE,
        [0xFE, 0xFF] => encoding_rs::UTF_16BE,
        _ => return Ok(None),
    };
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(ReadError::io)?;
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    Ok(Some(Origin::memory(text.into_owned().into_bytes())))
}

/// Looks through the whole file once for its encoding, and at its first lines for its shape.
pub(crate) fn survey(origin: &Origin) -> Result<Shape, ReadError> {
    let (mark, end) = first_look(origin)?;
    let mut shape = Shape {
        encoding: Encoding::Utf8,
        mark,
        end,
        delimiter: ',',
        names_delimiter: false,
        width: 1,
    };
    shape.encoding = encoding(origin, &shape, mark > 0)?;
    let mut lines = Lines::open(origin, &shape)?;
    let mut sample = Vec::new();
    while sample.len() < SAMPLE {
        let Some(line) = lines.next_line()? else { break };
        sample.push(line.text);
    }
    if let Some(delimiter) = sample.first().and_then(|line| named_delimiter(line)) {
        shape.delimiter = delimiter;
        shape.names_delimiter = true;
        shape.width = usual_width(&sample, delimiter).0;
        return Ok(shape);
    }
    let mut best = 0;
    for delimiter in [',', '\t', ';'] {
        let (width, agreeing) = usual_width(&sample, delimiter);
        if width > 1 && agreeing > best {
            best = agreeing;
            shape.delimiter = delimiter;
            shape.width = width;
        }
    }
    Ok(shape)
}

/// The mark at the start, the byte that ends lines; refuses what is not text.
fn first_look(origin: &Origin) -> Result<(u64, u8), ReadError> {
    let mut head = Vec::new();
    let source = origin.open().map_err(ReadError::io)?;
    source.take(1 << 16).read_to_end(&mut head).map_err(ReadError::io)?;
    let mark: u64 = if head.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
    let body = head.get(usize::try_from(mark).unwrap_or(0)..).unwrap_or_default();
    let start = body.trim_ascii_start();
    if start.is_empty() {
        return Err(ReadError::new(Reason::Empty));
    }
    if let Some(reason) = foreign(start) {
        return Err(ReadError::new(reason));
    }
    let odd = body.iter().filter(|byte| **byte < 0x20 && !b"\t\r\n\x0b\x0c".contains(byte)).count();
    if body.contains(&0) || odd * 50 > body.len() {
        return Err(ReadError::new(Reason::NotAWorkbook));
    }
    let old_mac = !body.contains(&b'\n') && body.contains(&b'\r');
    Ok((mark, if old_mac { b'\r' } else { b'\n' }))
}

/// Whether the text of a file begins as a web page does.
pub(crate) fn is_web_page(origin: &Origin) -> Result<bool, ReadError> {
    let mut head = Vec::new();
    let source = origin.open().map_err(ReadError::io)?;
    source.take(1 << 12).read_to_end(&mut head).map_err(ReadError::io)?;
    let body = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&head);
    Ok(foreign(body.trim_ascii_start()) == Some(Reason::WebPage))
}

/// How a web page, or a piece of one saved as a file, begins.
const PAGE_STARTS: [&str; 16] = [
    "<html",
    "<!doctype",
    "<table",
    "<meta",
    "<head",
    "<!--",
    "<style",
    "<div",
    "<body",
    "<title",
    "<center",
    "<font",
    "<tr",
    "<h1",
    "<h2",
    "<h3",
];

/// Text, or nearly, that is something else.
fn foreign(start: &[u8]) -> Option<Reason> {
    let head = String::from_utf8_lossy(start.get(..512).unwrap_or(start)).to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| head.starts_with(word));
    if begins(&PAGE_STARTS) {
        return Some(Reason::WebPage);
    }
    if begins(&["<?xml"]) {
        let page = head.contains("<html") || head.contains("xhtml");
        return Some(if page { Reason::WebPage } else { Reason::Unsupported });
    }
    if begins(&["%pdf-", "{\\rtf", "rar!", "7z\u{fffd}", "mz", "\u{7f}elf", "{\""]) {
        let program = head.starts_with("mz") && start.is_ascii();
        return (!program).then_some(Reason::NotAWorkbook);
    }
    None
}

/// Valid UTF-8 wins; a file most of whose lines are not is GB18030; what neither explains is not
/// text.
fn encoding(origin: &Origin, shape: &Shape, marked: bool) -> Result<Encoding, ReadError> {
    if marked {
        return Ok(Encoding::Utf8);
    }
    let mut lines = Lines::open(origin, shape)?;
    let (mut wide, mut not_utf8, mut not_gb) = (0_u64, 0_u64, 0_u64);
    while lines.next_bytes().map_err(ReadError::io)? {
        let bytes = lines.buffer.as_slice();
        if bytes.is_ascii() {
            continue;
        }
        wide += 1;
        if std::str::from_utf8(bytes).is_err() {
            not_utf8 += 1;
            if GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_none() {
                not_gb += 1;
            }
        }
    }
    if not_utf8 * 2 <= wide {
        return Ok(Encoding::Utf8);
    }
    if not_gb * 2 > not_utf8 {
        return Err(ReadError::new(Reason::NotAWorkbook));
    }
    Ok(Encoding::Gb18030)
}

fn named_delimiter(line: &str) -> Option<char> {
    let mut rest = line.trim().strip_prefix("sep=")?.chars();
    let delimiter = rest.next()?;
    (rest.next().is_none() && ",;\t|".contains(delimiter)).then_some(delimiter)
}

/// The number of fields most records have, and how many records those are.
fn usual_width(sample: &[String], delimiter: char) -> (usize, usize) {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    let mut rest = sample;
    while let Some((line, after)) = rest.split_first() {
        let (width, lines) = record_width(line, after, delimiter);
        rest = after.get(lines..).unwrap_or_default();
        if line.trim().is_empty() {
            continue;
        }
        match counts.iter_mut().find(|(known, _)| *known == width) {
            Some((_, count)) => *count += 1,
            None => counts.push((width, 1)),
        }
    }
    // Titles and cut lines have few fields: of equals, the wider is the table.
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).unwrap_or((1, 0))
}

/// The width of the record that begins with a line, and how many lines after it belong to it.
fn record_width(line: &str, after: &[String], delimiter: char) -> (usize, usize) {
    let alone = split(line, delimiter);
    let mut joined = line.to_owned();
    let mut quotes = alone.quotes;
    let mut lines = 0;
    for next in after {
        if quotes != Quotes::Open {
            break;
        }
        joined.push('\n');
        joined.push_str(next);
        lines += 1;
        let whole = split(&joined, delimiter);
        quotes = whole.quotes;
        if quotes == Quotes::Sound {
            return (whole.fields.len(), lines);
        }
    }
    (alone.fields.len(), 0)
}

/// The lines of a text file.
pub(crate) struct Lines {
    source: Source,
    end: u8,
    encoding: Encoding,
    buffer: Vec<u8>,
    number: usize,
}

impl Lines {
    pub(crate) fn open(origin: &Origin, shape: &Shape) -> Result<Self, ReadError> {
        let mut source = origin.open().map_err(ReadError::io)?;
        io::copy(&mut (&mut source).take(shape.mark), &mut io::sink()).map_err(ReadError::io)?;
        Ok(Self { source, end: shape.end, encoding: shape.encoding, buffer: Vec::new(), number: 0 })
    }

    fn next_bytes(&mut self) -> io::Result<bool> {
        self.buffer.clear();
        let read = (&mut self.source).take(MAX_LINE).read_until(self.end, &mut self.buffer)?;
        self.number += 1;
        if self.buffer.last() == Some(&self.end) {
            self.buffer.pop();
            if self.end == b'\n' && self.buffer.last() == Some(&b'\r') {
                self.buffer.pop();
            }
        }
        Ok(read > 0)
    }

    /// The next line, without what ends it.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        if !self.next_bytes().map_err(ReadError::io)? {
            return Ok(None);
        }
        if self.buffer.len() as u64 + 2 > MAX_LINE {
            return Err(ReadError::new(Reason::LineTooLong).at(self.number, None));
        }
        let text = decode(&self.buffer, self.encoding);
        Ok(Some(Line { garbled: text.contains('\u{FFFD}'), text }))
    }
}

/// Files are pasted together from several: each line is decoded on its own.
fn decode(bytes: &[u8], encoding: Encoding) -> String {
    match (encoding, std::str::from_utf8(bytes)) {
        (Encoding::Utf8, Ok(text)) => text.to_owned(),
        (Encoding::Utf8, Err(_)) => String::from_utf8_lossy(bytes).into_owned(),
        (Encoding::Gb18030, Ok(text)) if text.is_ascii() || surely_utf8(text) => text.to_owned(),
        (Encoding::Gb18030, _) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Whether text that is valid UTF-8 is so by more than chance: GB18030 hardly ever happens to
/// spell Chinese characters, and nothing else, in UTF-8.
fn surely_utf8(text: &str) -> bool {
    let mut wide = text.chars().filter(|c| !c.is_ascii()).peekable();
    wide.peek().is_some()
        && wide.all(is_chinese)
        && text.chars().filter(|c| !c.is_ascii()).count() >= 2
}

/// A Chinese character, or punctuation and letters of its width.
const fn is_chinese(c: char) -> bool {
    matches!(
        c,
        '\u{4E00}'..='\u{9FFF}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}'
    )
}
