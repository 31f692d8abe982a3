//! The table of mistakes: the name, the step, an explanation and a fix of each.

use serde::Serialize;

use super::StepName;

/// Defines the mistakes, one row for each: name in Rust, name for programs, step, rarity, explanation, fix.
///
/// The rows are in the order in which the mistakes happen. If two sets of the same size explain a signature, the result is the
/// one with the lower sum of rarities, then the one that comes first.
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
        #[allow(missing_docs, reason = "the explanation of each is its documentation")]
        #[non_exhaustive]
        pub enum Mistake {
            $(#[doc = $explanation] $mistake,)*
        }

        impl Mistake {
            /// All mistakes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$mistake),*];

            /// Returns the name, the explanation and the fix of this mistake.
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

/// The description of a mistake.
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
    /// The name, for programs. It never changes.
    pub name: &'static str,
    /// The first step of the [explanation](super::Explanation) that the mistake changes.
    pub step: StepName,
    /// How rare the mistake is, from 1 (common) to 9.
    #[serde(skip)]
    pub(super) rarity: u8,
    /// What was done wrong, in a sentence.
    pub explanation: &'static str,
    /// What to do instead, in a sentence.
    pub fix: &'static str,
}

/// Returns the descriptions of all mistakes.
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
        "A part of the private key was missing, most often at its beginning or end: characters of its text, or decoded bytes."
        "Use the whole private key: all its characters, including the = at its end, and all bytes that they decode to."
    SecretMissing "secret-missing" Secret 3
        "There was no private key: the HMAC key was empty, or the text undefined, null or None, as a variable without a value is written."
        "Check the variable or setting that has the private key, and stop if it has no value. A decoder for hexadecimal, such as Buffer.from(secret, \"hex\") in Node, also makes an empty key of it: decode it as base64."
    SecretWhiteSpace "secret-white-space" Secret 2
        "White space around or inside the private key changed the HMAC key."
        "Remove white space from the private key. Files often end with a line break, and copying can add spaces."
    SecretPlusLost "secret-plus-lost" Secret 3
        "Every + in the private key was lost or became a space, as in a URL or a form."
        "Keep the private key out of URLs and forms, or percent-encode it there."
    SecretUrlSafe "secret-url-safe" Secret 3
        "The private key was read with the wrong base64 alphabet, so that + and / became - and _, or were lost."
        "Decode the private key with the standard alphabet, which has + and /."
    SecretAsHex "secret-as-hex" Secret 3
        "The private key was decoded, but the hexadecimal digits of its bytes were the HMAC key."
        "Decode the private key from base64, and use the bytes as the HMAC key, not their hexadecimal digits."
    SecretFromHex "secret-decoded-as-hex" Secret 4
        "The private key was decoded as hexadecimal, although it is base64. Most of its characters were lost or became other digits."
        "Decode the private key as base64."
    SecretTwice "secret-base64-twice" Secret 4
        "The private key was decoded or encoded as base64 once too often."
        "Decode the private key from base64 exactly once, and use the bytes as the HMAC key."
    SecretZeroByte "secret-cut-at-zero" Secret 4
        "The decoded private key was treated as a C string or shell variable, which cannot contain zero bytes: it ended at the first one, or lost them."
        "Pass the length of the decoded private key along with its bytes. In a shell, pass it as hexadecimal."
    SecretHashed "secret-hashed" Secret 4
        "The SHA-256 digest of the private key was the HMAC key."
        "Decode the private key from base64, and use the bytes as the HMAC key, without hashing them."
    SecretBytesAsText "secret-bytes-as-text" Secret 2
        "The private key was decoded, but its bytes were then treated as text and encoded again."
        "Keep the decoded private key as bytes, and pass the bytes to the HMAC."
    SecretAsText "secret-as-text" Secret 1
        "The private key was used as text: its base64 characters were the HMAC key."
        "Decode the private key from base64, and use the bytes as the HMAC key."
    NonceDiffers "nonce-differs" Nonce 1
        "The nonce that was signed is not the nonce that was sent."
        "Generate the nonce once per request, and use it everywhere."
    NonceUnit "nonce-unit" Nonce 2
        "The nonce was signed in a different unit than it was sent in, such as seconds, milliseconds or microseconds."
        "Generate the nonce once per request as text, and use that text everywhere."
    NonceNumber "nonce-as-number" Nonce 3
        "The nonce was converted to a floating-point number, and was signed rounded, with a fraction or with an exponent."
        "Keep the nonce as an integer or as text. Above 2^53, floating-point numbers lose its last digits."
    NonceNotation "nonce-notation" Nonce 4
        "The nonce was hashed in another notation than it was sent in: in hexadecimal, with separators between its digits, or with leading zeros."
        "Make the text of the nonce once, in plain decimal digits, and use it everywhere."
    NonceQuoted "nonce-quoted" Nonce 4
        "The nonce was hashed with quotation marks or with its name."
        "Put only the digits of the nonce before the body."
    NonceTakenTwice "nonce-taken-twice" Nonce 4
        "The nonce was generated twice: the one that was signed differs slightly from the one that was sent."
        "Generate the nonce once per request, and use it everywhere."
    BodyMissing "body-missing" Body 2
        "The body was not hashed."
        "Hash the whole body, exactly as it is sent."
    ParametersMissing "parameters-missing" Body 2
        "Only the nonce of the body was hashed, without the other parameters."
        "Hash the whole body, exactly as it is sent."
    OtpAfterSigning "otp-added-after-signing" Body 1
        "The two-factor code was added to the body after it had been signed."
        "Add the parameter otp first, then sign the whole body."
    OtpApart "otp-hashed-apart" Hashed 3
        "The two-factor code was hashed by itself, next to the nonce or after the body."
        "Hash nonce ‖ body, with nothing else. The two-factor code is a part of the body, as the parameter otp."
    NonceNotInBody "nonce-not-in-body" Body 2
        "The body was hashed without its parameter nonce."
        "Put the nonce into the body first, then hash the nonce followed by the whole body."
    ParametersAdded "parameters-added-after-signing" Body 3
        "The request has a parameter that was not signed: it was added after signing, by the program or its HTTP library."
        "Add all parameters first, then sign the text that is sent."
    FixFields "fix-fields" Body 2
        "Other fields of the FIX logon were hashed than those that Kraken expects, or the sequence number was another one."
        "Hash the fields 35, 34, 49, 56 and 553, in this order and with the values that are sent, and then the nonce, which is sent in field 5025."
    ParametersNotSent "parameters-not-sent" Body 4
        "A parameter was hashed that was not sent, such as one without a value, which the HTTP library left out."
        "Leave out parameters without a value yourself. Encode the others once, then sign and send that text."
    ParametersInQuery "parameters-in-query" Body 2
        "The parameters were hashed as the body, but sent in the query of the URL."
        "Send the parameters as the body of a POST request, and keep them out of the URL."
    NonceAddedToBody "nonce-added-to-body" Body 3
        "The body was hashed with a parameter nonce that was not sent, because the nonce is in a header."
        "Hash exactly the body that is sent."
    PostdataWrapped "postdata-wrapped" Body 1
        "The body has a parameter postdata or json, and only its value was signed."
        "Sign and send the same text: the whole body, with the names of its parameters. In a batch of Futures, json= is signed, too."
    ParameterNames "parameter-names-missing" Body 4
        "Only the values of the parameters were hashed, without their names."
        "Hash the whole body, with the names of its parameters, exactly as it is sent."
    ParameterOrder "parameter-order" Body 1
        "The parameters were hashed in a different order than they were sent in."
        "Encode the parameters once, then sign and send that text."
    JsonForForm "json-instead-of-form" Body 1
        "The parameters were hashed as JSON and sent as a form."
        "Encode the parameters once, then sign and send that text, with the matching Content-Type."
    FormForJson "form-instead-of-json" Body 1
        "The parameters were hashed as a form and sent as JSON."
        "Encode the parameters once, then sign and send that text, with the matching Content-Type."
    JsonNumbers "json-number-or-string" Body 2
        "A value was hashed as a JSON string and sent as a number, or the reverse."
        "Encode the parameters once, then sign and send that text."
    NumberFormat "number-format" Body 3
        "A number was hashed with other digits than it was sent with, such as 37500.0 and 37500, or 1e-05 and 0.00001."
        "Convert numbers to text once, then sign and send that text."
    NestedAsText "nested-as-text" Body 3
        "A list or an object among the parameters was hashed as other text than was sent, such as [object Object] or Python's text of it."
        "Encode lists and objects as JSON once, then sign and send that text."
    LiteralsAsText "literals-as-text" Body 2
        "A value true, false or null was hashed as other text than was sent, such as Python's True and None, or was left out."
        "Encode the parameters once, then sign and send that text. Write true, false and null as text yourself, in lowercase."
    LineEnds "line-ends" Body 1
        "Line breaks in the body were hashed as \\n and sent as \\r\\n, or the reverse."
        "Encode the body once, then sign and send that text. Keep line breaks out of values."
    JsonSpacing "json-spacing" Body 1
        "The JSON was hashed with different white space than it was sent with, as in Python's json.dumps and JavaScript's JSON.stringify."
        "Encode the JSON once, then sign and send that text, not the object."
    JsonEscapes "json-escapes" Body 3
        "The JSON was hashed with different escapes than it was sent with, such as \\/ for a slash or \\u for other characters."
        "Encode the JSON once, then sign and send that text, not the object."
    JsonTwice "json-encoded-twice" Body 3
        "The JSON was encoded a second time, as a JSON string."
        "Encode the parameters once, then sign and send that text."
    ObjectAsText "object-as-text" Body 2
        "The parameters were not encoded: the object was converted to text and hashed, such as [object Object]."
        "Encode the parameters as a form or as JSON, then sign and send that text."
    BodyQuoted "body-quoted" Body 3
        "The body was hashed in quotation marks, as when Python prints bytes: b'…'."
        "Hash the text or the bytes of the body themselves. In Python, do not put bytes into an f-string or into str()."
    BodyCharset "body-charset" Body 3
        "The body was hashed in another character encoding than it was sent in."
        "Encode the body as UTF-8 once, then sign and send those bytes."
    ParameterSeparator "parameter-separator" Body 3
        "The parameters were hashed with another separator than they were sent with, such as ? or &amp; instead of &, or with one too many or too few."
        "Separate the parameters of a form with &, then sign and send that text. Each field of a FIX logon ends with the byte 0x01, also the last one."
    BodyDecoded "body-decoded" Body 1
        "The body was hashed before it was percent-encoded."
        "Encode the body first, and hash it with its escapes, exactly as it is sent."
    SpaceEncoding "space-encoding" Body 1
        "Spaces were hashed as + and sent as %20, or the reverse."
        "Encode the parameters once, then sign and send that text."
    BodyEscapes "body-escapes" Body 2
        "The body was hashed with different percent-encoding than it was sent with: other characters were escaped, or the escapes differ in case."
        "Encode the parameters once, then sign and send that text."
    BodyEncodedTwice "body-encoded-twice" Body 3
        "The body was percent-encoded a second time before it was hashed."
        "Encode the parameters once, then sign and send that text."
    QuestionMark "leading-question-mark" Body 2
        "A ? was hashed before the parameters."
        "Hash the query without the ?."
    TrailingNewline "trailing-newline" Body 1
        "A line break was hashed after the body."
        "Hash the body without a line break at its end. In a shell, use printf %s instead of echo."
    Utf16 "utf-16" Hashed 3
        "Text was encoded as UTF-16, with two bytes per character."
        "Encode text as UTF-8 before it is hashed."
    Latin1 "latin-1" Hashed 3
        "Text was encoded as Latin-1, with one byte for an accented letter."
        "Encode text as UTF-8 before it is hashed."
    Ascii "ascii" Hashed 3
        "Text was encoded as ASCII, so that accented letters were lost or became ?."
        "Encode text as UTF-8 before it is hashed."
    PartsSeparated "parts-separated" Hashed 2
        "There was a character between the parts of the hashed text or of the message, such as ?, &, a space or a line break."
        "Join the parts with nothing in between."
    PathShortened "path-shortened" Path 2
        "Only a part of the path was signed, such as its end or its beginning."
        "Sign the path as it is in the URL, starting with /0/ (Spot) or /api/ (Futures), up to its end."
    PathPrefix "path-with-prefix" Path 2
        "The path was signed with what the proxy's own URL has before it."
        "Sign the path that Kraken receives, starting with /0/ (Spot) or /api/ (Futures)."
    PathVersion "path-without-version" Path 1
        "The path was signed without the /0 before /private."
        "Sign the path starting with /0, such as /0/private/Balance."
    PathOtherVersion "path-other-version" Path 2
        "The path was signed with a different version of the API than it was sent with."
        "Sign the path exactly as it is in the URL, with /0 (Spot) or /api/v3 (Futures)."
    PathOtherEndpoint "path-of-other-endpoint" Path 2
        "The path of a different endpoint was signed."
        "Sign the path of the URL that the request is sent to."
    QueryOrder "query-order" Path 2
        "The parameters of the query were signed in a different order than they were sent in."
        "Build the URL once, then sign and send that text."
    QueryEncoding "query-encoding" Path 2
        "The query was signed with different percent-encoding than it was sent with, such as + and %20 for a space."
        "Build the URL once, then sign and send that text."
    PathWithoutQuery "path-without-query" Path 1
        "The path was signed without its query."
        "Sign the path with the ? and everything after it, as it is in the URL (Spot), or hash the query before the body (Futures)."
    PathWithQuery "path-with-query" Path 2
        "The path was signed with a query that does not belong to it."
        "Sign the query as postData (Futures), or send it in the URL if it is signed with the path (Spot)."
    PathCase "path-case" Path 2
        "The path was signed with different uppercase and lowercase letters."
        "Sign the path exactly as it is in the URL."
    PathTrailingSlash "path-trailing-slash" Path 2
        "The path was signed with a / at its end, or without one that was sent."
        "Sign the path exactly as it is in the URL."
    PathDoubleSlash "path-double-slash" Path 2
        "The path was signed with two slashes in a row, or with fewer than were sent."
        "Sign the path exactly as it is in the URL. Join the base URL and the path with a single /."
    PathDerivatives "path-with-derivatives" Path 1
        "The path was signed with /derivatives before it."
        "Sign the path without /derivatives, such as /api/v3/sendorder."
    PathWithoutSlash "path-without-slash" Path 2
        "The path was signed without the / at its beginning."
        "Sign the path with the / at its beginning."
    PathWithHost "path-with-host" Path 1
        "The path was signed with the host, or as part of the whole URL."
        "Sign only the path, without https:// and the host."
    PathWithMethod "path-with-method" Path 3
        "The HTTP method was signed with the path."
        "Sign only the path. The method is not signed."
    NonceMissing "nonce-missing" Hashed 1
        "The nonce was not hashed with the body."
        "Hash nonce ‖ body (Spot), where the body also contains the nonce, or postData ‖ nonce ‖ path (Futures)."
    HashOrder "hash-order" Hashed 2
        "The parts of the hashed text were in the wrong order."
        "Hash nonce ‖ body (Spot), or postData ‖ nonce ‖ path (Futures), with nothing in between."
    PathInHash "path-in-hash" Hashed 3
        "The path was hashed together with the nonce and the body."
        "Hash only nonce ‖ body, and put the path before the digest."
    HashMissing "hash-missing" Digest 2
        "SHA-256 was left out: its input was signed instead of its digest."
        "Apply SHA-256 first, and pass its 32 bytes to the HMAC."
    SchemeOfSpot "scheme-of-spot" Hashed 2
        "The request was signed with the scheme of Spot: path ‖ SHA256(nonce ‖ body)."
        "Use the scheme of Futures: SHA256(postData ‖ nonce ‖ path)."
    SchemeOfFutures "scheme-of-futures" Hashed 2
        "The request was signed with the scheme of Futures: SHA256(body ‖ nonce ‖ path)."
        "Use the scheme of Spot: path ‖ SHA256(nonce ‖ body)."
    DigestSha512 "digest-sha512" Digest 2
        "The body was hashed with SHA-512 instead of SHA-256."
        "Use SHA-256 for the digest. SHA-512 is only for the HMAC."
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
        "Keep the digest as bytes, and join path and digest as bytes, not as strings."
    DigestAsNumbers "digest-as-numbers" Digest 3
        "The bytes of the SHA-256 digest were signed as decimal numbers, such as 18,-4,7 or [18, 252, 7]."
        "Keep the digest as bytes, and join path and digest as bytes, not as text."
    DigestAsObject "digest-as-object" Digest 3
        "The digest was not converted to bytes: the name of its type, or undefined, was signed, such as [object Promise] or System.Byte[]."
        "Wait for the digest (await), and join path and digest as bytes, not as text."
    DigestZeroByte "digest-cut-at-zero" Digest 4
        "The digest was treated as a C string or shell variable, which cannot contain zero bytes: it ended at the first one, or lost them."
        "Pass the length of the digest, 32, along with its bytes. In a shell, pass it through a pipe or a file."
    DigestOtherHash "digest-other-hash" Digest 4
        "The digest was made with SHA-1, SHA-224, SHA-384 or SHA-512/256 instead of SHA-256."
        "Use SHA-256 for the digest. SHA-512 is only for the HMAC."
    PathMissing "path-missing" Message 2
        "The path was not signed."
        "Put the path before the digest (Spot), or after postData and nonce (Futures)."
    MessageOrder "path-after-digest" Message 2
        "The digest was put before the path."
        "Put the path before the digest: path ‖ digest."
    MessageAsText "message-as-hex" Message 3
        "The whole message was signed as hexadecimal or base64 text."
        "Pass the bytes of path ‖ digest (Spot) or of the digest (Futures) to the HMAC."
    MacSha256 "hmac-sha256" Mac 2
        "The signature was made with HMAC-SHA256."
        "Use HMAC-SHA512. SHA-256 is only for the digest of the body."
    MacOtherHash "hmac-other-hash" Mac 4
        "The signature was made with HMAC-SHA1, HMAC-SHA224, HMAC-SHA384 or HMAC-MD5."
        "Use HMAC-SHA512."
    MacSwapped "hmac-arguments-swapped" Mac 3
        "The arguments of the HMAC were swapped: the message was used as the key."
        "Pass the private key as the key, and path ‖ digest (Spot) or the digest (Futures) as the message."
    MacPlain "hash-instead-of-hmac" Mac 3
        "Plain SHA-512 was used instead of HMAC-SHA512."
        "Use HMAC-SHA512 with the private key as the key."
    OutputBytesAsText "output-bytes-as-text" Signature 3
        "The bytes of the HMAC were treated as text and encoded again before base64."
        "Encode the 64 bytes of the HMAC directly as base64."
    OutputAsNumbers "output-as-numbers" Signature 3
        "The bytes of the HMAC were written as decimal numbers, such as 18,-4,7."
        "Encode the 64 bytes of the HMAC directly as base64."
    OutputAsObject "output-as-object" Signature 3
        "The signature contains the name of a type or no value, such as [object Promise] or undefined, instead of the HMAC."
        "Wait for the HMAC (await), take its 64 bytes, and encode them as base64."
    OutputHex "output-hex" Signature 1
        "The signature was encoded as hexadecimal."
        "Encode the 64 bytes of the HMAC as base64."
    OutputBase64OfHex "output-base64-of-hex" Signature 1
        "The hexadecimal digits of the HMAC were encoded as base64."
        "Encode the 64 bytes of the HMAC as base64, not their hexadecimal digits."
    OutputBase64Twice "output-base64-twice" Signature 3
        "The signature was encoded as base64 twice."
        "Encode the 64 bytes of the HMAC as base64 once."
    OutputCut "output-cut" Signature 2
        "Characters at the beginning or end of the signature are missing."
        "Send all 88 characters of the signature. Columns, buffers and C strings may cut it short."
    OutputPlusLost "output-plus-lost" Signature 2
        "Every + in the signature became a space, as in a URL or a form."
        "Send the signature in a header, and keep it out of URLs and forms."
    OutputUrlSafe "output-url-safe" Signature 2
        "The signature was encoded with the URL-safe base64 alphabet."
        "Use the standard alphabet, with + and /, and with = at the end."
    OutputUnpadded "output-unpadded" Signature 3
        "The signature is missing the = at its end."
        "Encode the signature as base64 with padding, which gives 88 characters."
    OutputPercentEncoded "output-percent-encoded" Signature 3
        "The signature was percent-encoded."
        "Send the signature in the header without encoding it."
    OutputPercentTwice "output-percent-encoded-twice" Signature 4
        "The signature was percent-encoded twice."
        "Send the signature in the header without encoding it."
    OutputQuoted "output-quoted" Signature 3
        "The signature is in quotation marks, as when bytes are printed."
        "Send only the 88 characters. In Python, call decode() on the base64 bytes."
    OutputWhiteSpace "output-white-space" Signature 2
        "The signature contains white space, or has white space around it."
        "Write base64 on one line, without a line break at its end."
}
