//! A server that is killed in the middle of writing loses nothing that it acknowledged.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::binary::{Folder, Server};

const CUTS: usize = 50;
const WRITERS: u64 = 4;

/// Asks for one account; its id, if the answer came.
fn write_one(socket: &Path, name: &str) -> Option<String> {
    let mut stream = UnixStream::connect(socket).ok()?;
    let asked = json!({ "verb": "add_user", "name": name, "display_name": name, "email": null });
    stream.write_all(format!("{asked}\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let answer: Value = serde_json::from_str(&answer).ok()?;
    let id = answer["id"].as_str();
    assert!(id.is_some(), "{answer}");
    id.map(str::to_owned)
}

#[test]
fn fifty_power_cuts_lose_no_acknowledged_write() {
    let folder = Folder::new();
    let socket = folder.file("s/heng.sock");
    let acknowledged = Mutex::new(BTreeSet::new());
    for cut in 0..CUTS {
        let server = Server::start(folder.path(), "s");
        let this_round = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (socket, acknowledged, this_round) = (&socket, &acknowledged, &this_round);
                scope.spawn(move || {
                    for number in 0.. {
                        let name = format!("p{cut}.{writer}.{number}");
                        let Some(id) = write_one(socket, &name) else { break };
                        acknowledged.lock().unwrap().insert(id);
                        this_round.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            // The cut falls while all of them are at it, each round a little later.
            let enough = WRITERS + u64::try_from(cut).unwrap() % 13;
            while this_round.load(Ordering::SeqCst) < enough {
                std::thread::yield_now();
            }
            server.kill();
        });
    }
    let found = folder.heng(&["audit", "verify", "--data-dir", "s", "--format", "json"]).good();
    assert_eq!(found.json()["ok"], true);
    let store = rusqlite::Connection::open(folder.file("s/heng.db")).unwrap();
    let mut statement = store.prepare("SELECT lower(hex(id)) FROM account").unwrap();
    let kept: BTreeSet<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= CUTS * 4);
    let lost: Vec<&String> =
        acknowledged.iter().filter(|id| !kept.contains(&id.replace('-', ""))).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let words = ["audit", "export", "--action", "user.create", "--data-dir", "s"];
    let exported = folder.heng(&words).good().out;
    for id in &acknowledged {
        assert!(exported.contains(&format!("user:{id}")), "{id} is not on record");
    }
}
