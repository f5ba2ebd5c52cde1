//! The misuses of the path stay impossible: each file of `tests/misuses` must be refused by the
//! compiler with just the errors of its `.stderr` file.
//!
//! Each is given to rustc alone, against the library that this test itself was linked with, so
//! nothing is built a second time. `MISUSES=overwrite` writes the `.stderr` files anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use tempfile::TempDir;

/// What a right use and every misuse have in common; it must compile.
#[cfg(test)]
const ALLOWED: &str = "tests/misuses/firm/mod.rs";

#[cfg(test)]
fn compile(library: &Path, source: &Path) -> (bool, String) {
    let out = TempDir::new().unwrap();
    let done = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--edition=2024", "--crate-type=lib", "--crate-name=misuse", "--emit=metadata"])
        .args(["--error-format=short", "--color=never", "-Awarnings"])
        .arg(format!("-Ldependency={}", library.parent().unwrap().display()))
        .arg(format!("--extern=trust={}", library.display()))
        .arg("--out-dir")
        .args([out.path(), source])
        .output()
        .unwrap();
    (done.status.success(), String::from_utf8(done.stderr).unwrap())
}

/// The library this test was linked with: the newest built one that can be used as it is.
#[cfg(test)]
fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let beside = std::fs::read_dir(test.parent().unwrap()).unwrap();
    let mut built: Vec<(SystemTime, PathBuf)> = beside
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rlib"))
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("libtrust-"))
        .map(|path| (path.metadata().unwrap().modified().unwrap(), path))
        .collect();
    built.sort();
    let mut said = String::new();
    while let Some((_, path)) = built.pop() {
        let (compiled, errors) = compile(&path, Path::new(ALLOWED));
        if compiled {
            return path;
        }
        said.push_str(&errors);
    }
    panic!("the right use does not compile:\n{said}");
}

#[test]
fn the_compiler_refuses_every_misuse_of_the_path() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/misuses");
    let library = library();
    let overwrite = std::env::var("MISUSES").is_ok_and(|value| value == "overwrite");
    let (mut misuses, mut wrong) = (0, String::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        misuses += 1;
        let name = path.file_name().unwrap();
        let (compiled, errors) = compile(&library, &Path::new("tests/misuses").join(name));
        let expected = path.with_extension("stderr");
        if overwrite {
            std::fs::write(&expected, &errors).unwrap();
        }
        let snapshot = std::fs::read_to_string(&expected).unwrap_or_default();
        if compiled || errors != snapshot {
            wrong.push_str(&format!("{name:?}: compiled {compiled}, said:\n{errors}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(misuses, 14);
}
