#include <opus/opus.h>
#include <speex/speex_resampler.h>
#include <stdlib.h>

#include "CPumpkiiCodecs.h"

struct pk_resampler {
  SpeexResamplerState *state;
  uint32_t from;
  uint32_t to;
};

pk_resampler *pk_resampler_new(int channels, int from, int to) {
  if (channels < 1 || channels > 2 || from < 4000 || from > 384000 || to < 4000 || to > 384000) return NULL;
  pk_resampler *resampler = calloc(1, sizeof *resampler);
  if (resampler == NULL) return NULL;
  int error = 0;
  resampler->from = (uint32_t)from;
  resampler->to = (uint32_t)to;
  resampler->state = speex_resampler_init((uint32_t)channels, resampler->from, resampler->to,
                                          SPEEX_RESAMPLER_QUALITY_DESKTOP, &error);
  if (resampler->state == NULL || error != RESAMPLER_ERR_SUCCESS) {
    pk_resampler_free(resampler);
    return NULL;
  }
  speex_resampler_skip_zeros(resampler->state);
  return resampler;
}

void pk_resampler_free(pk_resampler *resampler) {
  if (resampler == NULL) return;
  if (resampler->state != NULL) speex_resampler_destroy(resampler->state);
  free(resampler);
}

int pk_resampler_process(pk_resampler *resampler, const int16_t *source, uint32_t *source_count, int16_t *target,
                         uint32_t *target_count) {
  if (resampler == NULL || source == NULL || target == NULL || source_count == NULL || target_count == NULL) {
    return PK_BAD_ARGUMENT;
  }
  int result = speex_resampler_process_interleaved_int(resampler->state, source, source_count, target, target_count);
  return result == RESAMPLER_ERR_SUCCESS ? PK_OK : PK_FAILED;
}

static uint32_t pk_common_divisor(uint32_t a, uint32_t b) {
  while (b != 0) {
    uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// The reduced fraction nearest to `wanted` with a denominator within 256 below 65536. speexdsp multiplies the old by the
// new denominator in 32 bits and refuses what does not fit; and it keeps the place between two samples as a number of
// such parts, so that a small denominator (48:48 kHz is 1:1) would move the sound by up to a sample: a click.
static void pk_fine_fraction(double wanted, uint32_t *numerator, uint32_t *denominator) {
  double best = 0;
  for (uint32_t d = 65535; d > 65535 - 256; d--) {
    uint32_t n = (uint32_t)(wanted * d + 0.5);
    double error = (double)n / d - wanted;
    if (pk_common_divisor(n, d) != 1) {
      // 1:1 itself has no fine form: its neighbour on the wanted side has.
      n += error > 0 ? -1u : 1u;
      error = (double)n / d - wanted;
      if (pk_common_divisor(n, d) != 1) continue;
    }
    if (*denominator != 0 && error * error >= best) continue;
    best = error * error;
    *numerator = n;
    *denominator = d;
  }
}

int pk_resampler_trim(pk_resampler *resampler, int parts_per_million) {
  if (resampler == NULL || parts_per_million < -5000 || parts_per_million > 5000) return PK_BAD_ARGUMENT;
  uint32_t from = 0, to = 0;
  pk_fine_fraction((double)resampler->from / ((double)resampler->to * (1 + parts_per_million * 1e-6)), &from, &to);
  if (from == 0 || to == 0) return PK_FAILED;
  int result = speex_resampler_set_rate_frac(resampler->state, from, to, resampler->from, resampler->to);
  return result == RESAMPLER_ERR_SUCCESS ? PK_OK : PK_FAILED;
}

struct pk_opus_encoder {
  OpusEncoder *codec;
};

pk_opus_encoder *pk_opus_encoder_new(int channels, int bitrate, int *delay) {
  if (channels < 1 || channels > 2 || bitrate < 6000 || bitrate > 510000 || delay == NULL) return NULL;
  pk_opus_encoder *encoder = calloc(1, sizeof *encoder);
  if (encoder == NULL) return NULL;
  int error = OPUS_OK;
  encoder->codec = opus_encoder_create(48000, channels, OPUS_APPLICATION_AUDIO, &error);
  if (encoder->codec == NULL || error != OPUS_OK) {
    free(encoder);
    return NULL;
  }
  opus_int32 lookahead = 0;
  if (opus_encoder_ctl(encoder->codec, OPUS_SET_BITRATE(bitrate)) != OPUS_OK ||
      opus_encoder_ctl(encoder->codec, OPUS_SET_COMPLEXITY(5)) != OPUS_OK ||
      opus_encoder_ctl(encoder->codec, OPUS_GET_LOOKAHEAD(&lookahead)) != OPUS_OK || lookahead < 0 ||
      lookahead > 960) {
    pk_opus_encoder_free(encoder);
    return NULL;
  }
  *delay = lookahead;
  return encoder;
}

void pk_opus_encoder_free(pk_opus_encoder *encoder) {
  if (encoder == NULL) return;
  opus_encoder_destroy(encoder->codec);
  free(encoder);
}

int pk_opus_encoder_encode(pk_opus_encoder *encoder, const int16_t *samples, uint32_t frames, uint8_t *target,
                           size_t target_count) {
  if (encoder == NULL || samples == NULL || target == NULL || frames != 960 || target_count < 4) {
    return PK_BAD_ARGUMENT;
  }
  opus_int32 capacity = target_count > 4000 ? 4000 : (opus_int32)target_count;
  opus_int32 written = opus_encode(encoder->codec, samples, 960, target, capacity);
  return written > 0 ? written : PK_FAILED;
}
