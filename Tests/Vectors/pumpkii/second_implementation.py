#!/usr/bin/env python3
"""Second implementation of docs/protocol.md, written from the document and not from the Swift code.

It checks the files beside it that Swift made, and makes the one that Swift checks:

  second_implementation.py check            every own vector file against this implementation
  second_implementation.py make-xwing FILE  new X-Wing AES-256-GCM vectors (random ones)

Needs Python 3.11 and the package `cryptography` 48 or newer (ML-KEM-768); X-Wing and HPKE are put together by hand here.
"""
import hashlib
import hmac
import json
import pathlib
import secrets
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HERE = pathlib.Path(__file__).parent


def hkdf_extract(hash_name, salt, secret):
    size = hashlib.new(hash_name).digest_size
    return hmac.new(salt or bytes(size), secret, hash_name).digest()


def hkdf_expand(hash_name, key, info, count):
    output, block, number = b"", b"", 1
    while len(output) < count:
        block = hmac.new(key, block + info + bytes([number]), hash_name).digest()
        output += block
        number += 1
    return output[:count]


def hkdf512(secret, info, count):
    return hkdf_expand("sha512", hkdf_extract("sha512", b"", secret), info, count)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 beside X25519, combined by SHA3-256.

XWING_LABEL = b"\\.//^\\"


class XWingKey:
    def __init__(self, seed):
        expanded = hashlib.shake_256(seed).digest(96)
        self.mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self.x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.public = self.mlkem.public_key().public_bytes_raw() + self.x25519.public_key().public_bytes_raw()

    def decapsulate(self, enc):
        mlkem_secret = self.mlkem.decapsulate(enc[:1088])
        x25519_secret = self.x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
        return combine(mlkem_secret, x25519_secret, enc[1088:], self.public[1184:])


def combine(mlkem_secret, x25519_secret, enc_point, public_point):
    parts = mlkem_secret + x25519_secret + enc_point + public_point
    return hashlib.sha3_256(parts + XWING_LABEL).digest()


def xwing_encapsulate(public):
    mlkem_secret, mlkem_enc = MLKEM768PublicKey.from_public_bytes(public[:1184]).encapsulate()
    ephemeral = X25519PrivateKey.generate()
    point = ephemeral.public_key().public_bytes_raw()
    x25519_secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(public[1184:]))
    return combine(mlkem_secret, x25519_secret, point, public[1184:]), mlkem_enc + point


# HPKE (RFC 9180), base mode, HKDF-SHA256, AES-256-GCM.


def labeled_extract(suite_id, salt, label, secret):
    return hkdf_extract("sha256", salt, b"HPKE-v1" + suite_id + label + secret)


def labeled_expand(suite_id, key, label, info, count):
    return hkdf_expand("sha256", key, struct.pack(">H", count) + b"HPKE-v1" + suite_id + label + info, count)


def hpke_context(kem, shared, info):
    suite_id = b"HPKE" + struct.pack(">HHH", kem, 1, 2)
    context = b"\x00" + labeled_extract(suite_id, b"", b"psk_id_hash", b"")
    context += labeled_extract(suite_id, b"", b"info_hash", info)
    secret = labeled_extract(suite_id, shared, b"secret", b"")
    key = labeled_expand(suite_id, secret, b"key", context, 32)
    nonce = labeled_expand(suite_id, secret, b"base_nonce", context, 12)
    return AESGCM(key), nonce


def hpke_nonce(base, sequence):
    return bytes(a ^ b for a, b in zip(base, sequence.to_bytes(12, "big")))


def hpke_seal(kem, shared, info, messages):
    aead, base = hpke_context(kem, shared, info)
    return [aead.encrypt(hpke_nonce(base, n), pt, aad) for n, (aad, pt) in enumerate(messages)]


def hpke_open(kem, shared, info, messages):
    aead, base = hpke_context(kem, shared, info)
    return [aead.decrypt(hpke_nonce(base, n), ct, aad) for n, (aad, ct) in enumerate(messages)]


def dhkem_decapsulate(secret, enc):
    key = X25519PrivateKey.from_private_bytes(secret)
    public = key.public_key().public_bytes_raw()
    agreement = key.exchange(X25519PublicKey.from_public_bytes(enc))
    suite_id = b"KEM" + struct.pack(">H", 0x0020)
    extracted = labeled_extract(suite_id, b"", b"eae_prk", agreement)
    return labeled_expand(suite_id, extracted, b"shared_secret", enc + public, 32)


def make_xwing(path):
    entries = []
    for number in range(4):
        seed = secrets.token_bytes(32)
        key = XWingKey(seed)
        shared, enc = xwing_encapsulate(key.public)
        info = b"pumpkii/1 epoch-key\x00" + secrets.token_bytes(16 * number)
        messages = [(secrets.token_bytes(33), secrets.token_bytes(32)) for _ in range(4)]
        sealed = hpke_seal(0x647A, shared, info, messages)
        entries.append(
            {
                "name": f"info of {len(info)} bytes, four seals",
                "seed": seed.hex(),
                "public_key": key.public.hex(),
                "enc": enc.hex(),
                "shared_secret": shared.hex(),
                "info": info.hex(),
                "encryptions": [
                    {"aad": aad.hex(), "pt": pt.hex(), "ct": ct.hex()} for (aad, pt), ct in zip(messages, sealed)
                ],
            }
        )
    made_by = "second_implementation.py make-xwing: cryptography's ML-KEM-768 and X25519, X-Wing and HPKE by hand"
    path.write_text(json.dumps({"made_by": made_by, "entries": entries}, indent=1) + "\n")


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "make-xwing":
        make_xwing(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
