//! `heng serve`: what it prints, what it answers, how it stops.

use crate::binary::{Folder, Server};

#[test]
fn a_new_store_is_set_up_through_a_link_on_loopback() {
    let folder = Folder::new();
    let server = Server::start(folder.path(), "s");
    let link = format!("http://{}/setup?token=", server.address);
    assert!(server.setup.starts_with(&link), "{}", server.setup);
    assert_eq!(server.get("/api/openapi.json").0, 200);
    assert_eq!(server.get("/api/overview").0, 401);
    assert_eq!(server.stop(), 0);
    folder.heng(&["audit", "verify", "--data-dir", "s"]).good();
}

#[test]
fn two_servers_never_share_a_store() {
    let folder = Folder::new();
    let server = Server::start(folder.path(), "s");
    let second = folder.heng(&["serve", "--data-dir", "s", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("serve.running"));
    assert_eq!(server.stop(), 0);
}

#[test]
fn an_address_that_is_none_and_half_a_certificate_are_misuse() {
    let folder = Folder::new();
    let listen = folder.heng(&["serve", "--data-dir", "s", "--listen", "nowhere"]);
    assert_eq!(listen.code, 2, "{}", listen.err);
    std::fs::write(folder.file("heng.toml"), "[server]\ntls_cert = \"c.pem\"\n").unwrap();
    let half = folder.heng(&["serve", "--data-dir", "s", "--listen", "127.0.0.1:0"]);
    assert_eq!(half.code, 2, "{}", half.err);
}
