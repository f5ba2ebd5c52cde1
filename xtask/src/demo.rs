//! `cargo xtask demo`: from a fresh clone to a firm in the browser.

use crate::builds;
use crate::install::{self, Need};
use crate::shell::{self, Outcome};

/// Builds everything, then fills and serves `./heng-demo`; a second start continues it.
pub fn run(words: &[String]) -> Outcome {
    let port = port(words)?;
    install::ensure(&[Need::Node])?;
    let binary = builds::release()?;
    let listen = format!("127.0.0.1:{port}");
    println!("\n── demo firm in ./heng-demo (logins: heng-demo/logins.txt); Ctrl+C stops it");
    let program = binary.display().to_string();
    shell::run(&mut shell::command(
        &program,
        &["demo", "--data-dir", "./heng-demo", "--listen", &listen],
    ))
}

fn port(words: &[String]) -> Outcome<u16> {
    match words {
        [] => Ok(8420),
        [flag, number] if flag == "--port" => {
            number.parse().map_err(|_| format!("--port wants a number up to 65535, not {number}"))
        }
        _ => Err("usage: cargo xtask demo [--port N]".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_8420_unless_said() {
        assert_eq!(port(&[]), Ok(8420));
        assert_eq!(port(&["--port".to_owned(), "9000".to_owned()]), Ok(9000));
        assert!(port(&["--port".to_owned(), "many".to_owned()]).is_err());
        assert!(port(&["--prot".to_owned()]).is_err());
    }
}
