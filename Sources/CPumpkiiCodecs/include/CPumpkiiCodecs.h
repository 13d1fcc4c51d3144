// Plain C functions and opaque handles over the codec libraries, so that no type of theirs reaches Swift.
// Every function checks sizes before it touches memory; what goes wrong is a return value, never an exit.
#ifndef CPUMPKII_CODECS_H
#define CPUMPKII_CODECS_H

#include <stddef.h>
#include <stdint.h>

// The largest picture side any function takes.
#define PK_MAX_SIDE 16384

enum {
  PK_OK = 0,
  // A size, stride or rate that does not fit.
  PK_BAD_ARGUMENT = -1,
  // The data cannot be decoded or encoded.
  PK_BAD_DATA = -2,
  // The library gave up: no memory, or a state it does not know.
  PK_FAILED = -3,
};

// Chroma sampling and layout of pictures given to pk_convert, and of a JPEG's planes.
enum {
  PK_PIXELS_YUV420 = 0,
  PK_PIXELS_YUV422 = 1,
  PK_PIXELS_YUV444 = 2,
  PK_PIXELS_GREY = 3,
  PK_PIXELS_YUV440 = 4,
  PK_PIXELS_YUV411 = 5,
  PK_PIXELS_YUYV = 6,
  PK_PIXELS_NV12 = 7,
};

// -- pictures ---------------------------------------------------------------------------------------------------------

// Bytes a picture of this layout has at least; `stride` is that of the first plane, 0 for no padding. 0: sizes refused.
size_t pk_picture_bytes(int pixels, int width, int height, int stride);

// Converts to tight I420 of (width & ~1) x (height & ~1).
int pk_convert(int pixels, const uint8_t *source, size_t source_count, int width, int height, int stride,
               uint8_t *target, size_t target_count);

// From tight I420 of even size to tight NV12.
int pk_i420_to_nv12(const uint8_t *source, int width, int height, uint8_t *target, size_t target_count);

// Expands limited range (16-235, 16-240) to full range, in place, in tight I420.
int pk_expand_range(uint8_t *picture, size_t count, int width, int height);

// Makes columns [left, right) and rows [top, bottom) of tight I420 black; all four even.
int pk_fill_black(uint8_t *picture, size_t count, int width, int height, int left, int top, int right, int bottom,
                  uint8_t black);

// Mean of each of columns x rows cells of a plane of luma, in sixteenths.
int pk_luma_cells(const uint8_t *luma, size_t count, int width, int height, int stride, int columns, int rows,
                  uint16_t *cells);

// -- JPEG -------------------------------------------------------------------------------------------------------------

typedef struct pk_jpeg_decoder pk_jpeg_decoder;
pk_jpeg_decoder *pk_jpeg_decoder_new(void);
void pk_jpeg_decoder_free(pk_jpeg_decoder *decoder);

// Reads size and PK_PIXELS_ layout.
int pk_jpeg_decoder_header(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, int *width, int *height,
                           int *pixels);

// Decodes to tight I420 of (width & ~1) x (height & ~1), width and height as the header says. A warning of the
// decoder (junk in the entropy data, an early end) is PK_BAD_DATA, but for stray bytes before EOI.
int pk_jpeg_decoder_decode(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, uint8_t *target,
                           size_t target_count);

// Decodes luma alone, an eighth as wide and high, as cheaply as can be; `*plane` belongs to the decoder until the next
// call. Damage in the data is not looked for.
int pk_jpeg_decoder_glance(pk_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, const uint8_t **plane,
                           size_t *plane_count, int *width, int *height);

// Bytes without the zeros at their end.
size_t pk_without_zeros(const uint8_t *bytes, size_t count);

// Index of the first marker at or behind `from` that ends a scan (not 0xFF00, not a restart mark); `count` without one.
size_t pk_jpeg_scan_end(const uint8_t *bytes, size_t count, size_t from);

typedef struct pk_jpeg_encoder pk_jpeg_encoder;
pk_jpeg_encoder *pk_jpeg_encoder_new(void);
void pk_jpeg_encoder_free(pk_jpeg_encoder *encoder);

// Encodes tight I420 of full range; `*bytes` belongs to the encoder until the next call.
int pk_jpeg_encoder_encode(pk_jpeg_encoder *encoder, const uint8_t *picture, size_t count, int width, int height,
                           int quality, const uint8_t **bytes, size_t *bytes_count);

// -- H.264 ------------------------------------------------------------------------------------------------------------

typedef struct {
  int width;
  int height;
  float rate;
  int bitrate;
  int full_range;
  int aspect_width;
  int aspect_height;
} pk_h264_settings;

enum { PK_FRAME_SKIPPED = 0, PK_FRAME_IDR = 1, PK_FRAME_OTHER = 2 };

typedef struct pk_h264_encoder pk_h264_encoder;
// Constrained baseline, one thread, no trace; NULL when the settings are refused.
pk_h264_encoder *pk_h264_encoder_new(const pk_h264_settings *settings);
void pk_h264_encoder_free(pk_h264_encoder *encoder);

// Encodes tight I420; `*bytes` (Annex B) belongs to the encoder until the next call. Returns PK_FRAME_ or an error.
int pk_h264_encoder_encode(pk_h264_encoder *encoder, const uint8_t *picture, size_t count, int64_t milliseconds,
                           int force_idr, const uint8_t **bytes, size_t *bytes_count);

// Decodes one IDR access unit with its parameter sets (Annex B) to tight I420 of even size, held by the caller.
// With target NULL only the size is returned.
typedef struct pk_h264_still pk_h264_still;
pk_h264_still *pk_h264_still_decode(const uint8_t *bytes, size_t count, int *width, int *height);
int pk_h264_still_copy(const pk_h264_still *still, uint8_t *target, size_t target_count);
void pk_h264_still_free(pk_h264_still *still);

// Index of the next 00 00 01 at or after `from`; `count` when there is none.
size_t pk_annexb_find(const uint8_t *bytes, size_t count, size_t from);

// -- sound ------------------------------------------------------------------------------------------------------------

typedef struct pk_resampler pk_resampler;
// 1 or 2 channels, 4000-384000 Hz; the output is in step with the input from the first sample.
pk_resampler *pk_resampler_new(int channels, int from, int to);
void pk_resampler_free(pk_resampler *resampler);

// Counts are sample frames; on return what was read and written.
int pk_resampler_process(pk_resampler *resampler, const int16_t *source, uint32_t *source_count, int16_t *target,
                         uint32_t *target_count);

// Makes the output `parts_per_million` faster or slower than nominal, to follow a drifting clock.
int pk_resampler_trim(pk_resampler *resampler, int parts_per_million);

typedef struct pk_opus_encoder pk_opus_encoder;
// 48 kHz, 1 or 2 channels; `*delay` is the encoder's own, in samples.
pk_opus_encoder *pk_opus_encoder_new(int channels, int bitrate, int *delay);
void pk_opus_encoder_free(pk_opus_encoder *encoder);

// One packet of 960 sample frames. Returns the packet's bytes or an error.
int pk_opus_encoder_encode(pk_opus_encoder *encoder, const int16_t *samples, uint32_t frames, uint8_t *target,
                           size_t target_count);

#endif
