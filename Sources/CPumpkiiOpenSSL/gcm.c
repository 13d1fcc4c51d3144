#include "CPumpkiiOpenSSL.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

struct pumpkii_gcm {
  EVP_CIPHER_CTX *context;
};

// Fetching a cipher costs more than sealing a small object, so each is fetched once and kept for the process.
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static EVP_CIPHER *aes128, *aes192, *aes256;

static void fetch(void) {
  aes128 = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
  aes192 = EVP_CIPHER_fetch(NULL, "AES-192-GCM", NULL);
  aes256 = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
}

static EVP_CIPHER *cipher(size_t key_count) {
  if (CRYPTO_THREAD_run_once(&once, fetch) != 1) return NULL;
  switch (key_count) {
  case 16: return aes128;
  case 24: return aes192;
  case 32: return aes256;
  default: return NULL;
  }
}

pumpkii_gcm *pumpkii_gcm_new(const uint8_t *key, size_t key_count, int seals) {
  EVP_CIPHER *kind = cipher(key_count);
  if (kind == NULL) return NULL;
  pumpkii_gcm *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  made->context = EVP_CIPHER_CTX_new();
  if (made->context == NULL || EVP_CipherInit_ex2(made->context, kind, key, NULL, seals != 0, NULL) != 1) {
    pumpkii_gcm_free(made);
    return NULL;
  }
  return made;
}

void pumpkii_gcm_free(pumpkii_gcm *context) {
  if (context == NULL) return;
  EVP_CIPHER_CTX_free(context->context);
  free(context);
}

int pumpkii_gcm_begin(pumpkii_gcm *context, const uint8_t salt[PUMPKII_GCM_NONCE_BYTES], uint64_t counter) {
  uint8_t nonce[PUMPKII_GCM_NONCE_BYTES];
  memcpy(nonce, salt, sizeof nonce);
  for (int place = 0; place < 8; place++) nonce[sizeof nonce - 1 - place] ^= (uint8_t)(counter >> (8 * place));
  // -1 keeps the direction; key and cipher stay as they were set.
  return EVP_CipherInit_ex2(context->context, NULL, NULL, nonce, -1, NULL) == 1;
}

int pumpkii_gcm_associate(pumpkii_gcm *context, const uint8_t *bytes, size_t count) {
  int written = 0;
  if (count > INT_MAX) return 0;
  if (count == 0) return 1;
  return EVP_CipherUpdate(context->context, NULL, &written, bytes, (int)count) == 1;
}

int pumpkii_gcm_update(pumpkii_gcm *context, const uint8_t *input, uint8_t *output, size_t count) {
  int written = 0;
  if (count > INT_MAX) return 0;
  if (count == 0) return 1;
  return EVP_CipherUpdate(context->context, output, &written, input, (int)count) == 1 && (size_t)written == count;
}

int pumpkii_gcm_finish(pumpkii_gcm *context, uint8_t tag[PUMPKII_GCM_TAG_BYTES]) {
  int written = 0;
  uint8_t none[PUMPKII_GCM_TAG_BYTES];
  // What EVP_CTRL_AEAD_GET_TAG does in the end, without its translation.
  OSSL_PARAM wanted[] = {
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, PUMPKII_GCM_TAG_BYTES),
      OSSL_PARAM_construct_end(),
  };
  return EVP_CipherFinal_ex(context->context, none, &written) == 1 &&
         EVP_CIPHER_CTX_get_params(context->context, wanted) == 1;
}

int pumpkii_gcm_seal(pumpkii_gcm *context, const uint8_t salt[PUMPKII_GCM_NONCE_BYTES], uint64_t counter,
                     const uint8_t *aad, size_t aad_count, const uint8_t *head, size_t head_count,
                     const uint8_t *payload, size_t payload_count, uint8_t *output, size_t padded_count) {
  if (padded_count < head_count || padded_count - head_count < payload_count) return 0;
  // As much of the payload goes with the head as fills the block, so that the bulk begins on a block.
  size_t lead = (16 - head_count % 16) % 16;
  if (lead > payload_count) lead = payload_count;
  size_t bulk = head_count + lead, rest = head_count + payload_count;
  memcpy(output, head, head_count);
  if (lead > 0) memcpy(output + head_count, payload, lead);
  memset(output + rest, 0, padded_count - rest);
  return pumpkii_gcm_begin(context, salt, counter) && pumpkii_gcm_associate(context, aad, aad_count) &&
         pumpkii_gcm_update(context, output, output, bulk) &&
         pumpkii_gcm_update(context, payload_count > lead ? payload + lead : output, output + bulk, rest - bulk) &&
         pumpkii_gcm_update(context, output + rest, output + rest, padded_count - rest) &&
         pumpkii_gcm_finish(context, output + padded_count);
}

int pumpkii_gcm_check(pumpkii_gcm *context, const uint8_t tag[PUMPKII_GCM_TAG_BYTES]) {
  int written = 0;
  uint8_t none[PUMPKII_GCM_TAG_BYTES];
  // The control call reads the tag only; its parameter is not const.
  return EVP_CIPHER_CTX_ctrl(context->context, EVP_CTRL_AEAD_SET_TAG, PUMPKII_GCM_TAG_BYTES, (void *)tag) == 1 &&
         EVP_CipherFinal_ex(context->context, none, &written) == 1;
}

void pumpkii_cleanse(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

int pumpkii_equal(const uint8_t *left, const uint8_t *right, size_t count) {
  return CRYPTO_memcmp(left, right, count) == 0;
}

const char *pumpkii_libcrypto_version(void) { return OpenSSL_version(OPENSSL_VERSION); }
