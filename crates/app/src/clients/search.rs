//! Finding clients by name: words of one and two characters, pinyin and its initials.

use pinyin::ToPinyin;
use sea_query::{Cond, Condition, Expr, ExprTrait, Query, SelectStatement, UnionType};
use trust::access::RowScope;
use trust::database::{Dialect, Value, Writer};
use trust::vault::Keyring;
use values::Result;

/// Syllables that one pinyin word spans; what is typed beyond them is checked on the row itself.
const SYLLABLES: usize = 4;
/// Characters of a name that are indexed.
const INDEXED: usize = 60;

/// What is indexed of a name: its words, and its pinyin for the second look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// Words, separated by blanks.
    pub tokens: String,
    /// Pinyin and initials of name and short name, to be looked at again with LIKE.
    pub pinyin: String,
}

/// The words and pinyin of a name and a short name.
#[must_use]
pub fn index(name: &str, short_name: Option<&str>) -> Indexed {
    let mut tokens: Vec<String> = Vec::new();
    let mut pinyin = String::new();
    for text in [Some(name), short_name].into_iter().flatten() {
        let letters: Vec<char> = letters(text).take(INDEXED).collect();
        for (at, letter) in letters.iter().enumerate() {
            let pair: String = letters.iter().skip(at).take(2).collect();
            tokens.push(if pair.is_empty() { letter.to_string() } else { pair });
        }
        let syllables: Vec<String> = letters.iter().map(|letter| syllable(*letter)).collect();
        let initials: Vec<char> = syllables.iter().filter_map(|s| s.chars().next()).collect();
        for at in 0..syllables.len() {
            tokens.push(syllables.iter().skip(at).take(SYLLABLES).cloned().collect());
            tokens.push(initials.iter().skip(at).take(8).collect());
        }
        pinyin.push_str(&syllables.concat());
        pinyin.push(' ');
        pinyin.extend(initials);
        pinyin.push(' ');
    }
    tokens.sort_unstable();
    tokens.dedup();
    Indexed { tokens: tokens.join(" "), pinyin: pinyin.trim_end().to_owned() }
}

/// Letters and digits, folded; brackets and blanks part nothing.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn syllable(letter: char) -> String {
    letter.to_pinyin().map_or_else(|| letter.to_string(), |p| p.plain().to_owned())
}

/// The words that a name must have for a text to be part of it; the last may go on.
fn wanted(text: &str) -> Vec<String> {
    let letters: Vec<char> = letters(text).collect();
    if letters.iter().any(|c| !c.is_ascii()) {
        if letters.len() < 2 {
            return vec![letters.iter().collect()];
        }
        return letters.windows(2).map(|pair| pair.iter().collect()).collect();
    }
    vec![letters.iter().take(8).collect()]
}

/// A query in the words of the index, each as a beginning.
fn matching(dialect: Dialect, text: &str) -> Option<String> {
    let words = wanted(text);
    if words.iter().any(String::is_empty) || words.is_empty() {
        return None;
    }
    Some(match dialect {
        Dialect::Sqlite => {
            words.iter().map(|w| format!("\"{w}\"*")).collect::<Vec<_>>().join(" AND ")
        }
        Dialect::Postgres => {
            words.iter().map(|w| format!("'{w}':*")).collect::<Vec<_>>().join(" & ")
        }
    })
}

/// The clients that a typed text may mean: part of a name, pinyin, a code, or a phone.
///
/// # Errors
/// Internal, should the index key be missing.
pub fn condition(
    dialect: Dialect,
    keyring: &Keyring,
    text: &str,
    confidential: Option<&RowScope>,
) -> Result<Condition> {
    let text = text.trim();
    let plain: String = letters(text).collect();
    let upper = text.to_uppercase();
    let mut ways = numbers(Cond::all().add(Expr::col(("client", "code")).eq(upper.clone())));
    let mut or = |way: Condition| {
        ways.union(UnionType::All, numbers(way));
    };
    if let Some(query) = matching(dialect, text) {
        let hits = match dialect {
            Dialect::Sqlite => Expr::cust_with_values(
                "client.number IN (SELECT rowid FROM client_search WHERE client_search MATCH ?)",
                [query],
            ),
            Dialect::Postgres => Expr::cust_with_values(
                "client.number IN (SELECT rowid FROM client_search \
                 WHERE tokens @@ CAST($1 AS TEXT)::tsquery)",
                [query],
            ),
        };
        let key = fiscal::names::compare_key(text);
        let again = Cond::any()
            .add(Expr::col(("client", "name_key")).like(format!("%{plain}%")))
            .add(Expr::col(("client", "name_key")).like(format!("%{}%", escaped(&key))))
            .add(Expr::col(("client", "name")).like(format!("%{}%", escaped(text))))
            .add(Expr::col(("client", "short_name")).like(format!("%{}%", escaped(text))))
            .add(Expr::col(("client", "pinyin")).like(format!("%{plain}%")));
        or(Cond::all().add(hits).add(again));
    }
    if plain.len() >= 4 && plain.chars().all(|c| c.is_ascii_alphanumeric()) {
        let last = format!("{upper}{}", char::MAX);
        or(Cond::all()
            .add(Expr::col(("client", "uscc")).gte(upper))
            .add(Expr::col(("client", "uscc")).lt(last)));
    }
    if let Some(scope) = confidential {
        for found in tokens(keyring, text, &plain)? {
            or(Cond::all().add(token(found)).add(scope.condition(("client", "id"))));
        }
    }
    Ok(Cond::all().add(Expr::col(("client", "number")).in_subquery(ways)))
}

/// The numbers of clients that are found in one way. Each way is a query of its own, so that each
/// has its index: alternatives in one condition would be tried on client after client.
fn numbers(way: Condition) -> SelectStatement {
    let mut found = Query::select();
    found
        .column(("client", "number"))
        .from("client")
        .and_where(Expr::col(("client", "merged_into")).is_null())
        .cond_where(way);
    found
}

/// The tokens that a typed text may have: of a phone, of its last four digits, of an account.
fn tokens(keyring: &Keyring, text: &str, plain: &str) -> Result<Vec<Vec<u8>>> {
    let digits = plain.chars().all(|c| c.is_ascii_digit());
    let mut found = Vec::new();
    if digits && plain.len() == 4 {
        found.push(keyring.token("tail", plain)?);
    }
    if let Ok(phone) = fiscal::phones::read(text) {
        found.push(keyring.token("phone", &phone.normalised)?);
    }
    if digits && plain.len() >= 6 {
        found.push(keyring.token("account", plain)?);
    }
    Ok(found)
}

/// Whether a typed text asks for something sealed.
#[must_use]
pub fn asks_for_sealed(text: &str) -> bool {
    let plain: String = letters(text).collect();
    plain.len() >= 4 && plain.chars().all(|c| c.is_ascii_digit())
        || fiscal::phones::read(text.trim()).is_ok()
}

fn token(token: Vec<u8>) -> Expr {
    let mut found = Query::select();
    found.column("client_id").from("client_token").and_where(Expr::col("token").eq(token));
    Expr::col(("client", "id")).in_subquery(found)
}

/// A text for LIKE without wildcards of its own.
fn escaped(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect()
}

/// Puts a client's words into the index, in place of those it had.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn put(writer: &mut Writer, number: i64, tokens: &str) -> Result<()> {
    let params: [Value; 2] = [number.into(), tokens.into()];
    match writer.dialect() {
        Dialect::Sqlite => {
            writer.execute("DELETE FROM client_search WHERE rowid = $1", &[number.into()]).await?;
            writer
                .execute("INSERT INTO client_search (rowid, tokens) VALUES ($1, $2)", &params)
                .await?;
        }
        Dialect::Postgres => {
            writer
                .execute(
                    "INSERT INTO client_search (rowid, tokens) \
                     VALUES ($1, array_to_tsvector(string_to_array($2, ' '))) \
                     ON CONFLICT (rowid) DO UPDATE SET tokens = excluded.tokens",
                    &params,
                )
                .await?;
        }
    }
    Ok(())
}

/// Puts the words of new clients into the index.
///
/// # Errors
/// Conflict when one of them is there already.
pub async fn add(writer: &mut Writer, words: &[(i64, String)]) -> Result<()> {
    if writer.dialect() == Dialect::Postgres {
        for (number, tokens) in words {
            put(writer, *number, tokens).await?;
        }
        return Ok(());
    }
    let rows: Vec<Vec<Value>> = words
        .iter()
        .map(|(number, tokens)| vec![(*number).into(), tokens.as_str().into()])
        .collect();
    writer.insert_many("client_search", &["rowid", "tokens"], &rows).await
}

/// Takes a client's words out of the index.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn remove(writer: &mut Writer, number: i64) -> Result<()> {
    writer.execute("DELETE FROM client_search WHERE rowid = $1", &[number.into()]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_indexed_by_pairs_pinyin_and_initials() {
        let indexed = index("示例青禾（北京）", None);
        let tokens: Vec<&str> = indexed.tokens.split(' ').collect();
        for token in ["示例", "青禾", "禾北", "京", "qinghebeijing", "qhbj"] {
            assert!(tokens.contains(&token), "{token} in {tokens:?}");
        }
        assert_eq!(indexed.pinyin, "shiliqinghebeijing slqhbj");
    }

    #[test]
    fn a_typed_text_becomes_words_of_the_index() {
        assert_eq!(matching(Dialect::Sqlite, "青禾商").unwrap(), "\"青禾\"* AND \"禾商\"*");
        assert_eq!(matching(Dialect::Postgres, "QHSM").unwrap(), "'qhsm':*");
        assert_eq!(matching(Dialect::Sqlite, "青").unwrap(), "\"青\"*");
        assert_eq!(matching(Dialect::Sqlite, "\" OR *"), Some("\"or\"*".into()));
        assert_eq!(matching(Dialect::Sqlite, "''"), None);
    }
}
