//! The table of mistakes: what each is called, where it happens, what it means and what helps.

use serde::Serialize;

use super::StepName;

/// One line of the table for each mistake: name in Rust, name for programs, step, rarity, explanation, fix.
///
/// The order is the one in which they happen. Where two sets of the same size explain a signature, the one with the lower
/// sum of rarities is named, then the one that comes first.
macro_rules! table {
    ($($mistake:ident $name:literal $step:ident $rarity:literal $explanation:literal $fix:literal)*) => {
        /// A known way to get a signature wrong.
        ///
        /// ```
        /// use kraken_signer::inspect::Mistake;
        ///
        /// assert_eq!(Mistake::SecretAsText.description().name, "secret-as-text");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is described by its own explanation")]
        #[non_exhaustive]
        pub enum Mistake {
            $(#[doc = $explanation] $mistake,)*
        }

        impl Mistake {
            /// All mistakes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$mistake),*];

            /// What the table says about it.
            #[must_use]
            pub const fn description(self) -> Description {
                match self {
                    $(Self::$mistake => Description {
                        name: $name,
                        step: StepName::$step,
                        rarity: $rarity,
                        explanation: $explanation,
                        fix: $fix,
                    },)*
                }
            }
        }
    };
}

/// What is known of a mistake.
///
/// ```
/// use kraken_signer::inspect::{Description, descriptions};
///
/// let named = |name| move |mistake: &Description| mistake.name == name;
/// assert!(descriptions().any(|mistake| named("secret-as-text")(&mistake)));
/// ```
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Its name, for programs.
    pub name: &'static str,
    /// The value of the [explanation](super::Explanation) that it spoils first.
    pub step: StepName,
    /// From 1, made often, to 9.
    #[serde(skip)]
    pub(super) rarity: u8,
    /// What was done, in a sentence.
    pub explanation: &'static str,
    /// What to do instead, in a sentence.
    pub fix: &'static str,
}

/// The whole table.
///
/// ```
/// for mistake in kraken_signer::inspect::descriptions() {
///     println!("{}: {} {}", mistake.name, mistake.explanation, mistake.fix);
/// }
/// ```
pub fn descriptions() -> impl Iterator<Item = Description> {
    Mistake::ALL.iter().map(|mistake| mistake.description())
}

table! {
    SecretSwapped "key-and-secret-swapped" Secret 2
        "The API key was used in place of the private key."
        "Sign with the private key, and send the API key in the header."
    SecretCut "secret-cut" Secret 3
        "Characters of the private key were missing, at its beginning or end."
        "Copy the whole private key again, up to the = at its end."
    SecretWhiteSpace "secret-white-space" Secret 2
        "White space around or inside the private key changed the HMAC key."
        "Trim the private key: line breaks come along with files, blanks with copying."
    SecretPlusLost "secret-plus-lost" Secret 3
        "Every + of the private key was lost: it became a blank, as in a URL or a form."
        "Keep the private key out of URLs and forms, or percent-encode it there."
    SecretUrlSafe "secret-url-safe" Secret 3
        "The private key was read in the wrong one of the two base64 alphabets, so that + and / became - and _, or were lost."
        "Decode the private key with the standard alphabet, which has + and /."
    SecretBytesAsText "secret-bytes-as-text" Secret 2
        "The private key was decoded, and its bytes then treated as text and encoded again."
        "Keep the decoded private key as bytes, from decoding to the HMAC."
    SecretAsText "secret-as-text" Secret 1
        "The private key was used as text: its base64 characters were the HMAC key."
        "Decode the private key from base64, and use the bytes as the HMAC key."
    NonceDiffers "nonce-differs" Nonce 1
        "Another nonce was signed than the one that was sent."
        "Take the nonce once per request, and use it in all places."
    NonceUnit "nonce-unit" Nonce 2
        "The nonce was signed in another unit than it was sent in: seconds, milliseconds, microseconds or finer."
        "Take the nonce once per request, as text, and use that text in all places."
    NonceNumber "nonce-as-number" Nonce 3
        "The nonce went through a floating-point number and was signed with a fraction, an exponent, or rounded."
        "Keep the nonce as an integer or as text; beyond 2^53 floating-point numbers lose its last digits."
    NonceQuoted "nonce-quoted" Nonce 4
        "The nonce was hashed with quotation marks or with its name."
        "Put the bare digits of the nonce before the body."
    NonceTakenTwice "nonce-taken-twice" Nonce 4
        "The nonce was made twice: the one that was signed is a few counts away from the one that was sent."
        "Take the nonce once per request, and use it in all places."
    BodyMissing "body-missing" Body 2
        "The body was not hashed at all."
        "Hash the whole body, exactly as it is sent."
    ParametersMissing "parameters-missing" Body 2
        "Only the nonce of the body was hashed, not the other parameters."
        "Hash the whole body, exactly as it is sent."
    OtpAfterSigning "otp-added-after-signing" Body 1
        "The two-factor code was added to the body after it had been signed."
        "Add the parameter otp first, then sign the whole body."
    NonceNotInBody "nonce-not-in-body" Body 2
        "The body was hashed without its parameter nonce."
        "Put the nonce into the body first; then hash the nonce and the whole body after it."
    NonceAddedToBody "nonce-added-to-body" Body 3
        "A parameter nonce was hashed that is not in the body: here the nonce travels in a header."
        "Hash exactly the body that is sent."
    PostdataWrapped "postdata-wrapped" Body 1
        "The body has a parameter postdata, and only what is in it was signed."
        "Send the signed text itself as the body, not as a parameter of another form or JSON object."
    ParameterOrder "parameter-order" Body 1
        "The parameters were hashed in another order than they were sent in."
        "Encode the parameters once, sign that text, and send that text."
    JsonForForm "json-instead-of-form" Body 1
        "The parameters were hashed as JSON and sent as a form."
        "Encode the parameters once, sign that text, and send that text with the Content-Type that fits it."
    FormForJson "form-instead-of-json" Body 1
        "The parameters were hashed as a form and sent as JSON."
        "Encode the parameters once, sign that text, and send that text with the Content-Type that fits it."
    JsonNumbers "json-number-or-string" Body 2
        "A number was hashed as a JSON string, or a string as a JSON number: with quotation marks or without."
        "Encode the parameters once, sign that text, and send that text."
    JsonSpacing "json-spacing" Body 1
        "The JSON was hashed with other white space than it was sent with, as Python's json.dumps and JavaScript's JSON.stringify differ."
        "Encode the JSON once, sign that text, and send that text, not the object."
    JsonEscapes "json-escapes" Body 3
        "The JSON was hashed with other escapes: \\/ for a slash, or \\u for other characters."
        "Encode the JSON once, sign that text, and send that text, not the object."
    JsonTwice "json-encoded-twice" Body 3
        "The JSON was encoded a second time, as a string."
        "Encode the parameters once, sign that text, and send that text."
    ObjectAsText "object-as-text" Body 2
        "The parameters were not encoded: the text of the object itself was hashed, such as [object Object]."
        "Encode the parameters as a form or as JSON, sign that text, and send that text."
    BodyDecoded "body-decoded" Body 1
        "The body was hashed before it was percent-encoded."
        "Encode first: hash the text with its escapes, exactly as it is sent."
    SpaceEncoding "space-encoding" Body 1
        "Blanks were hashed as + and sent as %20, or the reverse."
        "Encode the parameters once, sign that text, and send that text."
    BodyEscapes "body-escapes" Body 2
        "Other characters were percent-encoded in what was hashed than in what was sent, or with other letters in the escapes."
        "Encode the parameters once, sign that text, and send that text."
    BodyEncodedTwice "body-encoded-twice" Body 3
        "The body was percent-encoded once more before it was hashed."
        "Encode the parameters once, sign that text, and send that text."
    QuestionMark "leading-question-mark" Body 2
        "A ? was hashed before the parameters."
        "Hash the query without its ?."
    TrailingNewline "trailing-newline" Body 1
        "A line break was hashed after the body."
        "Hash the body without a line break at its end; in a shell, with printf %s in place of echo."
    Utf16 "utf-16" Hashed 3
        "Text was encoded as UTF-16, with two bytes for each character."
        "Encode text as UTF-8 before it is hashed."
    Latin1 "latin-1" Hashed 3
        "Text was encoded as Latin-1, which writes letters with accents in one byte."
        "Encode text as UTF-8 before it is hashed."
    PathShortened "path-shortened" Path 2
        "Only the end of the path was signed."
        "Sign the path as it stands in the URL: from /0/ on (Spot), from /api/ on (Futures)."
    PathVersion "path-without-version" Path 1
        "The path was signed without the /0 before /private."
        "Sign the path from /0/ on: /0/private/Balance."
    PathWithoutQuery "path-without-query" Path 1
        "The path was signed without its query."
        "Sign the path with its ? and everything behind it, as it stands in the URL."
    PathWithQuery "path-with-query" Path 2
        "A query was signed with the path that does not belong there."
        "Sign the query as postData (Futures), or send it in the URL if it is signed with the path (Spot)."
    PathCase "path-case" Path 2
        "The path was signed in other upper and lower case."
        "Sign the path exactly as it stands in the URL."
    PathTrailingSlash "path-trailing-slash" Path 2
        "The path was signed with a / at its end, or without one that was sent."
        "Sign the path exactly as it stands in the URL."
    PathDerivatives "path-with-derivatives" Path 1
        "The path was signed with /derivatives before it."
        "Leave /derivatives out of what is signed: /api/v3/sendorder."
    PathWithoutSlash "path-without-slash" Path 2
        "The path was signed without the / at its beginning."
        "Sign the path with the / at its beginning."
    PathWithHost "path-with-host" Path 1
        "The whole URL was signed, or the host with the path."
        "Sign the path alone, without https:// and host."
    PathWithMethod "path-with-method" Path 3
        "The HTTP method was signed with the path."
        "Sign the path alone: Kraken does not sign the method."
    NonceMissing "nonce-missing" Hashed 1
        "The nonce was not hashed with the body."
        "Hash nonce ‖ body (Spot): the nonce in decimal, directly followed by the body that has it again; or postData ‖ nonce ‖ path (Futures)."
    HashOrder "hash-order" Hashed 2
        "What is hashed was put together in the wrong order."
        "Hash nonce ‖ body (Spot), or postData ‖ nonce ‖ path (Futures), with nothing in between."
    PathInHash "path-in-hash" Hashed 3
        "The path was put into the hash with nonce and body."
        "Hash nonce ‖ body alone, and put the path before the digest."
    HashMissing "hash-missing" Digest 2
        "SHA-256 was left out: its input was signed in place of its digest."
        "Apply SHA-256 first; the HMAC takes its 32 bytes."
    SchemeOfSpot "scheme-of-spot" Hashed 2
        "This is the signature of Spot: path ‖ SHA256(nonce ‖ body)."
        "Futures signs SHA256(postData ‖ nonce ‖ path)."
    SchemeOfFutures "scheme-of-futures" Hashed 2
        "This is the signature of Futures: SHA256(body ‖ nonce ‖ path)."
        "Spot signs path ‖ SHA256(nonce ‖ body)."
    DigestSha512 "digest-sha512" Digest 2
        "The body was hashed with SHA-512 in place of SHA-256."
        "Use SHA-256 for the digest, and SHA-512 for the HMAC only."
    DigestTwice "digest-twice" Digest 4
        "SHA-256 was applied twice."
        "Apply SHA-256 once."
    DigestAsHex "digest-as-hex" Digest 1
        "The SHA-256 digest was signed as hexadecimal text."
        "Sign the 32 bytes of the digest, not their hexadecimal digits."
    DigestAsBase64 "digest-as-base64" Digest 2
        "The SHA-256 digest was signed as base64 text."
        "Sign the 32 bytes of the digest, not their base64 characters."
    DigestAsText "digest-as-text" Digest 2
        "The bytes of the SHA-256 digest were treated as text and encoded again."
        "Keep the digest as bytes: join path and digest as bytes, not as strings."
    PathMissing "path-missing" Message 2
        "The path was not signed."
        "Put the path before the digest (Spot), or after postData and nonce (Futures)."
    MessageOrder "path-after-digest" Message 2
        "The digest was put before the path."
        "Put the path first: path ‖ digest."
    MacSha256 "hmac-sha256" Mac 2
        "The signature was made with HMAC-SHA256."
        "Use HMAC-SHA512; only the digest of the body is SHA-256."
    MacSwapped "hmac-arguments-swapped" Mac 3
        "The HMAC was given its arguments in the wrong order: the message was its key."
        "Give the HMAC the private key as key, and path ‖ digest (Spot) or the digest (Futures) as message."
    MacPlain "hash-instead-of-hmac" Mac 3
        "Plain SHA-512 was used in place of HMAC-SHA512."
        "Use HMAC-SHA512, with the private key as its key."
    OutputBytesAsText "output-bytes-as-text" Signature 3
        "The bytes of the HMAC were treated as text and encoded again before base64."
        "Give the 64 bytes of the HMAC to base64 as they are."
    OutputHex "output-hex" Signature 1
        "The signature was written in hexadecimal."
        "Write the 64 bytes of the HMAC in base64."
    OutputBase64OfHex "output-base64-of-hex" Signature 1
        "The signature is base64 of the HMAC's hexadecimal digits."
        "Write the 64 bytes of the HMAC in base64, not their hexadecimal digits."
    OutputBase64Twice "output-base64-twice" Signature 3
        "The signature was written in base64 twice."
        "Write the 64 bytes of the HMAC in base64 once."
    OutputUrlSafe "output-url-safe" Signature 2
        "The signature was written in the URL-safe base64 alphabet."
        "Write the signature in the standard alphabet, with + and / and with = at its end."
    OutputUnpadded "output-unpadded" Signature 3
        "The signature lacks the = at its end."
        "Write the signature in base64 with padding: 88 characters."
    OutputPercentEncoded "output-percent-encoded" Signature 3
        "The signature was percent-encoded."
        "Send the signature in the header as it is: headers are not encoded."
    OutputQuoted "output-quoted" Signature 3
        "The signature has quotation marks around it, as when bytes are printed."
        "Send the bare 88 characters; in Python, decode() the bytes of base64."
    OutputWhiteSpace "output-white-space" Signature 2
        "The signature has white space around or inside it."
        "Write base64 in one line, without a line break at its end."
}

/// A few mistakes at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(u128);

impl Set {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn of(mistakes: &[Mistake]) -> Self {
        let mut bits = 0;
        let mut rest = mistakes;
        while let [first, others @ ..] = rest {
            bits |= 1 << *first as u32;
            rest = others;
        }
        Self(bits)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn has(self, mistake: Mistake) -> bool {
        self.0 & Self::of(&[mistake]).0 != 0
    }

    pub(super) const fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Mistake> {
        Mistake::ALL.iter().copied().filter(move |mistake| self.has(*mistake))
    }

    /// How unlikely, among sets of the same length; the order of the table decides between equals.
    pub(super) fn rarity(self) -> (u32, u128) {
        (self.iter().map(|mistake| u32::from(mistake.description().rarity)).sum(), self.0)
    }
}
