//! FIX logon: the Futures primitive over the logon's fields and a nonce in milliseconds.
//!
//! The rule is from Kraken's documentation, «FIX authentication»: the signature is the Password (554), the nonce stands in
//! tag 5025.

use crate::{ApiSign, Secret, futures};

/// Signs a logon.
///
/// `message` is `35=A␁34=<MsgSeqNum>␁49=<SenderCompID>␁56=KRAKEN-TRD␁553=<API key>␁`, where ␁ is the byte 1, also at the
/// end. `nonce` is in milliseconds since 1970.
#[must_use]
pub fn sign_logon(secret: &Secret, message: &str, nonce: u64) -> ApiSign {
    futures::sign(secret, "", message.as_bytes(), Some(nonce))
}
