//! FIX logon: signs the fields of the logon and a nonce in milliseconds, with the Futures scheme.
//!
//! Kraken's documentation defines the scheme in "FIX authentication": the signature is the `Password` (tag 554), and the
//! nonce goes into tag 5025.

use crate::{Error, Secret, Signature, message::Message, nonce::Decimal};

/// The byte that ends a FIX field.
const END: u8 = 1;

/// The signed fields of a logon.
///
/// ```
/// use kraken_signer::{Secret, fix::Logon};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let logon = Logon::new(1, "MY-DESK", "the API key");
/// let password = logon.sign(&secret, 1616492376594)?; // tag 554; the nonce goes into tag 5025
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logon<'a> {
    /// `MsgSeqNum` (34).
    pub msg_seq_num: u64,
    /// `SenderCompID` (49).
    pub sender_comp_id: &'a str,
    /// `TargetCompID` (56).
    pub target_comp_id: &'a str,
    /// `Username` (553): the API key.
    pub username: &'a str,
}

impl<'a> Logon<'a> {
    /// Creates a logon for trading, with the `TargetCompID` `KRAKEN-TRD`.
    #[must_use]
    pub const fn new(msg_seq_num: u64, sender_comp_id: &'a str, api_key: &'a str) -> Self {
        Self { msg_seq_num, sender_comp_id, target_comp_id: "KRAKEN-TRD", username: api_key }
    }

    /// Signs the logon. `nonce` is in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// Returns [`Error::FixField`] if a field is empty, or contains the byte 0x01, which would end it.
    pub fn sign(&self, secret: &Secret, nonce: u64) -> Result<Signature, Error> {
        let number = Decimal::from(self.msg_seq_num);
        let mut hash = Message::default();
        for (tag, value) in [
            ("35=", "A"),
            ("34=", number.as_str()),
            ("49=", self.sender_comp_id),
            ("56=", self.target_comp_id),
            ("553=", self.username),
        ] {
            if value.is_empty() || value.bytes().any(|byte| byte == END) {
                return Err(Error::FixField);
            }
            hash.update(tag.as_bytes());
            hash.update(value.as_bytes());
            hash.update(&[END]);
        }
        hash.update(Decimal::from(nonce).as_bytes());
        Ok(Signature::new(secret, &[], &mut hash))
    }
}

/// Signs a logon; see [`Logon::sign`].
///
/// ```
/// use kraken_signer::{Secret, fix};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let password = fix::sign_logon(&secret, &fix::Logon::new(1, "MY-DESK", "the API key"), 1616492376594)?;
/// # Ok::<(), kraken_signer::Error>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Logon::sign`].
pub fn sign_logon(secret: &Secret, logon: &Logon<'_>, nonce: u64) -> Result<Signature, Error> {
    logon.sign(secret, nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_fields_that_are_empty_or_contain_a_separator() {
        let secret: Secret = "AQEBAQE=".parse().unwrap();
        let logon = Logon::new(1, "ME", "key");
        assert!(logon.sign(&secret, 1).is_ok());
        for wrong in ["", "ME\u{1}56=X", "\u{1}"] {
            assert_eq!(Logon { sender_comp_id: wrong, ..logon }.sign(&secret, 1), Err(Error::FixField));
            assert_eq!(Logon { target_comp_id: wrong, ..logon }.sign(&secret, 1), Err(Error::FixField));
            assert_eq!(Logon { username: wrong, ..logon }.sign(&secret, 1), Err(Error::FixField));
        }
    }
}
