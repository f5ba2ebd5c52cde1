//! Running other programs, and where things lie.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What a chore gives back: nothing, or a sentence about what went wrong.
pub type Outcome<T = ()> = Result<T, String>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A command run in the workspace's folder.
pub fn command<S: AsRef<OsStr>>(program: &str, words: &[S]) -> Command {
    let mut command = Command::new(program);
    command.args(words).current_dir(root());
    command
}

/// Cargo itself, the one that runs us.
pub fn cargo(words: &[&str]) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(&program, words)
}

/// npm in a folder of the workspace.
pub fn npm(folder: &str, words: &[&str]) -> Command {
    let mut command = command("npm", words);
    command.current_dir(root().join(folder));
    command
}

/// How a person would type the command, from the workspace's folder.
pub fn spelled(command: &Command) -> String {
    let mut text = String::new();
    if let Some(folder) = command.get_current_dir()
        && let Ok(inside) = folder.strip_prefix(root())
        && !inside.as_os_str().is_empty()
    {
        text.push_str(&format!("cd {} && ", inside.display()));
    }
    for (key, value) in command.get_envs() {
        if let Some(value) = value {
            text.push_str(&format!("{}={} ", key.display(), value.display()));
        }
    }
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    text.push_str(&name.display().to_string());
    for word in command.get_args() {
        let word = word.display().to_string();
        let quote = if word.contains([' ', '(']) { "'" } else { "" };
        text.push_str(&format!(" {quote}{word}{quote}"));
    }
    text
}

/// Runs the command with our own input and output; anything but success is an error.
pub fn run(command: &mut Command) -> Outcome {
    let text = spelled(command);
    println!("$ {text}");
    let status = command.status().map_err(|error| format!("{text}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed ({status}): {text}")) }
}

/// What the command prints, or nothing when it fails or does not exist.
pub fn output(command: &mut Command) -> Option<String> {
    let done = command.output().ok()?;
    if !done.status.success() {
        return None;
    }
    Some(String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// Where a program lies on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs a piece of work under a title and says how long it took.
pub fn titled<T>(title: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("\n── {title}");
    let began = Instant::now();
    let outcome = work();
    let word = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("── {title}: {word} in {:.1} s", began.elapsed().as_secs_f64());
    outcome
}

/// Reads a file with its name in the error.
pub fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file with its name in the error, making its folder first.
pub fn write(path: &Path, text: &str) -> Outcome {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_spelled_as_typed() {
        let npm = npm("web", &["run", "build"]);
        assert_eq!(spelled(&npm), "cd web && npm run build");
        let mut cargo = command("/somewhere/cargo", &["fmt", "--check"]);
        cargo.env("TEST_DATABASE", "postgres");
        assert_eq!(spelled(&cargo), "TEST_DATABASE=postgres cargo fmt --check");
    }
}
