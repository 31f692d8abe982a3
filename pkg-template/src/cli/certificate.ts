// Makes a certificate for loopback. Node reads certificates but does not create them, and the package has no dependencies.
import { X509Certificate, createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A self-signed certificate and its key. */
export interface SelfSigned {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
  /** SHA-256 of the certificate, as programs show it: `AB:CD:…`. */
  readonly fingerprint: string;
}

/** The name of each certificate, by which it is recognized in a file. */
const NAME = "kraken-signer simulated exchange";

const DAY = 86_400_000;
/** Longer than any test, and shorter than the 398 days that some clients allow at most. */
const DAYS_VALID = 365;

/** Tags of DER (X.690). The two below belong to certificates (context-specific tags). */
const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, sequence: 0x30, set: 0x31 } as const;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** Object identifiers, encoded, in hexadecimal. */
const OID = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectKeyIdentifier: "551d0e",
  keyUsage: "551d0f",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  extKeyUsage: "551d25",
  serverAuth: "2b06010505070301",
} as const;

/** Encodes a value in DER: tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...parts);
const oid = (name: keyof typeof OID): Buffer => der(TAG.oid, Buffer.from(OID[name], "hex"));

/** Encodes a time: as UTCTime through 2049, as RFC 5280 requires, and as GeneralizedTime after that. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+Z|[-:T]/g, "") + "Z";
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

const named = (commonName: string): Buffer => sequence(der(TAG.set, sequence(oid("commonName"), der(TAG.utf8, Buffer.from(commonName)))));

function extension(name: keyof typeof OID, value: Uint8Array, isCritical = false): Buffer {
  return sequence(oid(name), ...(isCritical ? [der(TAG.boolean, Buffer.from([0xff]))] : []), der(TAG.octets, value));
}

/** Makes the extensions, which limit the certificate to TLS servers on loopback. It cannot sign other certificates. */
function extensions(publicKey: Uint8Array): Buffer {
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const digitalSignature = der(TAG.bits, Buffer.from([7, 0x80]));
  return der(
    EXTENSIONS,
    sequence(
      extension("basicConstraints", sequence(), true),
      extension("keyUsage", digitalSignature, true),
      extension("extKeyUsage", sequence(oid("serverAuth"))),
      extension("subjectAltName", names),
      extension("subjectKeyIdentifier", der(TAG.octets, createHash("sha1").update(publicKey).digest())),
    ),
  );
}

const pem = (data: Uint8Array): string => {
  const lines =
    Buffer.from(data)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
};

/** Makes a key (P-256) and a certificate for `localhost` and 127.0.0.1 (X.509, RFC 5280), valid from yesterday until a year from now. */
export function selfSigned(now = Date.now()): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const algorithm = sequence(oid("ecdsaWithSha256"));
  const name = named(NAME);
  // A serial number must be positive.
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const toBeSigned = sequence(
    der(VERSION, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    name,
    sequence(time(new Date(now - DAY)), time(new Date(now + DAYS_VALID * DAY))),
    name,
    spki,
    extensions(spki),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  const digest = createHash("sha256").update(certificate).digest("hex").toUpperCase();
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(certificate),
    fingerprint: digest.match(/../g)?.join(":") ?? "",
  };
}

/** Whether a file has a certificate of {@link selfSigned}, and nothing else, so that nothing is lost with it. */
export function isSelfSigned(text: string): boolean {
  try {
    return text.split("-----BEGIN ").length === 2 && new X509Certificate(text).subject === `CN=${NAME}`;
  } catch {
    return false;
  }
}
