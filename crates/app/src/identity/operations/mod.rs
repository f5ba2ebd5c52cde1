//! What happens here, one folder page for each kind: the gate, one's own account, people,
//! departments, one-time links, set-up.

pub(super) mod departments;
pub(super) mod explanation;
pub(super) mod gate;
pub(super) mod links;
pub(super) mod own;
pub(super) mod people;
pub(super) mod setup;
pub(super) mod staff;

use trust::access::{Actor, Origin};
use trust::vault::Place;
use values::UserId;

fn gate_of(origin: &Origin) -> Actor {
    Actor::part_of_heng("gate", origin.clone())
}

/// The gate letting somebody in: the record names the person.
fn gate_for(origin: &Origin, user: UserId, name: &str) -> Actor {
    Actor::part_for("gate", user, name, origin.clone())
}

/// Where the seed of a person's one-time codes is kept.
fn seed_place(user: &UserId) -> Place<'_> {
    Place { table: "account", column: "totp", row: user.as_bytes() }
}
