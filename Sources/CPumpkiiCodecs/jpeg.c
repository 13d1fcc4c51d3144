#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "picture.h"

struct pk_jpeg_decoder {
  tjhandle handle;
  uint8_t *scratch;
  size_t scratch_count;
};

pk_jpeg_decoder *pk_jpeg_decoder_new(void) {
  pk_jpeg_decoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return NULL;
  decoder->handle = tjInitDecompress();
  if (decoder->handle == NULL) {
    free(decoder);
    return NULL;
  }
  return decoder;
}

void pk_jpeg_decoder_free(pk_jpeg_decoder *decoder) {
  if (decoder == NULL) return;
  tjDestroy(decoder->handle);
  free(decoder->scratch);
  free(decoder);
}

static int layout_of(int subsampling) {
  switch (subsampling) {
    case TJSAMP_420: return PK_PIXELS_YUV420;
    case TJSAMP_422: return PK_PIXELS_YUV422;
    case TJSAMP_444: return PK_PIXELS_YUV444;
    case TJSAMP_GRAY: return PK_PIXELS_GREY;
    case TJSAMP_440: return PK_PIXELS_YUV440;
    case TJSAMP_411: return PK_PIXELS_YUV411;
    default: return PK_BAD_DATA;
  }
}

static int read_header(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, int *width, int *height,
                       int *subsampling) {
  int colours = 0;
  if (decoder == NULL || bytes == NULL || count < 4 || count > (64u << 20)) return PK_BAD_ARGUMENT;
  int result = tjDecompressHeader3(decoder->handle, bytes, count, width, height, subsampling, &colours);
  if (result != 0 && tjGetErrorCode(decoder->handle) == TJERR_FATAL) return PK_BAD_DATA;
  if (!pk_size_ok(*width, *height)) return PK_BAD_DATA;
  if (colours != TJCS_YCbCr && colours != TJCS_GRAY) return PK_BAD_DATA;
  return layout_of(*subsampling);
}

// After a fatal error some releases of the library refuse good pictures as well: a damaged one must cost only itself.
static int renewed(pk_jpeg_decoder *decoder, int result) {
  if (result >= 0 || decoder == NULL) return result;
  tjhandle fresh = tjInitDecompress();
  if (fresh != NULL) {
    tjDestroy(decoder->handle);
    decoder->handle = fresh;
  }
  return result;
}

int pk_jpeg_decoder_header(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, int *width, int *height,
                           int *pixels) {
  int subsampling = -1;
  int layout = read_header(decoder, bytes, count, width, height, &subsampling);
  if (layout < 0) return renewed(decoder, layout);
  *pixels = layout;
  return PK_OK;
}

// libjpeg warns of stray bytes before EOI on many webcams' good pictures; any other warning means a damaged one.
static int is_harmless(const char *message) {
  unsigned extra = 0, marker = 0;
  const char *found = strstr(message, "Corrupt JPEG data: ");
  return found != NULL &&
         sscanf(found, "Corrupt JPEG data: %u extraneous bytes before marker 0x%x", &extra, &marker) == 2 &&
         marker == 0xd9 && extra <= 64;
}

static int reserve(pk_jpeg_decoder *decoder, size_t count) {
  if (decoder->scratch_count >= count) return PK_OK;
  free(decoder->scratch);
  decoder->scratch_count = 0;
  decoder->scratch = malloc(count);
  if (decoder->scratch == NULL) return PK_FAILED;
  decoder->scratch_count = count;
  return PK_OK;
}

static int decode(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, uint8_t *target,
                  size_t target_count) {
  int width = 0, height = 0, subsampling = -1;
  int layout = read_header(decoder, bytes, count, &width, &height, &subsampling);
  if (layout < 0) return layout;
  if (target == NULL || target_count != pk_i420_bytes(width & ~1, height & ~1)) return PK_BAD_ARGUMENT;
  int planes = subsampling == TJSAMP_GRAY ? 1 : 3;
  int strides[3] = {0, 0, 0};
  size_t offsets[3] = {0, 0, 0}, total = 0;
  for (int plane = 0; plane < planes; plane++) {
    strides[plane] = tjPlaneWidth(plane, width, subsampling);
    int lines = tjPlaneHeight(plane, height, subsampling);
    if (strides[plane] <= 0 || lines <= 0) return PK_BAD_DATA;
    offsets[plane] = total;
    total += (size_t)strides[plane] * (size_t)lines;
  }
  int direct = layout == PK_PIXELS_YUV420 && total == target_count;
  if (!direct && reserve(decoder, total) != PK_OK) return PK_FAILED;
  uint8_t *base = direct ? target : decoder->scratch;
  unsigned char *out[3] = {base, base + offsets[1], base + offsets[2]};
  int result = tjDecompressToYUVPlanes(decoder->handle, bytes, count, out, width, strides, height, TJFLAG_LIMITSCANS);
  if (result != 0) {
    int warned = tjGetErrorCode(decoder->handle) == TJERR_WARNING;
    if (!warned || !is_harmless(tjGetErrorStr2(decoder->handle))) return PK_BAD_DATA;
  }
  if (!direct) {
    pk_planes source = {{out[0], out[1], out[2]}, {strides[0], strides[1], strides[2]}};
    pk_planes_to_i420(layout, &source, width, height, target);
  }
  return PK_OK;
}

int pk_jpeg_decoder_decode(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, uint8_t *target,
                           size_t target_count) {
  return renewed(decoder, decode(decoder, bytes, count, target, target_count));
}

static int glance(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, const uint8_t **plane,
                  size_t *plane_count, int *width, int *height) {
  static const tjscalingfactor eighth = {1, 8};
  int full_width = 0, full_height = 0, subsampling = -1;
  int layout = read_header(decoder, bytes, count, &full_width, &full_height, &subsampling);
  if (layout < 0) return layout;
  *width = TJSCALED(full_width, eighth);
  *height = TJSCALED(full_height, eighth);
  size_t needed = (size_t)*width * (size_t)*height;
  if (reserve(decoder, needed) != PK_OK) return PK_FAILED;
  // Grey as the output: the library decodes no chroma for it.
  int result = tjDecompress2(decoder->handle, bytes, count, decoder->scratch, *width, *width, *height, TJPF_GRAY,
                             TJFLAG_LIMITSCANS | TJFLAG_FASTDCT);
  if (result != 0 && tjGetErrorCode(decoder->handle) != TJERR_WARNING) return PK_BAD_DATA;
  *plane = decoder->scratch;
  *plane_count = needed;
  return PK_OK;
}

int pk_jpeg_decoder_glance(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, const uint8_t **plane,
                           size_t *plane_count, int *width, int *height) {
  if (plane == NULL || plane_count == NULL || width == NULL || height == NULL) return PK_BAD_ARGUMENT;
  return renewed(decoder, glance(decoder, bytes, count, plane, plane_count, width, height));
}

size_t pk_without_zeros(const uint8_t *bytes, size_t count) {
  uint64_t words[8];
  while (count >= sizeof words) {
    memcpy(words, bytes + count - sizeof words, sizeof words);
    uint64_t any = 0;
    for (int word = 0; word < 8; word++) any |= words[word];
    if (any != 0) break;
    count -= sizeof words;
  }
  while (count > 0 && bytes[count - 1] == 0) count--;
  return count;
}

size_t pk_jpeg_scan_end(const uint8_t *bytes, size_t count, size_t from) {
  while (from + 1 < count) {
    const uint8_t *mark = memchr(bytes + from, 0xff, count - from - 1);
    if (mark == NULL) return count;
    uint8_t kind = mark[1];
    size_t at = (size_t)(mark - bytes);
    if (kind != 0x00 && kind != 0xff && !(kind >= 0xd0 && kind <= 0xd7)) return at;
    // A fill byte may stand before the real one.
    from = at + (kind == 0xff ? 1 : 2);
  }
  return count;
}

struct pk_jpeg_encoder {
  tjhandle handle;
  unsigned char *buffer;
  unsigned long capacity;
};

pk_jpeg_encoder *pk_jpeg_encoder_new(void) {
  pk_jpeg_encoder *encoder = calloc(1, sizeof *encoder);
  if (encoder == NULL) return NULL;
  encoder->handle = tjInitCompress();
  if (encoder->handle == NULL) {
    free(encoder);
    return NULL;
  }
  return encoder;
}

void pk_jpeg_encoder_free(pk_jpeg_encoder *encoder) {
  if (encoder == NULL) return;
  tjDestroy(encoder->handle);
  tjFree(encoder->buffer);
  free(encoder);
}

int pk_jpeg_encoder_encode(pk_jpeg_encoder *encoder, const uint8_t *picture, size_t count, int width, int height,
                           int quality, const uint8_t **bytes, size_t *bytes_count) {
  if (encoder == NULL || picture == NULL || bytes == NULL || bytes_count == NULL) return PK_BAD_ARGUMENT;
  if (!pk_size_ok(width, height) || ((width | height) & 1) || quality < 1 || quality > 100) return PK_BAD_ARGUMENT;
  if (count != pk_i420_bytes(width, height)) return PK_BAD_ARGUMENT;
  unsigned long needed = tjBufSize(width, height, TJSAMP_420);
  if (needed == (unsigned long)-1 || needed > INT32_MAX) return PK_BAD_ARGUMENT;
  if (encoder->capacity < needed) {
    tjFree(encoder->buffer);
    encoder->capacity = 0;
    encoder->buffer = tjAlloc((int)needed);
    if (encoder->buffer == NULL) return PK_FAILED;
    encoder->capacity = needed;
  }
  size_t luma = (size_t)width * (size_t)height;
  const unsigned char *planes[3] = {picture, picture + luma, picture + luma + luma / 4};
  int strides[3] = {width, width / 2, width / 2};
  unsigned long written = encoder->capacity;
  if (tjCompressFromYUVPlanes(encoder->handle, planes, width, strides, height, TJSAMP_420, &encoder->buffer, &written,
                              quality, TJFLAG_NOREALLOC) != 0) {
    return PK_FAILED;
  }
  *bytes = encoder->buffer;
  *bytes_count = written;
  return PK_OK;
}
