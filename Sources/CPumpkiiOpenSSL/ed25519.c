#include "CPumpkiiOpenSSL.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct pumpkii_ed25519 {
  EVP_PKEY *key;
  EVP_MD_CTX *context;
};

pumpkii_ed25519 *pumpkii_ed25519_new(const uint8_t seed[32]) {
  pumpkii_ed25519 *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  made->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
  made->context = EVP_MD_CTX_new();
  if (made->key == NULL || made->context == NULL) {
    pumpkii_ed25519_free(made);
    return NULL;
  }
  return made;
}

void pumpkii_ed25519_free(pumpkii_ed25519 *key) {
  if (key == NULL) return;
  EVP_MD_CTX_free(key->context);
  EVP_PKEY_free(key->key);
  free(key);
}

int pumpkii_ed25519_sign(pumpkii_ed25519 *key, const uint8_t *message, size_t count, uint8_t signature[64]) {
  size_t length = 64;
  return EVP_DigestSignInit(key->context, NULL, NULL, NULL, key->key) == 1 &&
         EVP_DigestSign(key->context, signature, &length, message, count) == 1 && length == 64;
}

int pumpkii_ed25519_verify(pumpkii_ed25519 *key, const uint8_t *message, size_t count, const uint8_t signature[64]) {
  return EVP_DigestVerifyInit(key->context, NULL, NULL, NULL, key->key) == 1 &&
         EVP_DigestVerify(key->context, signature, 64, message, count) == 1;
}
