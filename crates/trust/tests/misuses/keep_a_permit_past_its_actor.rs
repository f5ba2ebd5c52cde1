//! A permit ends with its request.
mod firm;
use firm::*;

pub async fn misuse(access: &Access) -> Permit<'static, UpdateClient> {
    let actor = Actor::local_operator("root", Origin::default());
    access.authorize::<UpdateClient>(&actor, ()).await.unwrap()
}
