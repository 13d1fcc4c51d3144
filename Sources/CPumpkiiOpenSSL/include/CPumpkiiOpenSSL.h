// What the vault needs of libcrypto, without one OpenSSL type: OpenSSL's structures differ between versions, and Swift
// must not see them. Every function returns 1 for success and 0 for failure unless it says otherwise.
#ifndef CPUMPKII_OPENSSL_H
#define CPUMPKII_OPENSSL_H

#include <stddef.h>
#include <stdint.h>

#define PUMPKII_GCM_NONCE_BYTES 12
#define PUMPKII_GCM_TAG_BYTES 16

// An AES-GCM context whose key is set once; each message only sets its nonce anew.
typedef struct pumpkii_gcm pumpkii_gcm;

// A context for keys of 16, 24 or 32 bytes that seals (seals != 0) or opens; NULL on failure.
pumpkii_gcm *pumpkii_gcm_new(const uint8_t *key, size_t key_count, int seals);
// Frees the context; libcrypto wipes the key schedule. NULL is allowed.
void pumpkii_gcm_free(pumpkii_gcm *context);

// One message: begin, associate any number of times, update any number of times, then finish or check. The nonce is the
// salt XOR the counter, big endian, as in SFrame.
int pumpkii_gcm_begin(pumpkii_gcm *context, const uint8_t salt[PUMPKII_GCM_NONCE_BYTES], uint64_t counter);
int pumpkii_gcm_associate(pumpkii_gcm *context, const uint8_t *bytes, size_t count);
// Input and output are the same memory or do not overlap.
int pumpkii_gcm_update(pumpkii_gcm *context, const uint8_t *input, uint8_t *output, size_t count);
// Ends a sealed message and writes its tag.
int pumpkii_gcm_finish(pumpkii_gcm *context, uint8_t tag[PUMPKII_GCM_TAG_BYTES]);
// A whole message at once, with the fewest calls into libcrypto: head and payload are encrypted to output and followed
// by encrypted zeros up to padded_count bytes, then by the tag. The payload is read from where it lies.
int pumpkii_gcm_seal(pumpkii_gcm *context, const uint8_t salt[PUMPKII_GCM_NONCE_BYTES], uint64_t counter,
                     const uint8_t *aad, size_t aad_count, const uint8_t *head, size_t head_count,
                     const uint8_t *payload, size_t payload_count, uint8_t *output, size_t padded_count);
// Ends an opened message: 1 when the tag is right. What update wrote must not be used before that.
int pumpkii_gcm_check(pumpkii_gcm *context, const uint8_t tag[PUMPKII_GCM_TAG_BYTES]);

// HKDF (RFC 5869), extract and expand in one step, with SHA-512 (digest_bits 512) or SHA-256 (256). The pseudorandom
// key never leaves libcrypto, which wipes it.
int pumpkii_hkdf(int digest_bits, const uint8_t *secret, size_t secret_count, const uint8_t *salt, size_t salt_count,
                 const uint8_t *info, size_t info_count, uint8_t *output, size_t output_count);

// Overwrites memory in a way that no optimiser removes.
void pumpkii_cleanse(void *bytes, size_t count);
// 1 when both hold the same bytes; the time does not depend on where they differ.
int pumpkii_equal(const uint8_t *left, const uint8_t *right, size_t count);

// Ed25519 by libcrypto: the benchmark compares it with swift-crypto's. NULL on failure.
typedef struct pumpkii_ed25519 pumpkii_ed25519;
pumpkii_ed25519 *pumpkii_ed25519_new(const uint8_t seed[32]);
void pumpkii_ed25519_free(pumpkii_ed25519 *key);
int pumpkii_ed25519_sign(pumpkii_ed25519 *key, const uint8_t *message, size_t count, uint8_t signature[64]);
int pumpkii_ed25519_verify(pumpkii_ed25519 *key, const uint8_t *message, size_t count, const uint8_t signature[64]);

// The libcrypto that runs, e.g. "OpenSSL 3.0.22 25 Aug 2026".
const char *pumpkii_libcrypto_version(void);

#endif
