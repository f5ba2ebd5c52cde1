//! A PostgreSQL server of our own, in a temporary folder on a free port, gone when dropped.

use crate::install;
use crate::shell::{self, Outcome};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The running server.
pub struct Postgres {
    folder: PathBuf,
    server: Child,
    port: u16,
}

/// Who the server runs as: PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes a cluster and waits until it answers. Durability is off: these are tests.
    pub fn start() -> Outcome<Postgres> {
        let programs = install::postgres_programs().ok_or("PostgreSQL's initdb was not found")?;
        let account = if install::is_root() { Some(account("postgres")?) } else { None };
        let folder = std::env::temp_dir().join(format!("heng-postgres-{}", std::process::id()));
        make_folder(&folder, account)?;
        let cluster = folder.join("cluster").display().to_string();
        let made = run_as(account, &folder, &programs.join("initdb"))
            .args(["--pgdata", &cluster, "--username=heng", "--auth=trust", "--no-sync"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8"])
            .output()
            .map_err(|error| format!("initdb: {error}"))?;
        if !made.status.success() {
            drop(std::fs::remove_dir_all(&folder));
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim()));
        }
        let port = free_port()?;
        let log = std::fs::File::create(folder.join("log"))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let server = run_as(account, &folder, &programs.join("postgres"))
            .args(["-D", &cluster, "-p", &port.to_string(), "-h", "127.0.0.1"])
            .args(["-c", &format!("unix_socket_directories={}", folder.display())])
            .args(["-c", "fsync=off", "-c", "synchronous_commit=off"])
            .args(["-c", "full_page_writes=off", "-c", "max_connections=300"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("postgres: {error}"))?;
        let mut postgres = Postgres { folder, server, port };
        postgres.wait(&programs)?;
        Ok(postgres)
    }

    /// How the tests reach it.
    pub fn url(&self) -> String {
        format!("postgres://heng@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, programs: &Path) -> Outcome {
        let until = Instant::now() + Duration::from_secs(60);
        let port = self.port.to_string();
        while Instant::now() < until {
            if let Ok(Some(status)) = self.server.try_wait() {
                let log = shell::read(&self.folder.join("log")).unwrap_or_default();
                return Err(format!("postgres ended at once ({status}):\n{log}"));
            }
            let asked = Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port])
                .status();
            if asked.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = shell::read(&self.folder.join("log")).unwrap_or_default();
        Err(format!("postgres did not answer within 60 s:\n{log}"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it ends sessions and leaves no process behind.
        let id = self.server.id().to_string();
        let asked = Command::new("kill").args(["-INT", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(self.server.kill());
        }
        drop(self.server.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn run_as(account: Option<Account>, folder: &Path, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

fn account(name: &str) -> Outcome<Account> {
    let number = |flag: &str| {
        shell::output(&mut shell::command("id", &[flag, name]))
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| format!("there is no account {name} to run PostgreSQL as"))
    };
    Ok(Account { user: number("-u")?, group: number("-g")? })
}

fn make_folder(folder: &Path, account: Option<Account>) -> Outcome {
    drop(std::fs::remove_dir_all(folder));
    let owned = std::fs::create_dir(folder).and_then(|()| match account {
        Some(account) => std::os::unix::fs::chown(folder, Some(account.user), Some(account.group)),
        None => Ok(()),
    });
    owned.map_err(|error| format!("{}: {error}", folder.display()))
}

fn free_port() -> Outcome<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}
