//! A Rust file as the rules look at it: its text, and the same text without comments and strings.

/// One file.
pub struct Source {
    /// The path from the workspace's folder, with forward slashes.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// The text with comments and the insides of literals blanked, line for line.
    pub code: String,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// How many lines it takes, signature and closing brace included.
    pub lines: usize,
}

impl Source {
    /// Reads a text.
    pub fn new(path: &str, text: &str) -> Source {
        Source { path: path.replace('\\', "/"), text: text.to_owned(), code: blanked(text) }
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the file holds tests only.
    pub fn is_test(&self) -> bool {
        self.file_name() == "tests.rs"
            || self.file_name().ends_with("_tests.rs")
            || self.path.contains("/tests/")
            || self.path.starts_with("crates/testkit/")
    }

    /// The code's lines with their numbers, up to where the tests at the file's bottom begin.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut next = self.lines().skip(1);
        self.lines().take_while(move |(_, line)| {
            let after = next.next().map_or("", |(_, after)| after);
            line.trim() != "#[cfg(test)]" || !(after.starts_with("mod ") && after.ends_with('{'))
        })
    }

    /// The code's lines with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// All functions with a body.
    pub fn functions(&self) -> Vec<Function> {
        let chars: Vec<char> = self.code.chars().collect();
        let mut found = Vec::new();
        let mut line = 1;
        let mut at = 0;
        while at < chars.len() {
            if char_at(&chars, at) == '\n' {
                line += 1;
            }
            if starts_word(&chars, at, "fn")
                && let Some((name, end)) = function_end(&chars, at)
            {
                let span = chars.iter().take(end).skip(at).filter(|c| **c == '\n').count();
                found.push(Function { name, line, lines: span + 1 });
            }
            at += 1;
        }
        found
    }
}

fn char_at(chars: &[char], at: usize) -> char {
    chars.get(at).copied().unwrap_or('\0')
}

/// Whether a character can be part of a name.
pub fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn starts_word(chars: &[char], at: usize, word: &str) -> bool {
    let before = at.checked_sub(1).map_or('\0', |before| char_at(chars, before));
    let fits = word.chars().enumerate().all(|(index, c)| char_at(chars, at + index) == c);
    fits && !is_word(before) && !is_word(char_at(chars, at + word.len()))
}

/// The name of the function whose `fn` is at this place, and where its body ends.
fn function_end(chars: &[char], at: usize) -> Option<(String, usize)> {
    let mut at = at + 2;
    while char_at(chars, at).is_whitespace() {
        at += 1;
    }
    let name: String = chars.iter().skip(at).take_while(|letter| is_word(**letter)).collect();
    if name.is_empty() {
        return None;
    }
    let mut round = 0_i32;
    let mut curly = 0_i32;
    while at < chars.len() {
        match char_at(chars, at) {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 && curly == 0 => return None,
            '{' => curly += 1,
            '}' => {
                curly -= 1;
                if curly == 0 {
                    return Some((name, at));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The text with comments and the insides of literals turned to spaces, newlines kept.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        match end {
            Some(end) => {
                for letter in chars.iter().take(end).skip(at) {
                    code.push(if *letter == '\n' { '\n' } else { ' ' });
                }
                at = end;
            }
            None => {
                code.push(char_at(&chars, at));
                at += 1;
            }
        }
    }
    code
}

/// Where the comment or literal that begins here ends; nothing when none begins here.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map_or('\0', |before| char_at(chars, before));
    match (char_at(chars, at), char_at(chars, at + 1)) {
        ('/', '/') => {
            Some(chars.iter().skip(at).position(|c| *c == '\n').map_or(chars.len(), |n| at + n))
        }
        ('/', '*') => Some(block_end(chars, at)),
        ('"', _) => Some(string_end(chars, at + 1)),
        ('r', '"' | '#') if !is_word(before) || before == 'b' => raw_end(chars, at + 1),
        ('\'', '\\') => {
            let close = chars.iter().skip(at + 3).position(|c| *c == '\'')?;
            Some(at + 3 + close + 1)
        }
        ('\'', _) if char_at(chars, at + 2) == '\'' => Some(at + 3),
        _ => None,
    }
}

fn block_end(chars: &[char], at: usize) -> usize {
    let (mut at, mut depth) = (at, 0);
    while at < chars.len() {
        match (char_at(chars, at), char_at(chars, at + 1)) {
            ('/', '*') => (at, depth) = (at + 2, depth + 1),
            ('*', '/') => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string_end(chars: &[char], at: usize) -> usize {
    let mut at = at;
    while at < chars.len() {
        match char_at(chars, at) {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars.iter().skip(at).take_while(|letter| **letter == '#').count();
    if char_at(chars, at + hashes) != '"' {
        return None;
    }
    let mut at = at + hashes + 1;
    while at < chars.len() {
        let closed = char_at(chars, at) == '"'
            && chars.iter().skip(at + 1).take(hashes).filter(|c| **c == '#').count() == hashes;
        if closed {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    Some(chars.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_kept() {
        let text =
            "let a = \"fn x() {\"; // fn y\nlet b = r#\"\"}\"#; /* { /* } */ */ let c = '{';";
        let code = blanked(text);
        assert_eq!(code.chars().count(), text.chars().count());
        assert!(!code.contains('{') && !code.contains('}') && !code.contains("fn"));
        assert!(code.contains("let b =") && code.contains("let c ="));
    }

    #[test]
    fn lifetimes_are_no_characters() {
        assert_eq!(blanked("fn a<'a>(x: &'a str) {}"), "fn a<'a>(x: &'a str) {}");
        assert_eq!(blanked(r"let q = '\''; x"), "let q =     ; x");
    }

    #[test]
    fn functions_are_measured_from_signature_to_brace() {
        let text =
            "trait T {\n    fn no(&self);\n}\nfn yes(\n    a: [u8; 4],\n) {\n    if a {}\n}\n";
        let functions = Source::new("x.rs", text).functions();
        assert_eq!(functions, [Function { name: "yes".into(), line: 4, lines: 5 }]);
    }

    #[test]
    fn product_ends_where_the_tests_begin() {
        let text = "#[cfg(test)]\nmod far;\nfn a() {}\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(Source::new("x.rs", text).product_lines().count(), 3);
    }

    #[test]
    fn a_pointer_type_is_no_function() {
        assert!(Source::new("x.rs", "struct S { f: fn() -> u8 }").functions().is_empty());
    }
}
