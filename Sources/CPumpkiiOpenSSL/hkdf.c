#include "CPumpkiiOpenSSL.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static EVP_KDF *hkdf;

static void fetch(void) { hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL); }

int pumpkii_hkdf(int digest_bits, const uint8_t *secret, size_t secret_count, const uint8_t *salt, size_t salt_count,
                 const uint8_t *info, size_t info_count, uint8_t *output, size_t output_count) {
  char *digest = digest_bits == 512 ? "SHA512" : digest_bits == 256 ? "SHA256" : NULL;
  if (digest == NULL || CRYPTO_THREAD_run_once(&once, fetch) != 1 || hkdf == NULL) return 0;
  EVP_KDF_CTX *context = EVP_KDF_CTX_new(hkdf);
  if (context == NULL) return 0;
  int mode = EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND;
  // An OSSL_PARAM is not const, but derive only reads what it names. A null pointer would mean "not set".
  static uint8_t nothing[1];
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret_count ? (void *)secret : nothing, secret_count),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_count ? (void *)salt : nothing, salt_count),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info_count ? (void *)info : nothing, info_count),
      OSSL_PARAM_construct_end(),
  };
  int made = EVP_KDF_derive(context, output, output_count, parameters) == 1;
  EVP_KDF_CTX_free(context);
  return made;
}
