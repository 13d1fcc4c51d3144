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


# The encoding: big endian, lengths before what is variable.


def u8(value):
    return struct.pack(">B", value)


def u16(value):
    return struct.pack(">H", value)


def u32(value):
    return struct.pack(">I", value)


def u64(value):
    return struct.pack(">Q", value)


def text(value):
    return u8(len(value.encode())) + value.encode()


def entry_list(entries):
    return b"".join(u32(len(entry)) + entry for entry in entries)


class Fields:
    """Fields of one structure; a name gives its bytes, numbers stay numbers."""

    def __init__(self, values):
        self.values = values

    def __getattr__(self, name):
        value = self.values[name]
        return bytes.fromhex(value) if isinstance(value, str) else value

    def text(self, name):
        return text(self.values[name])

    def has(self, name):
        return name in self.values


def account_client(values):
    client = Fields(values)
    return client.key + u8(client.kind)


def account_recovery(values):
    recovery = Fields(values)
    return recovery.signing + u8(recovery.suite) + recovery.sealing


def account_entry(f):
    body = u32(f.version) + f.previous + u64(f.time)
    change = f.values["change"]
    if change == "genesis":
        return body + u8(1) + account_client(f.client) + account_recovery(f.recovery)
    if change == "add":
        return body + u8(2) + account_client(f.client)
    if change == "remove":
        return body + u8(3) + f.client_id
    clients = b"".join(account_client(client) for client in f.clients)
    return body + u8(4) + u8(len(f.clients)) + clients + account_recovery(f.recovery)


def sealing_key(f):
    return f.account + f.client + u32(f.counter) + u64(f.time) + u8(f.suite) + f.public_key


def roster_genesis(f):
    owner = f.owner + u32(f.owner_version) + f.owner_head
    return f.device + f.device_key + owner + u64(f.policy_version) + f.policy_hash


def roster_operation(f):
    body = f.device + f.client + f.account + u32(f.account_version) + f.account_head + f.roster_hash + f.nonce
    change = f.values["change"]
    if change == "grant":
        terms = u8(f.classes) + u8(f.scope) + u8(int(f.control)) + u64(f.values["from"]) + u64(f.until) + u32(f.lease)
        return body + u8(1) + f.target + u32(f.version) + f.head + terms
    if change == "revoke":
        return body + u8(4) + f.hash
    if change == "narrow":
        return body + u8(5) + f.text("flag")
    if change == "set-policy":
        return body + u8(6) + u64(f.version) + f.hash
    if change == "add-owner":
        return body + u8(7) + f.target + u32(f.version) + f.head
    return body + u8(8) + f.target


def policy(f):
    body = f.device + u64(f.version) + u64(f.time) + f.account + f.client + u16(len(f.settings))
    body += b"".join(text(setting["flag"]) + u8(int(setting["allow"])) for setting in f.settings)
    return body + policy_conditions(f)


def policy_conditions(f):
    """What follows the flags: nothing, or a count and each kind there is, ascending."""
    blocks = []
    if f.has("windows"):
        windows = [
            u8(w["days"]) + u16(w["from"]) + u16(w["to"]) + u8(len(w["flags"])) + b"".join(map(text, w["flags"]))
            for w in f.windows
        ]
        blocks.append((1, f.text("zone") + u8(len(windows)) + b"".join(windows)))
    if f.has("devices"):
        devices = [u8(d["sensor"]) + bytes.fromhex(d["fingerprint"]) for d in f.devices]
        blocks.append((2, b"".join(devices)))
    if f.has("paused"):
        blocks.append((3, b""))
    if not blocks:
        return b""
    return u8(len(blocks)) + b"".join(u8(kind) + u16(len(body)) + body for kind, body in blocks)


class Reader:
    """Takes fields from bytes; what is missing or left over is an error."""

    def __init__(self, data):
        self.data = data

    def take(self, count):
        if count > len(self.data):
            raise ValueError("truncated")
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def number(self, width):
        return int.from_bytes(self.take(width), "big")

    def text(self):
        return self.take(self.number(1)).decode()

    def end(self):
        if self.data:
            raise ValueError("trailing bytes")


def ascending(values):
    if any(left >= right for left, right in zip(values, values[1:])):
        raise ValueError("order")
    return values


def read_window(r):
    window = {"days": r.number(1), "from": r.number(2), "to": r.number(2)}
    window["flags"] = ascending([r.text() for _ in range(r.number(1))])
    if not 0 < window["days"] < 128 or window["from"] > 1439 or window["to"] > 1440 or not window["flags"]:
        raise ValueError("window")
    return window


def read_condition(kind, r, found):
    if kind == 1:
        found["zone"] = r.text()
        found["windows"] = [read_window(r) for _ in range(r.number(1))]
        if not found["zone"] or not 0 < len(found["windows"]) <= 64:
            raise ValueError("schedule")
    elif kind == 2:
        found["devices"] = []
        while r.data or not found["devices"]:
            found["devices"].append({"sensor": r.number(1), "fingerprint": r.take(32).hex()})
        ascending([device["sensor"] for device in found["devices"]])
        if not {device["sensor"] for device in found["devices"]} <= {1, 2}:
            raise ValueError("sensor")
    elif kind == 3:
        found["paused"] = True
    else:
        raise ValueError("unknown condition")


def read_policy(body):
    """The fields of a policy's bytes, as its vector has them."""
    r = Reader(body)
    found = {"device": r.take(16).hex(), "version": r.number(8), "time": r.number(8)}
    found |= {"account": r.take(32).hex(), "client": r.take(16).hex()}
    settings = [(r.text(), r.number(1)) for _ in range(r.number(2))]
    ascending([flag for flag, _ in settings])
    found["settings"] = [{"flag": flag, "allow": bool(allow)} for flag, allow in settings]
    if r.data:
        last, count = 0, r.number(1)
        if count == 0:
            raise ValueError("empty conditions")
        for _ in range(count):
            kind = r.number(1)
            ascending([last, kind])
            last, inner = kind, Reader(r.take(r.number(2)))
            read_condition(kind, inner, found)
            inner.end()
    r.end()
    return found


def account_policy(f):
    body = b"account policy/1" + f.account + f.client + u64(f.version) + u64(f.time) + u16(len(f.settings))
    body += b"".join(text(setting["flag"]) + u8(int(setting["allow"])) for setting in f.settings)
    texts = b"".join(u8(item["kind"]) + u64(item["version"]) + bytes.fromhex(item["hash"]) for item in f.texts)
    return body + u8(len(f.texts)) + texts


def disclosure(f):
    body = b"disclose consent" + u8(f.kind) + f.account + f.client + u64(f.number) + u64(f.time) + u64(f.until)
    return body + f.text("recipient") + u8(f.purpose) + u8(len(f.fields)) + bytes(f.fields)


def login(f):
    relay = u8(1) + f.text("origin") if f.has("origin") else u8(2) + f.pin
    return relay + f.key_id + f.challenge


def command(f):
    return f.device + f.client + u64(f.counter) + u64(f.not_after) + u8(f.kind)


def pairing_answer(f):
    chain = entry_list([bytes.fromhex(entry) for entry in f.chain])
    keys = entry_list([bytes.fromhex(entry) for entry in f.sealing_keys])
    return u32(len(chain)) + chain + u32(len(keys)) + keys + f.client_key + f.nonce + f.mac


def beacon(f):
    body = u8(4) + f.device + f.epoch_uid + f.boot_nonce + u64(f.counter) + u64(f.time) + u8(f.camera) + u8(f.microphone)
    positions = [u8(p["track"]) + u32(p["segment"]) + u32(p["next"]) for p in f.positions]
    return body + u8(len(positions)) + b"".join(positions) + u64(f.highest_clip) + f.challenge


def nonce_path(f):
    hashes = [bytes.fromhex(entry) for entry in f.hashes]
    return f.nonce + u32(f.size) + u32(f.index) + u8(len(hashes)) + b"".join(hashes)


def clip(f):
    epochs = [u32(e["number"]) + bytes.fromhex(e["uid"]) for e in f.epochs]
    ranges = [u64(r["first_kid"]) + u32(r["first_index"]) + u64(r["last_kid"]) + u32(r["last_index"]) for r in f.ranges]
    body = u8(5) + f.device + u64(f.number) + u8(f.ending) + u16(len(epochs)) + b"".join(epochs)
    return body + u16(len(ranges)) + b"".join(ranges)


def sealed_person(values):
    p = Fields(values)
    return p.row + p.nonce + p.sealed


def consent(f):
    body = u8(f.act) + u8(f.origin) + u8(len(f.settings))
    body += b"".join(text(setting["flag"]) + u8(int(setting["allow"])) for setting in f.settings)
    body += u64(f.policy_version) + f.policy_hash + f.text("text_version") + f.text_hash
    return body + (u8(1) + sealed_person(f.values["person"]) if f.has("person") else u8(0))


def denials(f):
    rows = [text(row["flag"]) + text(row["point"]) + text(row["layer"]) + u64(row["count"]) for row in f.rows]
    return u64(f.since) + u8(len(rows)) + b"".join(rows)


def plain_record(f):
    """What has a person, a clip's number or only small numbers, in this order."""
    body = sealed_person(f.values["person"]) if f.has("person") else b""
    body += u64(f.clip) if f.has("clip") else b""
    return body + b"".join(u8(value) for value in f.values.get("values", []))


RECORDS = {
    1: consent,
    2: lambda f: f.row,
    3: lambda f: u32(f.bytes) + f.hash,
    4: lambda f: u64(f.through) + f.head,
    11: denials,
    17: lambda f: f.text("output"),
    19: lambda f: u32(f.entries),
}


def ledger_entry(f):
    head = u8(f.ledger) + f.device + u64(f.number) + f.previous + u64(f.time) + u8(f.kind)
    return head + RECORDS.get(f.kind, plain_record)(f)


def counter(f):
    accounts = f.values.get("accounts", [])
    body = u8(5 if accounts else 3) + f.device + u64(f.policy_version) + f.policy_hash + u64(f.roster_version)
    body += u64(f.consent) + f.consent_hash + u64(f.decisions) + f.decisions_hash + u64(f.clip)
    if not accounts:
        return body
    return body + u8(len(accounts)) + b"".join(anchored_account(Fields(account)) for account in accounts)


def anchored_account(f):
    return f.account + u32(f.chain_version) + f.chain_head + u64(f.policy_version) + f.policy_hash


STRUCTURES = {
    "account-entry": account_entry,
    "sealing-key": sealing_key,
    "roster-genesis": roster_genesis,
    "roster-operation": roster_operation,
    "policy": policy,
    "account-policy": account_policy,
    "disclosure": disclosure,
    "login": login,
    "command": command,
    "ledger-entry": ledger_entry,
    "counter": counter,
    "pairing-offer": lambda f: f.device_key + f.nonce,
    "pairing-answer": pairing_answer,
    "pairing-confirmation": lambda f: f.mac + u16(len(f.genesis)) + f.genesis,
    "beacon": beacon,
    "nonce-path": nonce_path,
    "clip": clip,
    "pairing-done": lambda f: text("paired") + f.device + f.roster_hash,
}


def signed_message(label, body):
    return b"pumpkii/1 " + label.encode() + b"\x00" + body


def verify(key, signature, label, body):
    Ed25519PublicKey.from_public_bytes(key).verify(signature, signed_message(label, body))


def load(name):
    return json.loads((HERE / name).read_text())


def same(left, right, what):
    if left != right:
        sys.exit(f"{what}: {left!r} is not {right!r}")


def check_ledgers():
    return check_structures("ledgers.json")


def check_structures(name="structures.json"):
    vectors = load(name)
    for vector in vectors:
        body = STRUCTURES[vector["structure"]](Fields(vector["fields"]))
        same(body.hex(), vector["body"], vector["name"])
        if vector["structure"] == "policy":
            same(read_policy(bytes.fromhex(vector["body"])), vector["fields"], vector["name"])
        signers = [(bytes.fromhex(s["key"]), bytes.fromhex(s["signature"])) for s in vector.get("signers", [])]
        for key, signature in signers:
            verify(key, signature, vector["label"], body)
        if vector["structure"] == "account-entry":
            whole = u16(len(body)) + body + u8(len(signers)) + b"".join(key + sig for key, sig in signers)
        else:
            whole = body + b"".join(signature for _, signature in signers)
        same(whole.hex(), vector["bytes"], vector["name"])
    return len(vectors)


def check_items():
    items = load("items.json")
    for item in items:
        body = bytes.fromhex(item["body"])
        same((u8(1) + u8(item["type"]) + u16(0) + u32(len(body)) + body).hex(), item["bytes"], "item")
    return len(items)


# The tree over viewers' nonces: RFC 9162 2.1.1 and 2.1.3.1, by their recursive definitions.


def tree_split(count):
    return 1 << (count - 1).bit_length() - 1


def tree_root(leaves):
    if len(leaves) < 2:
        return sha256(b"\x00", leaves[0]) if leaves else sha256()
    split = tree_split(len(leaves))
    return sha256(b"\x01", tree_root(leaves[:split]), tree_root(leaves[split:]))


def tree_path(index, leaves):
    if len(leaves) < 2:
        return []
    split = tree_split(len(leaves))
    if index < split:
        return tree_path(index, leaves[:split]) + [tree_root(leaves[split:])]
    return tree_path(index - split, leaves[split:]) + [tree_root(leaves[:split])]


def check_challenges():
    vectors = load("challenges.json")
    for vector in vectors:
        leaves = [bytes.fromhex(nonce) for nonce in vector["nonces"]]
        same(tree_root(leaves).hex(), vector["root"], "root")
        for index, path in enumerate(vector["paths"]):
            same([one.hex() for one in tree_path(index, leaves)], path, f"path of {index} in {len(leaves)}")
    return len(vectors)


# Media: SFrame (RFC 9605) suite 5 and the object around it.


def sframe_number(value):
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def sframe_header(kid, counter):
    config, tail = 0, b""
    for value, shift in ((kid, 4), (counter, 0)):
        if value < 8:
            config |= value << shift
        else:
            raw = sframe_number(value)
            config |= (8 | len(raw) - 1) << shift
            tail += raw
    return u8(config) + tail


def sframe_keys(base, kid):
    secret = hkdf_extract("sha512", b"", base)
    key = hkdf_expand("sha512", secret, b"SFrame 1.0 Secret key " + u64(kid) + u16(5), 32)
    salt = hkdf_expand("sha512", secret, b"SFrame 1.0 Secret salt " + u64(kid) + u16(5), 12)
    return key, salt


def padme(count):
    if count < 2:
        return count
    exponent = count.bit_length() - 1
    mask = (1 << max(0, exponent - exponent.bit_length())) - 1
    return count + mask & ~mask


def padded(count, kind, size):
    if kind == "none":
        return count
    if kind == "padme":
        return padme(count)
    return -(-count // size) * size


def make_object(vectors, item, signing):
    kid = int(item["kid"], 16)
    bases = {entry["class"]: bytes.fromhex(entry["base_key"]) for entry in vectors["classes"]}
    key, salt = sframe_keys(bases[item["class"]], kid)
    same(key.hex(), item["sframe_key"], "sframe key")
    same(salt.hex(), item["sframe_salt"], "sframe salt")
    payload = bytes.fromhex(item["payload"])
    plaintext = u32(len(payload)) + u64(item["capture_time"]) + u32(item["duration"]) + u8(item["kind"]) + payload
    plaintext = plaintext.ljust(padded(len(plaintext), item["padding"], item["padding_bytes"]), b"\x00")
    frame = sframe_header(kid, item["index"])
    clear = bytes([1, 1, item["flags"], item["class"]]) + bytes.fromhex(vectors["device"]) + u64(kid) + u32(item["index"])
    nonce = bytes(a ^ b for a, b in zip(salt, item["index"].to_bytes(12, "big")))
    aad = frame + b"pumpkii/1 media" + clear + bytes.fromhex(vectors["epoch_uid"])
    sealed = AESGCM(key).encrypt(nonce, plaintext, aad)
    body = clear + u32(len(frame) + len(sealed) + 64) + frame + sealed
    return body + signing.sign(signed_message("object", sha256(body)))


def check_objects():
    vectors = load("objects.json")
    signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vectors["device_seed"]))
    same(signing.public_key().public_bytes_raw().hex(), vectors["device_key"], "device key")
    for entry in vectors["classes"]:
        same(commitment(vectors, entry["class"], bytes.fromhex(entry["base_key"])), entry["commit"], "commitment")
    digests = {}
    for item in vectors["objects"]:
        made = make_object(vectors, item, signing)
        same(made.hex(), item["bytes"], f"object {item['kid']} {item['index']}")
        seen = digests.setdefault(item["kid"], [])
        if item["flags"] & 2:
            same((u32(len(seen)) + sha256(*seen)).hex(), item["payload"], "segment end")
        seen.append(sha256(made[:-64]))
    return len(vectors["objects"])


def commitment(vectors, media_class, base):
    context = bytes.fromhex(vectors["device"]) + bytes.fromhex(vectors["epoch_uid"]) + u8(media_class)
    return hkdf512(base, b"pumpkii/1 commit" + context, 32).hex()


# Key message: head, entries, HPKE.


class Cursor:
    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def take(self, count):
        self.at += count
        if self.at > len(self.raw):
            sys.exit("truncated")
        return self.raw[self.at - count : self.at]

    def number(self, count):
        return int.from_bytes(self.take(count), "big")

    def finish(self):
        if self.at != len(self.raw):
            sys.exit("trailing bytes")


def read_head(raw):
    cursor = Cursor(raw)
    same(cursor.number(1), 2, "type of a head")
    head = {"device": cursor.take(16), "device_key": cursor.take(32), "epoch": cursor.number(4)}
    head |= {"uid": cursor.take(16), "time": cursor.number(8), "boot": cursor.take(16), "reason": cursor.number(1)}
    head |= {"roster_version": cursor.number(8), "roster_hash": cursor.take(32), "clip": cursor.number(8)}
    head["refusals"] = [(cursor.take(32), cursor.number(1)) for _ in range(cursor.number(2))]
    head["commits"] = {cursor.number(1): cursor.take(32) for _ in range(cursor.number(1))}
    head["entries"] = [cursor.take(32) for _ in range(cursor.number(2))]
    cursor.finish()
    return head


def read_entry(raw):
    cursor = Cursor(raw)
    suite = cursor.number(1)
    entry = {"suite": suite, "client": cursor.take(16), "key_id": cursor.take(8), "account": cursor.take(32)}
    entry |= {"version": cursor.number(4), "account_head": cursor.take(32), "not_after": cursor.number(8)}
    entry |= {"enc": cursor.take(32 if suite == 1 else 1120), "classes": cursor.number(1)}
    entry["sealed"] = {n: cursor.take(48) for n in range(1, 5) if entry["classes"] >> (n - 1) & 1}
    cursor.finish()
    return entry


def open_entry(head, entry, secret):
    info = b"pumpkii/1 epoch-key\x00" + u8(entry["suite"]) + head["device_key"] + entry["client"] + entry["key_id"]
    info += u32(head["epoch"]) + head["uid"] + u64(head["roster_version"]) + head["roster_hash"]
    messages = [(u8(n) + head["commits"][n], sealed) for n, sealed in entry["sealed"].items()]
    if entry["suite"] == 1:
        public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
        kem, shared = 0x0020, dhkem_decapsulate(secret, entry["enc"])
    else:
        key = XWingKey(secret)
        public, kem, shared = key.public, 0x647A, key.decapsulate(entry["enc"])
    same(sha256(u8(entry["suite"]), public)[:8].hex(), entry["key_id"].hex(), "key id")
    return dict(zip(entry["sealed"], hpke_open(kem, shared, info, messages)))


def check_key_message():
    vectors = load("key-message.json")
    raw = bytes.fromhex(vectors["head"])
    head = read_head(raw[:-64])
    verify(head["device_key"], raw[-64:], "key-head", raw[:-64])
    same(sha256(b"pumpkii/1 device", head["device_key"])[:16].hex(), head["device"].hex(), "device id")
    entries = [bytes.fromhex(entry) for entry in vectors["entries"]]
    same([sha256(entry).hex() for entry in entries], [digest.hex() for digest in head["entries"]], "entry digests")
    names = {"device": head["device"].hex(), "epoch_uid": head["uid"].hex()}
    for raw_entry, recipient in zip(entries, vectors["recipients"]):
        entry = read_entry(raw_entry)
        same(entry["client"].hex(), recipient["client"], "recipient")
        for media_class, base in open_entry(head, entry, bytes.fromhex(recipient["secret"])).items():
            same(commitment(names, media_class, base), head["commits"][media_class].hex(), "commitment")
    return len(entries)


def check_xwing():
    entries = load("xwing-aes256gcm.json")["entries"]
    for entry in entries:
        key = XWingKey(bytes.fromhex(entry["seed"]))
        same(key.public.hex(), entry["public_key"], "X-Wing public key")
        shared = key.decapsulate(bytes.fromhex(entry["enc"]))
        same(shared.hex(), entry["shared_secret"], "X-Wing secret")
        messages = [(bytes.fromhex(m["aad"]), bytes.fromhex(m["ct"])) for m in entry["encryptions"]]
        opened = hpke_open(0x647A, shared, bytes.fromhex(entry["info"]), messages)
        same([pt.hex() for pt in opened], [m["pt"] for m in entry["encryptions"]], "HPKE")
    return len(entries)


# Codes, links, MACs, the paper key.

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def base32(raw):
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    return "".join(ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def grouped(symbols):
    return "-".join(symbols[at : at + 4] for at in range(0, len(symbols), 4))


def pairing_mac(f, role):
    message = u8(role) + f.device_key + f.client_key + f.account + f.account_head + f.device_nonce + f.client_nonce
    return hmac.new(hkdf512(f.secret, b"pumpkii/1 pair", 32), message, "sha512").digest()[:32]


def check_secrets():
    vectors = load("secrets.json")
    f = Fields(vectors["pairing"])
    code = grouped(base32(f.secret) + ALPHABET[int.from_bytes(f.secret, "big") % 37])
    same(code, f.values["code"], "pairing code")
    same(sha256(b"pumpkii/1 pair-id\x00", f.secret).hex(), f.values["mailbox"], "mailbox")
    same(pairing_mac(f, 1).hex(), f.values["client_mac"], "client MAC")
    same(pairing_mac(f, 2).hex(), f.values["device_mac"], "device MAC")
    tail = f"s={code.replace('=', '%3D')}&d={sha256(f.device_key).hex()}"
    origin = f.values["origin"]
    same(f"pumpkii:pair?r={origin}&p={f.values['pin']}&{tail}", f.values["link"], "link")
    same(f"pumpkii:pair?r={origin}&{tail}", f.values["link_without_pin"], "link without pin")
    r = Fields(vectors["recovery"])
    written = grouped(base32(r.seed + sha256(b"pumpkii/1 recovery check", r.seed)[:3]))
    same(written, r.values["text"], "recovery text")
    signing = Ed25519PrivateKey.from_private_bytes(hkdf512(r.seed, b"pumpkii/1 recovery sign", 32))
    same(signing.public_key().public_bytes_raw().hex(), r.values["signing"], "recovery signing key")
    sealing = XWingKey(hkdf512(r.seed, b"pumpkii/1 recovery seal", 32))
    same(sealing.public.hex(), r.values["sealing"], "recovery sealing key")
    i = Fields(vectors["identifiers"])
    same(sha256(b"pumpkii/1 device", i.device_key)[:16], i.device_id, "device id")
    same(sha256(b"pumpkii/1 client", i.client_key)[:16], i.client_id, "client id")
    same(sha256(b"\x00", i.client_key)[:8], i.signing_key_id, "signing key id")
    same(sha256(b"\x01", i.x25519)[:8], i.x25519_key_id, "X25519 key id")
    same(sha256(b"\x02", i.xwing)[:8], i.xwing_key_id, "X-Wing key id")
    return len(vectors)


def check():
    checks = (check_structures, check_items, check_challenges, check_objects, check_key_message)
    checks += (check_xwing, check_secrets)


    checks = (check_structures, check_items, check_objects, check_key_message, check_xwing, check_secrets, check_ledgers)
    for one in checks:
        try:
            print(f"{one.__name__}: {one()} agree")
        except InvalidSignature:
            sys.exit(f"{one.__name__}: a signature does not verify")


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "make-xwing":
        make_xwing(pathlib.Path(sys.argv[2]))
    elif sys.argv[1:] == ["check"]:
        check()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
